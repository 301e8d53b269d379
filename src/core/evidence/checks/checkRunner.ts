import { availableParallelism } from 'node:os';
import type { CandidateId, ObjectName } from '../../domain.ts';
import type { Check, CheckRun, CheckState } from '../../evidence.ts';
import { Emitter, type Event } from '../../ports.ts';
import { withoutRun } from './runCheck.ts';
import { type Again, type KeptResults, TreeJob, type TreeJobParts } from './treeJob.ts';
import { unlessAborted } from './unlessAborted.ts';

/** What a check runs on: the untouched snapshot, or a candidate. */
export type CheckSubject = 'base' | CandidateId;

export interface CheckProgress {
  readonly subject: CheckSubject;
  /** The check's name. */
  readonly check: string;
  readonly state: CheckState;
}

export interface CheckRunnerParts extends TreeJobParts {
  readonly kept: KeptResults;
}

/** How a check is run on a tree that is nobody's. */
export interface TreeOptions {
  readonly signal: AbortSignal;
  readonly isConfirmed?: boolean;
}

/** What a subject waits for, until that has ended or the subject is canceled. */
interface Assignment {
  readonly job: TreeJob;
  readonly canceled: PromiseWithResolvers<readonly CheckRun[]>;
  /** What this subject was told last, in the order of the checks. */
  readonly states: Map<Check, CheckState>;
}

/** Room is left for the editor and the models, but two at a time is what any machine can do. */
export function usualParallelChecks(cores = availableParallelism()): number {
  return Math.max(2, Math.floor(cores / 2));
}

/**
 * Runs the checks of one snapshot on it and on each candidate as it comes. Subjects of one tree share its results. Owns the processes
 * and folders of all of them: when `dispose` has resolved, none is left.
 */
export class CheckRunner {
  readonly #parts: CheckRunnerParts;
  readonly #base: ObjectName;
  readonly #checks: readonly Check[];
  readonly #jobs = new Map<ObjectName, TreeJob>();
  readonly #assignments = new Map<CheckSubject, Assignment>();
  /** Also those that were canceled and are still ending. */
  readonly #ending = new Set<TreeJob>();
  readonly #changed: Emitter<CheckProgress>;
  #isDisposed = false;

  /** `base` is the snapshot's tree. Nothing runs yet. */
  constructor(parts: CheckRunnerParts, base: ObjectName, checks: readonly Check[]) {
    this.#parts = parts;
    this.#base = base;
    this.#checks = checks;
    this.#changed = new Emitter((error) => parts.log.error(String(error)));
  }

  /** Tells of each change of a check's state on a subject. */
  get onDidChange(): Event<CheckProgress> {
    return this.#changed.event;
  }

  /** Runs the checks on the untouched snapshot, once; best begun while the models are still at work. Never rejects. */
  startBase(): Promise<readonly CheckRun[]> {
    return this.#start('base', this.#base);
  }

  /**
   * Runs the checks on what a candidate left; on a tree that is known already only what isn't known. A candidate that comes back with
   * another tree is begun again. Never rejects: what could not be run, or was canceled, says so in its `end`.
   */
  start(candidate: CandidateId, tree: ObjectName): Promise<readonly CheckRun[]> {
    // First come, first served: the base has to be ahead of those that wait for it.
    void this.startBase();
    return this.#start(candidate, tree);
  }

  /**
   * Runs one check on a tree that is nobody's, such as one candidate's code with another's tests; where `isConfirmed`, once more what
   * fails there and not on the base. Never rejects.
   */
  async runOnTree(tree: ObjectName, check: Check, { signal, isConfirmed = false }: TreeOptions): Promise<CheckRun> {
    const canceled = withoutRun(check, this.#parts, { type: 'canceled' });
    if (signal.aborted || this.#isDisposed) return canceled;
    const known = this.#jobs.get(tree)?.runOf(check);
    if (known) return (await unlessAborted(known, signal)) ?? canceled;
    const job = new TreeJob(this.#parts, tree, [check], isConfirmed ? this.#asCandidate : { of: 'other' }, () => {});
    const cancel = () => job.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    this.#follow(job);
    const [run = canceled] = await job.ended;
    signal.removeEventListener('abort', cancel);
    return run;
  }

  /** What is known of a subject at this moment, in the order of the checks; nothing of one that was never started. */
  states(subject: CheckSubject): readonly (readonly [Check, CheckState])[] {
    return [...(this.#assignments.get(subject)?.states ?? [])];
  }

  /** Cancels what isn't done for this subject, unless another one needs it too. Its checks count as canceled at once. */
  cancel(subject: CheckSubject): void {
    const assignment = this.#assignments.get(subject);
    if (!assignment || !isOpen(assignment)) return;
    const { job, states, canceled } = assignment;
    for (const [check, state] of states) {
      if (state.status === 'ended') continue;
      const run = withoutRun(check, this.#parts, { type: 'canceled' });
      this.#tell(subject, assignment, check, { status: 'ended', run });
    }
    canceled.resolve([...states.values()].flatMap((state) => (state.status === 'ended' ? [state.run] : [])));
    const isNeeded = [...this.#assignments].some(([other, one]) => other !== subject && one.job === job && isOpen(one));
    if (isNeeded) return;
    job.cancel();
    this.#jobs.delete(job.tree);
  }

  cancelAll(): void {
    for (const subject of this.#assignments.keys()) this.cancel(subject);
    for (const job of this.#ending) job.cancel();
  }

  /** Cancels everything, and resolves when no process and no folder of it is left. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    this.cancelAll();
    await Promise.all([...this.#ending].map(({ ended }) => ended));
  }

  #start(subject: CheckSubject, tree: ObjectName): Promise<readonly CheckRun[]> {
    const known = this.#assignments.get(subject);
    if (known?.job.tree === tree && !known.job.isCanceled && !isCanceled(known)) return this.#endOf(known);
    if (known) this.cancel(subject);
    const job = this.#jobs.get(tree) ?? this.#begin(tree);
    const assignment: Assignment = { job, states: new Map(), canceled: Promise.withResolvers() };
    this.#assignments.set(subject, assignment);
    for (const [check, state] of job.states) this.#tell(subject, assignment, check, state);
    if (this.#isDisposed) this.cancel(subject);
    return this.#endOf(assignment);
  }

  #begin(tree: ObjectName): TreeJob {
    const again: Again = tree === this.#base ? { of: 'base', kept: this.#parts.kept } : this.#asCandidate;
    const job: TreeJob = new TreeJob(this.#parts, tree, this.#checks, again, (check, state) => {
      for (const [subject, assignment] of this.#assignments) {
        if (assignment.job === job && assignment.states.get(check)?.status !== 'ended') {
          this.#tell(subject, assignment, check, state);
        }
      }
    });
    this.#jobs.set(tree, job);
    this.#follow(job);
    return job;
  }

  get #asCandidate(): Again {
    const baseOf = (check: Check) => {
      const job = this.#jobs.get(this.#base);
      return job?.hasTurn ? job.runOf(check) : undefined;
    };
    return { of: 'candidate', baseOf };
  }

  #follow(job: TreeJob): void {
    this.#ending.add(job);
    void job.ended.then(() => this.#ending.delete(job));
  }

  #endOf({ job, canceled }: Assignment): Promise<readonly CheckRun[]> {
    return Promise.race([canceled.promise, job.ended]);
  }

  #tell(subject: CheckSubject, { states }: Assignment, check: Check, state: CheckState): void {
    states.set(check, state);
    this.#changed.fire({ subject, check: check.name, state });
  }
}

const isOpen = ({ states }: Assignment) => [...states.values()].some(({ status }) => status !== 'ended');

const isCanceled = ({ states }: Assignment) =>
  [...states.values()].some((state) => state.status === 'ended' && state.run.end.type === 'canceled');
