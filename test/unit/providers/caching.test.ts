import assert from 'node:assert/strict';
import type { Turn } from '../../../src/core/providers/provider.ts';
import { answering, collect, providerAt, requestOf, type ServiceId, user } from './wire.ts';

const never = new AbortController().signal;

/** The body that an adapter sends, as its bytes say. */
async function sent(id: ServiceId, turns: readonly Turn[], more: object = {}): Promise<string> {
  const server = await answering(500, '{}');
  await collect((await providerAt(id, server.url)).stream({ ...requestOf(id, ...turns), ...more }, never));
  await server.close();
  return JSON.stringify(server.received[0]?.body);
}

/** The first turns of a run in which each step is one call. */
function steps(count: number): readonly Turn[] {
  const pairs = Array.from({ length: count }, (_, step): readonly Turn[] => {
    const id = `call_${step}`;
    return [
      { role: 'assistant', text: `Step ${step}.`, toolCalls: [{ id, name: 'read_file', arguments: '{"path":"a"}' }] },
      { role: 'tool', results: [{ callId: id, name: 'read_file', content: `File ${step}.`, isError: false }] },
    ];
  });
  return [user('Do it.'), ...pairs.flat()];
}

const marks = /,"cache_control":\{"type":"ephemeral"\}/g;

describe('what can be read from a cache', () => {
  it('is marked for anthropic at four places at most, and the last place is still marked a step later', async () => {
    for (const count of [0, 1, 2, 7]) {
      const body = await sent('anthropic', steps(count));
      assert.equal(body.match(marks)?.length, Math.min(4, count + 2));
    }
    const placesOf = async (count: number) => {
      const { messages } = JSON.parse(await sent('anthropic', steps(count)));
      const isMarked = (message: { content: object[] }) => 'cache_control' in (message.content.at(-1) ?? {});
      return messages.flatMap((message: { content: object[] }, index: number) => (isMarked(message) ? [index] : []));
    };
    assert.deepEqual(await placesOf(5), [0, 8, 10]);
    assert.deepEqual(await placesOf(6), [0, 10, 12]);
  });

  it('marks the tools only where no system prompt does it for them', async () => {
    const body = JSON.parse(await sent('anthropic', [user('hi')], { system: '' }));
    assert.deepEqual(body.tools[0].cache_control, { type: 'ephemeral' });
  });

  for (const id of ['openai', 'anthropic', 'google', 'openai-compatible'] as const) {
    it(`is, for ${id}, all that was sent a step before`, async () => {
      const [before, after] = [await sent(id, steps(3)), await sent(id, steps(4))].map((body) =>
        body.replaceAll(marks, ''),
      );
      // Only what closes the list and the body is not the beginning of more.
      assert.ok(before !== undefined && after?.startsWith(before.slice(0, -2)), `${before}\n${after}`);
    });
  }
});

describe('thinking with a budget', () => {
  const options = { options: { reasoningEffort: 'low' } };

  it('is not asked for in the middle of calls that began without it', async () => {
    assert.ok(!(await sent('anthropic', steps(1), options)).includes('budget_tokens'));
    assert.ok(
      (await sent('anthropic', [...steps(1), user('go on')], { ...options })).includes('budget_tokens') === false,
    );
    const settled: readonly Turn[] = [
      ...steps(1),
      { role: 'assistant', text: 'Done.', toolCalls: [] },
      user('And now?'),
    ];
    assert.ok((await sent('anthropic', settled, options)).includes('budget_tokens'));
  });
});
