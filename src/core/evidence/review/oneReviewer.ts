import { addUsage, type ModelProfile, noUsage, type RunEvent } from '../../domain.ts';
import type { Review } from '../../evidence.ts';
import { type Problem, problemOf } from '../../problem.ts';
import { aliasesFor } from './aliases.ts';
import { type AskedReview, askForReview, type ReviewRequest } from './askForReview.ts';
import { mapReview, type NamedGroup } from './mapReview.ts';
import { orStopped } from './orStopped.ts';
import type { Progress } from './progress.ts';
import type { ReviewedGroup } from './readCandidates.ts';
import type { ConnectedReviewer, ReviewPorts, ReviewProblem, ReviewUsage } from './reviewCandidates.ts';
import { fitBase, type ReviewSheet, requestFor } from './reviewSheet.ts';

/** What one reviewer works with. */
export interface Reviewing {
  readonly sheet: ReviewSheet;
  readonly ports: ReviewPorts;
  readonly progress: Progress;
  readonly seed: string;
  readonly signal: AbortSignal;
}

/** What came of one reviewer. */
export interface ReviewerOutcome {
  readonly reviews: readonly Review[];
  readonly usage: readonly ReviewUsage[];
  readonly problems: readonly ReviewProblem[];
  readonly droppedFindings: number;
  /** Whether there is an answer to each order. */
  readonly isComplete: boolean;
}

interface Answers {
  /** By the place of their order. */
  readonly reviews: Map<number, Review>;
  readonly usage: ReviewUsage[];
  readonly problems: ReviewProblem[];
  droppedFindings: number;
}

/**
 * Asks one reviewer about each order, one after another: what they have in common may be in its provider's cache. What it prefers in an
 * order says nothing where it gave no answer to the reverse, and is left out. Never rejects.
 */
export async function reviewBy(
  profile: ModelProfile,
  orders: readonly (readonly ReviewedGroup[])[],
  reviewing: Reviewing,
): Promise<ReviewerOutcome> {
  const outcome: Answers = { reviews: new Map(), usage: [], problems: [], droppedFindings: 0 };
  const { ports, progress, signal } = reviewing;
  let asked = 0;
  try {
    const reviewer = await orStopped(ports.connect(profile, signal), signal);
    for (const [index, order] of orders.entries()) {
      signal.throwIfAborted();
      const problem = await reviewOrder(order, index, { ...reviewing, profile, reviewer, outcome });
      progress.add(1);
      asked++;
      if (problem === undefined) continue;
      tell(outcome, profile, problem);
      // Whatever else went wrong was either tried often enough or goes wrong each time.
      if (problem.code !== 'malformed-answer') break;
    }
  } catch (error) {
    if (!signal.aborted) tell(outcome, profile, problemOf(error, ports.log));
  }
  if (!signal.aborted && asked < orders.length) progress.add(orders.length - asked);
  const { reviews } = outcome;
  return {
    ...outcome,
    reviews: [...reviews].map(([index, review]) =>
      orders.length === 1 || reviews.has(reverseOf(index)) ? review : { ...review, preferences: [] },
    ),
    isComplete: reviews.size === orders.length,
  };
}

/** Each order is followed by its reverse. */
function reverseOf(index: number): number {
  return index % 2 === 0 ? index + 1 : index - 1;
}

function tell({ problems }: Answers, { id, label }: ModelProfile, problem: Problem): void {
  problems.push({ reviewer: id, reviewerLabel: label, problem });
}

interface OrderReviewing extends Reviewing {
  readonly profile: ModelProfile;
  readonly reviewer: ConnectedReviewer;
  readonly outcome: Answers;
}

/** One answer, put into the outcome; or why there is none. */
async function reviewOrder(
  order: readonly ReviewedGroup[],
  index: number,
  reviewing: OrderReviewing,
): Promise<Problem | undefined> {
  const { sheet, seed, profile, reviewer, outcome } = reviewing;
  const fitting = await fitBase(sheet, profile, reviewer.contextTokens);
  if (!fitting.ok) return fitting.problem;
  const aliases = aliasesFor(order.length, `${seed} ${profile.id} ${index}`);
  const named = order.map((group, place): NamedGroup => ({ group, alias: aliases[place] ?? '' }));
  const asked = await askAndCount(requestFor(sheet, profile, named, fitting.base), reviewing);
  if (!asked.ok) return asked.problem;
  const { review, droppedFindings } = mapReview(asked.submitted, named, profile, sheet.base);
  outcome.reviews.set(index, review);
  outcome.droppedFindings += droppedFindings;
  return undefined;
}

/** What is used is counted however the request ends. */
async function askAndCount(request: ReviewRequest, reviewing: OrderReviewing): Promise<AskedReview> {
  const { sheet, progress, signal, profile, reviewer, outcome } = reviewing;
  let usage = noUsage;
  const emit = (event: RunEvent) => {
    if (event.type === 'usage') usage = addUsage(usage, event.usage);
    if (event.type === 'waiting') progress.wait(profile.id, event);
  };
  try {
    return await askForReview(request, { ask: reviewer.ask, hide: sheet.hide, emit, signal });
  } finally {
    outcome.usage.push({ reviewer: profile.id, usage });
  }
}
