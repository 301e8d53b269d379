import { join } from 'node:path';
import { compareRuns } from './compare/comparison.ts';
import type { FileDiff, FileRow } from './comparison.ts';
import {
  type ObjectName,
  type PatchSecret,
  type PullRequest,
  pathOf,
  type Round,
  type RoundId,
  type RoundStart,
  type Run,
  type RunId,
  type RunState,
  type Task,
  type TaskId,
  type TaskSummary,
} from './domain.ts';
import { assertEnded, type FileEdit, planApply, type ReadCurrent } from './engine/applyPlan.ts';
import { cancelElsewhere } from './engine/cancelElsewhere.ts';
import { Disk } from './engine/disk.ts';
import type { EngineHost } from './engine/engineHost.ts';
import { originsOf } from './engine/origins.ts';
import { Ownership } from './engine/ownership.ts';
import { type PullRequestDraft, PullRequests } from './engine/pullRequests.ts';
import { assertStartable, type RoundRequest } from './engine/roundRequest.ts';
import { Rounds } from './engine/rounds.ts';
import { RunFolders } from './engine/runFolders.ts';
import { withEarlierResult } from './engine/runReducer.ts';
import { type EngineChange, TaskBook } from './engine/taskBook.ts';
import { policyOf } from './engine/taskPolicy.ts';
import type { Event } from './ports.ts';
import { UserError } from './problem.ts';
import { Store } from './store/store.ts';

/** A title is the first line of the first message, up to this many characters. */
const maxTitleLength = 80;

/** The shell's only door to the engine. Throws `UserError` for what the user can act on. */
export class Engine {
  readonly #store: Store;
  readonly #ownership: Ownership;
  readonly #book: TaskBook;
  readonly #rounds: Rounds;
  readonly #pullRequests: PullRequests;
  readonly #host: EngineHost;
  readonly #end = new AbortController();
  /** The real files of runs. */
  readonly folders: RunFolders;
  /** What is kept on disk. */
  readonly disk: Disk;

  /** Opens the store. Throws `UserError` (`store-too-new`) when a newer version wrote it. */
  constructor(host: EngineHost) {
    this.#host = host;
    this.#store = new Store(join(host.storageDirectory, 'dursor.sqlite'));
    this.#ownership = new Ownership(this.#store, (run, owner) => this.#takeOver(run, owner));
    this.#book = new TaskBook(this.#store, this.#ownership.owner, host.log);
    this.#rounds = new Rounds(host, this.#book);
    this.#pullRequests = new PullRequests(host, this.#book, (taskId) => this.#rounds.storage(taskId));
    this.#ownership.recover();
    const [store, ownership, book, rounds] = [this.#store, this.#ownership, this.#book, this.#rounds];
    const storage = (taskId: TaskId) => rounds.storage(taskId);
    const hasRun = (id: RunId) => store.taskOf(id) !== undefined;
    this.folders = new RunFolders({ host, book, storage, hasRun, ownership });
    this.disk = new Disk({ host, store, ownership, book, rounds, folders: this.folders });
  }

  /** Marks what is running as interrupted (at once, in case nobody waits), stops it, and closes the store. */
  async dispose(): Promise<void> {
    this.#end.abort();
    for (const run of this.#book.live) this.#interrupt(run);
    this.#book.dispose();
    this.#ownership.dispose();
    await Promise.all([this.#rounds.dispose(), this.disk.dispose(), this.folders.dispose()]);
    this.#store.close();
  }

  get onDidChange(): Event<EngineChange> {
    return this.#book.onDidChange;
  }

  /** To be called when a setting changed: a raised limit of parallel runs lets waiting ones start at once. */
  settingsChanged(): void {
    this.#rounds.admit();
  }

  tasks(folder: string): readonly TaskSummary[] {
    return this.#book.list(folder);
  }

  /** Undefined when there is no such task any more. */
  task(id: TaskId): Task | undefined {
    return this.#book.find(id);
  }

  round(id: RoundId): { readonly task: Task; readonly round: Round } {
    return this.#book.round(id);
  }

  run(id: RunId): { readonly task: Task; readonly round: Round; readonly run: Run } {
    return this.#book.run(id);
  }

  /** Starts a round and returns at once; the snapshot and the runs go on by themselves. */
  startRound(request: RoundRequest): { readonly taskId: TaskId; readonly roundId: RoundId } {
    const { message, profiles, start } = request;
    assertStartable(request);
    this.#book.refresh();
    const taskId = request.taskId ?? (crypto.randomUUID() as string as TaskId);
    if (request.taskId) this.#book.task(request.taskId);
    this.#chooseStart(taskId, start);
    if (!request.taskId) this.#addTask(taskId, request);
    return { taskId, roundId: this.#rounds.start(taskId, message, profiles, start) };
  }

  retryRun(id: RunId): void {
    this.#book.refresh();
    this.#rounds.retry(id);
  }

  /** Lets a run that a limit stopped go on from its own files. Nothing happens to any other run (see `canContinue`). */
  continueRun(id: RunId): void {
    this.#book.refresh();
    this.#rounds.goOn(id);
  }

  /** Resolves when nothing of the run is left running, or when another window that works on it takes long to stop. */
  async cancelRun(id: RunId): Promise<void> {
    await this.#cancel([id]);
  }

  async cancelRound(id: RoundId): Promise<void> {
    await this.#cancel(this.#book.round(id).round.runs.map((run) => run.id));
  }

  /** Marks a run as the round's result; the next round goes on from it unless told otherwise. */
  chooseRun(roundId: RoundId, runId: RunId): void {
    this.#book.refresh();
    const { taskId } = this.#book.updateRound(roundId, (round) => ({ ...round, chosenRunId: runId }));
    this.#book.markUsed(taskId);
  }

  renameTask(id: TaskId, title: string): void {
    this.#book.refresh();
    this.#book.saveTask({ ...this.#book.task(id), title });
  }

  /**
   * Cancels the task's runs, and removes it with everything it stored. Answers with what could not be removed from the disk
   * and is tried again at the next start. Throws `UserError` while another window works on the task.
   */
  async deleteTask(id: TaskId): Promise<readonly UserError[]> {
    this.#book.refresh();
    await this.#cancel(this.#runsOf(id));
    if (this.#end.signal.aborted) return [];
    if (this.#runsOf(id).some((run) => this.#store.isInFlight(run))) throw stillInUse();
    // The row goes first: a folder without a task is removed at the next start, a task without its folder is broken.
    this.#book.deleteTask(id);
    // Closing the storage ends the making of run folders, for which their removal would wait.
    return [...(await this.#rounds.removeStorage(id)), ...(await this.folders.removeOfTask(id))];
  }

  /** The run's unified diff; empty when it changed nothing. */
  patch(id: RunId): string {
    return this.#book.patch(id);
  }

  /** The content of a version of a file that a run's changes name. */
  readBlob(id: RunId, blob: ObjectName, signal?: AbortSignal): Promise<Uint8Array> {
    return this.#rounds.storage(this.#book.run(id).task.id).readBlob(blob, signal);
  }

  /** The files × candidates table of a round, one column per run. */
  compare(id: RoundId): readonly FileRow[] {
    return compareRuns(this.#book.round(id).round.runs);
  }

  /** One file's diffs, a column per run of the round. */
  async diffs(id: RoundId, path: string, signal?: AbortSignal): Promise<readonly FileDiff[]> {
    const { round } = this.#book.round(id);
    const row = compareRuns(round.runs).find((candidate) => candidate.path === path);
    const { diffFile } = await import('./compare/diffRows.ts');
    return Promise.all(
      round.runs.map(async (run, column): Promise<FileDiff> => {
        const cell = row?.cells[column];
        if (!cell) return { type: 'unchanged' };
        if (cell.sameAs) return { type: 'same', as: cell.sameAs };
        const change = run.changes.find((candidate) => pathOf(candidate) === path);
        const [base, after] = await Promise.all(
          [change?.base, change?.after].map((version) => version && this.readBlob(run.id, version.blob, signal)),
        );
        return diffFile(base, after);
      }),
    );
  }

  /** How to bring a run's patch into the folder as it is now. Throws `UserError` (`patch-conflict`, `nothing-to-ship`). */
  async planApply(id: RunId, readCurrent: ReadCurrent, signal?: AbortSignal): Promise<readonly FileEdit[]> {
    const { task, round, run } = this.#book.run(id);
    assertEnded(run);
    return planApply({
      run,
      origins: originsOf(task, round),
      storage: this.#rounds.storage(task.id),
      policy: policyOf(task, this.#host),
      readCurrent,
      signal,
    });
  }

  proposePullRequest(id: RunId): PullRequestDraft {
    return this.#pullRequests.propose(id);
  }

  /** The secrets that a run's patch adds, for the user to know of before it leaves this computer. */
  secretsInPatch(id: RunId, signal?: AbortSignal): Promise<readonly PatchSecret[]> {
    return this.#pullRequests.secretsIn(id, signal);
  }

  /** Opens the run's pull request, or answers with the one it has. Throws `UserError` (`secret-in-patch` unless accepted). */
  createPullRequest(
    id: RunId,
    draft: PullRequestDraft,
    report: (stage: string) => void,
    signal: AbortSignal,
  ): Promise<PullRequest> {
    return this.#pullRequests.create(id, draft, report, signal);
  }

  /** A round that goes on from a run makes that run its round's choice. */
  #chooseStart(taskId: TaskId, start: RoundStart): void {
    if (start.from === 'workspace') return;
    const origin = this.#book.task(taskId).rounds.find((round) => round.runs.some((run) => run.id === start.runId));
    if (!origin) throw new UserError({ code: 'not-found', message: 'The run to go on from is no longer there.' });
    if (origin.chosenRunId !== start.runId) this.chooseRun(origin.id, start.runId);
  }

  #addTask(id: TaskId, { message, folder, scope }: RoundRequest): void {
    const now = Date.now();
    const title = message.trim().split('\n', 1)[0] ?? '';
    this.#book.saveTask({
      id,
      title: title.length > maxTitleLength ? `${title.slice(0, maxTitleLength - 1)}…` : title,
      folder,
      ...(scope !== undefined && { scope }),
      createdAt: now,
      updatedAt: now,
      rounds: [],
      pullRequests: [],
    });
  }

  #runsOf(id: TaskId): readonly RunId[] {
    return this.#book.find(id)?.rounds.flatMap((round) => round.runs.map((run) => run.id)) ?? [];
  }

  async #cancel(ids: readonly RunId[]): Promise<void> {
    this.#ownership.recover();
    const elsewhere = ids.filter((id) => !this.#rounds.isWorking(id));
    await Promise.all([
      ...ids.map((id) => this.#rounds.cancel(id)),
      cancelElsewhere(this.#store, elsewhere, this.#end.signal),
    ]);
    this.#book.refresh();
  }

  #takeOver(run: Run, owner: string): void {
    this.#book.refresh();
    this.#interrupt(run, owner);
  }

  /** Ends a run of this window, or of `owner`, a window that is gone. */
  #interrupt(run: Run, owner?: string): void {
    const startedAt = run.state.status === 'running' ? { startedAt: run.state.startedAt } : {};
    const state: RunState = {
      status: 'failed',
      ...startedAt,
      endedAt: Date.now(),
      problem: {
        code: 'interrupted',
        message: 'The window was closed or reloaded while this run was working. Retry it to start it again.',
        action: { type: 'retry' },
      },
    };
    this.#book.endRun(run.id, (current) => withEarlierResult({ ...current, state }), undefined, owner);
  }
}

function stillInUse(): UserError {
  return new UserError({
    code: 'interrupted',
    message:
      'This task was not deleted: one of its runs is still working, perhaps in another window. Cancel it there or close that window, then delete the task again.',
  });
}
