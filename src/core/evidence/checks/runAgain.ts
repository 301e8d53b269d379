import type { CheckRun, TestResult } from '../../evidence.ts';

/** Whether a command ran to an end that says something of the tree. */
export function isResult({ end }: CheckRun): boolean {
  return end.type === 'exit' || end.type === 'signal' || end.type === 'timeout';
}

/** Whether a check found something wrong: its command failed, or one of its tests did. */
export function hasFailed({ end, tests }: CheckRun): boolean {
  if (end.type === 'signal' || end.type === 'timeout') return true;
  if (end.type !== 'exit') return false;
  return end.code !== 0 || (tests ?? []).some(({ status }) => status === 'failed');
}

/**
 * Whether running a check once more tells anything: it failed where the base doesn't (`base` is absent for the base itself). What took
 * all of its time isn't given it a second time.
 */
export function isWorthAnother(run: CheckRun, base: CheckRun | undefined): boolean {
  if (!hasFailed(run) || run.end.type === 'timeout') return false;
  if (base === undefined) return true;
  if (base.end.type !== 'exit' && base.end.type !== 'signal') return false;
  if (!hasFailed(base)) return true;
  if (!run.tests || !base.tests) return false;
  const failsThere = new Set(failedTests(base.tests));
  return failedTests(run.tests).some((name) => !failsThere.has(name));
}

/**
 * Two runs of one check as one. A test that failed in one of them and passed in the other counts as passed, and is named as flaky; so is
 * the check itself by its own name, where no report tells its tests apart and its command failed only once.
 */
export function mergeRuns(first: CheckRun, second: CheckRun): CheckRun {
  if (second.end.type === 'canceled' || second.end.type === 'not-started') return first;
  // One of them may have crashed before it could write its report.
  const better = hasFailed(second) && first.tests && !second.tests ? first : second;
  const whole = { ...better, startedAt: first.startedAt, endedAt: second.endedAt };
  if (first.tests && second.tests) {
    const { tests, flaky } = mergeTests(first.tests, second.tests);
    // What failed for something that is in no report did not fail for flaky tests alone.
    const isTold = [first, second].every((run) => !hasFailed(run) || failedTests(run.tests ?? []).length > 0);
    return { ...whole, tests, ...(flaky.length > 0 && (isTold || !hasFailed(second)) && { flaky }) };
  }
  return hasFailed(second) ? whole : { ...whole, flaky: [first.check.name] };
}

function mergeTests(first: readonly TestResult[], second: readonly TestResult[]) {
  const before = new Map(first.map((test) => [test.name, test]));
  const flaky: string[] = [];
  const tests = second.map((test) => {
    const other = before.get(test.name);
    before.delete(test.name);
    const statuses = [other?.status, test.status];
    if (!(statuses.includes('failed') && statuses.includes('passed'))) return test;
    flaky.push(test.name);
    return test.status === 'passed' ? test : (other ?? test);
  });
  return { tests: [...tests, ...before.values()], flaky };
}

const failedTests = (tests: readonly TestResult[]) =>
  tests.filter(({ status }) => status === 'failed').map(({ name }) => name);
