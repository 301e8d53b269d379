import { isUtf8 } from 'node:buffer';
import type { CandidateId, FileChange, FileVersion, ObjectName } from '../../domain.ts';
import { pathOf } from '../../domain.ts';
import { type DiffLine, diffLines, linesOf } from './lineDiff.ts';

/** Reads a version of a file. */
export type ReadBlob = (blob: ObjectName, signal: AbortSignal) => Promise<Uint8Array>;

/** What is reviewed: a finished run, or a composition. */
export interface ReviewedCandidate {
  readonly id: CandidateId;
  readonly changes: readonly FileChange[];
}

/** One file of a candidate. */
export interface ReviewedFile {
  readonly kind: FileChange['kind'];
  /** Where it is afterwards, or where it was when it is gone. */
  readonly path: string;
  readonly basePath?: string;
  /** All lines of both versions; none where it has no text that can be shown. */
  readonly lines: readonly DiffLine[];
  /** Lines of the candidate's file; 0 where it is gone or has no text. */
  readonly length: number;
  /** What the lines don't say: it is binary, its mode is another. */
  readonly notes: readonly string[];
}

/** Candidates that came to exactly the same; they are reviewed as one. */
export interface ReviewedGroup {
  readonly ids: readonly CandidateId[];
  /** By path. */
  readonly files: readonly ReviewedFile[];
}

/** All that a review is about, with markers in the place of secrets. */
export interface ReviewMaterial {
  readonly groups: readonly ReviewedGroup[];
  /** The lines of the base's files that any candidate changes, by path. */
  readonly base: ReadonlyMap<string, readonly string[]>;
}

interface Reading {
  readonly readBlob: ReadBlob;
  /** Takes the secrets out of a file's text, line by line. */
  readonly hide: (text: string) => Promise<string>;
  readonly signal: AbortSignal;
}

/** A larger file is not compared line by line, in bytes. */
const maxFileSize = 1_000_000;
/** Git's own rule: a NUL byte near the beginning makes a file binary. */
const binaryWindow = 8_000;

type Content =
  | { readonly kind: 'lines'; readonly lines: readonly string[]; readonly isWindows: boolean }
  | { readonly kind: 'binary' | 'too-large' | 'submodule' };

/** Reads the candidates' files and those of the base. Rejects with what `readBlob` rejects with. */
export async function readCandidates(
  candidates: readonly ReviewedCandidate[],
  reading: Reading,
): Promise<ReviewMaterial> {
  const contents = new Contents(reading);
  const base = new Map<string, readonly string[]>();
  const groups: ReviewedGroup[] = [];
  for (const same of Map.groupBy(candidates, ({ changes }) => fingerprint(changes)).values()) {
    const files: ReviewedFile[] = [];
    for (const change of same[0]?.changes ?? []) {
      const [before, after] = [await contents.of(change.base), await contents.of(change.after)];
      files.push(reviewedFile(change, before, after));
      if (change.base && before?.kind === 'lines') base.set(change.base.path, before.lines);
    }
    files.sort((a, b) => (a.path < b.path ? -1 : 1));
    groups.push({ ids: same.map(({ id }) => id), files });
  }
  return { groups, base };
}

/** The same for candidates that end in the same files. */
function fingerprint(changes: readonly FileChange[]): string {
  const versions = changes.map(({ base, after }) => JSON.stringify([sideOf(base), sideOf(after)]));
  return versions.sort().join('\n');
}

function sideOf(version: FileVersion | undefined): readonly string[] | null {
  return version === undefined ? null : [version.path, version.mode, version.blob];
}

/** The contents of versions, each read once. */
class Contents {
  readonly #reading: Reading;
  readonly #known = new Map<ObjectName, Content>();

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  async of(version: FileVersion | undefined): Promise<Content | undefined> {
    if (version === undefined) return undefined;
    if (version.mode === '160000') return { kind: 'submodule' };
    const content = this.#known.get(version.blob) ?? (await this.#read(version.blob));
    this.#known.set(version.blob, content);
    return content;
  }

  async #read(blob: ObjectName): Promise<Content> {
    const { readBlob, hide, signal } = this.#reading;
    signal.throwIfAborted();
    const bytes = await readBlob(blob, signal);
    if (bytes.length > maxFileSize) return { kind: 'too-large' };
    if (bytes.subarray(0, binaryWindow).includes(0)) return { kind: 'binary' };
    const text = new TextDecoder(isUtf8(bytes) ? 'utf-8' : 'latin1').decode(bytes);
    return { kind: 'lines', lines: linesOf(await hide(text)), isWindows: text.includes('\r\n') };
  }
}

function reviewedFile(change: FileChange, before: Content | undefined, after: Content | undefined): ReviewedFile {
  const { kind, base } = change;
  const path = pathOf(change);
  const texts = [before, after].filter((side) => side !== undefined && side.kind === 'lines');
  const isText = texts.length === Number(before !== undefined) + Number(after !== undefined);
  return {
    kind,
    path,
    ...(base && base.path !== path && { basePath: base.path }),
    lines: isText ? diffLines(linesIn(before), linesIn(after)) : [],
    length: linesIn(after).length,
    notes: [...contentNotes(before, after), ...modeNotes(change)],
  };
}

function linesIn(content: Content | undefined): readonly string[] {
  return content?.kind === 'lines' ? content.lines : [];
}

function contentNotes(before: Content | undefined, after: Content | undefined): readonly string[] {
  const kinds = [before?.kind, after?.kind];
  if (kinds.includes('submodule')) return ['a submodule, which points to another commit'];
  if (kinds.includes('too-large')) return ['too large to be shown'];
  if (kinds.includes('binary')) return ['binary, not shown'];
  if (before?.kind !== 'lines' || after?.kind !== 'lines' || before.isWindows === after.isWindows) return [];
  return [after.isWindows ? 'its line ends become those of Windows' : 'its line ends were those of Windows'];
}

function modeNotes({ base, after }: FileChange): readonly string[] {
  const mode = after?.mode ?? base?.mode;
  if (mode === '120000') return ['a symbolic link; its line is where it points'];
  return base && after && base.mode !== after.mode ? [`its mode goes from ${base.mode} to ${after.mode}`] : [];
}
