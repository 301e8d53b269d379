import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsageError } from './exitCode.ts';

/** Makes a folder that an option names. Throws `UsageError`. */
export async function makeFolder(path: string, option: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw new UsageError(`${path}, which ${option} names, can not be made a folder${reasonOf(error)}.`);
  }
}

/** That a file can be written before much is done for it; it isn't made. Throws `UsageError`. */
export async function assertWritable(path: string, option: string): Promise<void> {
  const folder = await stat(dirname(path)).catch(() => undefined);
  const there = await stat(path).catch(() => undefined);
  if (folder?.isDirectory() && !there?.isDirectory()) return;
  throw new UsageError(`${path}, which ${option} names, can not be written: it is a folder, or in none.`);
}

/** The code of a failure of the system in brackets; empty for none. */
export function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
}
