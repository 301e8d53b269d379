import type { ModelProfile, ProfileId, TokenUsage } from '../../domain.ts';
import type { Review, ReviewProgress } from '../../evidence.ts';
import type { Log } from '../../ports.ts';
import type { Problem } from '../../problem.ts';
import { ordersFor } from './aliases.ts';
import type { Ask } from './askForReview.ts';
import { reviewBy } from './oneReviewer.ts';
import { Progress } from './progress.ts';
import type { ReadBlob, ReviewedCandidate } from './readCandidates.ts';
import { makeSheet } from './reviewSheet.ts';

/** What is reviewed, and by whom. */
export interface ReviewInput {
  readonly instruction: string;
  /** What was asked for before where the candidates go on from earlier work, which their changes hold too: the first one first. */
  readonly earlier?: readonly string[];
  readonly candidates: readonly ReviewedCandidate[];
  readonly reviewers: readonly ModelProfile[];
  /** Names that would tell whose a candidate is: models and labels of the candidates' profiles. */
  readonly names: readonly string[];
  /** Each reviewer sees so many orders of the candidates, and the reverse of each; one when absent. */
  readonly orderPairs?: number;
  /** Orders, aliases and marks follow from it. New for each review, and not known to a model. */
  readonly seed: string;
  /** The task's, as in `AgentInput`. */
  readonly markerKey: string;
  /** Texts whose secrets stay hidden, also where nothing of their format is left around them now; as in `AgentInput`. */
  readonly replacedTexts?: readonly string[];
}

/** A reviewer's model that can be asked. */
export interface ConnectedReviewer {
  readonly ask: Ask;
  /** Tokens of the longest conversation it takes, where known. */
  readonly contextTokens?: number;
}

/** What a review is carried out with. */
export interface ReviewPorts {
  readonly readBlob: ReadBlob;
  /** Rejects with `UserError` where the model can't be asked: no key, no such provider. */
  readonly connect: (profile: ModelProfile, signal: AbortSignal) => Promise<ConnectedReviewer>;
  readonly log: Log;
  readonly onProgress: (progress: ReviewProgress) => void;
}

/** What one request used, with all its tries. */
export interface ReviewUsage {
  readonly reviewer: ProfileId;
  readonly usage: TokenUsage;
}

/** Why an answer of a reviewer is missing. */
export interface ReviewProblem {
  readonly reviewer: ProfileId;
  readonly reviewerLabel: string;
  readonly problem: Problem;
}

export interface ReviewOutcome {
  /** In the order of the reviewers. After a cancel, what there was by then. Without preferences where the reverse order has no answer. */
  readonly reviews: readonly Review[];
  /** Those that did not answer to all orders. */
  readonly unfinished: readonly ProfileId[];
  readonly usage: readonly ReviewUsage[];
  readonly problems: readonly ReviewProblem[];
  /** Findings that were at no place of their candidate, and are left out. */
  readonly droppedFindings: number;
  readonly isCanceled: boolean;
}

/**
 * Lets the reviewers compare the candidates without knowing whose they are, each in several orders. A reviewer that fails is in
 * `problems`, and the others go on. Returns soon after the signal, with what there is by then. Rejects only with what `readBlob`
 * rejects with, or for a bug.
 */
export async function reviewCandidates(
  input: ReviewInput,
  ports: ReviewPorts,
  signal: AbortSignal,
): Promise<ReviewOutcome> {
  const { candidates, reviewers, orderPairs = 1, seed } = input;
  const nothing = { reviews: [], unfinished: [], usage: [], problems: [], droppedFindings: 0 };
  if (signal.aborted || candidates.length === 0) return { ...nothing, isCanceled: signal.aborted };
  try {
    const sheet = await makeSheet(input, ports.readBlob, signal);
    const ordersOf = ({ id }: ModelProfile) => ordersFor(sheet.groups, orderPairs * 2, `${seed} ${id}`);
    const progress = new Progress(reviewers.flatMap(ordersOf).length, ports.onProgress);
    const each = await Promise.all(
      reviewers.map((profile) => reviewBy(profile, ordersOf(profile), { sheet, ports, progress, seed, signal })),
    );
    return {
      reviews: each.flatMap(({ reviews }) => reviews),
      unfinished: reviewers.filter((_, index) => !each[index]?.isComplete).map(({ id }) => id),
      usage: each.flatMap(({ usage }) => usage),
      problems: each.flatMap(({ problems }) => problems),
      droppedFindings: each.reduce((sum, { droppedFindings }) => sum + droppedFindings, 0),
      isCanceled: signal.aborted,
    };
  } catch (error) {
    if (signal.aborted) return { ...nothing, isCanceled: true };
    throw error;
  }
}
