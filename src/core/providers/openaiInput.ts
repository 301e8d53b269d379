import { createHash } from 'node:crypto';
import { outputTypeOf } from './openaiCalls.ts';
import type { OpenAIPart } from './openaiRefusals.ts';
import { keptItems } from './playback.ts';
import type { ModelRequest, ToolCall, ToolResult, Turn } from './provider.ts';
import { type JsonObject, objectsOf, textOf } from './untrusted.ts';

/** Models that answer 400 to `reasoning` and to `include: reasoning.encrypted_content`. Unknown names count as reasoning. */
const withoutReasoning = /^(ft:)?(gpt-3|gpt-4|chatgpt-)|^gpt-5[\w.]*-chat/;

/** The body of a Responses request: stateless, so that the whole conversation is in it and nothing stays at OpenAI. */
export function openaiBody(request: ModelRequest, refused: ReadonlySet<OpenAIPart>): JsonObject {
  const { model, system, turns, tools, options } = request;
  const reasons = !withoutReasoning.test(model);
  const includes = reasons && !refused.has('include');
  const effort = reasons && !refused.has('reasoning') ? options.reasoningEffort : undefined;
  return {
    model,
    stream: true,
    store: false,
    ...(system ? { instructions: system } : {}),
    ...(tools.length > 0
      ? {
          // Strict mode accepts a subset of JSON Schema only, in which every property is required.
          tools: tools.map((tool) => ({ type: 'function', ...tool, strict: false })),
        }
      : {}),
    ...(includes ? { include: ['reasoning.encrypted_content'] } : {}),
    ...(effort ? { reasoning: { effort } } : {}),
    ...(options.maxOutputTokens === undefined ? {} : { max_output_tokens: options.maxOutputTokens }),
    ...(options.temperature === undefined || refused.has('temperature') ? {} : { temperature: options.temperature }),
    ...(refused.has('prompt_cache_key') ? {} : { prompt_cache_key: cacheKey(request) }),
    // What grows comes last, so that a step's bytes begin with those of the step before.
    input: inputOf(turns, model).filter((item) => item.type !== 'reasoning' || !refused.has('playback')),
  };
}

/** Sends what begins alike to the same cache: all steps of a run, and the runs of a round on one model. */
function cacheKey({ model, system, turns }: ModelRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([model, system, turns[0]]))
    .digest('hex')
    .slice(0, 32);
}

function inputOf(turns: readonly Turn[], model: string): readonly JsonObject[] {
  /** As what the calls want their results that are played back in a form of their own. */
  const outputTypes = new Map<string, string>();
  return turns.flatMap((turn) => {
    switch (turn.role) {
      case 'user':
        return [{ role: 'user', content: turn.text }];
      case 'assistant': {
        const items = keptItems(turn, { provider: 'openai', model });
        for (const item of items ?? []) {
          outputTypes.set(textOf(item.call_id), outputTypeOf(item) ?? '');
        }
        return items
          ? playedBack(items)
          : [...(turn.text ? [{ role: 'assistant', content: turn.text }] : []), ...turn.toolCalls.map(functionCall)];
      }
      case 'tool':
        return turn.results.map((result) => outputOf(result, outputTypes.get(result.callId) || 'function_call_output'));
      default:
        return turn satisfies never;
    }
  });
}

function outputOf({ callId: id, content, isError }: ToolResult, type: string): JsonObject {
  const status = type === 'apply_patch_call_output' ? { status: isError ? 'failed' : 'completed' } : {};
  return { type, call_id: callId(id), ...status, output: content };
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
    const { id: _id, status, ...withoutStatus } = item;
    // A patch is the only item whose status is required.
    const rest = item.type === 'apply_patch_call' ? { ...withoutStatus, status } : withoutStatus;
    return [item.type === 'message' ? { ...rest, content: objectsOf(item.content).map(contentOf) } : rest];
  });
  // Reasoning has to be followed by what it led to.
  return sent.slice(0, sent.findLastIndex((item) => item.type !== 'reasoning') + 1);
}

/** A message's content without what only a response carries: annotations and probabilities. */
function contentOf(content: JsonObject): JsonObject {
  const { annotations: _annotations, logprobs: _logprobs, ...rest } = content;
  return rest;
}
