import assert from 'node:assert/strict';
import { AccountGate } from '../../../src/core/agent/accountGate.ts';
import { runAgent } from '../../../src/core/agent/agent.ts';
import type { ProfileId, RunEvent } from '../../../src/core/domain.ts';
import { MemoryCopy } from './support/memoryCopy.ts';
import { limits, run } from './support/running.ts';
import { answer, call, fail, hangAfter, ScriptedProvider, usage } from './support/scriptedProvider.ts';

const abortAt = (type: RunEvent['type']) => (event: RunEvent, controller: AbortController) => {
  if (event.type === type) controller.abort();
};

describe('Abort', () => {
  it('before the start does nothing at all', async () => {
    const controller = new AbortController();
    controller.abort();
    const provider = new ScriptedProvider(answer('x'));
    const { outcome, lines, copy } = await run(provider, { controller });
    assert.deepEqual(outcome, { kind: 'aborted' });
    assert.deepEqual([lines, copy.calls, provider.requests], [[], [], []]);
  });

  it('at each kind of event ends the run as aborted, and nothing but ends is told afterwards', async () => {
    for (const type of ['step-started', 'text', 'usage', 'tool-started', 'tool-ended', 'changes'] as const) {
      const provider = new ScriptedProvider(
        answer('Writing.', [call('write_file', { path: 'a', content: 'a' })]),
        answer('', [call('finish', { summary: 'Done.' })]),
      );
      const { outcome, events } = await run(provider, { onEvent: abortAt(type) });
      assert.deepEqual(outcome, { kind: 'aborted' }, type);
      const after = events.slice(events.findIndex((event) => event.type === type) + 1);
      assert.ok(
        after.every((event) => event.type === 'usage' || event.type === 'tool-ended'),
        type,
      );
    }
  });

  it('ends a run whose provider hangs', async () => {
    const provider = new ScriptedProvider(hangAfter({ type: 'text', text: 'Hm' }));
    const { outcome, clock } = await run(provider, { onEvent: abortAt('text') });
    assert.deepEqual(outcome, { kind: 'aborted' });
    assert.ok(clock.now() < 1000);
  });

  it('ends a run whose tool hangs, and ends the tool with it', async () => {
    const copy = new MemoryCopy({ a: 'a' });
    copy.hangsIn = 'read';
    const provider = new ScriptedProvider(answer('', [call('read_file', { path: 'a' })]));
    const { outcome, lines, clock } = await run(provider, { copy, onEvent: abortAt('tool-started') });
    assert.deepEqual(outcome, { kind: 'aborted' });
    assert.deepEqual(lines.slice(2), ['> read_file a', '< failed: stopped']);
    assert.ok(clock.now() < 1000);
  });

  it('ends a run whose copy hangs at the start or in the patch', async () => {
    for (const method of ['list', 'patch']) {
      const copy = new MemoryCopy();
      copy.hangsIn = method;
      const controller = new AbortController();
      const provider = new ScriptedProvider(answer('', [call('write_file', { path: 'a', content: 'a' })]));
      const { outcome } = await run(provider, {
        copy,
        controller,
        onClock: (clock) => clock.after(1000, () => controller.abort()),
      });
      assert.deepEqual(outcome, { kind: 'aborted' }, method);
    }
  });

  it('ends a run that waits for its next try', async () => {
    const provider = new ScriptedProvider([fail('rate-limited', true, 60_000)]);
    const { outcome, clock } = await run(provider, { onEvent: abortAt('waiting') });
    assert.deepEqual(outcome, { kind: 'aborted' });
    assert.ok(clock.now() < 1000);
    assert.equal(provider.requests.length, 1);
  });

  it('takes moments by the system clock too, and leaves no timer behind', async () => {
    const controller = new AbortController();
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    // Mocha starts its own timer once the test has returned its promise.
    await new Promise(setImmediate);
    const before = timers();
    const running = runAgent(
      {
        provider: new ScriptedProvider(hangAfter()),
        profile: { id: 'p' as ProfileId, provider: 'google', model: 'm', label: 'M', options: {} },
        copy: new MemoryCopy(),
        instruction: 'Do it.',
        conversation: [],
        gate: new AccountGate(),
        folderName: 'shop',
        markerKey: 'key',
        limits,
      },
      () => {},
      controller.signal,
    );
    setTimeout(() => controller.abort(), 20);
    const started = performance.now();
    assert.deepEqual(await running, { kind: 'aborted' });
    assert.ok(performance.now() - started < 1000);
    // A timer counts as active until its callback's turn is over.
    await new Promise(setImmediate);
    assert.equal(timers(), before);
  });

  it('still counts what a provider reports when it is stopped', async () => {
    const provider = new ScriptedProvider(async function* (signal) {
      yield { type: 'text', text: 'Hm' };
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      yield { type: 'text', text: 'late' };
      yield { type: 'end', usage, reason: 'aborted' };
    });
    const { lines } = await run(provider, {
      onEvent: (event, controller) => {
        if (event.type === 'text') setImmediate(() => controller.abort());
      },
      onClock: (clock) => clock.stop(),
    });
    assert.deepEqual(lines, ['step 1', 'text Hm', 'usage 10/5']);
  });

  it('lets nothing be told after the run returned, whatever its provider still sends', async () => {
    let goOn = () => {};
    const provider = new ScriptedProvider(async function* () {
      yield { type: 'text', text: 'Hm' };
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
      yield* answer('late');
    });
    const { events } = await run(provider, { onEvent: abortAt('text') });
    const told = events.length;
    goOn();
    await new Promise(setImmediate);
    assert.equal(events.length, told);
  });

  it('keeps an edit from being written when it comes between its read and its write', async () => {
    const controller = new AbortController();
    const copy = new MemoryCopy({ a: 'a' });
    const read = copy.read.bind(copy);
    copy.read = async (path) => {
      const file = await read(path);
      controller.abort();
      return file;
    };
    const edit = call('edit_file', { path: 'a', oldText: 'a', newText: 'b' });
    const { outcome } = await run(new ScriptedProvider(answer('', [edit])), { copy, controller });
    assert.deepEqual(outcome, { kind: 'aborted' });
    assert.equal(copy.text('a'), 'a');
  });
});

describe('The time limit', () => {
  it('ends a run whose tool hangs, and names its setting', async () => {
    const copy = new MemoryCopy({ a: 'a' });
    copy.hangsIn = 'read';
    const provider = new ScriptedProvider(answer('', [call('read_file', { path: 'a' })]));
    const { outcome, lines, clock } = await run(provider, { copy, limits: { maxSeconds: 60 } });
    assert.deepEqual(outcome, {
      kind: 'failed',
      problem: {
        code: 'time-limit',
        message: "The model wasn't done after 60 seconds. Continue it, or raise the setting dursor.run.maxSeconds.",
        action: { type: 'open-settings', setting: 'dursor.run.maxSeconds' },
      },
    });
    assert.equal(lines.at(-1), '< failed: stopped');
    assert.ok(clock.now() <= 61_000);
  });

  it('ends a run whose provider hangs', async () => {
    const { outcome } = await run(new ScriptedProvider(hangAfter()), { limits: { maxSeconds: 60 } });
    assert.equal(outcome.kind === 'failed' && outcome.problem.code, 'time-limit');
  });
});
