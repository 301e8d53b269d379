import type { CandidateId, FileChange, ObjectName } from '../domain.ts';
import { sizeOf } from '../evidence/marks/patchMarks.ts';
import { rank } from '../evidence/ranking.ts';
import { takesTestsAway } from '../evidence/rankingScores.ts';
import type {
  CandidateEvidence,
  CandidateProgress,
  Check,
  CheckProgress,
  CheckRun,
  CheckState,
  CheckVerdict,
  Mark,
  Ranking,
  Review,
  RoundEvidence,
} from '../evidence.ts';
import type { KeptCrossTests, KeptReviews, Trees } from '../store/evidence.ts';

/** A candidate that has ended with a tree. */
export interface EndedCandidate {
  readonly id: CandidateId;
  readonly tree: ObjectName;
  readonly changes: readonly FileChange[];
}

/** What a round's evidence is made of. */
export interface EvidenceSource {
  readonly candidates: readonly EndedCandidate[];
  readonly stateOf: (subject: CandidateId | 'base', check: Check) => CheckState | undefined;
  readonly marksOf: (candidate: EndedCandidate) => readonly Mark[] | undefined;
  readonly verdictOf: (base: CheckRun, candidate: CheckRun) => CheckVerdict;
  readonly reviews?: KeptReviews;
  readonly crossTests?: KeptCrossTests;
  readonly facts: Pick<
    RoundEvidence,
    'checks' | 'notAgreed' | 'isolation' | 'problem' | 'isChecking' | 'isReviewing' | 'reviewProgress'
  >;
}

/** A round's evidence, without its ranking. Pure. */
export function progressOf(source: EvidenceSource): Omit<RoundEvidence, 'ranking'> {
  const { candidates, facts, reviews } = source;
  const { checks } = facts;
  const base = checks.flatMap((check): readonly CheckProgress[] => {
    const state = source.stateOf('base', check);
    return state ? [{ check: check.name, state }] : [];
  });
  const costs = reviews?.costs ?? [];
  return {
    ...facts,
    base,
    candidates: candidates.map((candidate) => candidateOf(candidate, source)),
    reviews: (reviews?.answers ?? []).flatMap(({ review, trees }) => stillTrue(review, trees, candidates)),
    reviewProblems: reviews?.problems ?? [],
    ...(costs.length > 0 && { reviewCosts: costs }),
  };
}

function candidateOf(candidate: EndedCandidate, source: EvidenceSource): CandidateProgress {
  const checks = source.facts.checks.flatMap((check): readonly CheckProgress[] => {
    const state = source.stateOf(candidate.id, check);
    if (!state) return [];
    const base = source.stateOf('base', check);
    const verdict =
      state.status === 'ended' && base?.status === 'ended' ? source.verdictOf(base.run, state.run) : undefined;
    return [{ check: check.name, state, ...(verdict && { verdict }) }];
  });
  const { results = [], trees = {} } = source.crossTests ?? {};
  const isCurrent = isAsIn(trees, source.candidates);
  const marks = source.marksOf(candidate);
  return {
    candidate: candidate.id,
    checks,
    ...(marks && { marks }),
    crossTests: results.filter(
      ({ codeOf, testsOf }) => codeOf === candidate.id && isCurrent(codeOf) && isCurrent(testsOf),
    ),
  };
}

/** What of a review is about candidates as they still are. */
function stillTrue(review: Review, trees: Trees, candidates: readonly EndedCandidate[]): readonly Review[] {
  const isCurrent = isAsIn(trees, candidates);
  const judged = review.candidates.filter(({ candidate }) => isCurrent(candidate));
  if (judged.length === 0) return [];
  if (judged.length === review.candidates.length) return [review];
  const preferences = review.preferences.filter(({ better, worse }) => isCurrent(better) && isCurrent(worse));
  // Of all candidates it says nothing any more.
  const order = review.order.filter(isCurrent);
  return [{ ...review, candidates: judged, order, preferences, noneIsMergeable: false }];
}

function isAsIn(trees: Trees, candidates: readonly EndedCandidate[]): (id: CandidateId) => boolean {
  const current = new Map(candidates.map(({ id, tree }) => [id, tree]));
  return (id) => trees[id] !== undefined && trees[id] === current.get(id);
}

/** What ranking looks at. A check that says something of another candidate and nothing of this one is unknown. Pure. */
export function evidenceOf(
  progress: Omit<RoundEvidence, 'ranking'>,
  candidates: readonly EndedCandidate[],
): readonly CandidateEvidence[] {
  const verdicts = (of: CandidateProgress) => of.checks.flatMap(({ verdict }) => verdict ?? []);
  const known = new Set(progress.candidates.flatMap(verdicts).map(({ check }) => check));
  return progress.candidates.map((each) => {
    const own = verdicts(each);
    const missing = [...known].filter((check) => !own.some((verdict) => verdict.check === check));
    return {
      candidate: each.candidate,
      marks: each.marks ?? [],
      checks: [...own, ...missing.map((check) => ({ check, verdict: 'unknown' as const }))],
      crossTests: each.crossTests,
      reviews: progress.reviews,
      size: sizeOf(candidates.find(({ id }) => id === each.candidate)?.changes ?? []),
    };
  });
}

/** Undefined until there is something to rank by, and until every patch was looked through. Pure. */
export function rankingOf(
  progress: Omit<RoundEvidence, 'ranking'>,
  evidence: readonly CandidateEvidence[],
): Ranking | undefined {
  const isKnown = evidence.some(
    ({ marks, checks, crossTests, reviews }) => marks.length + checks.length + crossTests.length + reviews.length > 0,
  );
  if (!isKnown || progress.candidates.some(({ marks }) => !marks)) return undefined;
  const { recommended, ...ranking } = rank(evidence);
  if (recommended === undefined) return ranking;
  if (progress.isChecking) return { ...ranking, note: 'Checks are still running.' };
  const best = evidence.find(({ candidate }) => candidate === recommended);
  const isChecked = best?.checks.some(({ verdict }) => verdict !== 'unknown');
  if (!isChecked && (best?.checks.length || best?.reviews.length === 0)) {
    return { ...ranking, note: 'No check has run on the best candidate; run the checks on it before it is picked.' };
  }
  return { ...ranking, recommended };
}

/** Whether a candidate passes all of these checks, something of it newly and with no tests taken away, and may be picked. Pure. */
export function isVerified(progress: RoundEvidence, id: CandidateId): boolean {
  const own = progress.candidates.find(({ candidate }) => candidate === id);
  if (!own?.marks || own.marks.some(({ isGate }) => isGate) || takesTestsAway(own.marks)) return false;
  const verdicts = own.checks.flatMap(({ verdict }) => verdict ?? []);
  const isSound = verdicts.every(({ verdict }) => verdict === 'passed' || verdict === 'fixed');
  const isNew = verdicts.some(
    ({ verdict, tests }) => verdict === 'fixed' || (tests && tests.fixed.length + tests.added > 0),
  );
  return verdicts.length === progress.checks.length && isSound && isNew;
}
