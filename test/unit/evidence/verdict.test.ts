import assert from 'node:assert/strict';
import { verdictOf } from '../../../src/core/evidence/verdict.ts';
import type { CheckRun, CommandEnd, TestResult } from '../../../src/core/evidence.ts';

const exit = (code: number): CommandEnd => ({ type: 'exit', code });

/** A run of a check; tests by name and status, `+` passed, `-` failed, `0` skipped. */
function run(end: CommandEnd, tests?: string, flaky: readonly string[] = []): CheckRun {
  const statuses = { '+': 'passed', '-': 'failed', '0': 'skipped' } as const;
  const results = tests?.split(' ').map((word): TestResult => {
    return { name: word.slice(1), status: statuses[word[0] as '+' | '-' | '0'] };
  });
  return {
    check: { name: 'tests', command: 'make check', timeoutSeconds: 5 },
    isolation: 'none',
    startedAt: 0,
    endedAt: 1,
    end,
    output: { head: '', tail: '', omittedBytes: 0 },
    ...(results && { tests: results }),
    ...(flaky.length > 0 && { flaky }),
  };
}

const verdict = (base: CheckRun, candidate: CheckRun) => verdictOf(base, candidate).verdict;

describe('the verdict on a check', () => {
  it('goes by the commands where there are no tests to tell apart', () => {
    assert.equal(verdict(run(exit(0)), run(exit(0))), 'passed');
    assert.equal(verdict(run(exit(0)), run(exit(1))), 'broken');
    assert.equal(verdict(run(exit(2)), run(exit(0))), 'fixed');
    assert.equal(verdict(run(exit(1)), run(exit(2))), 'still-failing');
    assert.equal(verdict(run(exit(1), '-a'), run(exit(1))), 'still-failing');
  });

  it('counts a command that never ends, or is killed, as failed', () => {
    assert.equal(verdict(run(exit(0)), run({ type: 'timeout', seconds: 5 })), 'broken');
    assert.equal(verdict(run({ type: 'signal', signal: 'SIGSEGV' }), run(exit(0))), 'fixed');
  });

  it('says nothing where one of the two never ran', () => {
    assert.equal(verdict(run({ type: 'not-started', reason: 'no shell' }), run(exit(0))), 'unknown');
    assert.equal(verdict(run(exit(0)), run({ type: 'canceled' })), 'unknown');
  });

  it('takes off what was broken before', () => {
    const found = verdictOf(run(exit(1), '+a -b -c 0d'), run(exit(1), '+a +b -c +d +e'));
    assert.equal(found.verdict, 'still-failing');
    assert.deepEqual(found.tests, {
      passed: 1,
      broken: [],
      fixed: ['b'],
      stillFailing: ['c'],
      flaky: [],
      missing: [],
      added: 2,
    });
  });

  it('finds what a candidate broke although the command failed before', () => {
    const found = verdictOf(run(exit(1), '+a -b'), run(exit(1), '-a -b'));
    assert.equal(found.verdict, 'broken');
    assert.deepEqual(found.tests?.broken, ['a']);
  });

  it('calls tests that no longer run missing', () => {
    const found = verdictOf(run(exit(0), '+a +b +c 0d'), run(exit(0), '+a 0b'));
    assert.equal(found.verdict, 'passed');
    assert.deepEqual(found.tests?.missing, ['b', 'c']);
  });

  it('holds a flaky test against nobody', () => {
    const flaky = verdictOf(run(exit(0), '+a +b'), run(exit(1), '-a +b', ['a']));
    assert.equal(flaky.verdict, 'passed');
    assert.deepEqual(flaky.tests?.flaky, ['a']);
    const onBase = verdictOf(run(exit(0), '+a +b', ['a']), run(exit(1), '-a -b'));
    assert.deepEqual([onBase.tests?.broken, onBase.tests?.flaky], [['b'], ['a']]);
    const better = verdictOf(run(exit(0), '+a', ['a']), run(exit(0), '+a'));
    assert.deepEqual([better.verdict, better.tests?.passed, better.tests?.fixed], ['passed', 1, []]);
  });

  it('calls a check broken by a new test that fails', () => {
    const found = verdictOf(run(exit(0), '+a'), run(exit(1), '+a -new'));
    assert.deepEqual([found.verdict, found.tests?.broken, found.tests?.added], ['broken', [], 0]);
  });

  it('takes tests of one name for one', () => {
    assert.deepEqual(verdictOf(run(exit(0), '+a +a'), run(exit(1), '+a -a')).tests?.broken, ['a']);
  });
});
