import { keptItems } from './playback.ts';
import type { ModelRequest, ToolCall, Turn } from './provider.ts';
import { type JsonObject, objectsOf } from './untrusted.ts';

/** Models that answer 400 to `reasoning` and to `include: reasoning.encrypted_content`. Unknown names count as reasoning. */
const withoutReasoning = /^(ft:)?(gpt-3|gpt-4|chatgpt-)|^gpt-5[\w.]*-chat/;

/** The body of a Responses request: stateless, so that the whole conversation is in it and nothing stays at OpenAI. */
export function openaiBody({ model, system, turns, tools, options }: ModelRequest): JsonObject {
  const reasons = !withoutReasoning.test(model);
  return {
    model,
    stream: true,
    store: false,
    input: turns.flatMap((turn) => inputOf(turn, model)),
    ...(system ? { instructions: system } : {}),
    ...(tools.length > 0
      ? {
          // Strict mode accepts a subset of JSON Schema only, in which every property is required.
          tools: tools.map((tool) => ({ type: 'function', ...tool, strict: false })),
        }
      : {}),
    ...(reasons ? { include: ['reasoning.encrypted_content'] } : {}),
    ...(reasons && options.reasoningEffort ? { reasoning: { effort: options.reasoningEffort } } : {}),
    ...(options.maxOutputTokens === undefined ? {} : { max_output_tokens: options.maxOutputTokens }),
    ...(options.temperature === undefined ? {} : { temperature: options.temperature }),
  };
}

function inputOf(turn: Turn, model: string): readonly JsonObject[] {
  switch (turn.role) {
    case 'user':
      return [{ role: 'user', content: turn.text }];
    case 'assistant': {
      const items = keptItems(turn, 'openai', model);
      return items
        ? playedBack(items)
        : [...(turn.text ? [{ role: 'assistant', content: turn.text }] : []), ...turn.toolCalls.map(functionCall)];
    }
    case 'tool':
      return turn.results.map((result) => ({
        type: 'function_call_output',
        call_id: callId(result.callId),
        output: result.content,
      }));
    default:
      return turn satisfies never;
  }
}

function functionCall(call: ToolCall): JsonObject {
  return { type: 'function_call', call_id: callId(call.id), name: call.name, arguments: call.arguments };
}

/** OpenAI accepts 64 characters; the end of another provider's longer id is its unique part. */
function callId(id: string): string {
  return id.slice(-64);
}

/**
 * Items as they can be sent without a stored response behind them. An item that keeps its id is looked up or held
 * against its reasoning item, so only reasoning itself keeps it, and reasoning is of no use unless its text came along.
 */
function playedBack(items: readonly JsonObject[]): readonly JsonObject[] {
  const sent = items.flatMap((item) => {
    if (item.type === 'reasoning') {
      const { status: _status, ...reasoning } = item;
      return reasoning.encrypted_content ? [reasoning] : [];
    }
    const { id: _id, status: _status, ...rest } = item;
    return [rest.type === 'message' ? { ...rest, content: objectsOf(rest.content).map(contentOf) } : rest];
  });
  // Reasoning has to be followed by what it led to.
  return sent.slice(0, sent.findLastIndex((item) => item.type !== 'reasoning') + 1);
}

/** A message's content without what only a response carries: annotations and probabilities. */
function contentOf(content: JsonObject): JsonObject {
  const { annotations: _annotations, logprobs: _logprobs, ...rest } = content;
  return rest;
}
