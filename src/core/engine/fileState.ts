import type { Content } from './textVersions.ts';

/** A file of the open folder as its user has it. */
export interface FileState {
  /** What is on disk. */
  readonly bytes: Uint8Array;
  /** What an editor has instead and hasn't saved, in the file's own encoding. */
  readonly unsaved?: Uint8Array;
  /** Absent where the file system has no such bit. */
  readonly executable?: boolean;
}

/** What the user sees of a file; undefined when there is none. */
export function shown(file: FileState | undefined): Content {
  return file?.unsaved ?? file?.bytes;
}

/** Whether two states are the same to the last byte, saved or not. */
export function isSameState(a: FileState | undefined, b: FileState | undefined): boolean {
  if (!a || !b) return a === b;
  return (
    isSameBytes(a.bytes, b.bytes) &&
    isSameBytes(a.unsaved, b.unsaved) &&
    (a.executable ?? false) === (b.executable ?? false)
  );
}

/** Whether two contents are the same to the last byte. */
export function isSameBytes(a: Content, b: Content): boolean {
  return a && b ? Buffer.compare(a, b) === 0 : a === b;
}
