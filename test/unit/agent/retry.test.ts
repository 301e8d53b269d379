import assert from 'node:assert/strict';
import { MemoryCopy } from './support/memoryCopy.ts';
import { run } from './support/running.ts';
import { answer, call, fail, hangAfter, ScriptedProvider } from './support/scriptedProvider.ts';

describe('A retry', () => {
  it('waits as long as the provider asked, and a little more', async () => {
    const provider = new ScriptedProvider([fail('rate-limited', true, 20_000)], answer('Done.'));
    const { lines, outcome } = await run(provider);
    assert.deepEqual(lines, ['step 1', 'waiting until 20500: rate limited', 'text Done.', 'usage 10/5']);
    assert.equal(outcome.kind, 'finished');
  });

  it('backs off exponentially, four times at most', async () => {
    const { lines, outcome } = await run(new ScriptedProvider([fail('overloaded', true)]));
    assert.deepEqual(lines, [
      'step 1',
      'waiting until 1500: overloaded',
      'waiting until 4500: overloaded',
      'waiting until 10500: overloaded',
      'waiting until 22500: overloaded',
    ]);
    assert.equal(outcome.kind === 'failed' && outcome.problem.code, 'overloaded');
  });

  it('waits longer each time for a provider that asks for no wait and refuses again', async () => {
    const { events } = await run(new ScriptedProvider([fail('rate-limited', true, 0)]));
    const waits = events.flatMap((event) => (event.type === 'waiting' ? [event.until] : []));
    assert.deepEqual(waits, [3_500, 10_000, 22_500]);
  });

  it('does not wait longer than five minutes in all', async () => {
    const tooLong = await run(new ScriptedProvider([fail('rate-limited', true, 3_600_000)]));
    assert.deepEqual(tooLong.lines, ['step 1']);
    const inAll = await run(new ScriptedProvider([fail('rate-limited', true, 120_000)]));
    assert.equal(inAll.lines.length, 3);
    assert.equal(inAll.outcome.kind, 'failed');
  });

  it('shows the text of a failed try but leaves it, and its calls, out of the conversation', async () => {
    const write = { type: 'tool-call', call: call('write_file', { path: 'a', content: 'a' }) } as const;
    const provider = new ScriptedProvider(
      [{ type: 'text', text: 'I will wr' }, write, fail('network', true)],
      answer('Read first.', [call('list_files', {})]),
      answer('Done.'),
    );
    const { lines, copy } = await run(provider);
    assert.deepEqual(lines.slice(0, 4), [
      'step 1',
      'text I will wr',
      'waiting until 1500: no connection',
      'text Read first.',
    ]);
    assert.equal(copy.files.size, 0);
    assert.equal(provider.requests[1]?.turns.length, 1);
    assert.deepEqual(
      provider.requests[2]?.turns.map((turn) => (turn.role === 'assistant' ? turn.text : turn.role)),
      ['user', 'Read first.', 'tool'],
    );
  });

  it('asks a stream that died in a late step again from the last complete step', async () => {
    const provider = new ScriptedProvider(
      answer('', [call('write_file', { path: 'a', content: 'a' })]),
      answer('', [call('read_file', { path: 'a' })]),
      [{ type: 'text', text: 'Now ' }, fail('network', true)],
      hangAfter({ type: 'text', text: 'Now I ' }),
      answer('', [call('finish', { summary: 'Done.' })]),
    );
    const { outcome, copy, lines } = await run(provider);
    assert.deepEqual(outcome, { kind: 'finished', summary: 'Done.' });
    const [third, ...again] = provider.requests.slice(2).map(({ turns }) => JSON.stringify(turns));
    assert.equal(provider.requests[2]?.turns.length, 5);
    assert.deepEqual(again, [third, third]);
    assert.equal(copy.calls.filter((each) => each === 'write a').length, 1);
    assert.equal(lines.filter((line) => line.startsWith('step')).length, 3);
  });

  it('comes after a stream that goes silent', async () => {
    const provider = new ScriptedProvider(hangAfter({ type: 'text', text: 'Hm' }), answer('Done.'));
    const { lines, outcome } = await run(provider, { limits: { stallSeconds: 30 } });
    assert.deepEqual(lines.slice(0, 3), ['step 1', 'text Hm', 'waiting until 31500: no answer']);
    assert.deepEqual(outcome, { kind: 'finished', summary: 'Done.' });
  });

  it('stops the stream that went silent', async () => {
    let isStopped = false;
    const provider = new ScriptedProvider(async function* (signal) {
      signal.addEventListener('abort', () => {
        isStopped = true;
      });
      await new Promise(() => {});
      yield* answer('never');
    }, answer('Done.'));
    await run(provider);
    assert.ok(isStopped);
  });

  it('ends with a timeout when the stream stays silent', async () => {
    const { outcome } = await run(new ScriptedProvider(hangAfter()), { limits: { stallSeconds: 30 } });
    assert.equal(outcome.kind === 'failed' && outcome.problem.code, 'timeout');
    assert.match(outcome.kind === 'failed' ? outcome.problem.message : '', /sent nothing for 30 seconds/);
  });

  it('does not take a model that reasons for a silent one', async () => {
    const copy = new MemoryCopy();
    let clock: { after(ms: number, then: () => void): unknown } | undefined;
    const provider = new ScriptedProvider(async function* () {
      for (let thought = 0; thought < 5; thought++) {
        await new Promise<void>((resolve) => clock?.after(20_000, resolve));
        yield { type: 'reasoning', text: 'hm' };
      }
      yield* answer('Done.');
    });
    const running = run(provider, { copy, limits: { stallSeconds: 30 }, onClock: (own) => (clock = own) });
    assert.deepEqual((await running).lines, ['step 1', 'text Done.', 'usage 10/5']);
  });

  it('comes after a stream that stops without an end, or was aborted by somebody else', async () => {
    for (const script of [[], answer('', [], 'aborted')]) {
      const { lines, outcome } = await run(new ScriptedProvider(script, answer('Done.')));
      assert.ok(lines.some((line) => line.endsWith(': no connection')));
      assert.equal(outcome.kind, 'finished');
    }
  });

  it('counts the usage of a failed try, as it is billed', async () => {
    const failed = { ...fail('overloaded', true), usage: { input: 7, cachedInput: 0, output: 0, reasoning: 0 } };
    const { lines } = await run(new ScriptedProvider([failed], answer('Done.')));
    assert.deepEqual(lines.slice(0, 2), ['step 1', 'usage 7/0']);
  });
});
