import { isEnded, type ModelProfile, type RoundId, type Run, type RunId, type TaskId } from '../domain.ts';
import type { Check, CheckRun, RoundEvidence } from '../evidence.ts';
import { UserError } from '../problem.ts';
import type { EvidenceRows } from '../store/evidence.ts';
import type { EngineHost } from './engineHost.ts';
import { type EvidenceBook, endedOf } from './evidenceBook.ts';
import type { CheckScene, EvidenceChecks } from './evidenceChecks.ts';
import type { EvidenceMarks } from './evidenceMarks.ts';
import { stagesByPrice } from './evidencePlan.ts';
import type { EvidenceSandbox } from './evidenceSandbox.ts';
import { type EndedCandidate, isVerified } from './evidenceView.ts';
import { priceOf } from './modelPrice.ts';
import type { TaskBook } from './taskBook.ts';

export interface FlowParts {
  readonly host: Pick<EngineHost, 'settings' | 'profiles' | 'log'>;
  readonly book: Pick<TaskBook, 'round' | 'run'>;
  readonly rows: EvidenceRows;
  readonly known: EvidenceBook;
  readonly checks: EvidenceChecks;
  readonly sandbox: Pick<EvidenceSandbox, 'choose'>;
  readonly marks: EvidenceMarks;
  readonly review: (id: RoundId, reviewers: readonly ModelProfile[]) => Promise<void>;
  readonly changed: (taskId: TaskId) => void;
}

/** What is found out by itself as the runs of a round come to their ends. */
export class EvidenceFlow {
  readonly #parts: FlowParts;
  #isStopped = false;

  constructor(parts: FlowParts) {
    this.#parts = parts;
  }

  /** After this nothing is begun any more. */
  stop(): void {
    this.#isStopped = true;
  }

  /** What can be checked of a round; undefined without a snapshot, or without checks that were agreed to. */
  sceneOf(id: RoundId): CheckScene | undefined {
    const { task, round } = this.#parts.book.round(id);
    const checks = this.#parts.known.checksOf(task).agreed;
    const { snapshot } = round;
    return snapshot && checks.length > 0 ? { task, round, snapshot, checks } : undefined;
  }

  /** Runs the checks on a round's snapshot, while its models are at work. */
  async checkBase(id: RoundId): Promise<void> {
    const scene = this.sceneOf(id);
    if (!scene) return;
    await this.#start(scene, []);
    await this.afterRuns(id);
  }

  /** Runs the checks on a run that has ended with changes; resolves when they have ended too. */
  async checkEnded(id: RunId): Promise<void> {
    const { round, run } = this.#parts.book.run(id);
    const scene = this.sceneOf(round.id);
    const candidate = endedOf(round).find((each) => each.id === id);
    if (!scene || !candidate || candidate.changes.length === 0 || run.state.status === 'canceled') return;
    await this.#start(scene, [candidate]);
  }

  /** Whether all agreed checks of a run have ended well, with something that was not so before. */
  async isVerified(id: RunId): Promise<boolean> {
    const { task, round } = this.#parts.book.run(id);
    const candidate = endedOf(round).find((each) => each.id === id);
    if (!round.snapshot || !candidate) return false;
    await this.#parts.marks.find({ ...candidate, taskId: task.id, base: round.snapshot.tree });
    return isVerified(this.#of(round.id), id);
  }

  /** Goes on once all runs of a round and their checks have ended: tests of one on another's code, and the review where it is set. */
  async afterRuns(id: RoundId): Promise<void> {
    if (this.#isStopped) return;
    const { round } = this.#parts.book.round(id);
    if (round.runs.some((run) => !isEnded(run)) || this.#parts.checks.isBusy(id)) return;
    await this.cross(id);
    if (this.#isStopped) return;
    const { reviewWhenDone, reviewers } = this.#parts.host.settings().evidence;
    if (!reviewWhenDone || this.#isReviewed(id)) return;
    const profiles = this.#parts.host.profiles().filter((profile) => reviewers.includes(profile.id));
    if (profiles.length === 0) {
      const names = reviewers.length > 0 ? `none of ${reviewers.join(', ')} is a model any more` : 'none is chosen';
      this.#parts.host.log.warn(`No review of round ${id}: dursor.review.models says who reviews, and ${names}.`);
      return;
    }
    await this.#parts.review(id, profiles);
  }

  /** In which order the runs of a round start. Where no check can run nothing can be verified, so all of them start at once. */
  async stagesOf(id: RoundId, runs: readonly Run[], isCheapFirst: boolean): Promise<readonly (readonly RunId[])[]> {
    const { task } = this.#parts.book.round(id);
    const hasChecks = this.#parts.known.checksOf(task).agreed.length > 0;
    if (!isCheapFirst || !hasChecks || !(await this.#hasSandbox())) return [runs.map((run) => run.id)];
    const priced = runs.map(async ({ id: run, profile }) => {
      const price = await priceOf(profile, this.#parts.host.settings());
      // A run reads many times what it writes.
      const figure = price === 'local' ? 0 : price && price.inputPerMillion * 4 + price.outputPerMillion;
      return { id: run, price: figure };
    });
    return stagesByPrice(await Promise.all(priced));
  }

  async #hasSandbox(): Promise<boolean> {
    try {
      await this.#parts.sandbox.choose();
      return true;
    } catch (error) {
      if (error instanceof UserError) return false;
      throw error;
    }
  }

  /** Where there is no sandbox, that is in what is known of the round. */
  async #start(scene: CheckScene, candidates: readonly EndedCandidate[]): Promise<void> {
    try {
      const { done } = await this.#parts.checks.start(scene, candidates);
      await done;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#parts.host.log.warn(`No checks of round ${scene.round.id}: ${error.message}`);
    }
  }

  /** Tests of those that pass their checks, on each other's code; once for the same candidates. */
  async cross(id: RoundId): Promise<void> {
    if (this.#isStopped) return;
    const scene = this.sceneOf(id);
    if (!scene || this.#parts.checks.isBusy(id) || this.#parts.checks.isCanceled(id)) return;
    const { candidates, base } = this.#of(id);
    const passing = endedOf(scene.round).flatMap((candidate) => {
      const own = candidates.find((each) => each.candidate === candidate.id);
      const verdicts = own?.checks.map(({ verdict }) => verdict?.verdict ?? 'unknown') ?? [];
      const isSound = verdicts.length > 0 && verdicts.every((verdict) => verdict !== 'broken' && verdict !== 'unknown');
      return own && isSound ? [{ ...candidate, runs: runsOf(own.checks, scene.checks) }] : [];
    });
    if (passing.length < 2) return;
    const trees = Object.fromEntries(passing.map((candidate) => [candidate.id, candidate.tree]));
    const source = JSON.stringify([trees, scene.checks]);
    if (this.#parts.known.crossTests(id)?.source === source) return;
    const found = await this.#parts.checks.cross(scene, passing, runsOf(base, scene.checks));
    if (!found || this.#isStopped) return;
    this.#parts.rows.save(id, 'cross-tests', { source, trees, ...found });
    this.#parts.changed(scene.task.id);
  }

  /** Whether every candidate that there is something to say of was reviewed; so it is where none has changes. */
  #isReviewed(id: RoundId): boolean {
    const reviewed = new Set(this.#of(id).reviews.flatMap(({ order }) => order));
    return endedOf(this.#parts.book.round(id).round).every(
      ({ id: candidate, changes }) => changes.length === 0 || reviewed.has(candidate),
    );
  }

  #of(id: RoundId): RoundEvidence {
    return this.#parts.known.of(id).progress;
  }
}

/** The runs of checks that have ended, each with its check as it is called now. */
function runsOf(progress: RoundEvidence['base'], checks: readonly Check[]): readonly CheckRun[] {
  return progress.flatMap(({ check: name, state }) => {
    const check = checks.find((one) => one.name === name);
    return state.status === 'ended' && check ? [{ ...state.run, check }] : [];
  });
}
