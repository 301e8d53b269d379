/** What reviews add up to. Pure; of the reviews nothing but the contract is looked at. */

import type { CandidateId, ProfileId } from '../../domain.ts';
import type { Review } from '../../evidence.ts';

/** Answers counted: one for each reviewer and order. */
export interface Votes {
  readonly for: number;
  readonly against: number;
  /** Asked, and neither was preferred. */
  readonly ties: number;
}

/** How two candidates stand to each other. */
export interface PairPreference {
  readonly first: CandidateId;
  readonly second: CandidateId;
  /** Votes for and against `first`. */
  readonly votes: Votes;
  /** From 0 (always the second) to 1 (always the first). Each reviewer counts once, and each of the two orders as much as the other. */
  readonly mean: number;
  /** The standard deviation of the single votes: 0 where all say the same, 0.5 where they are split. */
  readonly spread: number;
  /** Reviewers whose preference changed when the order did. */
  readonly flipped: readonly ProfileId[];
}

/** How one candidate stands to all others. */
export interface CandidatePreference {
  readonly candidate: CandidateId;
  /** Over all pairs that it is in: "prefer it 3 : 1" is 3 for and 1 against. */
  readonly votes: Votes;
  /** The mean of its pairs, from 0 to 1; 0.5 where nothing was compared. */
  readonly mean: number;
  /** The standard deviation of the single votes. */
  readonly spread: number;
  /** Answers that would merge it, of so many that judged it. */
  readonly wouldMerge: { readonly yes: number; readonly of: number };
}

/** Whether a reviewer goes by the order. */
export interface ReviewerBias {
  readonly reviewer: ProfileId;
  /** Pairs that it judged in both orders. */
  readonly pairs: number;
  /** Of those, the ones where it preferred another candidate when the order was another. */
  readonly flipped: number;
  /** Where it flipped at all: the place that it mostly preferred. */
  readonly favours?: 'earlier' | 'later';
}

/** What reviews add up to. */
export interface ReviewSummary {
  /** Every two candidates that a review has both of, in the order in which they first come up. */
  readonly pairs: readonly PairPreference[];
  /** All candidates, the most preferred first. */
  readonly candidates: readonly CandidatePreference[];
  /** Answers that said that none is mergeable, of so many. */
  readonly noneIsMergeable: { readonly yes: number; readonly of: number };
  readonly reviewers: readonly ReviewerBias[];
}

/** One reviewer's word on a pair, in one order: 1 for the first of the pair, 0 for the second, 0.5 for neither. */
interface Vote {
  readonly reviewer: ProfileId;
  readonly score: number;
  /** The first of the pair was shown before the second. */
  readonly isFirstEarlier: boolean;
}

interface Pair {
  readonly first: CandidateId;
  readonly second: CandidateId;
  readonly votes: readonly Vote[];
}

/** Adds reviews up: what is preferred to what, by how much, how sure that is, and who goes by the order. */
export function summariseReviews(reviews: readonly Review[]): ReviewSummary {
  const candidates = [...new Set(reviews.flatMap(({ order }) => order))];
  const pairs = candidates.flatMap((first, index) =>
    candidates.slice(index + 1).flatMap((second): Pair[] => {
      const votes = reviews.flatMap((review) => voteOn(review, first, second));
      return votes.length === 0 ? [] : [{ first, second, votes }];
    }),
  );
  return {
    pairs: pairs.map(summarisePair),
    candidates: candidates
      .map((candidate) => summariseCandidate(candidate, pairs, reviews))
      .sort((a, b) => b.mean - a.mean),
    noneIsMergeable: { yes: reviews.filter((review) => review.noneIsMergeable).length, of: reviews.length },
    reviewers: [...new Set(reviews.map(({ reviewer }) => reviewer))].map((reviewer) => biasOf(reviewer, pairs)),
  };
}

/** For people: `3 : 1`. */
export function ratioOf({ for: inFavour, against }: Votes): string {
  return `${inFavour} : ${against}`;
}

function voteOn({ reviewer, order, preferences }: Review, first: CandidateId, second: CandidateId): readonly Vote[] {
  const [firstAt, secondAt] = [order.indexOf(first), order.indexOf(second)];
  if (firstAt === -1 || secondAt === -1) return [];
  const has = (better: CandidateId, worse: CandidateId) =>
    preferences.some((each) => each.better === better && each.worse === worse);
  const score = (1 + Number(has(first, second)) - Number(has(second, first))) / 2;
  return [{ reviewer, score, isFirstEarlier: firstAt < secondAt }];
}

function summarisePair({ first, second, votes }: Pair): PairPreference {
  return {
    first,
    second,
    votes: count(votes.map(({ score }) => score)),
    mean: swappedMean(votes),
    spread: deviation(votes.map(({ score }) => score)),
    flipped: [...byReviewer(votes)].filter(([, own]) => hasFlipped(own)).map(([reviewer]) => reviewer),
  };
}

function summariseCandidate(
  candidate: CandidateId,
  pairs: readonly Pair[],
  reviews: readonly Review[],
): CandidatePreference {
  const own = pairs.filter(({ first, second }) => first === candidate || second === candidate);
  const seen = ({ first }: Pair, score: number) => (first === candidate ? score : 1 - score);
  const scores = own.flatMap((pair) => pair.votes.map(({ score }) => seen(pair, score)));
  const judged = reviews.flatMap((review) => review.candidates.filter((each) => each.candidate === candidate));
  return {
    candidate,
    votes: count(scores),
    mean: own.length === 0 ? 0.5 : meanOf(own.map((pair) => seen(pair, swappedMean(pair.votes)))),
    spread: deviation(scores),
    wouldMerge: { yes: judged.filter(({ wouldMerge }) => wouldMerge).length, of: judged.length },
  };
}

function biasOf(reviewer: ProfileId, pairs: readonly Pair[]): ReviewerBias {
  const judged = pairs
    .map(({ votes }) => votes.filter((vote) => vote.reviewer === reviewer))
    .filter((votes) => new Set(votes.map(({ isFirstEarlier }) => isFirstEarlier)).size === 2);
  const flipped = judged.filter(hasFlipped);
  const lean = flipped.flat().reduce((sum, vote) => sum + (forEarlier(vote) - 0.5), 0);
  return {
    reviewer,
    pairs: judged.length,
    flipped: flipped.length,
    ...(lean !== 0 && { favours: lean > 0 ? 'earlier' : 'later' }),
  };
}

function forEarlier({ score, isFirstEarlier }: Vote): number {
  return isFirstEarlier ? score : 1 - score;
}

/** Whether what one reviewer prefers on the whole is one candidate in one order and the other in the other. */
function hasFlipped(votes: readonly Vote[]): boolean {
  const [earlier, later] = byOrder(votes);
  return earlier.length > 0 && later.length > 0 && (meanOf(earlier) - 0.5) * (meanOf(later) - 0.5) < 0;
}

function swappedMean(votes: readonly Vote[]): number {
  const ofEach = [...byReviewer(votes).values()].map((own) =>
    meanOf(
      byOrder(own)
        .filter((scores) => scores.length > 0)
        .map(meanOf),
    ),
  );
  return meanOf(ofEach);
}

/** The scores where the first was shown earlier, and those where it was shown later. */
function byOrder(votes: readonly Vote[]): readonly [readonly number[], readonly number[]] {
  const where = (isEarlier: boolean) =>
    votes.filter(({ isFirstEarlier }) => isFirstEarlier === isEarlier).map(({ score }) => score);
  return [where(true), where(false)];
}

function byReviewer(votes: readonly Vote[]): ReadonlyMap<ProfileId, readonly Vote[]> {
  return Map.groupBy(votes, ({ reviewer }) => reviewer);
}

function count(scores: readonly number[]): Votes {
  const inFavour = scores.filter((score) => score > 0.5).length;
  const against = scores.filter((score) => score < 0.5).length;
  return { for: inFavour, against, ties: scores.length - inFavour - against };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(scores: readonly number[]): number {
  if (scores.length === 0) return 0;
  const mean = meanOf(scores);
  return Math.sqrt(meanOf(scores.map((score) => (score - mean) ** 2)));
}
