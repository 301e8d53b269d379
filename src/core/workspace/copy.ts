import type { FileMode, Patch } from '../domain.ts';

export interface CopyEntry {
  readonly path: string;
  readonly mode: FileMode;
}

export interface CopyFile {
  readonly path: string;
  readonly mode: FileMode;
  readonly bytes: Uint8Array;
}

export interface SearchQuery {
  readonly pattern: string;
  /** True: an extended regular expression. False: literal text. */
  readonly isRegex: boolean;
  readonly ignoreCase: boolean;
  /** A git pathspec glob such as `src/**\/*.ts`. */
  readonly glob?: string;
  readonly maxHits: number;
}

export interface SearchHit {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
}

/**
 * A run's private, writable view of the snapshot. Paths are relative to the folder, with forward slashes.
 * Every method asks the policy first and throws `UserError` with code `refused-by-policy` when it says no.
 * Calls on one copy are carried out one after another, in the order they were made.
 */
export interface Copy {
  list(signal?: AbortSignal): Promise<readonly CopyEntry[]>;
  /** Undefined when there is no such file. A submodule has no bytes; a symbolic link's bytes are its target. */
  read(path: string, signal?: AbortSignal): Promise<CopyFile | undefined>;
  search(query: SearchQuery, signal?: AbortSignal): Promise<readonly SearchHit[]>;
  /** Makes the file or replaces its content; an existing file keeps its mode. */
  write(path: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void>;
  /** False when there was no such file. */
  delete(path: string, signal?: AbortSignal): Promise<boolean>;
  /** Gives a file another path; false when there was none. What is at the new path already is not replaced. */
  move(from: string, to: string, signal?: AbortSignal): Promise<boolean>;
  /** The difference of the copy and the round's base tree. */
  patch(signal?: AbortSignal): Promise<Patch>;
  /** Forgets what was changed. What `patch` named stays in the task's object store. */
  dispose(): Promise<void>;
}
