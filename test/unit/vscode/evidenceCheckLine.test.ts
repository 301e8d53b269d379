import assert from 'node:assert/strict';
import type { CheckVerdict } from '../../../src/core/evidence.ts';
import { baseLine, checkLine } from '../../../src/vscode/evidenceCheckLine.ts';
import { ended, failing, runOf, testsOf } from './evidenceRounds.ts';

const failed = { type: 'exit', code: 1 } as const;

function line(verdict: CheckVerdict['verdict'], tests?: CheckVerdict['tests'], run = runOf()) {
  const { text, tone } = checkLine(ended(run, { check: 'test', verdict, ...(tests && { tests }) }));
  return [text, tone];
}

describe('the line of a check', () => {
  it('counts tests against those that the base passes', () => {
    assert.deepEqual(line('passed', testsOf({ passed: 214 })), ['214 of 214', 'good']);
    assert.deepEqual(line('fixed', testsOf({ passed: 214, fixed: ['a'], added: 2 })), [
      '214 of 214, 3 newly pass',
      'good',
    ]);
    assert.deepEqual(line('fixed', testsOf({ fixed: ['a'] })), ['1 newly passes', 'good']);
    assert.deepEqual(line('passed', testsOf()), ['0 of 0', 'good']);
    assert.deepEqual(line('passed', testsOf({ passed: 3, missing: ['gone'] })), ['3 of 4, 1 no longer runs', 'look']);
    assert.deepEqual(
      line('still-failing', testsOf({ passed: 3, stillFailing: ['x'], flaky: ['y'] }), runOf({ end: failed })),
      ['3 of 3, 1 fails as before, 1 flaky', 'plain'],
    );
  });

  it('says what newly fails, and where', () => {
    const tests = testsOf({ passed: 212, broken: ['retries › once', 'retries › twice'] });
    const file = 'test/queue.test.js';
    const run = runOf({
      end: failed,
      tests: [failing('retries › once', { file }), failing('retries › twice', { file })],
    });
    assert.deepEqual(line('broken', tests, run), ['2 newly fail (queue.test)', 'bad']);
    assert.deepEqual(line('broken', tests, runOf({ end: failed })), ['2 newly fail (retries)', 'bad']);
    const { detail } = checkLine(ended(run, { check: 'test', verdict: 'broken', tests }));
    assert.equal(detail, 'retries › once, retries › twice');
    const many = testsOf({ broken: ['a', 'b', 'c', 'd'] });
    assert.deepEqual(line('broken', many), ['4 newly fail (a, b, 2 more)', 'bad']);
  });

  it('tells a new test that fails, and a command that fails by itself, from broken tests', () => {
    const all = testsOf({ passed: 5 });
    assert.deepEqual(line('broken', all, runOf({ end: failed, tests: [failing('new')] })), [
      '5 of 5, but 1 new test fails',
      'bad',
    ]);
    assert.deepEqual(line('broken', all, runOf({ end: failed })), ['5 of 5, but fails (exit code 1)', 'bad']);
  });

  it('goes by the command where no report tells tests apart', () => {
    assert.deepEqual(line('passed'), ['passes', 'good']);
    assert.deepEqual(line('fixed'), ['newly passes', 'good']);
    assert.deepEqual(line('passed', undefined, runOf({ flaky: ['test'] })), ['passes, flaky', 'look']);
    assert.deepEqual(line('broken', undefined, runOf({ end: failed })), ['newly fails (exit code 1)', 'bad']);
    const late = runOf({ end: { type: 'timeout', seconds: 60 } });
    assert.deepEqual(line('broken', undefined, late), ['newly fails (over 60 seconds)', 'bad']);
    assert.deepEqual(line('still-failing', undefined, runOf({ end: failed })), ['fails as before', 'plain']);
  });

  it('says how far it is, and why it could not be run', () => {
    const of = (state: Parameters<typeof checkLine>[0]['state']) => checkLine({ check: 'test', state });
    assert.deepEqual(of({ status: 'waiting' }), {
      check: 'test',
      isRunning: false,
      hasOutput: false,
      text: 'waiting',
      tone: 'plain',
    });
    assert.equal(of({ status: 'running', startedAt: 1 }).isRunning, true);
    assert.equal(of({ status: 'ended', run: runOf() }).text, 'waiting for the base');
    const reason = 'You have not agreed to it.';
    const refused = of({ status: 'ended', run: runOf({ end: { type: 'not-started', reason } }) });
    assert.deepEqual([refused.text, refused.tone, refused.detail], ['could not be run', 'look', reason]);
    assert.equal(of({ status: 'ended', run: runOf({ end: { type: 'canceled' } }) }).text, 'canceled');
  });

  it('notes of the base what fails there already', () => {
    assert.equal(baseLine(ended(runOf())), undefined);
    assert.equal(baseLine({ check: 'test', state: { status: 'waiting' } }), undefined);
    const tests = [failing('a'), { name: 'b', status: 'passed' }, { name: 'c', status: 'skipped' }] as const;
    const note = baseLine(ended(runOf({ end: failed, tests })));
    assert.equal(note?.text, 'On the base 1 of 2 tests of “test” fail already; no candidate is blamed for it');
    assert.match(baseLine(ended(runOf({ end: failed })))?.text ?? '', /fails on the base already/);
    assert.match(baseLine(ended(runOf({ flaky: ['a'], tests: [failing('a')] })))?.text ?? '', /1 test .* is flaky/);
  });
});
