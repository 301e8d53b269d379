import type { CandidateId } from '../../src/core/domain.ts';
import type {
  CompareState,
  FileId,
  FileNews,
  FilesState,
  Looking,
  OpenFile,
  SyntaxTheme,
} from '../../src/protocol/comparePanel.ts';
import type { SortOrder } from './sortColumns.ts';

/** What the host has told so far; each part comes by itself, in any order. */
export interface PanelContent {
  readonly state?: CompareState;
  readonly files?: FilesState;
  readonly news?: FileNews;
  /** What was open last, and stays in sight while another file is read; not over the table of all files. */
  readonly lastFile?: OpenFile | undefined;
  readonly baseTexts: ReadonlyMap<FileId, string>;
  readonly theme?: SyntaxTheme;
}

/** What the user has set up, which outlives hiding and reload. */
export interface PanelView {
  readonly hidden: readonly CandidateId[];
  readonly sort: SortOrder;
  /** Part of a path; files without it are left out. */
  readonly filter: string;
  readonly onlyDifferences: boolean;
  readonly showsBase: boolean;
  readonly isUnfolded: boolean;
  /** Whether the open composition has a column in the aligned view, where marks say what is in it anyway. */
  readonly showsComposition: boolean;
  /** The open file; absent for the table of all files. */
  readonly fileId?: FileId | undefined;
  /** The candidate that others are compared with, instead of the base. */
  readonly lead?: CandidateId | undefined;
  /** Distance from the top in pixels, by file; the table's is under the empty name. */
  readonly scroll: Readonly<Record<FileId, number>>;
  /** The place that was gone to last. */
  readonly place?: PlaceName | undefined;
}

/** Names a place over changes of the list. */
export interface PlaceName {
  readonly fileId: FileId;
  readonly region?: number;
}

/** Where the aligned view shall go; another `nonce` asks again. */
export interface Target {
  /** Of the base or of `candidate`'s file, counted from 1. */
  readonly line?: number;
  readonly candidate?: CandidateId;
  readonly region?: number;
  readonly nonce: number;
}

export const firstView: PanelView = {
  hidden: [],
  sort: 'order',
  filter: '',
  onlyDifferences: false,
  showsBase: true,
  isUnfolded: false,
  showsComposition: false,
  scroll: {},
};

/** What the host has to know of it. */
export function lookingOf({ hidden, fileId }: PanelView): Looking {
  return { hidden, ...(fileId !== undefined && { fileId }) };
}

/** A file that is being read again stays as it was until the new one is there, so that nothing flickers. */
export function newsAfter(last: FileNews | undefined, news: FileNews): FileNews {
  return news.type === 'reading' && last?.type === 'open' && last.file.id === news.id ? last : news;
}
