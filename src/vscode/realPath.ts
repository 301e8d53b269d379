import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../core/problem.ts';

/**
 * Makes sure that a file of the folder is really in the folder: neither it nor a folder above it is a symbolic link, which would lead an
 * edit elsewhere. Throws `UserError` (`refused-by-policy`). `path` is relative, with forward slashes.
 */
export async function refuseLinks(folder: string, path: string): Promise<void> {
  for (let at = path; at !== '.' && at !== ''; at = dirname(at)) {
    if (!(await isLink(join(folder, at)))) continue;
    throw new UserError({
      code: 'refused-by-policy',
      message: `${at} is a symbolic link, so applying ${path} could change a file outside the folder. Nothing was changed. Create a pull request instead, or apply the patch by hand.`,
    });
  }
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch {
    // What isn't there leads nowhere.
    return false;
  }
}
