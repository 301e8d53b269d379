import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { UserError } from '../../../src/core/problem.ts';
import type { ModelEvent, ModelRequest, Turn } from '../../../src/core/providers/provider.ts';
import { createLanguageModelProvider, type LanguageModelApi } from '../../../src/vscode/languageModels.ts';

class TextPart {
  readonly value: string;
  constructor(value: string) {
    this.value = value;
  }
}
class ToolCallPart {
  readonly callId: string;
  readonly name: string;
  readonly input: object;
  constructor(callId: string, name: string, input: object) {
    this.callId = callId;
    this.name = name;
    this.input = input;
  }
}
class ToolResultPart {
  readonly callId: string;
  readonly content: readonly unknown[];
  constructor(callId: string, content: readonly unknown[]) {
    this.callId = callId;
    this.content = content;
  }
}
class CancellationTokenSource {
  readonly #listeners: (() => void)[] = [];
  readonly token = {
    isCancellationRequested: false,
    onCancellationRequested: (listener: () => void) => this.#listeners.push(listener),
  };
  cancel(): void {
    this.token.isCancellationRequested = true;
    for (const listener of this.#listeners) listener();
  }
  dispose(): void {}
}
const message = (role: string) => (content: unknown) => ({ role, content });

interface Sent {
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  readonly options: vscode.LanguageModelChatRequestOptions;
  readonly token: CancellationTokenSource['token'];
}

/** VS Code's API with one model, `copilot/fast`, that answers with these parts. */
function fakeApi(answer: (sent: Sent) => AsyncIterable<unknown>, change: Partial<vscode.LanguageModelChat> = {}) {
  const requests: Sent[] = [];
  const counted: unknown[] = [];
  const model = {
    vendor: 'copilot',
    id: 'fast',
    name: 'Fast',
    maxInputTokens: 64_000,
    sendRequest: async (messages: Sent['messages'], options: Sent['options'], token: Sent['token']) => {
      const sent = { messages, options, token };
      requests.push(sent);
      return { stream: answer(sent) };
    },
    countTokens: async (text: unknown) => {
      counted.push(text);
      return typeof text === 'string' ? text.length : 100;
    },
    ...change,
  };
  const api = {
    lm: {
      selectChatModels: async ({ vendor, id }: vscode.LanguageModelChatSelector) =>
        (vendor ?? 'copilot') === 'copilot' && (id ?? 'fast') === 'fast' ? [model] : [],
    },
    LanguageModelChatMessage: { User: message('user'), Assistant: message('assistant') },
    LanguageModelTextPart: TextPart,
    LanguageModelToolCallPart: ToolCallPart,
    LanguageModelToolResultPart: ToolResultPart,
    CancellationTokenSource,
  } as unknown as LanguageModelApi;
  return { provider: createLanguageModelProvider(api), requests, counted };
}

async function* parts(...list: readonly unknown[]): AsyncIterable<unknown> {
  yield* list;
}
// biome-ignore lint/correctness/useYield: a stream that fails before its first part.
async function* failing(error: unknown): AsyncGenerator<unknown> {
  throw error;
}
const lmError = (code: string, words = '', cause?: unknown) =>
  Object.assign(new Error(words), { name: 'LanguageModelError', code, cause });

const request: ModelRequest = {
  model: 'copilot/fast',
  system: 'Be brief.',
  turns: [{ role: 'user', text: 'Hello' }],
  tools: [{ name: 'read_file', description: 'Reads', parameters: { type: 'object' } }],
  options: {},
};
const live = () => new AbortController().signal;

async function collect(stream: AsyncIterable<ModelEvent>): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}
async function failureOf(error: unknown) {
  const { provider } = fakeApi(() => failing(error));
  const end = (await collect(provider.stream(request, live()))).at(-1);
  assert.ok(end?.type === 'end' && end.reason === 'error');
  return end.failure;
}

describe('VS Code’s language models', () => {
  it('stream text, thoughts and tool calls, and end once, with what was counted', async () => {
    const call = new ToolCallPart('1', 'read_file', { path: 'a.ts' });
    const thought = { value: ['I ', 'see'], metadata: {} };
    const { provider } = fakeApi(() => parts(new TextPart('Hi'), thought, { mimeType: 'image/png' }, call));
    assert.deepEqual(await collect(provider.stream(request, live())), [
      { type: 'text', text: 'Hi' },
      { type: 'reasoning', text: 'I see' },
      { type: 'tool-call', call: { id: '1', name: 'read_file', arguments: '{"path":"a.ts"}' } },
      {
        type: 'end',
        reason: 'tool-calls',
        // "Be brief." and one message of 100; the text, the thought and the call's arguments.
        usage: { input: 109, cachedInput: 0, output: 2 + 5 + 15, reasoning: 0 },
      },
    ]);
  });

  it('are sent the conversation with its calls and results, and the tools', async () => {
    const turns: Turn[] = [
      { role: 'user', text: 'Hello' },
      { role: 'assistant', text: 'Reading', toolCalls: [{ id: '1', name: 'read_file', arguments: '{"path":"a"}' }] },
      { role: 'tool', results: [{ callId: '1', name: 'read_file', content: 'text', isError: false }] },
    ];
    const { provider, requests } = fakeApi(() => parts(new TextPart('Done')));
    await collect(provider.stream({ ...request, turns }, live()));
    assert.deepEqual(requests[0]?.messages, [
      { role: 'user', content: 'Be brief.' },
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: [new TextPart('Reading'), new ToolCallPart('1', 'read_file', { path: 'a' })] },
      { role: 'user', content: [new ToolResultPart('1', [new TextPart('text')])] },
    ]);
    assert.deepEqual(requests[0]?.options.tools, [
      { name: 'read_file', description: 'Reads', inputSchema: { type: 'object' } },
    ]);
    assert.ok(requests[0]?.options.justification);
  });

  it('count each turn once, however often it is sent', async () => {
    const { provider, counted } = fakeApi(() => parts(new TextPart('ok')));
    await collect(provider.stream(request, live()));
    const before = counted.length;
    await collect(provider.stream(request, live()));
    assert.equal(counted.length - before, 2, 'the system prompt and the answer');
  });

  it('say nothing of usage where it can’t be counted', async () => {
    const countTokens = async () => {
      throw new Error('no tokenizer');
    };
    const { provider } = fakeApi(() => parts(new TextPart('ok')), { countTokens });
    const end = (await collect(provider.stream(request, live()))).at(-1);
    assert.deepEqual(end, {
      type: 'end',
      reason: 'stop',
      usage: { input: 0, cachedInput: 0, output: 0, reasoning: 0 },
    });
  });

  it('stop when aborted, and let VS Code know', async () => {
    const abort = new AbortController();
    const { provider, requests } = fakeApi(async function* ({ token }) {
      yield new TextPart('a');
      await new Promise<void>((resolve) => token.onCancellationRequested(resolve));
    });
    const events: ModelEvent[] = [];
    for await (const event of provider.stream(request, abort.signal)) {
      events.push(event);
      abort.abort();
    }
    assert.deepEqual(
      events.map((event) => (event.type === 'end' ? event.reason : event.type)),
      ['text', 'aborted'],
    );
    assert.equal(requests[0]?.token.isCancellationRequested, true);
  });

  it('send nothing when aborted before', async () => {
    const { provider, requests } = fakeApi(() => parts());
    const events = await collect(provider.stream(request, AbortSignal.abort()));
    assert.equal(events.length, 1);
    assert.deepEqual(requests, []);
  });

  for (const [error, code, retryable] of [
    [lmError('NoPermissions'), 'permission', false],
    [lmError('NotFound'), 'model-not-found', false],
    [lmError('Blocked'), 'rate-limited', false],
    [Object.assign(new Error('quota'), { name: 'ChatQuotaExceeded' }), 'rate-limited', false],
    [Object.assign(new Error('slow'), { name: 'ChatRateLimited' }), 'rate-limited', true],
    [lmError('Unknown', 'x', { status: 503 }), 'overloaded', true],
    [lmError('Unknown', 'x', { status: 401 }), 'authentication', false],
    [lmError('Unknown', 'Message exceeds token limit.'), 'context-too-long', false],
    [lmError('Unknown', 'x', Object.assign(new Error('x'), { code: 'ECONNRESET' })), 'network', true],
    [new Error('something of the extension’s'), 'overloaded', true],
  ] as const) {
    it(`fail as ${code} on ${JSON.stringify(error)} ${error.message}`, async () => {
      const failure = await failureOf(error);
      assert.equal(failure.problem.code, code);
      assert.equal(failure.retryable, retryable);
      assert.doesNotMatch(failure.problem.message, /\bkey\b|base URL/);
      assert.notEqual(failure.problem.action?.type, 'set-key');
    });
  }

  it('fail when the model is no longer there', async () => {
    const { provider, requests } = fakeApi(() => parts());
    const end = (await collect(provider.stream({ ...request, model: 'copilot/gone' }, live()))).at(-1);
    assert.ok(end?.type === 'end' && end.reason === 'error');
    assert.equal(end.failure.problem.code, 'model-not-found');
    assert.deepEqual(requests, []);
  });

  it('are listed by vendor and id, with how much they take', async () => {
    const { provider } = fakeApi(() => parts());
    assert.deepEqual(await provider.listModels(live()), [{ id: 'copilot/fast', label: 'Fast' }]);
    assert.equal(await provider.contextTokens?.('copilot/fast', live()), 64_000);
    assert.equal(await provider.contextTokens?.('copilot/gone', live()), undefined);
  });

  it('say what is wrong when they can’t be listed', async () => {
    const api = { lm: { selectChatModels: () => Promise.reject(lmError('Unknown', 'broken')) } };
    const provider = createLanguageModelProvider(api as unknown as LanguageModelApi);
    await assert.rejects(provider.listModels(live()), UserError);
    assert.equal(await provider.contextTokens?.('a/b', live()), undefined);
  });
});
