import assert from 'node:assert/strict';
import type { ModelOptions } from '../../../src/core/domain.ts';
import type { Turn } from '../../../src/core/providers/provider.ts';
import { answering, collect, providerAt, requestOf, type ServiceId, serviceIds, user } from './wire.ts';

const never = new AbortController().signal;

/** The body that an adapter sends for a conversation. */
async function sent(id: ServiceId, turns: readonly Turn[], options: ModelOptions = {}, model?: string) {
  const server = await answering(500, '{}');
  const request = requestOf(id, ...turns);
  const provider = await providerAt(id, server.url);
  await collect(provider.stream({ ...request, options, model: model ?? request.model }, never));
  await server.close();
  return server.received[0]?.body;
}

/** What is at a path like `tools.0.strict`. */
function at(body: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((place, key) => (place as Record<string, unknown> | undefined)?.[key], body);
}

/** What an answer in that wire's own words leaves in `opaque`, and as what it is played back. */
async function answered(id: ServiceId, stream: string) {
  const server = await answering(200, stream, { 'content-type': 'text/event-stream' });
  const { text, calls, end } = await collect(
    (await providerAt(id, server.url)).stream(requestOf(id, user('hi')), never),
  );
  await server.close();
  return { role: 'assistant', text, toolCalls: calls, opaque: end.opaque } as const;
}

function result(callId: string, content = 'file', isError = false): Turn {
  return { role: 'tool', results: [{ callId, name: 'read_file', content, isError }] };
}

function sse(...events: readonly Record<string, unknown>[]): string {
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

const call = { id: 'call_1', name: 'read_file', arguments: '{"path":"a"}' };
const foreign = { role: 'assistant', text: 'Reading.', toolCalls: [call] } as const;

describe('what is sent to openai', () => {
  it('is stateless and asks for the reasoning back', async () => {
    const body = await sent('openai', [user('hi')], { reasoningEffort: 'high', maxOutputTokens: 99, temperature: 0.5 });
    assert.equal(at(body, 'store'), false);
    assert.deepEqual(at(body, 'include'), ['reasoning.encrypted_content']);
    assert.deepEqual(at(body, 'reasoning'), { effort: 'high' });
    assert.equal(at(body, 'max_output_tokens'), 99);
    assert.equal(at(body, 'temperature'), 0.5);
    assert.equal(at(body, 'instructions'), 'You are a test.');
    assert.equal(at(body, 'tools.0.strict'), false);
  });

  it('leaves reasoning out for models that have none', async () => {
    const body = await sent('openai', [user('hi')], { reasoningEffort: 'high' }, 'gpt-4.1');
    assert.deepEqual([at(body, 'include'), at(body, 'reasoning')], [undefined, undefined]);
  });

  it('plays reasoning back before the call it led to', async () => {
    const reasoning = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'secret-thoughts' };
    const asCalled = {
      type: 'function_call',
      id: 'fc_1',
      call_id: 'call_1',
      name: 'read_file',
      arguments: '{"path":"a"}',
    };
    const turn = await answered(
      'openai',
      sse(
        { type: 'response.output_item.done', item: reasoning },
        { type: 'response.output_item.done', item: { ...asCalled, status: 'completed' } },
        { type: 'response.completed', response: {} },
      ),
    );
    const body = await sent('openai', [user('hi'), turn, result('call_1')]);
    const { id: _id, ...withoutId } = asCalled;
    assert.deepEqual(at(body, 'input'), [
      { role: 'user', content: 'hi' },
      reasoning,
      withoutId,
      { type: 'function_call_output', call_id: 'call_1', output: 'file' },
    ]);
    const elsewhere = await sent('openai', [user('hi'), turn, result('call_1')], {}, 'o3');
    assert.ok(!JSON.stringify(elsewhere).includes('secret-thoughts'));
    assert.equal(at(elsewhere, 'input.1.type'), 'function_call');
  });
});

describe('a call of openai that has a form of its own', () => {
  const operation = { type: 'update_file', path: 'a.txt', diff: '@@\n-old\n+new\n' };
  const items = [
    { type: 'apply_patch_call', id: 'apc_1', call_id: 'call_1', status: 'completed', operation },
    {
      type: 'custom_tool_call',
      id: 'ct_1',
      call_id: 'call_2',
      name: 'apply_patch',
      input: 'text',
      status: 'completed',
    },
  ];

  it('becomes a call like any other, and is answered in its own form', async () => {
    const done = items.map((item) => ({ type: 'response.output_item.done', item }));
    const turn = await answered('openai', sse(...done, { type: 'response.completed', response: {} }));
    const patch = '*** Begin Patch\n*** Update File: a.txt\n@@\n-old\n+new\n*** End Patch';
    assert.deepEqual(turn.toolCalls, [
      { id: 'call_1', name: 'apply_patch', arguments: JSON.stringify({ patch }) },
      { id: 'call_2', name: 'apply_patch', arguments: JSON.stringify({ patch: 'text' }) },
    ]);
    const body = await sent('openai', [user('hi'), turn, result('call_1', 'No such line.', true), result('call_2')]);
    assert.deepEqual((at(body, 'input') as unknown[]).slice(1), [
      { type: 'apply_patch_call', call_id: 'call_1', status: 'completed', operation },
      { type: 'custom_tool_call', call_id: 'call_2', name: 'apply_patch', input: 'text' },
      { type: 'apply_patch_call_output', call_id: 'call_1', status: 'failed', output: 'No such line.' },
      { type: 'custom_tool_call_output', call_id: 'call_2', output: 'file' },
    ]);
    const elsewhere = await sent('openai', [user('hi'), turn, result('call_1')], {}, 'o3');
    assert.deepEqual([at(elsewhere, 'input.1.type'), at(elsewhere, 'input.1.name')], ['function_call', 'apply_patch']);
    assert.equal(at(elsewhere, 'input.3.type'), 'function_call_output');
  });
});

describe('what is sent to anthropic', () => {
  const cached = { type: 'ephemeral' };

  it('is marked for the cache after tools, system prompt and conversation', async () => {
    const body = await sent('anthropic', [user('hi'), foreign, result('call_1', 'no such file', true), user('go on')]);
    assert.deepEqual(at(body, 'system'), [{ type: 'text', text: 'You are a test.', cache_control: cached }]);
    assert.equal(at(body, 'tools.0.cache_control'), undefined);
    assert.deepEqual(at(body, 'messages'), [
      { role: 'user', content: [{ type: 'text', text: 'hi', cache_control: cached }] },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Reading.' },
          { type: 'tool_use', id: 'call_1', name: 'read_file', input: { path: 'a' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'call_1', content: 'no such file', is_error: true },
          { type: 'text', text: 'go on', cache_control: cached },
        ],
      },
    ]);
    assert.equal(at(body, 'max_tokens'), 64_000);
    assert.equal(at(body, 'thinking'), undefined);
  });

  it('plays thinking back with its signature', async () => {
    const turn = await answered(
      'anthropic',
      sse(
        { type: 'message_start', message: {} },
        { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } },
        { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm.' } },
        { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'sig' } },
        { type: 'content_block_stop', index: 0 },
        {
          type: 'content_block_start',
          index: 1,
          content_block: { type: 'tool_use', id: 't1', name: 'read_file', input: {} },
        },
        { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"path": "a"}' } },
        { type: 'content_block_stop', index: 1 },
        { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
        { type: 'message_stop' },
      ),
    );
    assert.equal(turn.toolCalls[0]?.arguments, '{"path": "a"}');
    const body = await sent('anthropic', [user('hi'), turn, result('t1')]);
    assert.deepEqual(at(body, 'messages.1.content'), [
      { type: 'thinking', thinking: 'Hm.', signature: 'sig' },
      { type: 'tool_use', id: 't1', name: 'read_file', input: { path: 'a' } },
    ]);
    // With its calls taken away, the turn is no longer what the model said.
    const changed = await sent('anthropic', [user('hi'), { ...turn, text: 'Well.', toolCalls: [] }, user('go on')]);
    assert.deepEqual(at(changed, 'messages.1.content'), [{ type: 'text', text: 'Well.' }]);
  });

  it('thinks in the way that the model knows, and only when asked to', async () => {
    const thinking = async (model: string) => {
      const body = await sent('anthropic', [user('hi')], { reasoningEffort: 'medium', temperature: 0.2 }, model);
      return [at(body, 'thinking.type'), at(body, 'output_config.effort'), at(body, 'temperature')];
    };
    assert.deepEqual(await thinking('claude-opus-4-6'), ['adaptive', 'medium', undefined]);
    assert.deepEqual(await thinking('claude-sonnet-5'), ['adaptive', 'medium', undefined]);
    assert.deepEqual(await thinking('claude-sonnet-4-5-20250929'), ['enabled', undefined, undefined]);
    assert.deepEqual(await thinking('claude-sonnet-4-20250514'), ['enabled', undefined, undefined]);
    assert.deepEqual(await thinking('claude-3-7-sonnet-latest'), ['enabled', undefined, undefined]);
    assert.deepEqual(await thinking('claude-3-5-haiku-latest'), [undefined, undefined, 0.2]);
    assert.deepEqual(await thinking('some-gateway-model'), [undefined, undefined, 0.2]);
  });
});

describe('what is sent to google', () => {
  it('signs the first foreign call only, for models that ask for signatures', async () => {
    const both = { ...foreign, toolCalls: [call, { ...call, id: 'call_2' }] };
    const body = await sent('google', [user('hi'), both, result('call_1')]);
    assert.deepEqual(at(body, 'contents.1'), {
      role: 'model',
      parts: [
        { text: 'Reading.' },
        {
          functionCall: { id: 'call_1', name: 'read_file', args: { path: 'a' } },
          thoughtSignature: 'skip_thought_signature_validator',
        },
        { functionCall: { id: 'call_2', name: 'read_file', args: { path: 'a' } } },
      ],
    });
    const older = await sent('google', [user('hi'), foreign], {}, 'gemini-2.5-pro');
    assert.ok(!JSON.stringify(older).includes('skip_thought'));
  });

  it('plays parts back exactly, and answers calls by name where they had no id', async () => {
    const parts = [
      { text: 'Hm.', thought: true },
      { functionCall: { name: 'read_file', args: { path: 'a' } }, thoughtSignature: 'c2ln' },
      { functionCall: { name: 'read_file', args: { path: 'b' } } },
      { text: '', thoughtSignature: 'bGFzdA==' },
    ];
    const chunks = parts.map((part) => ({ candidates: [{ content: { role: 'model', parts: [part] } }] }));
    const last = { candidates: [{ content: { parts: [{ text: '' }] }, finishReason: 'STOP' }] };
    const turn = await answered(
      'google',
      [...chunks, last].map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join(''),
    );
    const [first, second] = turn.toolCalls;
    assert.ok(first && second && first.id !== second.id);
    const results = [first, second].map(({ id, name }) => ({
      callId: id,
      name,
      content: 'x',
      isError: id === second.id,
    }));
    const body = await sent('google', [user('hi'), turn, { role: 'tool', results }]);
    assert.deepEqual(at(body, 'contents.1'), { role: 'model', parts });
    assert.deepEqual(at(body, 'contents.2'), {
      role: 'user',
      parts: [
        { functionResponse: { name: 'read_file', response: { output: 'x' } } },
        { functionResponse: { name: 'read_file', response: { error: 'x' } } },
      ],
    });
  });

  it('describes tools in the subset of JSON Schema that Google reads', async () => {
    const body = await sent('google', [user('hi')]);
    assert.deepEqual(at(body, 'tools.0.functionDeclarations.0.parameters'), {
      type: 'OBJECT',
      properties: { path: { type: 'STRING' } },
    });
  });

  it('thinks in the way that the model knows, and only when asked to', async () => {
    const config = async (model: string, options: ModelOptions) =>
      at(await sent('google', [user('hi')], options, model), 'generationConfig');
    // The SDK sends the object, empty or not.
    assert.deepEqual(await config('gemini-3-pro', {}), {});
    assert.equal(
      at(await config('gemini-3-flash', { reasoningEffort: 'medium' }), 'thinkingConfig.thinkingLevel'),
      'medium',
    );
    assert.equal(at(await config('gemini-2.5-pro', { reasoningEffort: 'low' }), 'thinkingConfig.thinkingBudget'), 1024);
    assert.deepEqual(await config('gemini-2.0-flash', { reasoningEffort: 'low', maxOutputTokens: 7 }), {
      maxOutputTokens: 7,
    });
  });
});

describe('an answer of another provider', () => {
  for (const id of serviceIds) {
    it(`reaches ${id} as its text and calls`, async () => {
      for (const other of serviceIds.filter((each) => each !== id)) {
        const opaque = { provider: other, model: 'm', calls: ['call_1'], items: [{ alien: 'words' }] };
        const body = JSON.stringify(await sent(id, [user('hi'), { ...foreign, opaque }, result('call_1')]));
        assert.ok(body.includes('Reading.') && body.includes('read_file') && !body.includes('alien'), body);
      }
    });

    it(`with broken arguments, or nothing at all in it, is no trouble for ${id}`, async () => {
      const empty = { role: 'assistant', text: '', toolCalls: [], opaque: 'nonsense' } as const;
      const broken = { ...foreign, text: '', toolCalls: [{ ...call, id: 'a b/c', arguments: '{"path": ' }] };
      const body = JSON.stringify(await sent(id, [user('hi'), empty, user('go on'), broken, result('a b/c')]));
      assert.ok(body.includes('path'), body);
    });
  }
});
