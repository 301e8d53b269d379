import { setImmediate as pause, setTimeout as sleep } from 'node:timers/promises';
import type { CandidateId, TaskId, Timestamp } from '../domain.ts';
import { Emitter, type Event } from '../ports.ts';
import { stackOf, UserError } from '../problem.ts';
import type { Store } from '../store/store.ts';
import { Limit } from '../workspace/limit.ts';
import type { FolderLeft } from '../workspace/removeFolder.ts';
import type { EngineHost } from './engineHost.ts';
import type { Evidence } from './evidence.ts';
import { foldersDirectory, removeLeftovers, tasksDirectory } from './leftovers.ts';
import type { Ownership } from './ownership.ts';
import { chooseRemovals, type Removals, type RetentionSettings, usedAtOf, wholeSizeOf } from './retention.ts';
import type { Rounds } from './rounds.ts';
import type { RunFolders } from './runFolders.ts';
import {
  areUsedSince,
  measureStorage,
  type StorageReport,
  type StoredFolder,
  type StoredTask,
} from './storageReport.ts';
import type { TaskBook } from './taskBook.ts';

/** What went. */
export interface Removed {
  readonly tasks: number;
  /** Runs whose real files went while their task stayed. */
  readonly folders: number;
  readonly bytes: number;
  /** How many of the tasks and folders stayed because they have been used since they were measured. */
  readonly kept: number;
  /** What could not be removed from the disk; it is tried again at the next start. */
  readonly left: readonly UserError[];
}

/** What the retention settings removed in one go. */
export interface Tidied extends Removed {
  /** Whether some of it wasn't too old yet, but everything together took too much. */
  readonly isForSize: boolean;
  readonly settings: RetentionSettings;
}

export interface DiskParts {
  readonly host: EngineHost;
  readonly store: Store;
  readonly ownership: Ownership;
  readonly book: TaskBook;
  readonly rounds: Rounds;
  readonly folders: Pick<RunFolders, 'list' | 'remove' | 'removeOfTask' | 'removeLeftovers'>;
  readonly evidence: Pick<Evidence, 'removeTask' | 'removeLeftovers'>;
}

/** What was to go and didn't. */
interface Stayed {
  kept: number;
  readonly left: UserError[];
}

const chore = 'retention';
const hourMs = 60 * 60 * 1000;

/** A window that has just opened has better things to do than to measure folders. */
const startDelayMs = 30_000;

/** What dursor keeps on disk: measures it, and keeps it bounded in the background. */
export class Disk {
  readonly #parts: DiskParts;
  readonly #end = new AbortController();
  readonly #tidied: Emitter<Tidied>;
  readonly #background = new Set<Promise<void>>();
  readonly #turn = new Limit(1);

  constructor(parts: DiskParts) {
    this.#parts = parts;
    this.#tidied = new Emitter((error) => parts.host.log.error(`A listener failed: ${String(error)}`));
    parts.book.onDidChange((change) => {
      if (change.type === 'round-ended') this.#run(() => this.tidy(Date.now() - hourMs));
    });
    this.#run(() => this.#start());
  }

  /** The retention settings removed something. */
  get onDidTidy(): Event<Tidied> {
    return this.#tidied.event;
  }

  /** Measures what is stored, of all tasks of all folders. `onProgress` is told how many tasks are measured. */
  async measure(onProgress: (measured: number, of: number) => void, signal: AbortSignal): Promise<StorageReport> {
    const { host, store, folders } = this.#parts;
    const { storageDirectory } = host;
    const ending = AbortSignal.any([signal, this.#end.signal]);
    const listed = await folders.list();
    // The store is closed by now where the window is closing.
    ending.throwIfAborted();
    // Those of a discarded composition belong to nobody; they go at the next start.
    const runFolders = listed.filter(({ runId }) => store.taskOf(runId) !== undefined);
    return measureStorage({ storageDirectory, tasks: store.usage.tasks(), runFolders }, onProgress, ending);
  }

  /** Removes what the retention settings don't keep, unless another window is at it or did it after `dueAt`. */
  tidy(dueAt: Timestamp = Number.MAX_SAFE_INTEGER): Promise<void> {
    const { signal } = this.#end;
    return this.#turn.run(() => this.#tidy(dueAt), signal);
  }

  /** Removes what nobody uses. What has been used since it was measured stays. */
  async remove({ folders, tasks }: Pick<Removals, 'folders' | 'tasks'>): Promise<Removed> {
    const stayed: Stayed = { kept: 0, left: [] };
    const goneFolders = await inTurn(folders, (folder) => this.#removeFolder(folder, stayed));
    const goneTasks = await inTurn(tasks, (task) => this.#removeTask(task, stayed));
    if (goneTasks.length > 0) await this.#compact();
    const sizes = [...goneFolders.map((folder) => folder.bytes), ...goneTasks.map(wholeSizeOf)];
    const bytes = sizes.reduce((a, b) => a + b, 0);
    return { tasks: goneTasks.length, folders: goneFolders.length, bytes, ...stayed };
  }

  /** Tries once more to remove what is left of these runs' folders and deleted tasks. Answers with what is still there. */
  async removeLeft(runIds: readonly CandidateId[], taskIds: readonly TaskId[]): Promise<readonly UserError[]> {
    const { store, folders } = this.#parts;
    const left: UserError[] = [];
    for (const id of runIds) await this.#attempt(() => folders.remove(id), left);
    for (const id of taskIds) if (!store.hasTask(id)) left.push(...(await folders.removeOfTask(id)));
    return [...left, ...(await this.#removeLeftovers())];
  }

  /** Stops what works in the background. To be called before the store is closed. */
  async dispose(): Promise<void> {
    this.#end.abort();
    await Promise.all(this.#background);
  }

  async #tidy(dueAt: Timestamp): Promise<void> {
    const { host, store, ownership } = this.#parts;
    const { owner } = ownership;
    const settings = host.settings().storage;
    if (settings.keepDays === 0 && settings.maxSize === 0) return;
    const isGone = (other: string) => other === owner || !ownership.isAlive(other);
    if (!store.usage.claim(chore, owner, dueAt, isGone)) return;
    try {
      const report = await this.measure(() => {}, this.#end.signal);
      const removals = chooseRemovals(report, settings, Date.now());
      const removed = await this.remove(removals);
      if (removed.tasks + removed.folders > 0) {
        this.#tidied.fire({ ...removed, isForSize: removals.isForSize, settings });
      }
    } finally {
      store.usage.done(chore, owner, Date.now());
    }
  }

  async #start(): Promise<void> {
    await this.#removeLeftovers();
    await this.#parts.folders.removeLeftovers(this.#end.signal);
    await this.#parts.evidence.removeLeftovers(this.#end.signal);
    await sleep(startDelayMs, undefined, { ref: false, signal: this.#end.signal });
    await this.tidy();
  }

  async #removeLeftovers(): Promise<readonly FolderLeft[]> {
    const { host, store } = this.#parts;
    const directories = [tasksDirectory(host.storageDirectory), foldersDirectory(host.storageDirectory)];
    const left: FolderLeft[] = [];
    for (const directory of directories) {
      left.push(...(await removeLeftovers(directory, (id) => store.hasTask(id), host.log, this.#end.signal)));
    }
    return left;
  }

  /** Does something in the background; what goes wrong is logged. */
  #run(work: () => Promise<void>): void {
    const working = work()
      .catch((error: unknown) => {
        if (!this.#end.signal.aborted) this.#parts.host.log.error(`Tidying up failed: ${stackOf(error)}`);
      })
      .finally(() => this.#background.delete(working));
    this.#background.add(working);
  }

  /** Gives the space of deleted rows back to the disk, a little at a time. */
  async #compact(): Promise<void> {
    const { usage } = this.#parts.store;
    while (!this.#end.signal.aborted && usage.compact()) await pause();
    if (!this.#end.signal.aborted) usage.checkpoint();
  }

  async #removeFolder(folder: StoredFolder, stayed: Stayed): Promise<boolean> {
    const { folders, host } = this.#parts;
    const { runId, path, bytes, usedAt } = folder;
    if (await this.#isUsedSince([folder])) return keep(stayed);
    if (this.#end.signal.aborted || !(await this.#attempt(() => folders.remove(runId), stayed.left))) return false;
    host.log.info(`Removed the files of ${runId}, unused since ${day(usedAt)}: ${bytes} bytes at ${path}`);
    return true;
  }

  async #removeTask(task: StoredTask, stayed: Stayed): Promise<boolean> {
    const { book, rounds, folders, evidence, host } = this.#parts;
    // Somebody may have begun to use it since it was measured.
    if (await this.#isUsedSince(task.runFolders)) return keep(stayed);
    if (this.#end.signal.aborted) return false;
    if (!book.deleteUnused(task.id, task.updatedAt)) return keep(stayed);
    const { id, title } = task;
    host.log.info(`Removed task ${id}, unused since ${day(usedAtOf(task))}: ${wholeSizeOf(task)} bytes, “${title}”`);
    await evidence.removeTask(id);
    stayed.left.push(...(await rounds.removeStorage(id)), ...(await folders.removeOfTask(id)));
    return true;
  }

  async #isUsedSince(measured: readonly StoredFolder[]): Promise<boolean> {
    return areUsedSince(measured, await this.#parts.folders.list(), this.#end.signal);
  }

  /** Whether it was done. */
  async #attempt(removal: () => Promise<void>, left: UserError[]): Promise<boolean> {
    try {
      await removal();
      return true;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      left.push(error);
      this.#parts.host.log.warn(`Left over: ${stackOf(error)}`);
      return false;
    }
  }
}

function keep(stayed: Stayed): false {
  stayed.kept++;
  return false;
}

/** Those for which it was done. */
async function inTurn<T>(all: readonly T[], work: (one: T) => Promise<boolean>): Promise<readonly T[]> {
  const done: T[] = [];
  for (const one of all) if (await work(one)) done.push(one);
  return done;
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
