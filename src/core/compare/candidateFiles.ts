import type { FilePlace, LineEdit } from '../comparison.ts';
import type { ComposedFile } from '../composition.ts';
import { type CandidateId, type FileChange, type FileVersion, pathOf } from '../domain.ts';
import { readPatch, UnreadablePatch } from './readPatch.ts';

/** What is compared: a run by what it changed and its patch, a composition by what it is made of. */
export type ComparedCandidate =
  | {
      readonly type: 'run';
      readonly id: CandidateId;
      readonly changes: readonly FileChange[];
      readonly patch: string;
    }
  | {
      readonly type: 'composition';
      readonly id: CandidateId;
      readonly changes: readonly FileChange[];
      readonly files: readonly ComposedFile[];
    };

/** What a candidate made of a file. */
export interface CandidateFile {
  readonly base?: FileVersion;
  readonly after?: FileVersion;
  readonly lines?: { readonly added: number; readonly removed: number };
  /** Edits of the base's lines; absent where they aren't lines. */
  readonly edits?: readonly LineEdit[];
}

/** What a candidate made of files, by their keys. Yields now and then. */
export function* filesOf(candidate: ComparedCandidate): Generator<undefined, ReadonlyMap<string, CandidateFile>> {
  return candidate.type === 'run' ? yield* filesOfRun(candidate) : filesOfComposition(candidate);
}

function* filesOfRun({
  changes,
  patch,
}: Extract<ComparedCandidate, { type: 'run' }>): Generator<undefined, ReadonlyMap<string, CandidateFile>> {
  const parts = new Map<string, readonly LineEdit[] | 'bytes'>();
  for (const { path, edits } of yield* readPatch(patch)) {
    // A file that becomes a link, or the other way round, is deleted first and then added.
    parts.set(path, parts.has(path) ? 'bytes' : (edits ?? 'bytes'));
  }
  const files = new Map<string, CandidateFile>();
  for (const change of changes) {
    const part = parts.get(pathOf(change));
    const key = change.base?.path ?? pathOf(change);
    if (part === undefined || files.has(key)) {
      throw new UnreadablePatch(part ? 'two changes of one file' : 'a change is missing', pathOf(change));
    }
    const { kind: _, ...sides } = change;
    files.set(key, { ...sides, ...(part !== 'bytes' && areLines(change, part) && { edits: part }) });
  }
  if (parts.size !== changes.length) throw new UnreadablePatch('it changes more than is known', `${parts.size} files`);
  return files;
}

/** A link is a text to git, too, and where only the place of a file changes nothing tells a text from anything else but the counts. */
function areLines({ base, after, lines }: FileChange, edits: readonly LineEdit[]): boolean {
  return (
    [base, after].every((side) => side === undefined || isRegular(side)) && (edits.length > 0 || lines !== undefined)
  );
}

function isRegular({ mode }: FilePlace): boolean {
  return mode === '100644' || mode === '100755';
}

/** A composition says itself what becomes of each file; git may see a move where one is deleted and another one added. */
function filesOfComposition({
  changes,
  files,
}: Extract<ComparedCandidate, { type: 'composition' }>): ReadonlyMap<string, CandidateFile> {
  const before = new Map(changes.map(({ base }) => [base?.path, base]));
  const afterwards = new Map(changes.map(({ after }) => [after?.path, after]));
  const found = new Map<string, CandidateFile>();
  for (const { key, result } of files) {
    const base = before.get(key);
    const path = result.type === 'lines' ? result.place?.path : result.version?.path;
    const after = afterwards.get(path);
    // A file that came out as it was.
    if (!base && !after) continue;
    const sides = { ...(base && { base }), ...(after && { after }) };
    if (result.type === 'whole') found.set(key, sides);
    else found.set(key, { ...sides, edits: result.edits, lines: countOf(result.edits) });
  }
  return found;
}

function countOf(edits: readonly LineEdit[]): { readonly added: number; readonly removed: number } {
  let [added, removed] = [0, 0];
  for (const edit of edits) {
    added += edit.added.length;
    removed += edit.removed.length;
  }
  return { added, removed };
}
