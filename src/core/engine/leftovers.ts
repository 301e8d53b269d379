import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskId } from '../domain.ts';
import type { Log } from '../ports.ts';
import { stackOf } from '../problem.ts';
import { deleteTaskStorage } from '../workspace/taskStorage.ts';

/** Task ids are what `crypto.randomUUID` gives; a folder of another name is nobody's leftover. */
const taskIdPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Where the folders of tasks are, each named by its task. */
export function tasksDirectory(storageDirectory: string): string {
  return join(storageDirectory, 'tasks');
}

/** Removes the folders of tasks that are no longer there: their removal failed, or its window crashed. Never rejects. */
export async function removeLeftovers(
  directory: string,
  hasTask: (id: TaskId) => boolean,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  // A task is in the store before it has a folder. So one that is listed here, and then isn't in the store, was deleted.
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isDirectory() || !taskIdPattern.test(entry.name)) continue;
    try {
      if (signal.aborted) return;
      if (hasTask(entry.name as TaskId)) continue;
      await deleteTaskStorage(join(directory, entry.name));
      log.info(`Removed the folder of task ${entry.name}, which is no longer there`);
    } catch (error) {
      log.warn(`The folder of the deleted task ${entry.name} is still left over: ${stackOf(error)}`);
    }
  }
}
