import type { Timestamp } from '../domain.ts';
import type { StorageReport, StoredFolder, StoredTask } from './storageReport.ts';

/** How much of the past is kept; 0 stands for no limit. */
export interface RetentionSettings {
  /** Days without use after which something goes. */
  readonly keepDays: number;
  /** Megabytes of disk that everything together may take. */
  readonly maxSize: number;
}

/** What is to go, in this order: the real files of runs, then whole tasks with everything they stored. */
export interface Removals {
  readonly folders: readonly StoredFolder[];
  readonly tasks: readonly StoredTask[];
  /** Whether something goes that isn't too old yet, because everything together takes too much. */
  readonly isForSize: boolean;
}

const dayMs = 24 * 60 * 60 * 1000;

/** What was used in this time stays, however full the disk is. */
const graceMs = dayMs;

/**
 * Chooses what to remove. What is too old goes; if the rest still takes too much, the longest unused run folders go, and then
 * the longest unused tasks: folders can be made again, a conversation can't. Nothing goes that is worked on or was used in
 * the last 24 hours.
 */
export function chooseRemovals(
  report: Pick<StorageReport, 'total' | 'tasks'>,
  settings: RetentionSettings,
  now: Timestamp,
): Removals {
  const isOld = (usedAt: Timestamp) => settings.keepDays > 0 && usedAt < now - settings.keepDays * dayMs;
  const isFree = (usedAt: Timestamp) => usedAt < now - graceMs;
  const idle = report.tasks.filter((task) => !task.isWorking);
  const tasks = idle.filter((task) => isFree(usedAtOf(task))).toSorted((a, b) => usedAtOf(a) - usedAtOf(b));
  const oldTasks = tasks.filter((task) => isOld(usedAtOf(task)));
  const folders = idle
    .flatMap((task) => (oldTasks.includes(task) ? [] : task.runFolders))
    .filter(({ usedAt }) => isFree(usedAt))
    .toSorted((a, b) => a.usedAt - b.usedAt);
  const oldFolders = folders.filter(({ usedAt }) => isOld(usedAt));

  const limit = settings.maxSize > 0 ? settings.maxSize * 1024 * 1024 : Number.POSITIVE_INFINITY;
  let excess = report.total - limit - sum(oldTasks.map(wholeSizeOf)) - sum(oldFolders.map(({ bytes }) => bytes));
  const longestUnused = <T extends { readonly bytes: number }>(candidates: readonly T[]) =>
    candidates.filter(({ bytes }) => {
      if (excess <= 0 || bytes === 0) return false;
      excess -= bytes;
      return true;
    });
  const excessFolders = longestUnused(folders.filter((folder) => !oldFolders.includes(folder)));
  // The folders of these tasks are among those above, or there is no excess any more.
  const candidates = longestUnused(tasks.filter((task) => !oldTasks.includes(task)));
  // Where a large one had to go, small ones that were chosen before it may stay after all.
  const excessTasks = candidates
    .toReversed()
    .filter(({ bytes }) => {
      const isNeeded = excess + bytes > 0;
      if (!isNeeded) excess += bytes;
      return isNeeded;
    })
    .toReversed();
  return {
    folders: [...oldFolders, ...excessFolders],
    tasks: [...oldTasks, ...excessTasks],
    isForSize: excessFolders.length + excessTasks.length > 0,
  };
}

/** The bytes that a task and its run folders take. */
export function wholeSizeOf(task: StoredTask): number {
  return task.bytes + sum(task.runFolders.map(({ bytes }) => bytes));
}

/** When a task or one of its run folders was last used. */
export function usedAtOf(task: StoredTask): Timestamp {
  return Math.max(task.updatedAt, ...task.runFolders.map(({ usedAt }) => usedAt));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
