import { join } from 'node:path';
import {
  canContinue,
  type ModelProfile,
  noUsage,
  type RoundId,
  type RoundStart,
  type Run,
  type RunId,
  type RunState,
  type Snapshot,
  type Task,
  type TaskId,
} from '../domain.ts';
import { problemOf, stackOf } from '../problem.ts';
import type { PullRequest } from '../pullRequest.ts';
import { LazyTaskStorage } from '../workspace/lazyTaskStorage.ts';
import { FolderLeft, removeFolder } from '../workspace/removeFolder.ts';
import type { TaskStorage } from '../workspace/workspace.ts';
import { Accounts } from './accounts.ts';
import { CanceledBecause, canceledState } from './cancelReason.ts';
import { conversationBefore } from './conversation.ts';
import type { EngineHost } from './engineHost.ts';
import { tasksDirectory } from './leftovers.ts';
import { orAbort } from './orAbort.ts';
import { originOf } from './origins.ts';
import { type PullHead, pullOf, snapshotOfPull } from './pullStart.ts';
import type { RoundSetting } from './runner.ts';
import { resetRun, resumedRun, withEarlierResult } from './runReducer.ts';
import { Slots } from './slots.ts';
import type { TaskBook } from './taskBook.ts';
import { policyOf } from './taskPolicy.ts';

/** What a run waits for before it is carried out. */
interface Work {
  readonly setting: Promise<RoundSetting>;
  readonly signal: AbortSignal;
  readonly turn: Promise<void> | undefined;
}

/** Who takes part in rounds besides their runs. */
export interface RoundHooks {
  /** When the runs of a new round may start; undefined when all of them may at once. */
  planOf(id: RoundId, runs: readonly Run[]): { turnOf(id: RunId): Promise<void> } | undefined;
  /** The snapshot is there, and the runs begin. */
  begun(id: RoundId): void;
  /** A run of this window has ended, whichever way. */
  ended(run: Run): void;
  /** The checks that the agents of a round may run. */
  agentChecks(id: RoundId): Promise<RoundSetting['agentChecks']>;
  /** What is on a pull request's branch at this moment. Rejects with `UserError` where that can't be found out. */
  pullHead(pull: PullRequest, signal: AbortSignal): Promise<PullHead>;
}

/** Sets rounds up and keeps their runs going: one snapshot a round, a slot for each run, cancel and retry. */
export class Rounds {
  readonly #host: EngineHost;
  readonly #book: TaskBook;
  readonly #hooks: RoundHooks;
  readonly #slots: Slots;
  /** What all who ask models share. */
  readonly accounts: Accounts;
  readonly #storages = new Map<TaskId, TaskStorage>();
  readonly #aborts = new Map<RunId, AbortController>();
  readonly #working = new Map<RunId, Promise<void>>();

  constructor(host: EngineHost, book: TaskBook, hooks: RoundHooks) {
    this.#host = host;
    this.#book = book;
    this.#hooks = hooks;
    this.accounts = new Accounts((provider, account) => host.createProvider(provider, account));
    this.#slots = new Slots(() => host.settings().maxParallelRuns);
    book.onDidAskToStop((id) => this.#aborts.get(id)?.abort());
  }

  /** Starts what waits and may go ahead since the settings changed. */
  admit(): void {
    this.#slots.admit();
  }

  storage(taskId: TaskId): TaskStorage {
    const known = this.#storages.get(taskId);
    if (known) return known;
    // Nothing makes the folder of a task that is deleted again.
    this.#book.task(taskId);
    const storage = new LazyTaskStorage(this.#directory(taskId));
    this.#storages.set(taskId, storage);
    return storage;
  }

  /** Adds a round to a task and starts its runs. Returns at once; what happens then is in the runs. */
  start(taskId: TaskId, message: string, profiles: readonly ModelProfile[], start: RoundStart): RoundId {
    const id = crypto.randomUUID() as string as RoundId;
    const runs = profiles.map(
      (profile): Run => ({
        id: crypto.randomUUID() as string as RunId,
        taskId,
        roundId: id,
        profile,
        state: { status: 'queued' },
        steps: [],
        usage: noUsage,
        changes: [],
      }),
    );
    this.#book.addRound({ id, taskId, message, createdAt: Date.now(), start, runs, compositions: [] });
    this.#launch(id, runs, this.#hooks.planOf(id, runs));
    return id;
  }

  /** Does a run that failed or was canceled again, from the round's own snapshot. */
  retry(id: RunId): void {
    const { run } = this.#book.run(id);
    if (this.#working.has(id) || (run.state.status !== 'failed' && run.state.status !== 'canceled')) return;
    const restarted = this.#book.restartRun(id, resetRun);
    if (restarted) this.#launch(run.roundId, [restarted]);
  }

  /** Lets a run that a limit stopped go on from what it has. */
  goOn(id: RunId): void {
    const { run } = this.#book.run(id);
    if (this.#working.has(id) || !canContinue(run)) return;
    const resumed = this.#book.restartRun(id, resumedRun);
    if (resumed) this.#launch(run.roundId, [resumed]);
  }

  /** Whether this window works on a run. */
  isWorking(id: RunId): boolean {
    return this.#working.has(id);
  }

  /** Cancels a run of this window, for a reason that the user is told. Resolves when nothing of it is left running. */
  async cancel(id: RunId, reason?: string): Promise<void> {
    this.#aborts.get(id)?.abort(reason === undefined ? undefined : new CanceledBecause(reason));
    await this.#working.get(id);
  }

  /** Removes the storage of a deleted task. Answers with what can't be removed now; it goes at the next start. */
  async removeStorage(taskId: TaskId): Promise<readonly FolderLeft[]> {
    const storage = this.#storages.get(taskId);
    this.#storages.delete(taskId);
    await storage?.close();
    try {
      await removeFolder(this.#directory(taskId));
      return [];
    } catch (error) {
      this.#host.log.warn(`The folder of the deleted task ${taskId} is left over: ${stackOf(error)}`);
      if (error instanceof FolderLeft) return [error];
      throw error;
    }
  }

  async dispose(): Promise<void> {
    for (const abort of this.#aborts.values()) abort.abort();
    await Promise.all(this.#working.values());
    for (const storage of this.#storages.values()) storage.dispose();
  }

  #directory(taskId: TaskId): string {
    return join(tasksDirectory(this.#host.storageDirectory), taskId);
  }

  #launch(roundId: RoundId, runs: readonly Run[], plan?: ReturnType<RoundHooks['planOf']>): void {
    // The set-up that all runs of the round wait for. It stops only when every one of them was canceled.
    const setUp = new AbortController();
    const aborts = runs.map((run) => {
      const abort = new AbortController();
      this.#aborts.set(run.id, abort);
      abort.signal.addEventListener('abort', () => aborts.every((other) => other.signal.aborted) && setUp.abort());
      return abort;
    });
    const setting = this.#setUp(roundId, setUp.signal);
    setting.then(
      () => this.#hooks.begun(roundId),
      () => {},
    );
    for (const [index, run] of runs.entries()) {
      const { signal } = aborts[index] as AbortController;
      this.#working.set(run.id, this.#work(run, { setting, signal, turn: plan?.turnOf(run.id) }));
    }
  }

  /** Never rejects: what goes wrong becomes the run's state, or a line in the log when even that can't be written. */
  async #work(run: Run, { setting, signal, turn }: Work): Promise<void> {
    try {
      if (turn) await orAbort(turn, signal);
      await this.#slots.use(async () => {
        // Loaded with the first run, so that activation doesn't wait for the agent.
        const { executeRun } = await import('./runner.ts');
        await executeRun(this.#host, this.#book, await orAbort(setting, signal), run, signal);
      }, signal);
    } catch (error) {
      this.#endEarly(run, signal, error);
    } finally {
      this.#aborts.delete(run.id);
      this.#working.delete(run.id);
      this.#hooks.ended(run);
    }
  }

  #endEarly(run: Run, signal: AbortSignal, reason: unknown): void {
    const endedAt = Date.now();
    const state: RunState = signal.aborted
      ? canceledState(signal, { endedAt })
      : { status: 'failed', endedAt, problem: problemOf(reason, this.#host.log) };
    try {
      this.#book.endRun(run.id, (queued) => withEarlierResult({ ...queued, state }));
    } catch (error) {
      this.#host.log.error(`The end of run ${run.id} could not be written: ${stackOf(error)}`);
    }
  }

  /** The snapshot (taken once a round) and where the copies start. Rejects with what keeps the round from starting. */
  async #setUp(roundId: RoundId, signal: AbortSignal): Promise<RoundSetting> {
    const policy = await policyOf(this.#book.round(roundId).task, this.#host);
    const { task, round } = this.#book.round(roundId);
    const storage = this.storage(task.id);
    const origin = originOf(task, round);
    const snapshot =
      round.snapshot ?? origin?.snapshot ?? (await this.#takeSnapshot(task, round.start, { storage, policy }, signal));
    const changed = this.#book.updateRound(roundId, (current) => ({ ...current, snapshot }));
    return {
      task,
      round: changed,
      snapshot,
      startTree: origin?.tree ?? snapshot.tree,
      startChanges: origin?.changes ?? [],
      policy,
      storage,
      conversation: conversationBefore(task, round),
      accounts: this.accounts,
      agentChecks: await this.#hooks.agentChecks(roundId),
    };
  }

  async #takeSnapshot(
    task: Task,
    start: RoundStart,
    { storage, policy }: Pick<RoundSetting, 'storage' | 'policy'>,
    signal: AbortSignal,
  ): Promise<Snapshot> {
    const { folder } = task;
    const started = Date.now();
    const snapshot =
      start.from === 'pull-request'
        ? await snapshotOfPull(
            storage,
            await this.#hooks.pullHead(pullOf(task, start), signal),
            { folder, policy },
            signal,
          )
        : await storage.takeSnapshot({ folder, unsaved: this.#host.unsavedTexts(folder), policy }, signal);
    this.#host.log.info(`Snapshot of ${folder} in ${Date.now() - started} ms, ${snapshot.leftOut.length} left out`);
    return snapshot;
  }
}
