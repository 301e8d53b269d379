import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runGit } from './gitProcess.ts';
import { plainConfig } from './objectStore.ts';
import type { MergeResult } from './workspace.ts';

/** Merges two versions of a text line by line. Binary content merges only when one side left it alone. */
export async function mergeTexts(
  scratch: string,
  base: Uint8Array,
  ours: Uint8Array,
  theirs: Uint8Array,
  signal?: AbortSignal,
): Promise<MergeResult> {
  if (isSame(ours, theirs) || isSame(base, theirs)) {
    return { merged: true, bytes: ours };
  }
  if (isSame(base, ours)) {
    return { merged: true, bytes: theirs };
  }
  const files = { ours, base, theirs };
  await Promise.all(Object.entries(files).map(([name, bytes]) => writeFile(join(scratch, name), bytes)));
  // The exit code is the number of conflicts, or 255 when the content is binary.
  const { code, stdout } = await runGit(['merge-file', '-p', '--quiet', 'ours', 'base', 'theirs'], {
    folder: scratch,
    env: { ...plainConfig, GIT_CEILING_DIRECTORIES: scratch },
    okCodes: Array.from({ length: 255 }, (_, position) => position + 1),
    signal,
  });
  return code === 0 ? { merged: true, bytes: stdout } : { merged: false };
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
