import { join } from 'node:path';
import type { Candidate } from './composition.ts';
import type {
  CandidateId,
  ObjectName,
  PatchSecret,
  Round,
  RoundId,
  RoundStart,
  Run,
  RunId,
  Task,
  TaskId,
  TaskSummary,
} from './domain.ts';
import { Applies } from './engine/applies.ts';
import { planApplyOf } from './engine/applyCandidate.ts';
import type { ApplyOptions, ApplyPlan, ReadCurrent } from './engine/applyPlan.ts';
import { cancelElsewhere, stillInUse } from './engine/cancelElsewhere.ts';
import { Comparisons } from './engine/comparisons.ts';
import { CompositionBook } from './engine/compositionBook.ts';
import { Compositions } from './engine/compositions.ts';
import { Disk } from './engine/disk.ts';
import type { EngineChange } from './engine/engineChange.ts';
import type { EngineHost } from './engine/engineHost.ts';
import { Evidence } from './engine/evidence.ts';
import { GitHubClients } from './engine/gitHubClients.ts';
import { Imports } from './engine/imports.ts';
import { Ownership } from './engine/ownership.ts';
import { PullRequestDestinations } from './engine/pullRequestDestinations.ts';
import { PullRequestFollow } from './engine/pullRequestFollow.ts';
import { PullRequests } from './engine/pullRequests.ts';
import { pullOf } from './engine/pullStart.ts';
import { assertStartable, newTask, type RoundRequest, roundOfCandidate } from './engine/roundRequest.ts';
import { type RoundHooks, Rounds } from './engine/rounds.ts';
import { RunFolders } from './engine/runFolders.ts';
import { interruptedRun } from './engine/runReducer.ts';
import { TaskBook } from './engine/taskBook.ts';
import type { Event } from './ports.ts';
import type { UserError } from './problem.ts';
import type { PullRequest, PullRequestDraft, PullRequestTalk } from './pullRequest.ts';
import { Store } from './store/store.ts';

/** The shell's only door to the engine. Throws `UserError` for what the user can act on. */
export class Engine {
  readonly #store: Store;
  readonly #ownership: Ownership;
  readonly #book: TaskBook;
  readonly #rounds: Rounds;
  readonly #pullRequests: PullRequests;
  readonly #host: EngineHost;
  readonly #end = new AbortController();
  /** What the candidates of rounds changed, side by side. */
  readonly comparisons: Comparisons;
  /** What the user puts together from several candidates. */
  readonly compositions: Compositions;
  /** The real files of runs and compositions. */
  readonly folders: RunFolders;
  /** What is found out about candidates. */
  readonly evidence: Evidence;
  /** Where pull requests can go. */
  readonly destinations: PullRequestDestinations;
  /** What becomes of pull requests once they are open. */
  readonly following: PullRequestFollow;
  /** What is kept on disk. */
  readonly disk: Disk;
  /** What was applied to folders, and how to take it back. */
  readonly applies: Applies;
  /** Candidates that were made on other machines. */
  readonly imports: Imports;

  /** Opens the store. Throws `UserError` (`store-too-new`) when a newer version wrote it. */
  constructor(host: EngineHost) {
    this.#host = host;
    this.#store = new Store(join(host.storageDirectory, 'dursor.sqlite'));
    this.#ownership = new Ownership(this.#store, (run, owner) => this.#takeOver(run, owner));
    this.#book = new TaskBook(this.#store, this.#ownership.owner, host.log);
    const hooks: RoundHooks = {
      planOf: (id, runs) => this.evidence.planOf(id, runs),
      begun: (id) => this.evidence.begun(id),
      ended: (run) => {
        this.evidence.ended(run);
        this.following.ended(run);
      },
      agentChecks: (id) => this.evidence.agentChecks(id),
      pullHead: (pull, signal) => this.following.pullHead(pull, signal),
    };
    this.#rounds = new Rounds(host, this.#book, hooks);
    this.#ownership.recover();
    const [store, ownership, book, rounds] = [this.#store, this.#ownership, this.#book, this.#rounds];
    const storage = (taskId: TaskId) => rounds.storage(taskId);
    const hasRun = (id: CandidateId) => store.taskOf(id) !== undefined;
    this.comparisons = new Comparisons({ host, book, storage });
    const shelf = new CompositionBook(store.compositions, book);
    const { accounts } = rounds;
    const cancelRun = (id: RunId, reason: string) => rounds.cancel(id, reason);
    this.evidence = new Evidence({ host, book, rows: store.evidence, storage, accounts, ownership, cancelRun });
    const { evidence } = this;
    const clients = new GitHubClients(host);
    this.destinations = new PullRequestDestinations(host, book, clients);
    const claims = { rows: store.pullRequests, ownership };
    this.#pullRequests = new PullRequests({ host, book, shelf, storage, evidence, clients, claims });
    const isShipping = (id: CandidateId) => this.#pullRequests.isOpening(id) || this.following.isUpdating(id);
    this.following = new PullRequestFollow({
      ...{ host, book, ownership, clients, evidence, pullRequests: this.#pullRequests },
      ...{ rows: store.pullRequests, comments: store.handledComments, chores: store.usage },
      startRound: (request) => this.startRound(request),
    });
    const { comparisons } = this;
    this.compositions = new Compositions({ host, book, shelf, comparisons, storage, isShipping });
    this.folders = new RunFolders({ host, book, storage, hasRun, ownership });
    this.applies = new Applies(host.storageDirectory);
    this.imports = new Imports({ host, book, rows: store.evidence, storage, hasRun });
    this.disk = new Disk({ host, store, ownership, book, rounds, folders: this.folders, evidence });
  }

  /** Marks what is running as interrupted (at once, in case nobody waits), stops it, and closes the store. */
  async dispose(): Promise<void> {
    this.#end.abort();
    for (const run of this.#book.live) this.#interrupt(run);
    this.#book.dispose();
    const { comparisons, compositions, disk, evidence, folders, following } = this;
    await Promise.all(
      [this.#rounds, this.#pullRequests, following, comparisons, compositions, disk, evidence, folders].map((part) =>
        part.dispose(),
      ),
    );
    // Last, so that no other window takes over what is still being cleaned up.
    this.#ownership.dispose();
    this.#store.close();
  }

  get onDidChange(): Event<EngineChange> {
    return this.#book.onDidChange;
  }

  /** To be called when a setting changed: a raised limit of parallel runs lets waiting ones start at once. */
  settingsChanged(): void {
    this.#rounds.admit();
    this.evidence.settingsChanged();
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

  /** A run or a composition. */
  candidate(id: CandidateId): { readonly task: Task; readonly round: Round; readonly candidate: Candidate } {
    return this.#book.candidate(id);
  }

  /** Starts a round and returns at once; the snapshot and the runs go on by themselves. */
  startRound(request: RoundRequest): { readonly taskId: TaskId; readonly roundId: RoundId } {
    const { message, profiles, start, keepsChoice = false } = request;
    assertStartable(request);
    this.#book.refresh();
    const taskId = request.taskId ?? (crypto.randomUUID() as string as TaskId);
    if (request.taskId) this.#book.task(request.taskId);
    this.#chooseStart(taskId, start, keepsChoice);
    if (!request.taskId) this.#book.saveTask(newTask(taskId, request));
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

  /** Marks a candidate as the round's result; the next round goes on from it unless told otherwise. */
  chooseRun(roundId: RoundId, id: CandidateId): void {
    this.#book.refresh();
    const { taskId } = this.#book.updateRound(roundId, (round) => ({ ...round, chosenRunId: id }));
    this.#book.markUsed(taskId);
    this.evidence.picked(roundId, id);
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
    await this.evidence.removeTask(id);
    if (this.#end.signal.aborted) return [];
    if (this.#runsOf(id).some((run) => this.#store.isInFlight(run))) throw stillInUse();
    // The row goes first: a folder without a task is removed at the next start, a task without its folder is broken.
    this.#book.deleteTask(id);
    // Closing the storage ends the making of run folders, for which their removal would wait.
    return [...(await this.#rounds.removeStorage(id)), ...(await this.folders.removeOfTask(id))];
  }

  /** The candidate's unified diff; empty when it changed nothing. */
  patch(id: CandidateId): string {
    return this.#book.patch(id);
  }

  /** The content of a version of a file that a candidate's changes name. */
  readBlob(id: CandidateId, blob: ObjectName, signal?: AbortSignal): Promise<Uint8Array> {
    return this.#rounds.storage(this.#book.candidate(id).task.id).readBlob(blob, signal);
  }

  /**
   * How to bring a candidate's patch into the folder as it is now: all of it, or the files of `paths`. Throws `UserError`
   * (`nothing-to-ship`, `refused-by-policy`; `patch-conflict` for what an editor can't apply).
   */
  planApply(id: CandidateId, readCurrent: ReadCurrent, options: ApplyOptions = {}): Promise<ApplyPlan> {
    const storage = (taskId: TaskId) => this.#rounds.storage(taskId);
    const parts = { host: this.#host, book: this.#book, applies: this.applies, storage };
    return planApplyOf(parts, id, readCurrent, options);
  }

  /** Rejects with `UserError` (`nothing-to-ship`) for a candidate that can't be shipped. */
  proposePullRequest(id: CandidateId): Promise<PullRequestDraft> {
    return this.#pullRequests.propose(id);
  }

  /** The secrets that a candidate's patch adds, for the user to know of before it leaves this computer. */
  secretsInPatch(id: CandidateId, signal?: AbortSignal): Promise<readonly PatchSecret[]> {
    return this.#pullRequests.secretsIn(id, signal);
  }

  /** Opens the candidate's pull request, or answers with the one it has. Throws `UserError` (`secret-in-patch` unless accepted). */
  createPullRequest(id: CandidateId, draft: PullRequestDraft, talk: PullRequestTalk): Promise<PullRequest> {
    return this.#pullRequests.create(id, draft, talk);
  }

  /** A round that goes on from a candidate makes that its round's choice, unless it is to keep the one it has. */
  #chooseStart(taskId: TaskId, start: RoundStart, keepsChoice: boolean): void {
    if (start.from === 'pull-request') pullOf(this.#book.task(taskId), start);
    if (start.from !== 'run') return;
    const origin = roundOfCandidate(this.#book.task(taskId), start.runId);
    if (!keepsChoice && origin.chosenRunId !== start.runId) this.chooseRun(origin.id, start.runId);
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
    this.#book.endRun(run.id, interruptedRun, undefined, owner);
  }
}
