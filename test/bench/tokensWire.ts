import type { ScriptedStep } from './tokensSession.ts';

/** One wire format as the measurement needs it. */
export interface WireFormat {
  readonly model: string;
  /** The path that SDKs expect in the base URL. */
  readonly basePath: string;
  /** Where the conversation is in a request's body. */
  readonly conversation: string;
  /** Where the system prompt is; it may stand in the conversation. */
  readonly system?: string;
  /** A streamed answer with reasoning that has to be played back; `ask` counts the requests. */
  answer(step: ScriptedStep, ask: number): string;
}

/** As long as what services encrypt a short thought into. */
const sealed = (ask: number) => Buffer.from(`thought ${ask} `.repeat(40)).toString('base64');
const idOf = (ask: number, index: number) => `call_${ask}_${index}`;
const event = (data: object, name = '') => `${name && `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;

const openai: WireFormat = {
  model: 'gpt-5',
  basePath: '/v1',
  conversation: 'input',
  system: 'instructions',
  answer({ text, calls }, ask) {
    const output = [
      { type: 'reasoning', id: `rs_${ask}`, summary: [], encrypted_content: sealed(ask) },
      ...(text
        ? [
            {
              type: 'message',
              id: `msg_${ask}`,
              role: 'assistant',
              status: 'completed',
              content: [{ type: 'output_text', text, annotations: [] }],
            },
          ]
        : []),
      ...calls.map((call, index) => ({
        type: 'function_call',
        id: `fc_${ask}_${index}`,
        call_id: idOf(ask, index),
        status: 'completed',
        ...call,
      })),
    ];
    return [
      event({ type: 'response.created', response: { id: 'r', status: 'in_progress', output: [] } }),
      ...(text ? [event({ type: 'response.output_text.delta', delta: text })] : []),
      ...output.map((item, output_index) => event({ type: 'response.output_item.done', output_index, item })),
      event({ type: 'response.completed', response: { id: 'r', status: 'completed', output } }),
    ].join('');
  },
};

const anthropic: WireFormat = {
  model: 'claude-sonnet-4-5',
  basePath: '',
  conversation: 'messages',
  system: 'system',
  answer({ text, calls }, ask) {
    const block = (index: number, start: object, ...deltas: readonly object[]) => [
      event({ type: 'content_block_start', index, content_block: start }, 'content_block_start'),
      ...deltas.map((delta) => event({ type: 'content_block_delta', index, delta }, 'content_block_delta')),
      event({ type: 'content_block_stop', index }, 'content_block_stop'),
    ];
    const thinking = block(
      0,
      { type: 'thinking', thinking: '', signature: '' },
      { type: 'thinking_delta', thinking: 'So.' },
      { type: 'signature_delta', signature: sealed(ask) },
    );
    const said = text ? block(1, { type: 'text', text: '' }, { type: 'text_delta', text }) : [];
    const called = calls.flatMap((call, index) =>
      block(
        index + 2,
        { type: 'tool_use', id: idOf(ask, index), name: call.name, input: {} },
        { type: 'input_json_delta', partial_json: call.arguments },
      ),
    );
    return [
      event(
        { type: 'message_start', message: { id: 'm', usage: { input_tokens: 1, output_tokens: 1 } } },
        'message_start',
      ),
      ...thinking,
      ...said,
      ...called,
      event(
        { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 9 } },
        'message_delta',
      ),
      event({ type: 'message_stop' }, 'message_stop'),
    ].join('');
  },
};

const google: WireFormat = {
  model: 'gemini-3-pro',
  basePath: '',
  conversation: 'contents',
  system: 'systemInstruction',
  answer({ text, calls }, ask) {
    const parts = [
      ...(text ? [{ text }] : []),
      ...calls.map((call, index) => ({
        functionCall: { name: call.name, args: JSON.parse(call.arguments) as unknown },
        ...(index === 0 && { thoughtSignature: sealed(ask) }),
      })),
    ];
    return [
      ...parts.map((part) => event({ candidates: [{ content: { role: 'model', parts: [part] } }] })),
      event({
        candidates: [{ content: { role: 'model', parts: [{ text: '' }] }, finishReason: 'STOP' }],
        usageMetadata: { promptTokenCount: 1 },
      }),
    ].join('');
  },
};

const chat: WireFormat = {
  model: 'qwen3-coder',
  basePath: '/v1',
  conversation: 'messages',
  answer({ text, calls }, ask) {
    const chunk = (delta: object, finish_reason: string | null = null) =>
      event({ choices: [{ index: 0, delta, finish_reason }] });
    return [
      ...(text ? [chunk({ role: 'assistant', content: text })] : []),
      ...calls.map((call, index) =>
        chunk({ tool_calls: [{ index, id: idOf(ask, index), type: 'function', function: call }] }),
      ),
      chunk({}, 'tool_calls'),
      'data: [DONE]\n\n',
    ].join('');
  },
};

/** The wire formats by the providers that speak them. */
export const wireFormats = { openai, anthropic, google, 'openai-compatible': chat } as const;
