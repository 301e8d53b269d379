import type { CandidateEvidence, CheckVerdict, Ranked, Ranking } from '../evidence.ts';
import { reasonFor } from './rankingReason.ts';
import { type Scores, scoresOf } from './rankingScores.ts';

/**
 * Puts candidates in order by what is known of them, in this order; each point decides only between candidates that are equal in all
 * points before it:
 *
 * 1. gates: it applies, parses, changes something, has no conflict markers; one that doesn't comes after all that do;
 * 2. checks against the baseline: nothing broken; fewer checks, then fewer tests broken; fewer checks that could not be run; more fixed
 *    and fewer still failing, where a test that is gone counts as failing, and a check that passes on weaker tests as not fixed;
 * 3. tests left alone: those that delete or weaken tests, change what they expect where most candidates don't, or change nothing else,
 *    come after their equals;
 * 4. cross-tests: what it fails of the tests of others, by how many candidates pass them;
 * 5. review: who would merge it and to whom it is preferred, each reviewer and each order counting once;
 * 6. no debug leftovers, then tests of its own that pass;
 * 7. size: the smaller.
 *
 * What is equal in all of that is tied. Not mergeable is what has a gate, breaks a check, or what most reviewers would not merge. The
 * first of the mergeable is recommended unless it is tied with another, nothing but size is known of any, no check passes on it and
 * nobody reviewed it, or it touches tests in a way that somebody should look at first. Pure; the order of `all` makes no difference, except among those that are tied, which are by id.
 */
export function rank(all: readonly CandidateEvidence[]): Ranking {
  const ordered = scoresOf(all).toSorted((a, b) => compare(a, b) || compareIds(a, b));
  const placeOf = (scores: Scores) => 1 + ordered.findIndex((other) => compare(other, scores) === 0);
  const candidates = ordered.map((scores): Ranked => {
    const tied = ordered.filter((other) => other !== scores && compare(other, scores) === 0).length;
    return {
      candidate: scores.evidence.candidate,
      place: placeOf(scores),
      isTied: tied > 0,
      isMergeable: isMergeable(scores),
      reason: reasonFor(scores, ordered, tied),
    };
  });
  return { candidates, ...recommendation(ordered) };
}

function recommendation(ordered: readonly Scores[]): Pick<Ranking, 'recommended' | 'note'> {
  const mergeable = ordered.filter(isMergeable);
  const [first, second] = mergeable;
  if (ordered.length === 0) return {};
  if (!first) return { note: 'None of the candidates can be merged as it is.' };
  if (ordered.length > 1 && !ordered.some(isKnown)) {
    return { note: 'Nothing is known yet that tells the candidates apart; run checks or a review.' };
  }
  if (second && compare(first, second) === 0) {
    const tied = mergeable.filter((other) => compare(other, first) === 0).length;
    return { note: `${tied} candidates are tied for the first place: nothing that is known tells them apart.` };
  }
  if (passesNothing(first)) return { note: 'No check passes on the best candidate; look at it before it is picked.' };
  const doubt = first.doubts.find(({ kind }) => kind !== 'tests-only' || ordered.some(touchesCode));
  if (doubt) return { note: `Look at the best candidate before it is picked: ${lowerFirst(doubt.text)}` };
  return { recommended: first.evidence.candidate };
}

/** Whether it has something to say for or against any of them besides how large it is. */
function isKnown({ evidence }: Scores): boolean {
  const isChecked = evidence.checks.some(({ verdict }) => verdict !== 'unknown');
  return isChecked || evidence.marks.length > 0 || evidence.crossTests.length > 0 || evidence.reviews.length > 0;
}

/** What failed before isn't held against it, but isn't a reason to pick it either. */
function passesNothing({ evidence: { checks }, review }: Scores): boolean {
  const known = checks.filter(({ verdict }) => verdict !== 'unknown');
  const isPassed = ({ verdict, tests }: CheckVerdict) =>
    verdict !== 'still-failing' || (tests !== undefined && tests.passed + tests.fixed.length + tests.added > 0);
  return known.length > 0 && !known.some(isPassed) && review.wouldMerge === undefined;
}

function touchesCode({ gates, doubts }: Scores): boolean {
  return gates.length === 0 && !doubts.some(({ kind }) => kind === 'tests-only');
}

function isMergeable({ gates, brokenChecks, review }: Scores): boolean {
  return gates.length === 0 && brokenChecks === 0 && (review.wouldMerge ?? 1) >= 0.5;
}

/** What counts, gravest first; less is better. */
const criteria: readonly ((scores: Scores) => number)[] = [
  ({ gates }) => Math.min(1, gates.length),
  ({ brokenChecks }) => brokenChecks,
  ({ brokenTests }) => brokenTests,
  ({ unknownChecks }) => unknownChecks,
  ({ fixedChecks }) => -fixedChecks,
  ({ fixedTests }) => -fixedTests,
  ({ stillFailing }) => stillFailing,
  ({ doubts }) => doubts.length,
  ({ crossFailures }) => crossFailures,
  ({ review }) => -review.mean,
  ({ leftovers }) => Math.min(1, leftovers),
  ({ addedTests }) => -Math.min(1, addedTests),
  ({ evidence }) => evidence.size,
];

function compare(a: Scores, b: Scores): number {
  for (const criterion of criteria) {
    const difference = criterion(a) - criterion(b);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareIds(a: Scores, b: Scores): number {
  return a.evidence.candidate < b.evidence.candidate ? -1 : 1;
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
