import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import type { Turn } from '../../../src/core/providers/provider.ts';
import { chunk, stream, whole } from './chatStream.ts';
import { answering, collect, listen, providerAt, requestOf, user } from './wire.ts';

const id = 'openai-compatible';
const never = new AbortController().signal;

describe('what is played back to a chat service', () => {
  const reasoned = [
    chunk({ reasoning_content: 'The user ' }),
    chunk({ reasoning_content: 'asks.' }),
    chunk({
      tool_calls: [{ index: 0, id: 'a', function: whole, extra_content: { google: { thought_signature: 'c2ln' } } }],
    }),
    chunk({}, 'tool_calls'),
  ];

  /** The messages of a second request to the same service, or to `elsewhere`. */
  async function playedBack(chunks: readonly string[], elsewhere?: { model?: string; isOtherService?: boolean }) {
    const server = await answering(200, chunks.join(''), stream);
    const other = await answering(200, '', stream);
    const { text, calls, end } = await collect(
      (await providerAt(id, server.url)).stream(requestOf(id, user('hi')), never),
    );
    const turn: Turn = { role: 'assistant', text, toolCalls: calls, opaque: end.opaque };
    const results: Turn = {
      role: 'tool',
      results: calls.map((call) => ({ callId: call.id, name: call.name, content: 'file', isError: false })),
    };
    const next = elsewhere?.isOtherService ? other : server;
    const request = requestOf(id, user('hi'), turn, results);
    await collect(
      (await providerAt(id, next.url)).stream({ ...request, model: elsewhere?.model ?? request.model }, never),
    );
    await Promise.all([server.close(), other.close()]);
    const body = next.received.at(-1)?.body as { messages: Record<string, unknown>[] } | undefined;
    return body?.messages ?? [];
  }

  it('has the reasoning and the signatures of its calls', async () => {
    assert.deepEqual((await playedBack(reasoned)).slice(2), [
      {
        role: 'assistant',
        content: '',
        tool_calls: [
          { id: 'a', type: 'function', function: whole, extra_content: { google: { thought_signature: 'c2ln' } } },
        ],
        reasoning_content: 'The user asks.',
      },
      { role: 'tool', tool_call_id: 'a', content: 'file' },
    ]);
  });

  it('has none of it for another model or another service', async () => {
    for (const elsewhere of [{ model: 'other' }, { isOtherService: true }]) {
      const text = JSON.stringify(await playedBack(reasoned, elsewhere));
      assert.ok(text.includes('read_file') && !/asks|c2ln/.test(text), text);
    }
  });

  it('puts the details of reasoning together again', async () => {
    const detail = (more: object) => chunk({ reasoning_details: [{ type: 'reasoning.text', index: 0, ...more }] });
    const messages = await playedBack([
      detail({ text: 'The ', signature: null }),
      detail({ text: 'user.' }),
      detail({ signature: 'sig' }),
      chunk({ reasoning_details: [{ type: 'reasoning.encrypted', data: 'zzz', index: 1 }] }),
      chunk({ reasoning_details: [{ type: 'reasoning.encrypted', data: 'yyy', index: 1 }] }),
      ...reasoned.slice(2),
    ]);
    assert.deepEqual(messages[2]?.reasoning_details, [
      { type: 'reasoning.text', index: 0, text: 'The user.', signature: 'sig' },
      { type: 'reasoning.encrypted', data: 'zzz', index: 1 },
      { type: 'reasoning.encrypted', data: 'yyy', index: 1 },
    ]);
  });

  it('leaves the reasoning out for a service that refuses its own', async () => {
    const opaque = {
      provider: id,
      model: 'qwen3-coder',
      calls: ['a'],
      items: [{ role: 'assistant', content: '', reasoning_content: 'Hm.' }],
    };
    const turn: Turn = { role: 'assistant', text: '', toolCalls: [{ id: 'a', ...whole }], opaque };
    const refuse = (body: object) =>
      JSON.stringify(body).includes('Hm.') ? "property 'reasoning_content' is unsupported" : undefined;
    const server = await listen((_request, response: ServerResponse) => {
      const message = refuse(server.received.at(-1)?.body as object);
      response.writeHead(message ? 400 : 200, message ? { 'content-type': 'application/json' } : stream);
      response.end(message ? JSON.stringify({ message }) : chunk({ content: 'Hi' }, 'stop'));
    });
    const kept = { ...turn, opaque: { ...opaque, service: new URL(server.url).host } };
    const { end } = await collect((await providerAt(id, server.url)).stream(requestOf(id, user('hi'), kept), never));
    await server.close();
    assert.equal(end.reason, 'stop');
    assert.equal(server.received.length, 2);
  });
});
