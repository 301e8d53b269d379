import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { candidatesOf, labelOf } from '../composition.ts';
import type { CandidateId, ObjectName, Snapshot, Task, TaskId } from '../domain.ts';
import { stackOf, UserError } from '../problem.ts';
import type { BroughtAlong } from '../workspace/bringAlong.ts';
import { inside, isFolder } from '../workspace/folderPaths.ts';
import { Limit } from '../workspace/limit.ts';
import { deletingPrefix, FolderLeft, removeFolder } from '../workspace/removeFolder.ts';
import type { TaskStorage } from '../workspace/workspace.ts';
import { assertEnded } from './applyPlan.ts';
import type { EngineHost } from './engineHost.ts';
import { type FolderRecord, FolderRecords, isKey, keyOf } from './folderRecords.ts';
import { assertPatchAllowed } from './patchGate.ts';
import type { FolderOfRun } from './storageReport.ts';
import type { TaskBook } from './taskBook.ts';
import { policyOf } from './taskPolicy.ts';

export interface RunFolderParts {
  readonly host: EngineHost;
  readonly book: Pick<TaskBook, 'candidate'>;
  readonly storage: (taskId: TaskId) => TaskStorage;
  readonly hasRun: (runId: CandidateId) => boolean;
  /** This window, and whether another is there. */
  readonly ownership: { readonly owner: string; isAlive(owner: string): boolean };
}

/** A run's real files. What was brought along is known of new ones. */
export interface OpenedFolder extends BroughtAlong {
  readonly folder: string;
  /** False when the folder was there already, with whatever the user changed in it since. */
  readonly isNew: boolean;
}

/** Milliseconds in which another window may finish with a folder, and how often it is looked at. */
const longestWait = 3000;
const pollEvery = 50;

/** The real files of runs and compositions, outside of the user's folders: made when asked for, kept until something removes them. */
export class RunFolders {
  readonly #parts: RunFolderParts;
  readonly #records: FolderRecords;
  /** One at a time: the disk is the bottleneck, and nothing is made while it is being removed. */
  readonly #turn = new Limit(1);
  readonly #end = new AbortController();
  #making: { readonly runId: CandidateId; readonly taskId: TaskId; readonly abort: AbortController } | undefined;

  constructor(parts: RunFolderParts) {
    this.#parts = parts;
    this.#records = new FolderRecords(parts.host.storageDirectory);
  }

  /**
   * The folder with the files as the run left them; made unless it is there. `onProgress` is told what is being done. Throws
   * `UserError` for a run that is at work or has nothing, and when the folder can't be made.
   */
  open(runId: CandidateId, onProgress: (stage: string) => void, signal: AbortSignal): Promise<OpenedFolder> {
    const ending = AbortSignal.any([signal, this.#end.signal]);
    return this.#turn.run(() => this.#open(runId, onProgress, ending), ending);
  }

  /** Every folder on disk, oldest first; several of one run where it was done again in between. */
  list(): Promise<readonly FolderOfRun[]> {
    return this.#records.all();
  }

  /** Removes every folder of a run. Throws `UserError` (`folder-in-use`) that names what is left. */
  remove(runId: CandidateId): Promise<void> {
    if (this.#making?.runId === runId) this.#making.abort.abort();
    return this.#turn.run(async () => {
      for (const record of await this.#records.all()) if (record.runId === runId) await this.#discardNext(record);
    });
  }

  /** Removes every folder of a task. Answers with what could not be removed now; it goes at the next start. */
  removeOfTask(taskId: TaskId): Promise<readonly FolderLeft[]> {
    if (this.#making?.taskId === taskId) this.#making.abort.abort();
    return this.#turn.run(async () => {
      const left: FolderLeft[] = [];
      for (const record of await this.#records.all()) {
        if (record.taskId !== taskId) continue;
        await this.#discard(record).catch((error: unknown) => {
          if (error instanceof FolderLeft) left.push(error);
          this.#parts.host.log.warn(`A folder of the deleted task ${taskId} is left over: ${stackOf(error)}`);
        });
      }
      return left;
    });
  }

  /** Removes folders whose run is gone, that were never finished, or that were half removed. Never rejects. */
  async removeLeftovers(signal: AbortSignal): Promise<void> {
    const { log } = this.#parts.host;
    const names = await this.#records.names().catch(() => []);
    for (const name of names) {
      if (signal.aborted) return;
      try {
        await this.#turn.run(() => this.#tidy(name, signal), signal);
      } catch (error) {
        if (!signal.aborted) log.warn(`${join(this.#records.directory, name)} is still left over: ${stackOf(error)}`);
      }
    }
  }

  /** Stops what is being made, and resolves when nothing is being made or removed any more. */
  async dispose(): Promise<void> {
    this.#end.abort(new DOMException('The window is closing.', 'AbortError'));
    await this.#turn.run(async () => {});
  }

  async #open(runId: CandidateId, onProgress: (stage: string) => void, signal: AbortSignal): Promise<OpenedFolder> {
    const { book, host, storage } = this.#parts;
    const { task, round, candidate } = book.candidate(runId);
    assertEnded(candidate);
    const { snapshot } = round;
    const { tree } = candidate;
    if (!snapshot || !tree) throw nothingThere();
    const files = storage(task.id);
    await assertPatchAllowed(candidate.changes, await policyOf(task, host), (blob) => files.readBlob(blob, signal));

    const known = await this.#records.read(keyOf({ runId, tree }));
    if (known?.isFinished && (await isFolder(known.path))) {
      await this.#records.save({ ...known, openedAt: Date.now() });
      return { folder: known.path, isNew: false, included: [], skipped: [] };
    }
    if (known) await this.#discard(known);
    const record = await this.#begin(runId, tree, task);
    const abort = new AbortController();
    this.#making = { runId, taskId: task.id, abort };
    try {
      const ending = AbortSignal.any([signal, abort.signal]);
      const made = await this.#make(record, task, snapshot, { files, onProgress, signal: ending });
      return { folder: record.path, isNew: true, ...made };
    } catch (error) {
      await this.#discard(record);
      throw error;
    } finally {
      this.#making = undefined;
    }
  }

  /** Says that a folder is being made, before there is anything of it. */
  async #begin(runId: CandidateId, tree: ObjectName, task: Task): Promise<FolderRecord> {
    const key = keyOf({ runId, tree });
    const now = Date.now();
    const root = await this.#rootOutside(task.folder);
    const holder = join(root ?? this.#records.directory, key);
    const record: FolderRecord = {
      runId,
      taskId: task.id,
      tree,
      path: join(holder, nameFor(task, runId)),
      holder,
      ...(root !== undefined && { root }),
      createdAt: now,
      openedAt: now,
      owner: this.#parts.ownership.owner,
      isFinished: false,
    };
    if (await this.#records.add(record)) return record;
    if (root !== undefined) await rm(root, { recursive: true });
    throw busyElsewhere();
  }

  async #make(
    record: FolderRecord,
    task: Task,
    snapshot: Snapshot,
    work: { files: TaskStorage; onProgress: (stage: string) => void; signal: AbortSignal },
  ): Promise<BroughtAlong> {
    const { host } = this.#parts;
    const { include: patterns, includeBy: by } = host.settings().copies;
    await mkdir(record.holder, { mode: 0o700 });
    const include = { patterns, by, policy: await policyOf(task, host) };
    const request = { snapshot, tree: record.tree, destination: record.path, include };
    const made = await work.files.materialise(request, work.signal, work.onProgress);
    await this.#records.save({ ...record, isFinished: true });
    const skipped = made.skipped.map(({ path, why }) => `${path}: ${why}`).join('; ');
    host.log.info(
      `Made ${record.path} in ${Date.now() - record.createdAt} ms with ${made.included.join(', ') || 'nothing'} brought along${skipped && `, but not ${skipped}`}`,
    );
    return made;
  }

  /** A new private folder for where dursor's storage is inside the task's folder, as in a home folder that is opened. */
  async #rootOutside(folder: string): Promise<string | undefined> {
    const real = await realpath(folder).catch(() => folder);
    const { storageDirectory } = this.#parts.host;
    if (inside(real, await realpath(storageDirectory)) === undefined) return undefined;
    const temporary = await realpath(tmpdir());
    if (inside(real, temporary) !== undefined) throw noPlaceOutside(folder, temporary);
    return mkdtemp(join(temporary, 'dursor-'));
  }

  /** Removes a folder that another window may be removing just now: then there is nothing to do once that is done. */
  async #discardNext(record: FolderRecord): Promise<void> {
    for (let waited = 0; ; waited += pollEvery) {
      const current = await this.#records.read(keyOf(record));
      if (!current) return;
      if (!this.#isBusyElsewhere(current) || waited >= longestWait) return this.#discard(current);
      await sleep(pollEvery, undefined, { signal: this.#end.signal });
    }
  }

  #isBusyElsewhere({ isFinished, owner }: FolderRecord): boolean {
    return !isFinished && owner !== this.#ownership.owner && this.#ownership.isAlive(owner);
  }

  /** Removes a folder and then its record, so that what can't be removed now is found at the next start. */
  async #discard(record: FolderRecord): Promise<void> {
    if (this.#isBusyElsewhere(record)) throw busyElsewhere();
    await this.#records.save({ ...record, owner: this.#ownership.owner, isFinished: false });
    await removeFolder(record.holder);
    if (record.root !== undefined) await removeFolder(record.root);
    await this.#records.remove(keyOf(record));
  }

  async #tidy(name: string, signal: AbortSignal): Promise<void> {
    const { host, hasRun } = this.#parts;
    const path = join(this.#records.directory, name);
    if (name.startsWith(deletingPrefix)) return removeFolder(path, signal);
    const key = name.replace(/\.json$/, '');
    if ((await this.#records.removeUnfinished(name)) || !isKey(key)) return;
    const record = await this.#records.read(key);
    if (!record) {
      // Its record was not even written whole, or it is gone already.
      await removeFolder(join(this.#records.directory, key), signal);
      return this.#records.remove(key);
    }
    if (this.#isBusyElsewhere(record) || (record.isFinished && hasRun(record.runId) && (await isFolder(record.path))))
      return;
    await this.#discard(record);
    host.log.info(`Removed ${record.holder}, which was left over`);
  }

  get #ownership() {
    const { ownership } = this.#parts;
    return { owner: ownership.owner, isAlive: (owner: string) => ownership.isAlive(owner) };
  }
}

function nothingThere(): UserError {
  return new UserError({
    code: 'nothing-to-ship',
    message: 'This run ended before it had any files. Retry it, then open it again.',
  });
}

function busyElsewhere(): UserError {
  return new UserError({
    code: 'folder-in-use',
    message:
      'The folder of this run is being made or removed in another window. Wait until that is done, then try again.',
    action: { type: 'retry' },
  });
}

function noPlaceOutside(folder: string, temporary: string): UserError {
  return new UserError({
    code: 'folder-failed',
    message: `There is no place for the files of this run outside of ${folder}: dursor’s storage and ${temporary} are both inside it. Open a folder further down for your work, or set TMPDIR to a folder elsewhere and restart VS Code.`,
  });
}

/** What the window of a run's files is called: several may be open at once. */
function nameFor(task: Task, runId: CandidateId): string {
  const candidate = task.rounds.flatMap(candidatesOf).find(({ id }) => id === runId);
  const label = (candidate ? labelOf(candidate) : '').toLowerCase().replace(/[^a-z0-9.]+/g, '-');
  return [basename(task.folder) || 'folder', label.replace(/^[-.]+|[-.]+$/g, '').slice(0, 40)]
    .filter(Boolean)
    .join('-');
}
