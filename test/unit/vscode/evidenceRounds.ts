import type { CandidateId, ProfileId } from '../../../src/core/domain.ts';
import type {
  CandidateProgress,
  Check,
  CheckProgress,
  CheckRun,
  CheckVerdict,
  Review,
  RoundEvidence,
  TestResult,
} from '../../../src/core/evidence.ts';

export const check: Check = { name: 'test', command: 'npm test', timeoutSeconds: 600 };

/** A run of `check`; it ended well unless said otherwise. */
export function runOf(more: Partial<CheckRun> = {}): CheckRun {
  return {
    check,
    isolation: 'bubblewrap',
    startedAt: 1000,
    endedAt: 3500,
    end: { type: 'exit', code: 0 },
    output: { head: '', tail: '', omittedBytes: 0 },
    ...more,
  };
}

export function ended(run: CheckRun, verdict?: CheckVerdict): CheckProgress {
  return { check: run.check.name, state: { status: 'ended', run }, ...(verdict && { verdict }) };
}

/** A test that failed. */
export function failing(name: string, more: Partial<TestResult> = {}): TestResult {
  return { name, status: 'failed', ...more };
}

export function testsOf(more: Partial<NonNullable<CheckVerdict['tests']>> = {}): NonNullable<CheckVerdict['tests']> {
  return { passed: 0, broken: [], fixed: [], stillFailing: [], flaky: [], missing: [], added: 0, ...more };
}

export function candidateOf(id: string, more: Partial<CandidateProgress> = {}): CandidateProgress {
  return { candidate: id as CandidateId, checks: [], crossTests: [], ...more };
}

export function evidenceOf(more: Partial<RoundEvidence> = {}): RoundEvidence {
  return {
    checks: [check],
    notAgreed: [],
    base: [],
    candidates: [],
    reviews: [],
    reviewProblems: [],
    isChecking: false,
    isReviewing: false,
    ...more,
  };
}

/** What a reviewer says of candidates, each as whether it would merge it and what it found; the first is preferred to the others. */
export function reviewOf(
  reviewer: string,
  said: Readonly<Record<string, { readonly merge: boolean; readonly findings?: Review['candidates'][0]['findings'] }>>,
): Review {
  const order = Object.keys(said) as CandidateId[];
  const [first, ...others] = order;
  return {
    reviewer: reviewer as ProfileId,
    reviewerLabel: reviewer.toUpperCase(),
    order,
    candidates: Object.entries(said).map(([candidate, { merge, findings = [] }]) => ({
      candidate: candidate as CandidateId,
      findings,
      doesWhatWasAsked: true,
      isComplete: true,
      staysInScope: true,
      wouldMerge: merge,
    })),
    preferences: first ? others.map((worse) => ({ better: first, worse })) : [],
    noneIsMergeable: Object.values(said).every(({ merge }) => !merge),
  };
}
