import assert from 'node:assert/strict';
import { mergeRuns } from '../../../src/core/evidence/checks/runAgain.ts';
import { verdictOf } from '../../../src/core/evidence/verdict.ts';
import type { CheckRun, CommandEnd } from '../../../src/core/evidence.ts';
import { shell } from './checkRounds.ts';

const exit = (code: number): CommandEnd => ({ type: 'exit', code });

/** A run whose tests are `+a` where they passed and `-a` where they failed; `undefined` where it wrote no report. */
function run(end: CommandEnd, tests: string | undefined, at = 0): CheckRun {
  const results = tests?.split(' ').map((test) => {
    const status = test.startsWith('+') ? ('passed' as const) : ('failed' as const);
    return { name: test.slice(1), status };
  });
  return {
    check: shell('test', 'true'),
    isolation: 'none',
    startedAt: at,
    endedAt: at + 1,
    end,
    output: { head: String(at), tail: '', omittedBytes: 0 },
    ...(results && { tests: results }),
  };
}

describe('two runs of a check', () => {
  const base = run(exit(0), '+a +b');
  const timeout: CommandEnd = { type: 'timeout', seconds: 1 };
  const merged = (first: CheckRun, second: CheckRun) => {
    const one = mergeRuns(first, { ...second, startedAt: 5, endedAt: 6 });
    const tests = one.tests?.map(({ name, status }) => `${status === 'passed' ? '+' : '-'}${name}`).join(' ');
    return [verdictOf(base, one).verdict, tests, one.flaky?.join()];
  };

  it('are one, in which a test that failed once is flaky', () => {
    assert.deepEqual(merged(run(exit(1), '-a +b'), run(exit(0), '+a +b')), ['passed', '+a +b', 'a']);
    assert.deepEqual(merged(run(exit(1), '-a +b'), run(exit(1), '+a -b')), ['passed', '+a +b', 'a,b']);
    assert.deepEqual(merged(run(exit(1), '-a -b'), run(exit(1), '+a -b')), ['broken', '+a -b', 'a']);
    assert.deepEqual(merged(run(exit(1), '-a +b'), run(exit(1), '+b')), ['broken', '+b -a', undefined]);
  });

  it('are not excused by a flaky test where something else failed too', () => {
    assert.deepEqual(merged(run(exit(1), '-a +b'), run(exit(1), '+a +b')), ['broken', '+a +b', undefined]);
    assert.deepEqual(merged(run(exit(1), '+a +b'), run(exit(1), '+a -b')), ['broken', '+a +b', undefined]);
    assert.deepEqual(merged(run(exit(1), '-a +b'), run(timeout, '+a')), ['broken', '+a +b', undefined]);
  });

  it('go by what the other says where one has no report', () => {
    assert.deepEqual(merged(run(exit(1), '-a +b'), run(timeout, undefined)), ['broken', '-a +b', undefined]);
    assert.deepEqual(merged(run(exit(1), undefined), run(exit(0), '+a +b')), ['passed', '+a +b', 'test']);
    assert.deepEqual(merged(run(exit(1), '-a +b'), run({ type: 'canceled' }, undefined)), [
      'broken',
      '-a +b',
      undefined,
    ]);
  });
});
