import type { Copy, CopyFile } from '../../workspace/copy.ts';
import type { StageName } from '../edits/stages.ts';

/** A file before a call and after it. */
export interface PlannedFile {
  readonly path: string;
  /** What is at the path, or was where it is moved from; undefined for a new file. */
  readonly original: CopyFile | undefined;
  /** Undefined once it is to be deleted. */
  readonly bytes: Uint8Array | undefined;
  readonly movedFrom?: string;
  /** How the places of its edits were found. */
  readonly stages: readonly StageName[];
}

/**
 * Writes, moves and deletes, and takes all of it back when the copy refuses one of them. Deleting comes last, after it is known to be
 * allowed: a file that is made again would not have its mode.
 */
export async function carryOutPlan(files: readonly PlannedFile[], copy: Copy, signal: AbortSignal): Promise<void> {
  const undo: (() => Promise<unknown>)[] = [];
  const deleted = files.filter(({ original, bytes }) => original !== undefined && bytes === undefined);
  try {
    if (files.length > 1) for (const { path, original } of deleted) await touch(copy, path, original, signal);
    for (const file of files) await putInPlace(file, copy, undo, signal);
    for (const { path } of deleted) await copy.delete(path, signal);
  } catch (error) {
    // Without the signal: a call that was stopped halfway is taken back too.
    for (const step of undo.reverse()) await step();
    throw error;
  }
}

/** Asks whether a file may be changed, by writing what is there already. A link or submodule has no content to write. */
async function touch(copy: Copy, path: string, file: CopyFile | undefined, signal: AbortSignal): Promise<void> {
  if (file?.mode === '100644' || file?.mode === '100755') await copy.write(path, file.bytes, signal);
}

async function putInPlace(
  { path, original, bytes, movedFrom }: PlannedFile,
  copy: Copy,
  undo: (() => Promise<unknown>)[],
  signal: AbortSignal,
): Promise<void> {
  if (bytes === undefined) return;
  if (movedFrom !== undefined) {
    await copy.move(movedFrom, path, signal);
    undo.push(() => copy.move(path, movedFrom));
  }
  if (original && Buffer.compare(original.bytes, bytes) === 0) return;
  await copy.write(path, bytes, signal);
  undo.push(() => (original ? copy.write(path, original.bytes) : copy.delete(path)));
}
