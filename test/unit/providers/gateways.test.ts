import assert from 'node:assert/strict';
import { answering, collect, providerAt, requestOf, type ServiceId, user } from './wire.ts';

const never = new AbortController().signal;
const stream = { 'content-type': 'text/event-stream' };

function sse(...events: readonly object[]): string {
  return events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
}

/** What an adapter makes of a body, and how often it asked for it. */
async function answered(id: ServiceId, body: string, status = 200, headers: Record<string, string> = stream) {
  const server = await answering(status, body, headers);
  const found = await collect((await providerAt(id, server.url)).stream(requestOf(id, user('hi')), never));
  await server.close();
  return { ...found, requests: server.received.length };
}

describe('a gateway that does not stream', () => {
  const call = { name: 'read_file', arguments: '{"path":"a"}' };
  const bodies: Readonly<Record<ServiceId, object>> = {
    openai: {
      object: 'response',
      status: 'completed',
      output: [
        { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.' }], encrypted_content: 'zzz' },
        { type: 'message', content: [{ type: 'output_text', text: 'Hi' }] },
        { type: 'function_call', call_id: 'a', ...call },
      ],
      usage: { input_tokens: 5, output_tokens: 2 },
    },
    anthropic: {
      type: 'message',
      content: [
        { type: 'thinking', thinking: 'Hm.', signature: 'zzz' },
        { type: 'text', text: 'Hi' },
        { type: 'tool_use', id: 'a', name: 'read_file', input: { path: 'a' } },
      ],
      stop_reason: 'tool_use',
      usage: { input_tokens: 5, output_tokens: 2 },
    },
    google: {
      candidates: [
        {
          content: {
            parts: [
              { text: 'Hm.', thought: true },
              { text: 'Hi' },
              { functionCall: { name: 'read_file', args: { path: 'a' } }, thoughtSignature: 'zzz' },
            ],
          },
          finishReason: 'STOP',
        },
      ],
      usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 2 },
    },
    'openai-compatible': {
      choices: [
        {
          message: {
            content: 'Hi',
            reasoning_content: 'Hm.',
            reasoning_opaque: 'zzz',
            tool_calls: [{ id: 'a', function: call }],
          },
          finish_reason: 'tool_calls',
        },
      ],
      usage: { prompt_tokens: 5, completion_tokens: 2 },
    },
  };
  for (const [id, body] of Object.entries(bodies)) {
    for (const text of [JSON.stringify(body), JSON.stringify(body, null, 2)]) {
      it(`in front of ${id} loses nothing with ${text.split('\n').length} lines`, async () => {
        const found = await answered(id as ServiceId, text, 200, { 'content-type': 'application/json' });
        assert.deepEqual([found.reasoning, found.text, found.end.reason], ['Hm.', 'Hi', 'tool-calls']);
        assert.deepEqual(
          [found.calls[0]?.name, JSON.parse(found.calls[0]?.arguments ?? '')],
          ['read_file', { path: 'a' }],
        );
        assert.deepEqual([found.end.usage.input, found.end.usage.output], [5, 2]);
        assert.ok(JSON.stringify(found.end.opaque).includes('zzz'));
      });
    }
  }

  it('in front of google is known after the first answer', async () => {
    const server = await answering(200, JSON.stringify([bodies.google]));
    const provider = await providerAt('google', server.url);
    for (let asked = 0; asked < 2; asked++) {
      assert.equal((await collect(provider.stream(requestOf('google', user('hi')), never))).text, 'Hi');
    }
    await server.close();
    assert.deepEqual(
      server.received.map(({ url }) => /:(\w+)/.exec(url)?.[1]),
      ['streamGenerateContent', 'generateContent', 'generateContent'],
    );
  });
});

describe('a gateway with habits of its own', () => {
  it('may begin a block of anthropic with its text, and leave its end out', async () => {
    const { text, calls, end } = await answered(
      'anthropic',
      sse(
        { type: 'message_start', message: { usage: { input_tokens: 7, output_tokens: 1 } } },
        { type: 'content_block_start', index: 0, content_block: { type: 'text', text: 'Hi' } },
        { type: 'content_block_start', index: 1, content_block: { type: 'tool_use', id: 'a', name: 'f', input: {} } },
        { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"x":1}' } },
        { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { input_tokens: null, output_tokens: 3 } },
        { type: 'message_stop' },
      ),
    );
    assert.deepEqual([text, calls[0]?.arguments, end.usage.input, end.usage.output], ['Hi', '{"x":1}', 7, 3]);
  });

  it('may send kinds of content that nobody has told us about, which are played back whole', async () => {
    const { end } = await answered(
      'anthropic',
      sse(
        { type: 'message_start', message: {} },
        { type: 'content_block_start', index: 0, content_block: { type: 'digest', words: 'a' } },
        { type: 'content_block_delta', index: 0, delta: { type: 'digest_delta', words: 'b', level: 2 } },
        { type: 'content_block_stop', index: 0 },
        { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
        { type: 'message_stop' },
      ),
    );
    assert.ok(JSON.stringify(end.opaque).includes('{"type":"digest","words":"ab","level":2}'));
  });

  it('may put an error at the top of its body, or into a list', async () => {
    const error = { message: 'The context length exceeded the limit: maximum context length is 9.', code: 400 };
    for (const body of [error, [{ error }], { error }]) {
      for (const id of ['openai', 'openai-compatible'] as const) {
        const { failure } = await answered(id, JSON.stringify(body), 400, {});
        assert.equal(failure?.problem.code, 'context-too-long', JSON.stringify([id, body]));
      }
    }
  });

  it('may send an error with the status of an answer', async () => {
    const error = { error: { type: 'overloaded_error', message: 'Overloaded' } };
    for (const id of ['openai', 'anthropic', 'google', 'openai-compatible'] as const) {
      for (const body of [JSON.stringify(error), sse(error)]) {
        const { failure } = await answered(id, body);
        assert.equal(failure?.problem.code, 'overloaded', `${id} ${body} ${JSON.stringify(failure)}`);
      }
    }
  });

  it('may end lines in any way, and leave the last one open', async () => {
    const events = sse(
      { choices: [{ delta: { content: 'Hi' } }] },
      { choices: [{ delta: {}, finish_reason: 'stop' }] },
    );
    for (const end of ['\n', '\r\n', '\r']) {
      const { text, end: last } = await answered(
        'openai-compatible',
        `: note\n${events.trimEnd()}`.replaceAll('\n', end),
      );
      assert.deepEqual([text, last.reason], ['Hi', 'stop']);
    }
  });
});
