import type { ObjectName } from '../domain.ts';
import { GitError, type GitResult } from './gitProcess.ts';

/** Never in an index: the name would have to be a file and a folder at once to be in the way. */
const unusedFolder = '.dursor-no-such-folder/';

/**
 * Writes the trees of an index (the one that `run` works on) and answers the top one, or that of `prefix`.
 *
 * `write-tree` alone would write every tree again that the index has no cached name for, and writing a tree which the
 * user's repository has sets the modification time of its file there. `read-tree --prefix` of an empty tree changes
 * no entry but fills in the names of all trees that exist (`WRITE_TREE_REPAIR` in git's cache-tree.c), so only new ones are left.
 */
export async function writeTree(
  run: (args: readonly string[]) => Promise<GitResult>,
  emptyTree: ObjectName,
  prefix = '',
): Promise<ObjectName> {
  await run(['read-tree', `--prefix=${unusedFolder}`, emptyTree]);
  try {
    // Missing blobs are those of a partial clone; they are not needed to name a tree.
    const { stdout } = await run(['write-tree', '--missing-ok', ...(prefix === '' ? [] : [`--prefix=${prefix}`])]);
    return stdout.toString('utf8').trim() as ObjectName;
  } catch (error) {
    if (error instanceof GitError && /prefix .* not found/.test(error.stderr)) {
      return emptyTree;
    }
    throw error;
  }
}
