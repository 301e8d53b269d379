import { type Candidate, candidatesOf, isComposition } from '../composition.ts';
import type { CandidateId, Round, RoundId, Run, RunId, Task, TaskId, TaskSummary, Timestamp } from '../domain.ts';
import { Emitter, type Event, type Log } from '../ports.ts';
import type { PullRequest } from '../pullRequest.ts';
import type { Store } from '../store/store.ts';
import type { EngineChange } from './engineChange.ts';
import { gone } from './gone.ts';

/** How often other windows' writes are looked for. */
const watchMs = 1000;

/**
 * The tasks as this window knows them: the store's rows, with the runs of this window as they are at this moment.
 * Every change goes through here, so that what is stored and what is shown can't differ.
 */
export class TaskBook {
  readonly #store: Store;
  readonly #owner: string;
  readonly #cache = new Map<TaskId, Task>();
  /** Runs of this window that are in flight; newer than their rows. */
  readonly #live = new Map<RunId, Run>();
  readonly #changes: Emitter<EngineChange>;
  readonly #stops: Emitter<RunId>;
  readonly #watch: NodeJS.Timeout;
  #version: number;
  #isClosed = false;

  constructor(store: Store, owner: string, log: Log) {
    this.#store = store;
    this.#owner = owner;
    const onError = (error: unknown) => log.error(`A listener failed: ${String(error)}`);
    this.#changes = new Emitter(onError);
    this.#stops = new Emitter(onError);
    this.#version = store.version();
    this.#watch = setInterval(() => this.refresh(), watchMs).unref();
  }

  get onDidChange(): Event<EngineChange> {
    return this.#changes.event;
  }

  /** A run of this window is to be stopped: another window asked for it, or the run was deleted or taken over there. */
  get onDidAskToStop(): Event<RunId> {
    return this.#stops.event;
  }

  /** The runs of this window that haven't ended. */
  get live(): readonly Run[] {
    return [...this.#live.values()];
  }

  /** Whether nothing is to be written any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** After this nothing changes any more: what a run still does while it is being stopped is not written. */
  dispose(): void {
    this.#isClosed = true;
    clearInterval(this.#watch);
  }

  list(folder: string): readonly TaskSummary[] {
    return this.#store.tasks(folder);
  }

  find(id: TaskId): Task | undefined {
    const cached = this.#cache.get(id);
    if (cached) return cached;
    const stored = this.#store.task(id);
    if (!stored) return undefined;
    const task = mapRuns(stored, (run) => this.#live.get(run.id) ?? run);
    this.#cache.set(id, task);
    return task;
  }

  task(id: TaskId): Task {
    const task = this.find(id);
    if (!task) throw gone();
    return task;
  }

  round(id: RoundId): { readonly task: Task; readonly round: Round } {
    const task = this.#taskOf(id);
    const round = task.rounds.find((candidate) => candidate.id === id);
    if (!round) throw gone();
    return { task, round };
  }

  run(id: RunId): { readonly task: Task; readonly round: Round; readonly run: Run } {
    const { candidate: run, ...place } = this.candidate(id);
    if (isComposition(run)) throw gone();
    return { ...place, run };
  }

  candidate(id: CandidateId): { readonly task: Task; readonly round: Round; readonly candidate: Candidate } {
    const task = this.#taskOf(id);
    for (const round of task.rounds) {
      const candidate = candidatesOf(round).find((one) => one.id === id);
      if (candidate) return { task, round, candidate };
    }
    throw gone();
  }

  /** Looks for what other windows wrote. Happens by itself too, but only now and then. */
  refresh(): void {
    if (this.#isClosed) return;
    const version = this.#store.version();
    if (version === this.#version) return;
    this.#version = version;
    const known = [...this.#cache.keys()];
    this.#cache.clear();
    this.#checkClaims();
    for (const taskId of known) this.#changes.fire({ type: 'task', taskId });
    this.#changes.fire({ type: 'tasks' });
  }

  saveTask(task: Task): void {
    this.#store.saveTask(task);
    this.#cache.set(task.id, task);
    this.#changes.fire({ type: 'task', taskId: task.id });
    this.#changes.fire({ type: 'tasks' });
  }

  deleteTask(id: TaskId): void {
    this.#store.deleteTask(id);
    this.#cache.delete(id);
    this.#changes.fire({ type: 'tasks' });
  }

  /** Deletes a task unless somebody works on it or has used it after this time. Whether it did. */
  deleteUnused(id: TaskId, updatedAt: Timestamp): boolean {
    if (this.#isClosed || !this.#store.usage.deleteUnused(id, updatedAt)) return false;
    this.#cache.delete(id);
    this.#changes.fire({ type: 'tasks' });
    return true;
  }

  /** Says that a task is used now, so that retention keeps it. */
  markUsed(id: TaskId): void {
    if (!this.#isClosed) this.saveTask({ ...this.task(id), updatedAt: Date.now() });
  }

  /** Reads a task again, which is used now: another part of the engine has written to it. */
  readAgain(id: TaskId): void {
    this.#cache.delete(id);
    this.markUsed(id);
  }

  /** Says that there is more to show of a task than before, which is not in the book itself. */
  tell(taskId: TaskId): void {
    if (!this.#isClosed) this.#changes.fire({ type: 'task', taskId });
  }

  addRound(round: Round): void {
    this.#store.insertRound(round, this.#owner);
    for (const run of round.runs) this.#live.set(run.id, run);
    const task = this.task(round.taskId);
    const rounds = task.rounds.some((known) => known.id === round.id) ? task.rounds : [...task.rounds, round];
    this.saveTask({ ...task, updatedAt: round.createdAt, rounds });
  }

  updateRound(id: RoundId, change: (round: Round) => Round): Round {
    const { task, round } = this.round(id);
    if (this.#isClosed) return round;
    const changed = change(round);
    this.#store.saveRound(changed);
    this.#put({ ...task, rounds: task.rounds.map((other) => (other.id === id ? changed : other)) });
    return changed;
  }

  /** Changes a run of this window and writes it. Nothing happens to a run that isn't this window's any more. */
  updateRun(id: RunId, change: (run: Run) => Run): void {
    const run = this.#changed(id, change);
    if (!run) return;
    if (!this.#store.saveRun(run, this.#owner)) {
      this.#drop(id);
      return;
    }
    this.#live.set(id, run);
    this.#putRun(run);
    this.#changes.fire({ type: 'task', taskId: run.taskId });
  }

  /** Changes a run by a piece of streamed text: shown now, written with the next `updateRun`. */
  streamText(id: RunId, text: string, change: (run: Run) => Run): void {
    const run = this.#live.has(id) ? this.#changed(id, change) : undefined;
    if (!run) return;
    this.#live.set(id, run);
    this.#putRun(run);
    this.#changes.fire({ type: 'text', taskId: run.taskId, runId: id, text });
  }

  /** Writes the end of a run: one of this window, or of `owner`, a window that is gone. Without a patch text it keeps what it had. */
  endRun(id: RunId, change: (run: Run) => Run, patchText?: string, owner = this.#owner): void {
    const run = this.#changed(id, change);
    if (!run) return;
    const ended = this.#store.endRun(run, owner, patchText);
    if (!ended.isWritten) {
      this.#drop(id);
      return;
    }
    this.#live.delete(id);
    this.#putRun(run);
    this.#changes.fire({ type: 'task', taskId: run.taskId });
    this.#changes.fire({ type: 'tasks' });
    if (ended.isLastOfRound && owner === this.#owner) {
      this.#changes.fire({ type: 'round-ended', taskId: run.taskId, roundId: run.roundId });
    }
  }

  /** Takes an ended run to do it again or to go on with it. Undefined when another window was faster. */
  restartRun(id: RunId, change: (run: Run) => Run): Run | undefined {
    const run = this.#changed(id, change);
    if (!run || !this.#store.restartRun(run, this.#owner)) return undefined;
    this.#live.set(id, run);
    this.#putRun(run);
    this.markUsed(run.taskId);
    return run;
  }

  /** A candidate's unified diff; empty when it changed nothing, and for a run that is still going. */
  patch(id: CandidateId): string {
    return this.#store.compositions.patch(id) ?? this.#store.patch(id as RunId);
  }

  addPullRequest(taskId: TaskId, pull: PullRequest): void {
    this.#store.pullRequests.save(taskId, pull);
    const task = this.task(taskId);
    const others = task.pullRequests.filter((other) => other.runId !== pull.runId);
    this.#put({ ...task, pullRequests: [...others, pull] });
    this.markUsed(taskId);
  }

  /** Changes a pull request, whichever window wrote it last. Nothing happens where `change` answers with what it was given. */
  updatePullRequest(id: CandidateId, change: (pull: PullRequest) => PullRequest): void {
    const taskId = this.#isClosed ? undefined : this.#store.pullRequests.change(id, change);
    if (taskId === undefined) return;
    this.#cache.delete(taskId);
    this.tell(taskId);
  }

  /** What a run becomes. Undefined when it is no longer there, or nothing is to change any more. */
  #changed(id: RunId, change: (run: Run) => Run): Run | undefined {
    if (this.#isClosed) return undefined;
    const live = this.#live.get(id);
    if (live) return change(live);
    return this.#store.taskOf(id) && change(this.run(id).run);
  }

  #putRun(run: Run): void {
    const task = this.find(run.taskId);
    if (!task) return;
    this.#cache.set(
      task.id,
      mapRuns(task, (other) => (other.id === run.id ? run : other)),
    );
  }

  /** Lets go of a run that isn't this window's any more. */
  #drop(id: RunId): void {
    const run = this.#live.get(id);
    if (!run) return;
    this.#live.delete(id);
    this.#cache.delete(run.taskId);
    this.#stops.fire(id);
    this.tell(run.taskId);
  }

  #checkClaims(): void {
    if (this.#live.size === 0) return;
    const claims = this.#store.claims(this.#owner);
    for (const id of [...this.#live.keys()]) {
      const claim = claims.get(id);
      if (!claim) this.#drop(id);
      else if (claim.isCancelRequested) this.#stops.fire(id);
    }
  }

  #put(task: Task): void {
    this.#cache.set(task.id, task);
    this.#changes.fire({ type: 'task', taskId: task.id });
  }

  #taskOf(id: RoundId | CandidateId): Task {
    for (const task of this.#cache.values()) {
      if (task.rounds.some((round) => round.id === id || candidatesOf(round).some((one) => one.id === id))) return task;
    }
    const taskId = this.#store.taskOf(id);
    if (!taskId) throw gone();
    return this.task(taskId);
  }
}

function mapRuns(task: Task, change: (run: Run) => Run): Task {
  return { ...task, rounds: task.rounds.map((round) => ({ ...round, runs: round.runs.map(change) })) };
}
