import assert from 'node:assert/strict';
import type { ModelEvent, Turn } from '../../../src/core/providers/provider.ts';
import { MemoryCopy } from './support/memoryCopy.ts';
import { run } from './support/running.ts';
import { answer, call, fail, type Script, ScriptedProvider } from './support/scriptedProvider.ts';

const files = (count: number, size = 3_000) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`src/f${n}.ts`, `// ${n}\n${'x'.repeat(size)}\n`]));

const readsOf = (count: number): Script[] =>
  Array.from({ length: count }, (_, n) => [
    { type: 'text', text: `Reading ${n}.` } as const,
    { type: 'tool-call', call: call('read_file', { path: `src/f${n}.ts` }) } as const,
    {
      type: 'end',
      reason: 'tool-calls',
      usage: { input: 0, cachedInput: 0, output: 5, reasoning: 0 },
      opaque: { signature: n },
    } as ModelEvent,
  ]);

const sizeOf = (turns: readonly Turn[]) => turns.reduce((sum, turn) => sum + JSON.stringify(turn).length, 0);

/** Every result has its call in the answer before it, and no other. */
function assertPaired(turns: readonly Turn[]): void {
  for (const [index, turn] of turns.entries()) {
    if (turn.role !== 'tool') continue;
    const before = turns[index - 1];
    assert.ok(before?.role === 'assistant');
    assert.deepEqual(
      turn.results.map(({ callId }) => callId),
      before.toolCalls.map(({ id }) => id),
    );
    assert.notEqual(before.opaque, undefined);
  }
}

/** How many times what was sent before was not simply gone on with. */
function rewrites(provider: ScriptedProvider): number {
  return provider.requests.filter((request, index) => {
    const before = provider.requests[index - 1]?.turns ?? [];
    return before.some((turn, at) => JSON.stringify(turn) !== JSON.stringify(request.turns[at]));
  }).length;
}

describe('A conversation that grows', () => {
  it('is only ever added to while it fits', async () => {
    const provider = new ScriptedProvider(...readsOf(15), answer('Done.'));
    await run(provider, { copy: new MemoryCopy(files(15)), contextTokens: 200_000 });
    assert.equal(rewrites(provider), 0);
  });

  it('has its oldest results condensed before it overflows, seldom, and keeps the instruction and the latest results', async () => {
    const provider = new ScriptedProvider(...readsOf(15), answer('Done.'));
    const { outcome } = await run(provider, {
      copy: new MemoryCopy(files(15)),
      contextTokens: 14_000,
      instruction: 'Read them all.',
    });
    assert.equal(outcome.kind, 'finished');
    assert.ok(rewrites(provider) >= 1 && rewrites(provider) <= 4, `${rewrites(provider)} rewrites`);
    for (const { turns } of provider.requests) {
      assertPaired(turns);
      const [first] = turns;
      assert.ok(first?.role === 'user' && first.text.includes('Read them all.'));
      const last = turns.at(-1);
      if (last?.role === 'tool') assert.ok(last.results[0]?.content.includes('xxxx'));
    }
    const oldest = provider.requests.at(-1)?.turns.find((turn) => turn.role === 'tool');
    assert.match(
      (oldest?.role === 'tool' && oldest.results[0]?.content) || '',
      /^\[read_file src\/f\d+\.ts: 2 lines; condensed, call it again if you need it\]$/,
    );
  });

  it('is measured by what the model itself counts', async () => {
    // A model that counts one token for each byte.
    const counting: Script[] = readsOf(8).map(
      (events) =>
        async function* () {
          for (const event of events as ModelEvent[]) {
            yield event.type === 'end'
              ? { ...event, usage: { ...event.usage, input: sizeOf(provider.requests.at(-1)?.turns ?? []) + 8_000 } }
              : event;
          }
        },
    );
    const provider: ScriptedProvider = new ScriptedProvider(...counting, answer('Done.'));
    await run(provider, { copy: new MemoryCopy(files(8)), contextTokens: 26_000 });
    assert.ok(rewrites(provider) > 0);
  });

  it('is condensed and asked again when the model finds it too long, also where nobody knows its length', async () => {
    const provider = new ScriptedProvider(
      ...readsOf(6),
      [fail('context-too-long', false)],
      [fail('context-too-long', false)],
      answer('Done.'),
    );
    const { outcome, lines } = await run(provider, { copy: new MemoryCopy(files(6)) });
    assert.deepEqual(outcome, { kind: 'finished', summary: 'Done.' });
    const sizes = provider.requests.slice(6).map(({ turns }) => sizeOf(turns));
    assert.equal(sizes.length, 3);
    assert.ok((sizes[1] ?? 0) < (sizes[0] ?? 0) * 0.75 && (sizes[2] ?? 0) < (sizes[1] ?? 0), `${sizes}`);
    for (const { turns } of provider.requests) assertPaired(turns);
    assert.ok(provider.resultsIn(8).includes('xxxx'), 'the latest result is whole');
    assert.equal(lines.filter((line) => line.startsWith('step')).length, 7);
  });

  const manyLines = Object.fromEntries(
    Array.from({ length: 12 }, (_, n) => [`src/f${n}.ts`, `const n = ${n};\n`.repeat(2_000)]),
  );

  /** A model that refuses what is longer than its context, and reads twelve files in one answer. */
  function readingMany(contextTokens: number): ScriptedProvider {
    const reads = answer(
      '',
      Array.from({ length: 12 }, (_, n) => call('read_file', { path: `src/f${n}.ts` })),
    );
    const provider: ScriptedProvider = new ScriptedProvider(
      reads,
      ...Array.from(
        { length: 6 },
        () =>
          async function* () {
            const { system, turns } = provider.requests.at(-1) ?? assert.fail();
            const isTooLong = (system.length + sizeOf(turns) + 8_000) * 0.3 > contextTokens;
            yield* isTooLong ? [fail('context-too-long', false)] : answer('Done.');
          },
      ),
    );
    return provider;
  }

  it('has room for the results of many calls in one answer', async () => {
    for (const contextTokens of [8_000, 32_000]) {
      const provider = readingMany(contextTokens);
      const { outcome } = await run(provider, { copy: new MemoryCopy(manyLines), contextTokens });
      assert.equal(outcome.kind, 'finished', `${contextTokens}`);
      assert.equal(provider.requests.length, 2);
    }
  });

  it('has its latest results cut when nothing else is left that could make it fit', async () => {
    const provider = readingMany(16_000);
    const { outcome } = await run(provider, { copy: new MemoryCopy(manyLines) });
    assert.equal(outcome.kind, 'finished');
    assert.ok(provider.requests.length > 2);
    for (const { turns } of provider.requests.slice(1)) {
      const last = turns.at(-1);
      assert.equal(last?.role === 'tool' && last.results.length, 12);
    }
    assert.match(provider.resultsIn(provider.requests.length - 1), /\[cut: \d+ more characters\]/);
  });

  it('ends with the problem when nothing is left to take out', async () => {
    const provider = new ScriptedProvider(...readsOf(3), [fail('context-too-long', false)]);
    const { outcome } = await run(provider, { copy: new MemoryCopy(files(3)) });
    assert.equal(outcome.kind === 'failed' && outcome.problem.code, 'context-too-long');
    assert.ok(provider.requests.length <= 8, `${provider.requests.length}`);
  });

  it('loses its early steps to an account where condensing is not enough', async () => {
    const writes = Array.from({ length: 12 }, (_, n) => [
      { type: 'text', text: `Writing ${n}.` } as const,
      { type: 'tool-call', call: call('write_file', { path: `g${n}.ts`, content: 'y'.repeat(3_000) }) } as const,
      {
        type: 'end',
        reason: 'tool-calls',
        usage: { input: 0, cachedInput: 0, output: 5, reasoning: 0 },
        opaque: { n },
      } as const,
    ]);
    const provider = new ScriptedProvider(...writes, answer('Done.'));
    const { outcome } = await run(provider, { contextTokens: 14_000 });
    assert.equal(outcome.kind, 'finished');
    const last = provider.requests.at(-1)?.turns ?? [];
    assert.ok(last[1]?.role === 'user');
    assert.match(
      last[1].text,
      /^Your earlier steps were left out[\s\S]*You said: Writing 0\.\n- write_file g0\.ts: new, 1 line/,
    );
    assertPaired(last);
    assert.ok(sizeOf(last) < 25_000);
    assert.ok(rewrites(provider) <= 4, `${rewrites(provider)} rewrites`);
  });
});

describe('A repeated read', () => {
  const read = () => answer('', [call('read_file', { path: 'src/f0.ts' })]);

  it('of an unchanged file is answered with a pointer, and of a changed one with the file', async () => {
    const provider = new ScriptedProvider(
      read(),
      read(),
      answer('', [call('edit_file', { path: 'src/f0.ts', oldText: '// 0', newText: '// zero' })]),
      read(),
      read(),
      answer('Done.'),
    );
    await run(provider, { copy: new MemoryCopy(files(1)) });
    assert.match(provider.resultsIn(1), /xxxx/);
    assert.equal(
      provider.resultsIn(2),
      'Unchanged: the same as the result of read_file src/f0.ts in step 1, which still stands above.',
    );
    assert.match(provider.resultsIn(4), /zero\n2\txxxx/);
    assert.match(provider.resultsIn(5), /in step 4, which still stands above/);
  });

  it('gets the file again once the earlier result was condensed', async () => {
    const provider = new ScriptedProvider(...readsOf(6), [fail('context-too-long', false)], read(), answer('Done.'));
    await run(provider, { copy: new MemoryCopy(files(6)) });
    assert.match(provider.resultsIn(8), /xxxx/);
  });
});
