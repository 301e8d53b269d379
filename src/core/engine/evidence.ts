import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CandidateId, ModelProfile, RoundId, Run, TaskId } from '../domain.ts';
import type { SuggestedCheck } from '../evidence/checks/suggestChecks.ts';
import type { RoundFinding } from '../evidence/review/findings.ts';
import type { Check, CheckRun, RoundEvidence } from '../evidence.ts';
import { stackOf } from '../problem.ts';
import { RoundPlan } from './evidencePlan.ts';
import type { FoundSandbox } from './evidenceSandbox.ts';
import type { EvidenceParts, EvidenceWork } from './evidenceWork.ts';
import { gone } from './gone.ts';
import { logEvidence } from './logEvidence.ts';
import type { RoundHooks } from './rounds.ts';

/** What is known before the code that knows more is loaded. */
const nothingKnown: RoundEvidence = {
  checks: [],
  notAgreed: [],
  base: [],
  candidates: [],
  reviews: [],
  reviewProblems: [],
  isChecking: false,
  isReviewing: false,
};

/**
 * What is found out about candidates: checks, marks, reviews, ranking, picks. The code that does it is loaded at its first use. No command
 * runs that the user has not agreed to in that folder.
 */
export class Evidence implements Omit<RoundHooks, 'pullHead'> {
  readonly #parts: EvidenceParts;
  readonly #plans = new Map<RoundId, RoundPlan>();
  readonly #background = new Set<Promise<void>>();
  readonly #waiting = new Set<TaskId>();
  /** What goes on by itself after runs of a round. */
  readonly #settling = new Map<RoundId, Promise<unknown>>();
  #loading: Promise<EvidenceWork> | undefined;
  #work: EvidenceWork | undefined;
  #isDisposed = false;

  constructor(parts: EvidenceParts) {
    this.#parts = parts;
  }

  /** All that is known at this moment; a `task` change says when there is more, at most some ten times a second. Cheap. */
  of(id: RoundId): RoundEvidence {
    const work = this.#work;
    if (work) return work.of(id);
    const { task } = this.#parts.book.round(id);
    if (this.#waiting.has(task.id)) return nothingKnown;
    this.#waiting.add(task.id);
    void this.#do(async () => {
      await this.#load();
      this.#parts.book.tell(task.id);
    });
    return nothingKnown;
  }

  /** Resolves when `of` knows what there is to know without anything being run. */
  async ready(id: RoundId): Promise<void> {
    await (await this.#load()).ready(id);
  }

  /** The checks that a folder seems to have. Nothing is run. */
  async suggest(folder: string): Promise<readonly SuggestedCheck[]> {
    return (await this.#load()).suggest(folder);
  }

  /** What keeps checks to their copies with the settings as they are, or why nothing does. Tried out where that isn't known yet. */
  async sandbox(): Promise<FoundSandbox> {
    return (await this.#load()).foundSandbox();
  }

  /** Those of the checks that the user has to be asked about in this folder. */
  async missing(taskFolder: string, checks: readonly Check[]): Promise<readonly Check[]> {
    return (await this.#load()).missing(taskFolder, checks);
  }

  /** Remembers that the user agreed to these commands in this folder. */
  async agree(taskFolder: string, checks: readonly Check[]): Promise<void> {
    await (await this.#load()).agree(taskFolder, checks);
  }

  /** How many commands the user agreed to in a folder, or everywhere, also those that are no longer set. */
  async agreedCount(taskFolder?: string): Promise<number> {
    return (await this.#load()).consents.count(taskFolder);
  }

  /** Takes back what was agreed to in a folder, or everywhere, and cancels what runs there. */
  async revoke(taskFolder?: string): Promise<void> {
    await (await this.#load()).revoke(taskFolder);
  }

  /**
   * Runs the agreed checks on the snapshot and on these candidates, or all that have ended: those whose results aren't known, or where
   * all are known, all of them again. Resolves when they are on their way. Throws `UserError` (`check-not-agreed`, `no-sandbox`).
   */
  async runChecks(id: RoundId, candidates?: readonly CandidateId[]): Promise<void> {
    await (await this.#load()).runChecks(id, candidates);
  }

  /** Of a round, or of all. */
  cancelChecks(id?: RoundId): void {
    this.#work?.cancelChecks(id);
  }

  /** Lets models review the candidates that have changes. Resolves when they have, or it was canceled. Throws `UserError`. */
  async review(id: RoundId, reviewers: readonly ModelProfile[]): Promise<void> {
    await (await this.#load()).review(id, reviewers);
  }

  cancelReview(id: RoundId): void {
    this.#work?.cancelReview(id);
  }

  /** The latest run of a check that has ended, with its output. */
  checkRun(id: RoundId, subject: CandidateId | 'base', check: string): CheckRun | undefined {
    const { base, candidates } = this.of(id);
    const checks = subject === 'base' ? base : candidates.find(({ candidate }) => candidate === subject)?.checks;
    const state = checks?.find((each) => each.check === check)?.state;
    return state?.status === 'ended' ? state.run : undefined;
  }

  /** What the reviewers found, the gravest first. */
  findings(id: RoundId): readonly RoundFinding[] {
    return this.#work?.findings(id) ?? [];
  }

  finding(id: RoundId, findingId: string): RoundFinding | undefined {
    return this.findings(id).find((finding) => finding.id === findingId);
  }

  /** The message that sends a finding back to its run. Throws `UserError` (`not-found`). */
  messageOf(id: RoundId, findingId: string): string {
    const message = this.#work?.messageOf(id, findingId);
    if (message === undefined) throw gone();
    return message;
  }

  /** The table, and why the candidates stand as they do; empty where nothing is known. `chosen` is the one it is about. */
  markdown(id: RoundId, chosen?: CandidateId): string {
    return this.#work?.markdown(id, chosen) ?? '';
  }

  /** Keeps that the user picked a candidate, with what was known then. */
  picked(id: RoundId, candidate: CandidateId): void {
    void this.#do(async () => (await this.#load()).picked(id, candidate));
  }

  /** To be called when a setting changed. */
  settingsChanged(): void {
    this.#work?.settingsChanged();
  }

  /** What windows that are gone have left of their checks. Never rejects. */
  async removeLeftovers(signal: AbortSignal): Promise<void> {
    const names = await readdir(join(this.#parts.host.storageDirectory, 'checks')).catch(() => []);
    if (names.length === 0 || signal.aborted) return;
    await (await this.#load()).removeLeftovers(signal);
  }

  /** Ends what works on a task that is being deleted. */
  async removeTask(id: TaskId): Promise<void> {
    await this.#work?.removeTask(id);
  }

  /** Resolves when nothing of it is at work, and no process is left. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    const work = await this.#loading?.catch(() => undefined);
    await work?.dispose();
    await Promise.all(this.#background);
  }

  planOf(id: RoundId, runs: readonly Run[]): RoundPlan | undefined {
    const { checks, stopWhenVerified, cheapFirst } = this.#parts.host.settings().evidence;
    if (checks.length === 0 || runs.length < 2 || !(stopWhenVerified || cheapFirst)) return undefined;
    const stages = this.#load()
      .then((work) => work.flow.stagesOf(id, runs, cheapFirst))
      .catch((error: unknown) => {
        this.#parts.host.log.error(`The order of runs could not be told: ${stackOf(error)}`);
        return [runs.map((run) => run.id)];
      });
    const plan = new RoundPlan(runs, {
      stopsWhenVerified: stopWhenVerified,
      stages,
      cancel: (run, reason) => void this.#parts.cancelRun(run, reason),
    });
    this.#plans.set(id, plan);
    return plan;
  }

  begun(id: RoundId): void {
    if (this.#isWanted(id)) void this.#do(async () => (await this.#load()).flow.checkBase(id));
  }

  ended({ id, roundId }: Run): void {
    const plan = this.#plans.get(roundId);
    const { reviewWhenDone } = this.#parts.host.settings().evidence;
    const isChecked = this.#isWanted(roundId);
    if (!isChecked && !reviewWhenDone && !plan) return;
    const settled = this.#do(async () => {
      let isVerified = false;
      try {
        const work = await this.#load();
        if (isChecked) await work.flow.checkEnded(id);
        isVerified = plan !== undefined && (await work.flow.isVerified(id));
      } finally {
        // Others wait for it, whatever became of it.
        plan?.settled(id, isVerified);
        if (plan?.isOver) this.#plans.delete(roundId);
      }
      await (await this.#load()).flow.afterRuns(roundId);
    });
    const settling = Promise.all([this.#settling.get(roundId), settled]).finally(() => {
      if (this.#settling.get(roundId) === settling) this.#settling.delete(roundId);
    });
    this.#settling.set(roundId, settling);
  }

  /** Resolves when what goes on by itself after the runs of this window that have ended is done: their checks, the review. Never rejects. */
  async settled(id: RoundId): Promise<void> {
    while (this.#settling.has(id)) await this.#settling.get(id);
  }

  async agentChecks(id: RoundId): Promise<Awaited<ReturnType<RoundHooks['agentChecks']>>> {
    const { checks, agentChecks } = this.#parts.host.settings().evidence;
    if (!agentChecks || checks.length === 0) return undefined;
    try {
      return await (await this.#load()).agentChecks(id);
    } catch (error) {
      // Its runs wait for this, and do without.
      logEvidence(this.#parts.host.log, error);
      return undefined;
    }
  }

  /** Whether runs of the round are checked as they end. */
  #isWanted(id: RoundId): boolean {
    const { checks, checksWhenDone } = this.#parts.host.settings().evidence;
    return checks.length > 0 && (checksWhenDone || this.#plans.has(id)) && !this.#isDisposed;
  }

  #load(): Promise<EvidenceWork> {
    this.#loading ??= this.#open().catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  async #open(): Promise<EvidenceWork> {
    const { EvidenceWork } = await import('./evidenceWork.ts');
    this.#work = new EvidenceWork(this.#parts);
    return this.#work;
  }

  /** Does something in the background; what goes wrong is logged. Never rejects. */
  async #do(work: () => Promise<void>): Promise<void> {
    if (this.#isDisposed) return;
    const working = work()
      .catch((error: unknown) => {
        if (!this.#isDisposed) logEvidence(this.#parts.host.log, error);
      })
      .finally(() => this.#background.delete(working));
    this.#background.add(working);
    await working;
  }
}
