import assert from 'node:assert/strict';
import { type AgentCheck, runCheck } from '../../../src/core/agent/tools/runCheck.ts';
import type { CheckRun, CheckVerdict } from '../../../src/core/evidence.ts';
import { MemoryCopy } from './support/memoryCopy.ts';

const ran = (more: Partial<CheckRun> = {}): CheckRun => ({
  check: { name: 'unit', command: 'true', timeoutSeconds: 1 },
  isolation: 'bubblewrap',
  startedAt: 0,
  endedAt: 1,
  end: { type: 'exit', code: 0 },
  output: { head: 'fine\n', tail: '', omittedBytes: 0 },
  ...more,
});
const tests: NonNullable<CheckVerdict['tests']> = {
  passed: 1,
  broken: ['a › breaks'],
  fixed: ['b'],
  stillFailing: ['c'],
  flaky: [],
  missing: [],
  added: 0,
};

async function check(result: AgentCheck, maxOutput = 10_000) {
  const tool = runCheck({ names: ['unit'], run: async () => result });
  const ready = tool.prepare('{"name":"unit"}');
  assert.ok(typeof ready !== 'string');
  return ready.run({ copy: new MemoryCopy(), maxOutput, signal: new AbortController().signal });
}

describe('run_check', () => {
  it('says what passed, and what it printed', async () => {
    const { outcome, content, detail } = await check({ run: ran() });
    assert.deepEqual([outcome, content, detail], ['ok', 'It passed.\n\nOutput:\nfine\n', 'passed']);
    const silent = await check({ run: ran({ output: { head: '', tail: '', omittedBytes: 0 } }) });
    assert.match(silent.content, /\(it printed nothing\)$/);
  });

  it('tells what the changes broke from what failed before', async () => {
    const verdict: CheckVerdict = { check: 'unit', verdict: 'broken', tests };
    const { content, detail } = await check({ run: ran({ end: { type: 'exit', code: 1 } }), verdict });
    assert.equal(detail, 'failed, 1 test broken');
    assert.match(
      content,
      /^It failed: it ended with code 1\.\nTests that passed before[^\n]*:\n- a › breaks\nTests that/,
    );
    assert.match(content, /failed before your changes, too:\n- c\n/);
    const still = await check({
      run: ran({ end: { type: 'timeout', seconds: 3 } }),
      verdict: { check: 'unit', verdict: 'still-failing' },
    });
    assert.match(still.content, /^It failed: it had not ended after 3 seconds\.\nIt failed before your changes, too\./);
  });

  it('keeps both ends of a long output within its bound', async () => {
    const output = { head: `first${'x'.repeat(20_000)}`, tail: `${'y'.repeat(20_000)}last`, omittedBytes: 5 };
    const { content } = await check({ run: ran({ output }) }, 2000);
    assert.ok(content.length <= 2000, String(content.length));
    assert.match(content, /Output:\nfirstx+\n\[cut: the middle of the output\]\ny+last$/);
    const whole = { head: 'a'.repeat(3000), tail: 'b'.repeat(3000), omittedBytes: 0 };
    assert.match((await check({ run: ran({ output: whole }) }, 2000)).content, /a+\n\[cut: [^\]]*\]\nb+$/);
  });

  it('says that a check could not be run', async () => {
    const failed = await check({ run: ran({ end: { type: 'not-started', reason: 'No shell.' } }) });
    assert.deepEqual([failed.outcome, failed.content], ['failed', 'The check could not be run: No shell.']);
    assert.equal((await check({ run: ran({ end: { type: 'canceled' } }) })).outcome, 'failed');
  });

  it('has no other checks than those it was given', () => {
    const tool = runCheck({ names: ['unit'], run: () => assert.fail() });
    assert.match(String(tool.prepare('{"name":"true; ls"}')), /must be one of unit/);
    assert.match(String(tool.prepare('{}')), /wrong/);
  });
});
