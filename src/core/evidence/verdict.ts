import type { CheckRun, CheckVerdict, TestResult } from '../evidence.ts';

/** What came of all tests of one name in a run: those of a name are one, and fail together. */
type Outcome = 'passed' | 'failed' | 'flaky' | 'skipped';

/**
 * A candidate's run of a check against the baseline's, with what was broken already taken off. Test by test where both reports could be
 * read, else by how the commands ended; a command that did not end in time, or was killed, has failed. A test that is flaky on either side
 * proves nothing. A test that doesn't run any more, deleted or skipped, is missing and not broken. Where all that the base passes still
 * passes, but the command failed and had not failed on the base, the check is broken: by a new test, or by something that is in no report.
 * Pure.
 */
export function verdictOf(baseline: CheckRun, candidate: CheckRun): CheckVerdict {
  const check = candidate.check.name;
  if (!hasRun(baseline) || !hasRun(candidate)) return { check, verdict: 'unknown' };
  const tests = baseline.tests && candidate.tests && compareTests(baseline, candidate);
  if (tests && tests.broken.length > 0) return { check, verdict: 'broken', tests };
  return { check, verdict: verdictOfEnds(endsWell(baseline), endsWell(candidate)), ...(tests && { tests }) };
}

function verdictOfEnds(wasWell: boolean, isWell: boolean): CheckVerdict['verdict'] {
  if (isWell) return wasWell ? 'passed' : 'fixed';
  return wasWell ? 'broken' : 'still-failing';
}

/** Whether it came to anything that can be compared. */
export function hasRun({ end }: Pick<CheckRun, 'end'>): boolean {
  return end.type !== 'canceled' && end.type !== 'not-started';
}

/** A command that failed for flaky tests alone counts as one that didn't. */
function endsWell(run: CheckRun): boolean {
  if (run.end.type !== 'exit') return false;
  if (run.end.code === 0) return true;
  if (!run.flaky?.length) return false;
  return run.tests === undefined || ![...outcomesOf(run).values()].includes('failed');
}

function compareTests(baseline: CheckRun, candidate: CheckRun): NonNullable<CheckVerdict['tests']> {
  const [before, after] = [outcomesOf(baseline), outcomesOf(candidate)];
  const names = [...before.keys()];
  const is = (name: string, was: Outcome, now: Outcome) => before.get(name) === was && after.get(name) === now;
  const isGone = (name: string) => before.get(name) !== 'skipped' && (after.get(name) ?? 'skipped') === 'skipped';
  const added = [...after].filter(([name, now]) => now === 'passed' && (before.get(name) ?? 'skipped') === 'skipped');
  return {
    passed: names.filter((name) => is(name, 'passed', 'passed') || is(name, 'flaky', 'passed')).length,
    broken: names.filter((name) => is(name, 'passed', 'failed')),
    fixed: names.filter((name) => is(name, 'failed', 'passed')),
    stillFailing: names.filter((name) => is(name, 'failed', 'failed')),
    flaky: [...after.keys()].filter((name) => after.get(name) === 'flaky' || is(name, 'flaky', 'failed')),
    missing: names.filter(isGone),
    added: added.length,
  };
}

const gravest: readonly Outcome[] = ['failed', 'flaky', 'passed', 'skipped'];

function outcomesOf({ tests = [], flaky = [] }: CheckRun): ReadonlyMap<string, Outcome> {
  const outcomes = new Map<string, Outcome>();
  const isFlaky = new Set(flaky);
  for (const test of tests) {
    const [one, other] = [outcomeOf(test, isFlaky), outcomes.get(test.name) ?? 'skipped'];
    outcomes.set(test.name, gravest.indexOf(one) < gravest.indexOf(other) ? one : other);
  }
  return outcomes;
}

function outcomeOf({ name, status }: TestResult, flaky: ReadonlySet<string>): Outcome {
  return flaky.has(name) && status !== 'skipped' ? 'flaky' : status;
}
