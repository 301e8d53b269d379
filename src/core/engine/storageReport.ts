import { join } from 'node:path';
import type { CandidateId, TaskId, Timestamp } from '../domain.ts';
import type { TaskRows } from '../store/usage.ts';
import { DiskMeter } from '../workspace/diskUsage.ts';
import { tasksDirectory } from './leftovers.ts';

/** The real files of a candidate, as something that fills the disk. */
export interface StoredFolder {
  readonly runId: CandidateId;
  /** The newest one, where there are several of one run. */
  readonly path: string;
  readonly bytes: number;
  /** When it was last opened, or something in it was last written. */
  readonly usedAt: Timestamp;
}

/** A task of any folder, as something that fills the disk. */
export interface StoredTask extends TaskRows {
  /** Bytes of its git objects, messages and patches, without its run folders. */
  readonly bytes: number;
  readonly runFolders: readonly StoredFolder[];
}

/** What dursor keeps on disk, in bytes. */
export interface StorageReport {
  /** Everything, each byte once. */
  readonly total: number;
  /** The database with the messages, runs and patches of all tasks; their share is in each task's bytes as well. */
  readonly database: number;
  readonly tasks: readonly StoredTask[];
  /** What belongs to no task: what a removal left, mostly. */
  readonly other: number;
}

/** Where the real files of a candidate are: `path` is what a user opens, `holder` what goes away with it and contains it. */
export interface FolderOfRun {
  readonly runId: CandidateId;
  readonly taskId: TaskId;
  readonly path: string;
  readonly holder: string;
  readonly openedAt: Timestamp;
}

/** Where to look, and what is known without looking. */
export interface StorageFacts {
  readonly storageDirectory: string;
  readonly tasks: readonly TaskRows[];
  readonly runFolders: readonly FolderOfRun[];
}

/** The database, its write-ahead log and its shared memory. */
const databaseFiles = ['dursor.sqlite', 'dursor.sqlite-wal', 'dursor.sqlite-shm'];

/** Measures what is stored. `onProgress` is told how many of the tasks are measured. Rejects with the signal's reason. */
export async function measureStorage(
  { storageDirectory, tasks, runFolders }: StorageFacts,
  onProgress: (measured: number, of: number) => void,
  signal: AbortSignal,
): Promise<StorageReport> {
  const meter = new DiskMeter();
  let total = 0;
  const measure = async (path: string) => {
    const use = await meter.measure(path, signal);
    total += use.bytes;
    return use;
  };
  const stored: StoredTask[] = [];
  for (const task of tasks) {
    onProgress(stored.length, tasks.length);
    const objects = await measure(join(tasksDirectory(storageDirectory), task.id));
    const folders = new Map<CandidateId, StoredFolder>();
    for (const folder of runFolders.filter(({ taskId }) => taskId === task.id)) {
      const measured = await measureFolder(meter, folder, signal);
      total += measured.bytes;
      const other = folders.get(folder.runId);
      folders.set(folder.runId, other ? together(other, measured) : measured);
    }
    stored.push({ ...task, bytes: objects.bytes + task.bytes, runFolders: [...folders.values()] });
  }
  let database = 0;
  for (const name of databaseFiles) database += (await measure(join(storageDirectory, name))).bytes;
  const other = await measure(storageDirectory);
  return { total, database, tasks: stored, other: other.bytes };
}

/** Whether the real files of runs were opened or written to after they were measured. */
export async function areUsedSince(
  measured: readonly StoredFolder[],
  runFolders: readonly FolderOfRun[],
  signal: AbortSignal,
): Promise<boolean> {
  for (const { runId, usedAt } of measured) {
    for (const folder of runFolders.filter((other) => other.runId === runId)) {
      if ((await measureFolder(new DiskMeter(), folder, signal)).usedAt > usedAt) return true;
    }
  }
  return false;
}

async function measureFolder(meter: DiskMeter, folder: FolderOfRun, signal: AbortSignal): Promise<StoredFolder> {
  const { bytes, changedAt } = await meter.measure(folder.holder, signal);
  return { runId: folder.runId, path: folder.path, bytes, usedAt: Math.max(folder.openedAt, changedAt) };
}

function together(a: StoredFolder, b: StoredFolder): StoredFolder {
  const newest = a.usedAt > b.usedAt ? a : b;
  return { ...newest, bytes: a.bytes + b.bytes };
}
