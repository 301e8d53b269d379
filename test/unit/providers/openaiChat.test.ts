import assert from 'node:assert/strict';
import { UserError } from '../../../src/core/problem.ts';
import { createProvider } from '../../../src/core/providers/createProvider.ts';
import { chunk, stream, whole } from './chatStream.ts';
import { answering, collect, providerAt, requestOf, secretKey, user } from './wire.ts';

const id = 'openai-compatible';
const never = new AbortController().signal;

/** What comes out of a stream of these chunks. */
async function answered(...chunks: readonly string[]) {
  const server = await answering(200, chunks.join(''), stream);
  const found = await collect((await providerAt(id, server.url)).stream(requestOf(id, user('hi')), never));
  await server.close();
  return found;
}

function callPiece(piece: object): string {
  return chunk({ tool_calls: [piece] });
}

const done = 'data: [DONE]\n\n';

describe('a chat completion', () => {
  it('gives its calls whole, however they are numbered, named and cut', async () => {
    const forms: Record<string, readonly string[]> = {
      'by index': [
        callPiece({ index: 0, id: 'a', function: { name: 'read_file', arguments: '' } }),
        callPiece({ index: 1, id: 'b', function: { name: 'read_file', arguments: '{"path":' } }),
        callPiece({ index: 0, function: { arguments: '{"path":"a"}' } }),
        callPiece({ index: 1, function: { arguments: '"a"}' } }),
      ],
      'whole, all with the same index': [
        callPiece({ index: 0, id: 'a', function: whole }),
        callPiece({ index: 0, id: 'b', function: whole }),
      ],
      'without any index': [callPiece({ id: 'a', function: whole }), callPiece({ id: 'b', function: whole })],
      'without index or id': [callPiece({ function: whole }), callPiece({ function: whole })],
      'with the same id twice': [
        callPiece({ index: 0, id: 'a', function: whole }),
        callPiece({ index: 1, id: 'a', function: whole }),
      ],
      'with id and name again in each piece': ['a', 'b'].flatMap((call, index) => [
        callPiece({ index, id: call, function: { name: 'read_file', arguments: '{"path":' } }),
        callPiece({ index, id: call, function: { name: 'read_file', arguments: '"a"}' } }),
      ]),
      'with arguments that are an object': [
        chunk({ tool_calls: [0, 1].map((index) => ({ index, function: { ...whole, arguments: { path: 'a' } } })) }),
      ],
    };
    for (const [form, chunks] of Object.entries(forms)) {
      const { calls, end } = await answered(...chunks, chunk({}, 'stop'), done);
      assert.deepEqual(
        calls.map(({ name, arguments: json }) => [name, JSON.parse(json)]),
        [
          ['read_file', { path: 'a' }],
          ['read_file', { path: 'a' }],
        ],
        form,
      );
      assert.equal(new Set(calls.map((call) => call.id)).size, 2, form);
      assert.ok(calls.every((call) => call.id !== ''));
      assert.equal(end.reason, 'tool-calls', form);
    }
  });

  it('takes the old way of calling, and a call without arguments', async () => {
    const old = chunk({ function_call: { name: 'read_file', arguments: '' } });
    const { calls } = await answered(old, chunk({}, 'function_call'), done);
    assert.deepEqual([calls[0]?.name, calls[0]?.arguments, calls.length], ['read_file', '{}', 1]);
  });

  it('drops a call that was cut by the limit, and keeps one that was whole', async () => {
    const { calls, end } = await answered(
      callPiece({ index: 0, id: 'a', function: whole }),
      callPiece({ index: 1, id: 'b', function: { name: 'read_file', arguments: '{"pa' } }),
      chunk({}, 'length'),
    );
    assert.deepEqual(
      calls.map((call) => call.id),
      ['a'],
    );
    assert.equal(end.reason, 'length');
  });

  it('hands a call with broken arguments on, for the model to be told', async () => {
    const { calls } = await answered(
      callPiece({ id: 'a', function: { name: 'f', arguments: '{"a' } }),
      chunk({}, 'stop'),
    );
    assert.equal(calls[0]?.arguments, '{"a');
  });

  it('shows reasoning under any of its names, and content in pieces', async () => {
    for (const field of ['reasoning_content', 'reasoning', 'thinking']) {
      const { reasoning, text } = await answered(chunk({ [field]: 'Hm.' }), chunk({ content: 'Ah.' }, 'stop'), done);
      assert.deepEqual([reasoning, text], ['Hm.', 'Ah.']);
    }
    const content = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] },
      { type: 'text', text: 'Ah.' },
    ];
    const pieces = await answered(chunk({ content }, 'stop'), done);
    assert.deepEqual([pieces.reasoning, pieces.text], ['Hm.', 'Ah.']);
  });

  it('knows how it ended', async () => {
    const text = chunk({ content: 'Hi' });
    assert.equal((await answered(text, chunk({}, 'stop'))).end.reason, 'stop');
    assert.equal((await answered(text, done)).end.reason, 'stop');
    assert.equal((await answered(text, chunk({}, 'model_length'))).end.reason, 'length');
    assert.equal((await answered(text, chunk({}, 'content_filter'))).end.reason, 'refusal');
    assert.equal((await answered(chunk({ refusal: 'No.' }), chunk({}, 'stop'), done)).end.reason, 'refusal');
    assert.equal((await answered(text)).failure?.problem.code, 'network');
    assert.equal((await answered(text, chunk({}, 'error'))).failure?.problem.code, 'overloaded');
    assert.equal(
      (await answered(text, 'data: {"choices": [{"delta"\n\n', done)).failure?.problem.code,
      'malformed-answer',
    );
  });

  it('may come whole where the service does not stream', async () => {
    const message = { role: 'assistant', content: 'Hi', tool_calls: [{ id: 'a', type: 'function', function: whole }] };
    const body = {
      choices: [{ message, finish_reason: 'tool_calls' }],
      usage: { prompt_tokens: 5, completion_tokens: 2 },
    };
    const { text, calls, end } = await answered(JSON.stringify(body, null, 1));
    assert.deepEqual([text, calls.length, end.reason, end.usage.input], ['Hi', 1, 'tool-calls', 5]);
  });

  it('that is an error in the middle is read as what it says', async () => {
    const error = `data: ${JSON.stringify({ error: { code: 429, message: 'Rate limited. Try again in 2s.' } })}\n\n`;
    const { failure } = await answered(chunk({ content: 'Hi' }), error);
    assert.deepEqual([failure?.problem.code, failure?.retryAfterMs], ['rate-limited', 2000]);
    const plain = await answered(`data: ${JSON.stringify({ error: 'model "x" does not support tools' })}\n\n`);
    assert.equal(plain.failure?.lacksTools, true);
  });

  it('is counted in each way that services count', async () => {
    const usage = async (counts: object) => (await answered(chunk({}, 'stop', { usage: counts }))).end.usage;
    assert.deepEqual(
      await usage({
        prompt_tokens: 100,
        completion_tokens: 20,
        total_tokens: 120,
        prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 30 },
        completion_tokens_details: { reasoning_tokens: 5 },
      }),
      { input: 100, cachedInput: 60, cacheWrite: 30, output: 20, reasoning: 5 },
    );
    // Reasoning counted beside the rest of the output.
    const beside = {
      prompt_tokens: 9,
      completion_tokens: 1,
      total_tokens: 40,
      completion_tokens_details: { reasoning_tokens: 30 },
    };
    assert.deepEqual(await usage(beside), { input: 9, cachedInput: 0, output: 31, reasoning: 30 });
    assert.equal((await usage({ prompt_tokens: 9, prompt_cache_hit_tokens: 4 })).cachedInput, 4);
  });
});

describe('a chat service', () => {
  it('without a key is asked without one', async () => {
    const server = await answering(200, chunk({ content: 'Hi' }, 'stop'), stream);
    const { end } = await collect((await providerAt(id, server.url, '')).stream(requestOf(id, user('hi')), never));
    await server.close();
    assert.equal(end.reason, 'stop');
    assert.equal(server.received[0]?.headers.authorization, undefined);
  });

  it('that wants a key after all says so', async () => {
    const server = await answering(401, '{"error":{"message":"No key"}}');
    const { failure } = await collect((await providerAt(id, server.url, '')).stream(requestOf(id, user('hi')), never));
    await server.close();
    assert.match(failure?.problem.message ?? '', /^127\.0\.0\.1:\d+ wants an API key\./);
    assert.deepEqual(failure?.problem.action, { type: 'set-key', provider: id });
  });

  it('that is not there is named by where it was looked for', async () => {
    const server = await answering(200, '');
    await server.close();
    const { failure } = await collect((await providerAt(id, server.url)).stream(requestOf(id, user('hi')), never));
    assert.match(failure?.problem.message ?? '', /^127\.0\.0\.1:\d+ can't be reached: .*Is the server running\?/);
    assert.ok(!JSON.stringify(failure).includes(secretKey));
  });

  it('has to have an address', async () => {
    for (const baseUrl of [undefined, '', 'nonsense', 'file:///etc/passwd']) {
      await assert.rejects(
        createProvider(id, { apiKey: '', ...(baseUrl !== undefined && { baseUrl }) }),
        (error) => error instanceof UserError && /base URL/.test(error.message),
      );
    }
  });

  it('is no adapter for the models of VS Code, which the shell has', async () => {
    await assert.rejects(createProvider('vscode', { apiKey: '' }), /shell/);
  });

  it('may have a query in its address', async () => {
    const server = await answering(200, chunk({ content: 'Hi' }, 'stop'), stream);
    const provider = await createProvider(id, {
      apiKey: 'k',
      baseUrl: `${server.url}/deployments/d/?api-version=2024-10-21`,
    });
    await collect(provider.stream(requestOf(id, user('hi')), never));
    await server.close();
    assert.equal(server.received[0]?.url, '/deployments/d/chat/completions?api-version=2024-10-21');
  });

  it('lists its models with what it tells of them', async () => {
    const lists = {
      wrapped: { data: [{ id: 'qwen3-instruct', created: 2, max_model_len: 4096 }, { id: 'nomic-embed-text' }] },
      bare: [{ id: 'qwen3-instruct', context_length: 4096, name: 'qwen3-instruct' }],
    };
    for (const list of Object.values(lists)) {
      const server = await answering(200, JSON.stringify(list));
      const models = await (await providerAt(id, server.url)).listModels(never);
      await server.close();
      assert.deepEqual(models, [{ id: 'qwen3-instruct', label: 'qwen3-instruct', contextTokens: 4096 }]);
    }
  });
});
