import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { answering, collect, providerAt, requestOf, type ServiceId, user } from './wire.ts';

interface Recording {
  readonly provider: string;
  readonly name: string;
  readonly status: number;
  readonly response: string;
  readonly headers?: Readonly<Record<string, readonly string[]>>;
}

/** Recorded answers of the real services; they lie beside the project and are not part of it. */
const corpus = new URL('../../../../shared/corpora/wire/', import.meta.url);

const adapters: Readonly<Record<string, ServiceId>> = {
  anthropic: 'anthropic',
  gemini: 'google',
  'openai-chat': 'openai-compatible',
  'openai-compatible': 'openai-compatible',
  'openai-responses': 'openai',
};

/** What a recording has to be read as; `calls` are names and arguments. */
interface Reading {
  readonly reason: string;
  readonly text?: RegExp;
  readonly reasoning?: RegExp;
  readonly calls?: readonly (readonly [string, unknown])[];
  /** Words that must be in what is played back. */
  readonly kept?: readonly string[];
  readonly code?: string;
  readonly retryAfterMs?: number;
  readonly retryable?: boolean;
}

const readings: Readonly<Record<string, Reading>> = {
  'anthropic/err-400-effort': { reason: 'error', code: 'bad-request', retryable: false },
  'anthropic/err-429-rate-limit': { reason: 'error', code: 'rate-limited', retryable: true },
  'anthropic/err-529-overloaded': { reason: 'error', code: 'overloaded', retryable: true },
  'anthropic/stream-duplicate-message-start': { reason: 'stop', text: /^Hello, World!$/ },
  'anthropic/stream-high-max-tokens': { reason: 'stop', text: /^2$/ },
  'anthropic/stream-redacted-thinking': {
    reason: 'stop',
    text: /I notice that/,
    kept: ['redacted_thinking', 'EqkECkYI'],
  },
  'anthropic/stream-refusal': { reason: 'refusal', calls: [] },
  'anthropic/stream-refusal-then-fallback-a': { reason: 'refusal', calls: [], text: /solar eclipses/ },
  'anthropic/stream-spliced-message-start': {
    reason: 'tool-calls',
    calls: [['test-tool', { value: 'Sparkle Day' }]],
    kept: ['sig-second', 'toolu_second'],
  },
  'anthropic/stream-text': { reason: 'stop', text: /^Hello! I'm doing well/ },
  'anthropic/stream-thinking': {
    reason: 'stop',
    reasoning: /pedestrian safety/,
    kept: ['EvMCCkYICxgCKkCHP2cSuEdcJK', '"signature"'],
  },
  'anthropic/stream-tool-no-args': { reason: 'tool-calls', calls: [['updateIssueList', {}]] },
  'anthropic/stream-tool-use': { reason: 'tool-calls', kept: ['server_tool_use', 'tool_search_tool_result'] },
  'anthropic/stream-truncated-tool-json': { reason: 'length', calls: [], text: /tax guide/ },
  'gemini/err-429-retry-info': { reason: 'error', code: 'rate-limited', retryable: true, retryAfterMs: 34_400 },
  'gemini/err-503-overloaded': { reason: 'error', code: 'overloaded', retryable: true },
  'gemini/json-cached-content': { reason: 'stop', calls: [] },
  'gemini/json-max-tokens-empty-thinking': { reason: 'length', text: /^$/, calls: [] },
  'gemini/stream-finish-safety': { reason: 'refusal', text: /^No$/ },
  'gemini/stream-partial-args': {
    reason: 'tool-calls',
    calls: [
      ['getWeather', { location: 'Boston' }],
      ['getWeather', { location: 'San Francisco' }],
    ],
    kept: ['CiMBjz1rX25KieIB4d4AwFn8'],
  },
  'gemini/stream-partial-args-missing-terminal': {
    reason: 'tool-calls',
    calls: [
      [
        'writeItems',
        {
          operations: [
            { action: 'add', description: 'Fresh red apple', itemid: 'apple_001', price: 0.5 },
            { action: 'add', description: 'Ripe yellow banana', itemid: 'banana_001', price: 0.3 },
          ],
        },
      ],
    ],
    kept: ['AY89a19ZkXSMGh'],
  },
  'gemini/stream-prompt-blocked': { reason: 'refusal', text: /^$/ },
  'gemini/stream-reasoning': { reason: 'stop', text: /There are \*\*3\*\*/, kept: ['EpAICo0IAb4'] },
  'gemini/stream-thinking-parts': {
    reason: 'stop',
    reasoning: /Clarifying User Goals/,
    text: /^This is a great question/,
    kept: ['CiIB0e2Kb6Syj1a961EfbWv4W5C8RgAA'],
  },
  'gemini/stream-tool-gemini3': {
    reason: 'tool-calls',
    calls: [['weather', { location: 'San Francisco' }]],
    kept: ['EpEgCo4gAb4'],
  },
  'anthropic/json-parallel-tool-use': {
    reason: 'tool-calls',
    text: /^I'll help you find out/,
    calls: ['Alice', 'Bob', 'Charlie', 'Daisy'].map((name) => ['retrieve_entity_info', { name }] as const),
  },
  'openai-chat/err-400-reasoning-legacy-param': { reason: 'error', code: 'bad-request', retryable: false },
  'openai-chat/err-400-unsupported-role': { reason: 'error', code: 'bad-request', retryable: false },
  'openai-chat/err-404-model-not-found': { reason: 'error', code: 'model-not-found', retryable: false },
  'openai-chat/err-429-try-again': { reason: 'error', code: 'rate-limited', retryable: true, retryAfterMs: 174 },
  'openai-chat/stream-azure-model-router': { reason: 'stop', text: /^Capital of Denmark\.$/ },
  'openai-chat/stream-parallel-tool-calls': { reason: 'tool-calls', calls: [['get_capital', { country: 'UK' }]] },
  'openai-chat/stream-text': { reason: 'stop', text: /\w/ },
  'openai-compatible/deepseek-stream-tool-call': {
    reason: 'tool-calls',
    reasoning: /^The user is asking/,
    calls: [['weather', { location: 'San Francisco' }]],
    kept: ['"reasoning_content":"The user is asking'],
  },
  'openai-compatible/groq-400-tool-use-failed': { reason: 'error', code: 'malformed-answer', retryable: true },
  'openai-compatible/groq-stream-tool-call': { reason: 'tool-calls', calls: [['weather', {}]] },
  // The error says again what the finish reason has said before it.
  'openai-compatible/openrouter-stream-error': { reason: 'length', reasoning: /^We need to respond/, calls: [] },
  'openai-responses/err-400-http': { reason: 'error', code: 'bad-request', retryable: false },
  'openai-responses/stream-apply-patch-create': {
    reason: 'tool-calls',
    calls: [
      [
        'apply_patch',
        {
          patch: [
            '*** Begin Patch',
            '*** Add File: shopping-checklist.md',
            ...['+## Shopping Checklist', '+', '+- [ ] Milk', '+- [ ] Bread', '+- [ ] Eggs', '+- [ ] Fresh fruit'],
            '+- [ ] Coffee',
            '*** End Patch',
          ].join('\n'),
        },
      ],
    ],
    kept: ['apply_patch_call'],
  },
  'openai-responses/stream-copilot-id-rotation': {
    reason: 'stop',
    text: /^There are \*\*3\*\*/,
    reasoning: /Counting character/,
  },
  'openai-responses/stream-custom-tool': {
    reason: 'tool-calls',
    calls: [['write_sql', { input: 'SELECT * FROM users WHERE age > 25' }]],
    kept: ['custom_tool_call'],
  },
  'openai-responses/stream-function-call': {
    reason: 'tool-calls',
    calls: [['get_capital', { country: 'France' }]],
    kept: ['call_kL0PCQV7M2WMoVX8V8OtYSAL'],
  },
  'openai-responses/stream-phase-function-call': {
    reason: 'tool-calls',
    calls: [['get_capital', { country: 'PotatoLand' }]],
    kept: ['gAAAAABqaR3-pGgSyJcPT3y2', '"phase":"commentary"'],
  },
  // It holds two streams, one after the other: what counts is over with the first last event.
  'openai-responses/stream-reasoning-encrypted': {
    reason: 'tool-calls',
    reasoning: /^\*\*Calculating/,
    kept: ['gAAAAAB'],
  },
  'openai-responses/stream-text-after-tool': { reason: 'stop', text: /^The capital of France is Paris\.$/ },
};

describe('the recordings of the real services', () => {
  if (!existsSync(new URL('MANIFEST.json', corpus))) {
    it('are not here: shared/corpora/wire is not beside the checkout', function () {
      this.skip();
    });
    return;
  }
  const recordings: readonly Recording[] = JSON.parse(readFileSync(new URL('MANIFEST.json', corpus), 'utf8'));
  for (const recording of recordings) {
    const id = adapters[recording.provider];
    const name = `${recording.provider}/${recording.name}`;
    if (!id) {
      continue;
    }
    it(`${name} is read as what it is`, async () => {
      const found = await play(id, recording);
      const expected = readings[name];
      assert.ok(expected, 'a recording without an expected reading');
      assert.equal(found.end.reason, expected.reason, JSON.stringify(found.end).slice(0, 1000));
      assert.match(found.text, expected.text ?? /(?:)/);
      assert.match(found.reasoning, expected.reasoning ?? /(?:)/);
      if (expected.calls) {
        assert.deepEqual(
          found.calls.map((call) => [call.name, JSON.parse(call.arguments)]),
          expected.calls,
        );
      }
      for (const call of found.calls) {
        assert.doesNotThrow(() => JSON.parse(call.arguments));
        assert.notEqual(call.id, '');
      }
      for (const words of expected.kept ?? []) {
        assert.ok(JSON.stringify(found.end.opaque)?.includes(words), words);
      }
      assert.equal(found.failure?.problem.code, expected.code);
      assert.equal(found.failure?.retryable, expected.retryable);
      assert.equal(found.failure?.retryAfterMs, expected.retryAfterMs);
    });
  }

  it('count the tokens that the services counted', async () => {
    const usageOf = async (name: string) => {
      const recording = recordings.find((each) => `${each.provider}/${each.name}` === name);
      const id = recording && adapters[recording.provider];
      assert.ok(recording && id);
      return (await play(id, recording)).end.usage;
    };
    assert.deepEqual(await usageOf('gemini/stream-tool-gemini3'), {
      input: 29,
      cachedInput: 0,
      output: 819,
      reasoning: 804,
    });
    assert.deepEqual(await usageOf('anthropic/stream-text'), {
      input: 12,
      cachedInput: 0,
      cacheWrite: 0,
      output: 30,
      reasoning: 0,
    });
    assert.deepEqual(await usageOf('openai-compatible/deepseek-stream-tool-call'), {
      input: 339,
      cachedInput: 320,
      output: 83,
      reasoning: 39,
    });
    assert.equal((await usageOf('gemini/json-cached-content')).cachedInput, 594);
    assert.ok((await usageOf('openai-responses/stream-phase-function-call')).output > 0);
  });
});

async function play(id: ServiceId, { status, headers, response }: Recording) {
  const bytes = readFileSync(new URL(response, corpus));
  const recorded = Object.entries(headers ?? {}).map(([name, values]) => [name, values[0] ?? ''] as const);
  const type = response.endsWith('.sse') ? 'text/event-stream' : 'application/json';
  return playBytes(id, status, bytes, { 'content-type': type, ...Object.fromEntries(recorded) });
}

async function playBytes(id: ServiceId, status: number, bytes: string | Buffer, headers: Record<string, string>) {
  const server = await answering(status, bytes, headers);
  try {
    const provider = await providerAt(id, server.url);
    return await collect(provider.stream(requestOf(id, user('hi')), new AbortController().signal));
  } finally {
    await server.close();
  }
}
