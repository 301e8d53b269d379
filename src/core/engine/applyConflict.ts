import { isSameBytes } from './fileState.ts';
import type { Content } from './textVersions.ts';

/** One thing to do with a file of the folder. `path` is relative to the folder, with forward slashes. */
export type FileEdit =
  | {
      readonly type: 'write';
      readonly path: string;
      readonly bytes: Uint8Array;
      readonly isNew: boolean;
      /** What the executable bit becomes; absent where it stays. */
      readonly executable?: boolean;
    }
  | { readonly type: 'mode'; readonly path: string; readonly executable: boolean }
  | { readonly type: 'delete'; readonly path: string };

/**
 * Why a file can't be brought together. `deleted-here`: the user deleted what the candidate changed; `deleted-there` the other way
 * round; `binary`: at least one version is no text.
 */
export type ConflictKind = 'both-changed' | 'both-added' | 'deleted-here' | 'deleted-there' | 'binary';

/** Where a file of the patch is in the folder. */
export interface Place {
  readonly path: string;
  /** Where the folder has the file: another path when the candidate moved it. */
  readonly source: string;
  /** What the folder has there; undefined for no file. */
  readonly current: Content;
}

/** A file that the user and the candidate changed in the same place. `current` is the user's version. */
export interface ApplyConflict extends Place {
  readonly kind: ConflictKind;
  /** What both were made from; undefined where there was no file. */
  readonly base: Content;
  /** What the candidate leaves; undefined for a deleted file. */
  readonly theirs: Content;
  readonly executable?: boolean;
}

/** How a conflict is resolved: the user's version stays, the candidate's is taken, or this text is what both become. */
export type Resolution =
  | { readonly take: 'mine' }
  | { readonly take: 'theirs' }
  | { readonly take: 'text'; readonly bytes: Uint8Array };

/** What kind of conflict these three versions are. */
export function kindOf(base: Content, current: Content, theirs: Content): ConflictKind {
  if (!current) return 'deleted-here';
  if (!theirs) return 'deleted-there';
  if (![base ?? current, current, theirs].every(isText)) return 'binary';
  return base ? 'both-changed' : 'both-added';
}

/** Whether two conflicts are the same question, so that the answer to one is the answer to the other. */
export function isSameConflict(a: ApplyConflict, b: ApplyConflict): boolean {
  const isSamePlace = a.path === b.path && a.source === b.source;
  return isSamePlace && isSameBytes(a.current, b.current) && isSameBytes(a.theirs, b.theirs);
}

/** What to do with the file of a conflict once it is resolved. */
export function editsOfResolution(conflict: ApplyConflict, resolution: Resolution): readonly FileEdit[] {
  if (resolution.take === 'mine') return [];
  const content = resolution.take === 'theirs' ? conflict.theirs : resolution.bytes;
  return editsOf(conflict, content, conflict.executable);
}

/** How the folder gets a file's content at its path. `executable` is what the bit becomes, undefined where it stays. */
export function editsOf(place: Place, content: Content, executable: boolean | undefined): readonly FileEdit[] {
  const { path, source, current } = place;
  const isMoved = source !== path;
  const edits: FileEdit[] = [];
  if (current && (isMoved || !content)) edits.push({ type: 'delete', path: source });
  if (content && (isMoved || content !== current)) {
    const mode = executable === undefined ? {} : { executable };
    edits.push({ type: 'write', path, bytes: content, isNew: isMoved || !current, ...mode });
  } else if (content && executable !== undefined) {
    edits.push({ type: 'mode', path, executable });
  }
  return edits;
}

/** Text that an editor shows as it is and saves as it was. */
export function isText(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
