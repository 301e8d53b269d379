import { isDeepStrictEqual } from 'node:util';
import { systemClock } from '../agent/clock.ts';
import { askWithRetries } from '../agent/retry.ts';
import { candidatesOf, labelOf } from '../composition.ts';
import type { ModelProfile, ObjectName, RoundId, TaskId } from '../domain.ts';
import { type ReviewOutcome, type ReviewPorts, reviewCandidates } from '../evidence/review/reviewCandidates.ts';
import type { Review, ReviewCost, ReviewProgress } from '../evidence.ts';
import { costOf } from '../modelFacts/price.ts';
import { stackOf, UserError } from '../problem.ts';
import type { EvidenceRows, KeptReviews, Trees } from '../store/evidence.ts';
import type { TaskStorage } from '../workspace/workspace.ts';
import { type ConnectParts, connectModel } from './connect.ts';
import type { EngineHost, EngineSettings } from './engineHost.ts';
import type { EndedCandidate } from './evidenceView.ts';
import { priceOf } from './modelPrice.ts';
import { earlierMessages, originsOf } from './origins.ts';
import { textOf } from './patchSecrets.ts';
import type { TaskBook } from './taskBook.ts';

export interface ReviewingParts extends ConnectParts {
  readonly host: EngineHost;
  readonly book: Pick<TaskBook, 'round'>;
  readonly rows: EvidenceRows;
  readonly storage: (taskId: TaskId) => Pick<TaskStorage, 'readBlob'>;
  /** A review began or ended. */
  readonly changed: (taskId: TaskId) => void;
}

interface Reviewing {
  readonly taskId: TaskId;
  progress: ReviewProgress;
  readonly abort: AbortController;
  readonly work: Promise<void>;
}

const mostCosts = 100;

/** The reviews of rounds by models. */
export class EvidenceReviews {
  readonly #parts: ReviewingParts;
  readonly #rounds = new Map<RoundId, Reviewing>();

  constructor(parts: ReviewingParts) {
    this.#parts = parts;
  }

  /** How far a review of the round is; undefined where none is going on. */
  progress(id: RoundId): ReviewProgress | undefined {
    return this.#rounds.get(id)?.progress;
  }

  /**
   * Lets models review these candidates, and keeps what they say. Joins a review that is going on. Resolves also when it was canceled;
   * rejects with what keeps it from beginning, with what went wrong where no reviewer gave an answer, or with a bug.
   */
  review(id: RoundId, candidates: readonly EndedCandidate[], reviewers: readonly ModelProfile[]): Promise<void> {
    const known = this.#rounds.get(id);
    if (known) return known.work;
    const patches = candidates.filter(({ changes }) => changes.length > 0);
    if (patches.length === 0) throw nothingToReview();
    if (reviewers.length === 0) throw noReviewer();
    const { task } = this.#parts.book.round(id);
    const abort = new AbortController();
    const work = this.#review(id, patches, reviewers, abort.signal).finally(() => {
      this.#rounds.delete(id);
      this.#parts.changed(task.id);
    });
    const progress = { done: 0, total: 0 };
    this.#rounds.set(id, { taskId: task.id, abort, work, progress });
    this.#parts.changed(task.id);
    return work;
  }

  cancel(id: RoundId): void {
    this.#rounds.get(id)?.abort.abort(new DOMException('The review was canceled.', 'AbortError'));
  }

  /** Ends the reviews of a task. */
  async removeTask(taskId: TaskId): Promise<void> {
    await this.#end([...this.#rounds].filter(([, round]) => round.taskId === taskId));
  }

  async dispose(): Promise<void> {
    await this.#end([...this.#rounds]);
  }

  async #end(rounds: readonly (readonly [RoundId, Reviewing])[]): Promise<void> {
    for (const [id] of rounds) this.cancel(id);
    await Promise.allSettled(rounds.map(([, { work }]) => work));
  }

  async #review(
    id: RoundId,
    candidates: readonly EndedCandidate[],
    reviewers: readonly ModelProfile[],
    signal: AbortSignal,
  ): Promise<void> {
    const { task, round } = this.#parts.book.round(id);
    const onProgress = (progress: ReviewProgress) => {
      const reviewing = this.#rounds.get(id);
      if (reviewing) reviewing.progress = progress;
      this.#parts.changed(task.id);
    };
    const readBlob = (blob: ObjectName) => this.#parts.storage(task.id).readBlob(blob, signal);
    try {
      const replaced = originsOf(task, round).flatMap(({ changes }) => changes.flatMap(({ base }) => base ?? []));
      const names = candidatesOf(round).flatMap((candidate) =>
        'profile' in candidate ? [candidate.profile.model, labelOf(candidate)] : [],
      );
      const outcome = await reviewCandidates(
        {
          instruction: round.message,
          earlier: earlierMessages(task, round),
          candidates,
          reviewers,
          names,
          seed: crypto.randomUUID(),
          markerKey: task.id,
          replacedTexts: await Promise.all(replaced.map((version) => textOf(version, readBlob))),
        },
        { readBlob, log: this.#parts.host.log, onProgress, connect: (...args) => this.#connect(...args) },
        signal,
      );
      await this.#keep(id, candidates, reviewers, outcome);
      if (!outcome.isCanceled && outcome.reviews.length === 0) throw noReview(outcome);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  readonly #connect: ReviewPorts['connect'] = async (profile, signal) => {
    const { provider, gate, contextTokens } = await connectModel(this.#parts, profile, {
      signal,
      next: 'review again',
    });
    const { stallSeconds } = this.#parts.host.settings().limits;
    return {
      ask: (request, around) => {
        const reading = { clock: systemClock, stallSeconds, signal: around.signal, onText: () => {} };
        return askWithRetries(request, { provider, gate, reading, emit: around.emit });
      },
      ...(contextTokens !== undefined && { contextTokens }),
    };
  };

  /**
   * A reviewer's new answers take the place of its old ones, unless those are about the same and the new ones are not complete; those of
   * others stay. What was used is kept also of what came to nothing.
   */
  async #keep(
    id: RoundId,
    candidates: readonly EndedCandidate[],
    reviewers: readonly ModelProfile[],
    outcome: ReviewOutcome,
  ): Promise<void> {
    const { rows, host } = this.#parts;
    const costs = await costsOf(reviewers, outcome, host.settings()).catch((error: unknown) => {
      host.log.warn(`What the review cost could not be told: ${stackOf(error)}`);
      return [];
    });
    const before: KeptReviews = rows.read(id, 'reviews') ?? { answers: [], problems: [], costs: [] };
    const trees: Trees = Object.fromEntries(candidates.map(({ id: candidate, tree }) => [candidate, tree]));
    const known = new Set(
      before.answers.filter((answer) => isDeepStrictEqual(answer.trees, trees)).map(({ review }) => review.reviewer),
    );
    const isBetter = ({ reviewer }: Review) => !(outcome.unfinished.includes(reviewer) && known.has(reviewer));
    const answers = outcome.reviews.filter(isBetter);
    const renewed = new Set(answers.map(({ reviewer }) => reviewer));
    for (const { reviewerLabel, problem } of outcome.problems) {
      host.log.warn(`The review by ${reviewerLabel}: ${problem.code}: ${problem.message} ${problem.detail ?? ''}`);
    }
    rows.save(id, 'reviews', {
      answers: [
        ...before.answers.filter(({ review }) => !renewed.has(review.reviewer)),
        ...answers.map((review) => ({ review, trees })),
      ],
      problems: outcome.problems.map(({ reviewerLabel, problem }) => ({ reviewerLabel, problem: problem.message })),
      costs: [...before.costs, ...costs].slice(-mostCosts),
    });
  }
}

async function costsOf(
  reviewers: readonly ModelProfile[],
  { usage }: ReviewOutcome,
  settings: EngineSettings,
): Promise<readonly ReviewCost[]> {
  return Promise.all(
    usage.map(async (used): Promise<ReviewCost> => {
      const profile = reviewers.find(({ id }) => id === used.reviewer);
      const price = profile && (await priceOf(profile, settings));
      return {
        ...used,
        reviewerLabel: profile?.label ?? used.reviewer,
        ...(price !== undefined && { cost: costOf(used.usage, price) }),
      };
    }),
  );
}

/** What every reviewer ran into, said once where it was the same; the first of it says what can be done. */
function noReview({ problems }: ReviewOutcome): UserError {
  const [first] = problems;
  const message = [...new Set(problems.map(({ problem }) => problem.message))].join(' ');
  return new UserError({
    code: first?.problem.code ?? 'malformed-answer',
    ...first?.problem,
    message: `There is no review. ${message}`,
  });
}

function nothingToReview(): UserError {
  return new UserError({
    code: 'nothing-to-ship',
    message: 'There is nothing to review yet: no run of this round has ended with changes.',
  });
}

function noReviewer(): UserError {
  return new UserError({
    code: 'model-not-found',
    message: 'No reviewer is chosen. Choose at least one model, then review again.',
  });
}
