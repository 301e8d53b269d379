import type { CandidateId, FileChange, FileMode, FileVersion } from './domain.ts';

/** What one candidate did to one file. */
export interface FileCell {
  readonly kind: FileChange['kind'];
  /** Lines added and removed; absent for a binary file. */
  readonly lines?: { readonly added: number; readonly removed: number };
  /** The column of the first candidate to the left whose result for this file is exactly the same. */
  readonly sameAs?: number;
  /** Where the file was, for a renamed one. */
  readonly from?: string;
  /** The file's mode afterwards, where it is another than before. */
  readonly mode?: FileMode;
}

/**
 * One change of a text: `removed` are the base's lines from `start` on (counted from 0), and `added` stands in their place. A line has
 * its own line ending; the last of a file may lack it. The edits of a file are in order and neither overlap nor touch.
 */
export interface LineEdit {
  readonly start: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** Where a file is and what it is. */
export interface FilePlace {
  readonly path: string;
  readonly mode: FileMode;
}

/**
 * What a candidate makes of a file. `lines`: a text, as edits of the base's lines (of none, for a file that the base lacks); without
 * `place` the file is not there afterwards. `whole`: something without lines to align (binary, a link, a submodule, another encoding),
 * which can only be taken as it is.
 */
export type FileResult =
  | { readonly type: 'lines'; readonly place?: FilePlace; readonly edits: readonly LineEdit[] }
  | { readonly type: 'whole'; readonly version?: FileVersion };

/** One of the texts that a region may have. */
export interface Alternative {
  readonly lines: readonly string[];
  /** The columns whose text this is, ascending; none where nobody kept the base's. */
  readonly columns: readonly number[];
  /** Index of an earlier alternative that differs from this one in formatting only, where that is told apart. */
  readonly formattingOf?: number;
}

/**
 * A stretch of a base file that at least one candidate changes: `length` of the base's lines from `start` on (counted from 0; none where
 * lines are only put in). Equal texts are one alternative; the first is always the base's own.
 */
export interface Region {
  readonly start: number;
  readonly length: number;
  readonly alternatives: readonly [Alternative, ...Alternative[]];
}

/** Columns that agree on where a file is (absent: nowhere) and what it is; or, for a file without lines, on its content too. */
export interface PlaceGroup {
  readonly place?: FilePlace;
  /** Only for a file without lines. */
  readonly version?: FileVersion;
  readonly columns: readonly number[];
}

/** A file that at least one candidate changed. */
export interface ComparedFile {
  /** The base's path, or the new one where the base has no such file. One file has one key over all candidates. */
  readonly key: string;
  /** The path it is listed under: the base's, or where all that moved it agree, the new one. */
  readonly path: string;
  /** The file before; absent for one that is new. */
  readonly base?: FileVersion;
  /** One per column; null where it left the file alone. */
  readonly cells: readonly (FileCell | null)[];
  readonly results: readonly (FileResult | null)[];
  /**
   * Whether its lines are aligned (`lines`), or it is taken as a whole (`whole`: there are no regions then, and `places` tells the
   * versions apart).
   */
  readonly type: 'lines' | 'whole';
  /** In order of the base's lines; they neither overlap nor touch. */
  readonly regions: readonly Region[];
  /** The first is always the base's own. More than one where candidates moved, added, deleted it, or changed its mode. */
  readonly places: readonly [PlaceGroup, ...PlaceGroup[]];
}

/** Where candidates differ: a region, the place of a file, or a whole file that only some of them touched. */
export interface DisputedPlace {
  readonly key: string;
  /** Which of the file's regions; absent where it is about the file as a whole. */
  readonly region?: number;
  /** The first line in the base, counted from 1; absent where it is about the file as a whole. */
  readonly line?: number;
  /** The columns that were looked at, by what they have there; the largest group first. */
  readonly groups: readonly (readonly number[])[];
  /** How many changed lines it is about. */
  readonly changedLines: number;
}

/** How far candidates agree, in changed lines; the parts are disjoint. */
export interface Agreement {
  /** How many candidates were looked at. */
  readonly candidates: number;
  readonly files: number;
  /** In regions that all of them have alike. */
  readonly agreed: number;
  /** In regions that more than half of them have alike. */
  readonly majority: number;
  readonly disputed: number;
  /** Most disputed first. */
  readonly places: readonly DisputedPlace[];
}

/** All files that the candidates of a round changed, sorted by path. */
export interface RoundComparison {
  /** The columns: ended runs in their order, then compositions in theirs. */
  readonly columns: readonly CandidateId[];
  /** Whether alternatives that differ in formatting only count as the same. */
  readonly ignoresFormatting: boolean;
  readonly files: readonly ComparedFile[];
}
