import assert from 'node:assert/strict';
import { LLMock } from '@copilotkit/aimock';
import { collect, models, providerAt, requestOf, serviceIds, user } from './wire.ts';

describe('the adapters against a mock of the services', () => {
  const mock = new LLMock({ port: 0, host: '127.0.0.1', logLevel: 'silent' });
  const never = new AbortController().signal;

  before(async () => {
    mock.addFixture({
      match: { userMessage: 'fix the bug', hasToolResult: false },
      response: {
        content: 'I will read the file.',
        toolCalls: [
          { id: 'call_1', name: 'read_file', arguments: '{"path":"a.txt"}' },
          { id: 'call_2', name: 'search', arguments: '{"q":"x"}' },
        ],
      },
    });
    mock.addFixture({ match: { userMessage: 'fix the bug', hasToolResult: true }, response: { content: 'All done.' } });
    mock.addFixture({
      match: { userMessage: 'hello' },
      response: { content: 'Hello to you, and to all.' },
      chunkSize: 5,
    });
    mock.addFixture({
      match: { userMessage: 'slow' },
      response: { content: 'word '.repeat(40) },
      latency: 50,
      chunkSize: 5,
    });
    mock.addFixture({
      match: { userMessage: 'cut' },
      response: { content: 'This will be cut short by a disconnect, really quite soon' },
      chunkSize: 4,
      latency: 10,
      truncateAfterChunks: 5,
    });
    mock.addFixture({
      match: { userMessage: 'limited' },
      response: { error: { message: 'Rate limited', type: 'rate_limit_error' }, status: 429, retryAfter: 3 },
    });
    mock.addFixture({
      match: { userMessage: 'overloaded' },
      response: { error: { message: 'Overloaded', type: 'overloaded_error' }, status: 529 },
    });
    mock.addFixture({
      match: { userMessage: 'broken' },
      response: { error: { message: 'boom', type: 'server_error' }, status: 500 },
    });
    mock.addFixture({
      match: { userMessage: 'stranger' },
      response: { error: { message: 'Incorrect API key', type: 'authentication_error' }, status: 401 },
    });
    mock.addFixture({
      match: { userMessage: 'short' },
      response: { content: 'half an answ', finishReason: 'length', usage: { prompt_tokens: 11, completion_tokens: 7 } },
    });
    mock.addFixture({ match: { userMessage: 'malformed' }, response: { content: 'x' }, chaos: { malformedRate: 1 } });
    await mock.start();
  });
  after(() => mock.stop());

  for (const id of serviceIds) {
    describe(id, () => {
      const ask = async (text: string, signal = never) =>
        collect((await providerAt(id, mock.url)).stream(requestOf(id, user(text)), signal));

      it('gives the text in pieces, then the end', async () => {
        const { text, events, end } = await ask('hello');
        assert.equal(text, 'Hello to you, and to all.');
        assert.ok(events.length > 3);
        assert.equal(end.reason, 'stop');
      });

      it('gives parallel tool calls whole, and goes on with their results', async () => {
        const first = await ask('fix the bug');
        assert.equal(first.end.reason, 'tool-calls');
        assert.equal(first.text, 'I will read the file.');
        assert.deepEqual(
          first.calls.map((call) => [call.name, JSON.parse(call.arguments)]),
          [
            ['read_file', { path: 'a.txt' }],
            ['search', { q: 'x' }],
          ],
        );
        assert.equal(new Set(first.calls.map((call) => call.id)).size, 2);

        const turns = [
          user('fix the bug'),
          { role: 'assistant', text: first.text, toolCalls: first.calls, opaque: first.end.opaque } as const,
          {
            role: 'tool',
            results: first.calls.map(({ id: callId, name }) => ({ callId, name, content: 'file', isError: false })),
          } as const,
        ];
        const second = await collect((await providerAt(id, mock.url)).stream(requestOf(id, ...turns), never));
        assert.equal(second.text, 'All done.');
        assert.equal(second.end.reason, 'stop');
      });

      it('says that the answer was too long', async () => {
        const { end } = await ask('short');
        assert.equal(end.reason, 'length');
        assert.equal(end.usage.input, 11);
        assert.equal(end.usage.output, 7);
      });

      it('says how long to wait after a 429, where the SDK lets it be seen', async () => {
        const { failure } = await ask('limited');
        assert.equal(failure?.problem.code, 'rate-limited');
        assert.equal(failure?.retryable, true);
        // Google's SDK keeps the headers to itself; the service says it in the body, which the mock leaves out.
        assert.equal(failure?.retryAfterMs, id === 'google' ? undefined : 3000);
      });

      it('calls a 529 overloaded, and a 500 worth another try', async () => {
        const overloaded = await ask('overloaded');
        assert.equal(overloaded.failure?.problem.code, 'overloaded');
        assert.equal(overloaded.failure?.retryable, true);
        const broken = await ask('broken');
        assert.equal(broken.failure?.problem.code, 'overloaded');
        assert.equal(broken.failure?.retryable, true);
      });

      it('asks for a new key after a 401', async () => {
        const { failure } = await ask('stranger');
        assert.equal(failure?.problem.code, 'authentication');
        assert.equal(failure?.retryable, false);
        assert.deepEqual(failure?.problem.action, { type: 'set-key', provider: id });
      });

      it('calls a cut stream a network failure worth another try', async () => {
        const { failure, events } = await ask('cut');
        assert.equal(failure?.problem.code, 'network', JSON.stringify(events));
        assert.equal(failure?.retryable, true);
      });

      it('calls a malformed body what it is', async () => {
        const { failure } = await ask('malformed');
        assert.equal(failure?.problem.code, 'malformed-answer', JSON.stringify(failure));
      });

      it('tries once only', async () => {
        const before = mock.getRequests().length;
        await ask('overloaded');
        assert.equal(mock.getRequests().length, before + 1);
      });

      it('stops in the middle of an answer', async () => {
        const abort = new AbortController();
        const provider = await providerAt(id, mock.url);
        let text = '';
        let reason = '';
        for await (const event of provider.stream(requestOf(id, user('slow')), abort.signal)) {
          if (event.type === 'text') {
            text += event.text;
            abort.abort();
          } else if (event.type === 'end') {
            reason = event.reason;
          }
        }
        assert.equal(reason, 'aborted');
        assert.ok(text.length > 0 && text.length < 200);
      });

      it('says nothing but aborted when it is stopped before it begins', async () => {
        const before = mock.getRequests().length;
        const { events } = await ask('hello', AbortSignal.abort());
        assert.deepEqual(
          events.map((event) => (event.type === 'end' ? event.reason : event.type)),
          ['aborted'],
        );
        assert.equal(mock.getRequests().length, before);
      });

      it('sends the model by the name it was given', async () => {
        await ask('hello');
        assert.ok(JSON.stringify(mock.getRequests().at(-1)).includes(models[id]));
      });
    });
  }
});
