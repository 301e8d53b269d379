import type { CandidateEvidence, CheckVerdict, CrossTest, Mark, Review } from '../evidence.ts';
import { summariseReviews, type Votes } from './review/preferences.ts';

/** What the reviewers think of a candidate. */
export interface ReviewScore {
  /** From 0 to 1: half of it who would merge it, half how it stands to the others; 0.5 for one that nobody has reviewed. */
  readonly mean: number;
  /** The standard deviation of the single votes. */
  readonly spread: number;
  readonly votes: Votes;
  /** How many of the reviewers would merge it, 0 to 1; absent where nobody was asked. */
  readonly wouldMerge?: number;
}

/** What ranking compares, in figures. */
export interface Scores {
  readonly evidence: CandidateEvidence;
  readonly gates: readonly Mark[];
  readonly brokenChecks: number;
  readonly brokenTests: number;
  readonly unknownChecks: number;
  readonly fixedChecks: number;
  readonly fixedTests: number;
  /** With those that are gone beyond those that came: a test that was taken away still doesn't pass. */
  readonly stillFailing: number;
  /** One mark for each kind that says that tests were touched, without what most candidates did alike. */
  readonly doubts: readonly Mark[];
  /** For each other candidate, how many stand behind the test of it that this one fails. */
  readonly crossFailures: number;
  readonly review: ReviewScore;
  readonly leftovers: number;
  readonly addedTests: number;
}

const weakening: readonly Mark['kind'][] = ['deletes-tests', 'weakens-tests'];
const doubtful: readonly Mark['kind'][] = [...weakening, 'changes-expectations', 'tests-only'];

/** Whether checks that pass prove little: tests were deleted, or made to say less. */
export function takesTestsAway(marks: readonly Mark[]): boolean {
  return marks.some(({ kind }) => weakening.includes(kind));
}

/** The figures of all candidates. Pure. */
export function scoresOf(all: readonly CandidateEvidence[]): readonly Scores[] {
  const isAsked = asksForOtherExpectations(all);
  const own = all.map((evidence) => ({ evidence, ...ownScores(evidence, isAsked) }));
  const trusted = new Set(own.filter(isTrusted).map(({ evidence }) => evidence.candidate));
  return own.map((scores) => ({
    ...scores,
    crossFailures: crossFailuresOf(scores.evidence, all, trusted),
    review: reviewScoreOf(scores.evidence),
  }));
}

/** Whether the task itself seems to ask for it: most of those that apply and break nothing change what tests expect. */
function asksForOtherExpectations(all: readonly CandidateEvidence[]): boolean {
  const open = all.filter(({ marks, checks }) => gatesOf(marks).length === 0 && brokenOf(checks).length === 0);
  return open.filter(({ marks }) => marks.some(({ kind }) => kind === 'changes-expectations')).length * 2 > open.length;
}

type OwnScores = Omit<Scores, 'crossFailures' | 'review'>;

/** Whose tests count for others: theirs that neither broke anything nor touched what tests say. */
function isTrusted({ gates, doubts, brokenChecks }: OwnScores): boolean {
  return gates.length === 0 && doubts.length === 0 && brokenChecks === 0;
}

const gatesOf = (marks: readonly Mark[]) => marks.filter(({ isGate }) => isGate);
const brokenOf = (checks: readonly CheckVerdict[]) => checks.filter(({ verdict }) => verdict === 'broken');

function ownScores({ marks, checks }: CandidateEvidence, isAsked: boolean): Omit<OwnScores, 'evidence'> {
  const count = (figure: (check: CheckVerdict) => number) => checks.reduce((total, check) => total + figure(check), 0);
  const isWeakening = takesTestsAway(marks);
  // One that passes because tests were taken away isn't fixed.
  const isFixed = ({ verdict, tests }: CheckVerdict) =>
    verdict === 'fixed' && (tests ? tests.missing.length <= tests.added : !isWeakening);
  const failing = (check: CheckVerdict) => Number(/^(?:fixed|still-failing)$/.test(check.verdict) && !isFixed(check));
  return {
    gates: gatesOf(marks),
    brokenChecks: brokenOf(checks).length,
    brokenTests: count(({ tests }) => tests?.broken.length ?? 0),
    unknownChecks: count(({ verdict }) => Number(verdict === 'unknown')),
    fixedChecks: checks.filter(isFixed).length,
    fixedTests: count(({ tests }) => tests?.fixed.length ?? 0),
    stillFailing: count((check) => stillFailingTests(check) || failing(check)),
    doubts: doubtful.flatMap((kind) =>
      isAsked && kind === 'changes-expectations' ? [] : (marks.find((mark) => mark.kind === kind) ?? []),
    ),
    leftovers: marks.filter(({ kind }) => kind === 'debug-leftover').length,
    addedTests: count(({ tests }) => tests?.added ?? 0),
  };
}

function stillFailingTests({ tests }: CheckVerdict): number {
  return tests ? tests.stillFailing.length + Math.max(0, tests.missing.length - tests.added) : 0;
}

/**
 * For every other candidate whose tests are trusted: how many trusted candidates, its author among them, pass the best supported of its
 * tests that this one fails. So a test that only its author passes weighs little, and one that all others pass weighs much; how many
 * tests somebody brings weighs nothing.
 */
function crossFailuresOf(
  { candidate, crossTests }: CandidateEvidence,
  all: readonly CandidateEvidence[],
  trusted: ReadonlySet<string>,
): number {
  const authors = new Map<string, number>();
  for (const test of crossTests) {
    if (test.codeOf !== candidate || test.testsOf === candidate || !trusted.has(test.testsOf)) continue;
    const others = all.flatMap((one) => (trusted.has(one.candidate) ? one.crossTests : [])).filter(isSameSuite(test));
    const support = failuresOf(test).map((name) => 1 + others.filter((other) => passes(other, name)).length);
    authors.set(test.testsOf, Math.max(0, authors.get(test.testsOf) ?? 0, ...support));
  }
  return [...authors.values()].reduce((total, one) => total + one, 0);
}

const isSameSuite = (test: CrossTest) => (other: CrossTest) =>
  other.testsOf === test.testsOf && other.check === test.check && other.codeOf !== test.testsOf;

/** One without a readable report is one nameless test. */
function failuresOf({ failed, passed, ok }: CrossTest): readonly string[] {
  return failed.length > 0 || passed > 0 ? failed : ok ? [] : [''];
}

function passes(test: CrossTest, name: string): boolean {
  return !failuresOf(test).includes(name);
}

function reviewScoreOf({ candidate, reviews }: CandidateEvidence): ReviewScore {
  const own = reviews.filter(({ candidates }) => candidates.some((one) => one.candidate === candidate));
  const stands = summariseReviews(own).candidates.find((one) => one.candidate === candidate);
  const { mean: preferred, spread, votes } = stands ?? { mean: 0.5, spread: 0, votes: { for: 0, against: 0, ties: 0 } };
  if (own.length === 0) return { mean: 0.5, spread, votes };
  const merge = meanOverReviewers(
    own,
    own.map((review) => Number(wouldMerge(review, candidate))),
  );
  return { mean: rounded((merge + preferred) / 2), spread, votes, wouldMerge: rounded(merge) };
}

function wouldMerge({ candidates, noneIsMergeable }: Review, candidate: string): boolean {
  return !noneIsMergeable && candidates.some((one) => one.candidate === candidate && one.wouldMerge);
}

/** A reviewer that was asked in more orders than another has no more to say. */
function meanOverReviewers(reviews: readonly Review[], values: readonly number[]): number {
  const reviewers = [...new Set(reviews.map(({ reviewer }) => reviewer))].sort();
  const means = reviewers.map((reviewer) => mean(values.filter((_, index) => reviews[index]?.reviewer === reviewer)));
  return mean(means);
}

/** Sums of fractions depend on their order; what is equal must come out equal. */
const rounded = (value: number) => Math.round(value * 1e9) / 1e9;

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / Math.max(1, values.length);
}
