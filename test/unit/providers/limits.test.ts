import assert from 'node:assert/strict';
import type { ModelOptions } from '../../../src/core/domain.ts';
import { collect, listen, providerAt, requestOf, type ServiceId, user } from './wire.ts';

const never = new AbortController().signal;

/** Asks a service twice that refuses with what `refuse` says of a body, and gives the fields of all bodies. */
async function asked(
  id: ServiceId,
  refuse: (body: Record<string, unknown>) => string | undefined,
  options: ModelOptions = {},
  model?: string,
) {
  const server = await listen((_request, response) => {
    const message = refuse(server.received.at(-1)?.body as Record<string, unknown>);
    response.writeHead(message ? 400 : 500, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ type: 'error', error: { type: 'invalid_request_error', message: message ?? 'Taken.' } }),
    );
  });
  const provider = await providerAt(id, server.url);
  const request = requestOf(id, user('hi'));
  const ask = () => collect(provider.stream({ ...request, options, model: model ?? request.model }, never));
  const { failure } = await ask();
  await ask();
  await server.close();
  return { failure, bodies: server.received.map(({ body }) => body as Record<string, unknown>) };
}

describe('the bound of an answer of anthropic', () => {
  const bounds = async (...args: Parameters<typeof asked>) =>
    (await asked(...args)).bodies.map((body) => body.max_tokens);
  const above = (limit: number, say: (tried: number) => string) => (body: Record<string, unknown>) =>
    Number(body.max_tokens) > limit ? say(Number(body.max_tokens)) : undefined;

  it("is the user's, or else the model's own", async () => {
    assert.deepEqual(await bounds('anthropic', () => undefined, { maxOutputTokens: 77 }), [77, 77]);
    const ofModel = async (model: string) => (await bounds('anthropic', () => undefined, {}, model))[0];
    assert.equal(await ofModel('claude-sonnet-4-5-20250929'), 64_000);
    assert.equal(await ofModel('claude-opus-4-20250514'), 32_000);
    assert.equal(await ofModel('claude-opus-4-1-20250805'), 32_000);
    assert.equal(await ofModel('claude-opus-4-5-20251101'), 64_000);
    assert.equal(await ofModel('claude-3-5-haiku-latest'), 8192);
    assert.equal(await ofModel('claude-3-haiku-20240307'), 4096);
  });

  it('is learned from the refusal of a higher one, once', async () => {
    const say = (tried: number) =>
      `max_tokens: ${tried} > 20000, which is the maximum allowed number of output tokens for this model`;
    assert.deepEqual(await bounds('anthropic', above(20_000, say)), [64_000, 20_000, 20_000]);
    assert.deepEqual(
      await bounds('anthropic', above(20_000, say), { maxOutputTokens: 30_000 }),
      [30_000, 20_000, 20_000],
    );
  });

  it('is lowered where the refusal names no number', async () => {
    assert.deepEqual(
      await bounds(
        'anthropic',
        above(5000, () => 'max_tokens is too large'),
      ),
      [64_000, 8192, 4096, 4096],
    );
  });

  it('is what the context has room for, for this one request', async () => {
    const say = (tried: number) =>
      `input length and \`max_tokens\` exceed context limit: 180000 + ${tried} > 200000, decrease`;
    assert.deepEqual(await bounds('anthropic', above(20_000, say)), [64_000, 20_000, 64_000, 20_000]);
  });

  it('does not help a conversation that leaves no room', async () => {
    const say = () => 'input length and `max_tokens` exceed context limit: 199900 + 64000 > 200000, decrease';
    const { failure, bodies } = await asked('anthropic', say);
    assert.equal(failure?.problem.code, 'context-too-long');
    assert.equal(bodies.length, 2);
  });

  it('is refused only so often', async () => {
    const { failure, bodies } = await asked('anthropic', () => 'max_tokens is wrong');
    assert.equal(failure?.problem.code, 'bad-request');
    assert.equal(bodies.length, 4);
  });
});

describe('the bound of an answer elsewhere', () => {
  it('is left out', async () => {
    for (const id of ['openai', 'google', 'openai-compatible'] as const) {
      const { bodies } = await asked(id, () => undefined);
      assert.doesNotMatch(JSON.stringify(bodies), /max_?(output_?)?tokens/i);
    }
  });
});

describe('anthropic', () => {
  it('is asked again without what a model refuses', async () => {
    const thinking = (body: object) =>
      'thinking' in body ? 'This model does not support thinking: not supported.' : undefined;
    const thought = await asked('anthropic', thinking, { reasoningEffort: 'low' });
    assert.deepEqual(
      thought.bodies.map((body) => 'thinking' in body),
      [true, false, false],
    );
    const warm = (body: object) => ('temperature' in body ? '`temperature` is deprecated for this model.' : undefined);
    assert.equal((await asked('anthropic', warm, { temperature: 1 })).bodies.length, 3);
  });
});

describe('openai', () => {
  it('is asked again without what a model refuses', async () => {
    const parts = {
      temperature: "Unsupported parameter: 'temperature' is not supported with this model.",
      include: 'Encrypted content is not supported with this model.',
      prompt_cache_key: 'Unknown parameter: prompt_cache_key',
      reasoning: "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
    };
    for (const [part, message] of Object.entries(parts)) {
      const refuse = (body: object) => (part in body ? message : undefined);
      const { bodies } = await asked('openai', refuse, { temperature: 1, reasoningEffort: 'low' });
      assert.deepEqual(
        bodies.map((body) => part in body),
        [true, false, false],
      );
    }
  });
});
