import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskId } from '../domain.ts';
import type { Log } from '../ports.ts';
import { stackOf } from '../problem.ts';
import { deletingPrefix, FolderLeft, removeFolder } from '../workspace/removeFolder.ts';

/** Task ids are what `crypto.randomUUID` gives; a folder of another name is nobody's leftover. */
const taskIdPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Where the folders of tasks are, each named by its task. */
export function tasksDirectory(storageDirectory: string): string {
  return join(storageDirectory, 'tasks');
}

/** Where the real files of runs are, and what is known of them. */
export function foldersDirectory(storageDirectory: string): string {
  return join(storageDirectory, 'folders');
}

/**
 * Removes what removals that failed, or whose window crashed, have left of tasks that are no longer there. Answers with what
 * can't be removed even now. Never rejects.
 */
export async function removeLeftovers(
  directory: string,
  hasTask: (id: TaskId) => boolean,
  log: Log,
  signal: AbortSignal,
): Promise<readonly FolderLeft[]> {
  // A task is in the store before it has a folder. So one that is listed here, and then isn't in the store, was deleted.
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const left: FolderLeft[] = [];
  for (const entry of entries) {
    const isHalfGone = entry.name.startsWith(deletingPrefix);
    if (!entry.isDirectory() || !(isHalfGone || taskIdPattern.test(entry.name))) continue;
    try {
      if (signal.aborted) break;
      if (!isHalfGone && hasTask(entry.name as TaskId)) continue;
      await removeFolder(join(directory, entry.name), signal);
      log.info(`Removed ${join(directory, entry.name)}, which was left over`);
    } catch (error) {
      if (signal.aborted) break;
      if (error instanceof FolderLeft) left.push(error);
      log.warn(`${join(directory, entry.name)} is still left over: ${stackOf(error)}`);
    }
  }
  return left;
}
