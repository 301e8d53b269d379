import assert from 'node:assert/strict';
import type { ModelOptions } from '../../../src/core/domain.ts';
import type { Turn } from '../../../src/core/providers/provider.ts';
import { chunk, stream } from './chatStream.ts';
import { collect, listen, providerAt, requestOf, user } from './wire.ts';

const id = 'openai-compatible';
const never = new AbortController().signal;

/** The bodies that reach a service which refuses what `refuse` names in them. */
async function learned(
  refuse: (body: Record<string, unknown>) => string | undefined,
  options: ModelOptions,
  turns: Turn[],
) {
  const server = await listen((_request, response) => {
    const message = refuse(server.received.at(-1)?.body as Record<string, unknown>);
    response.writeHead(message ? 400 : 200, message ? { 'content-type': 'application/json' } : stream);
    response.end(message ? JSON.stringify({ error: { message } }) : chunk({ content: 'Hi' }, 'stop'));
  });
  const provider = await providerAt(id, server.url);
  const ask = () => collect(provider.stream({ ...requestOf(id, ...turns), options }, never));
  const first = await ask();
  const tries = server.received.length;
  await ask();
  await server.close();
  return {
    first,
    tries,
    again: server.received.length - tries,
    bodies: server.received.map(({ body }) => body as object),
  };
}

describe('a service that refuses part of a request', () => {
  const options = { maxOutputTokens: 9, temperature: 0.5, reasoningEffort: 'low' } as const;
  const refusals: Record<string, readonly [string, string]> = {
    stream_options: ['stream_options', 'Unrecognized request argument supplied: stream_options'],
    temperature: ['temperature', "Unsupported value: 'temperature' does not support 0.5 with this model."],
    reasoning_effort: ['reasoning_effort', 'Unrecognized request argument supplied: reasoning_effort'],
    max_tokens: ['max_tokens', "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."],
  };
  for (const [field, [name, message]] of Object.entries(refusals)) {
    it(`is asked again without ${field}, once, and never with it again`, async () => {
      const { first, tries, again, bodies } = await learned((body) => (name in body ? message : undefined), options, [
        user('hi'),
      ]);
      assert.equal(first.end.reason, 'stop', JSON.stringify(first.failure));
      assert.deepEqual([tries, again], [2, 1]);
      assert.ok(bodies[0] && name in bodies[0] && bodies[2] && !(name in bodies[2]));
    });
  }

  it('gets the limit under the name that it wants', async () => {
    const { bodies } = await learned(
      (body) => ('max_tokens' in body ? 'max_tokens is not supported' : undefined),
      options,
      [user('hi')],
    );
    assert.equal((bodies.at(-1) as Record<string, unknown>).max_completion_tokens, 9);
  });

  it('gets the system prompt from the user where it knows no system', async () => {
    const { bodies } = await learned(
      (body) =>
        JSON.stringify(body.messages).includes('"system"') ? "'messages[0].role' does not support 'system'" : undefined,
      {},
      [user('hi')],
    );
    // In one message, as models without a system prompt mostly want the two sides to take turns.
    assert.deepEqual((bodies.at(-1) as { messages: unknown[] }).messages, [
      { role: 'user', content: 'You are a test.\n\nhi' },
    ]);
  });

  it('is asked no more often than there are parts to leave out', async () => {
    const { first, tries } = await learned(
      () => 'stream_options, temperature not supported, reasoning_effort, max_tokens',
      options,
      [user('hi')],
    );
    assert.equal(first.failure?.problem.code, 'bad-request');
    assert.equal(tries, 6);
  });

  it('is not asked again when the conversation is too long', async () => {
    const long = "This model's maximum context length is 4096 tokens, of which max_tokens are 9.";
    const { first, tries } = await learned(() => long, options, [user('hi')]);
    assert.deepEqual([first.failure?.problem.code, tries], ['context-too-long', 1]);
  });

  it('keeps what the user set to a wrong value', async () => {
    const { first, tries } = await learned(() => "Invalid 'temperature': below minimum value.", options, [user('hi')]);
    assert.deepEqual([first.failure?.problem.code, tries], ['bad-request', 1]);
  });
});
