import { validJson } from './chatCalls.ts';
import { isReasoning } from './chatReasoning.ts';
import type { ChatPart } from './chatRefusals.ts';
import { type Author, keptItems } from './playback.ts';
import type { ModelRequest, ToolCall, Turn } from './provider.ts';
import type { JsonObject } from './untrusted.ts';

/** What one model of one service has refused so far. */
type Refused = ReadonlySet<ChatPart>;

/** The body of a Chat Completions request. */
export function chatBody(request: ModelRequest, author: Author, refused: Refused): JsonObject {
  const { model, tools, options } = request;
  return {
    model,
    stream: true,
    ...(refused.has('stream_options') ? {} : { stream_options: { include_usage: true } }),
    ...(tools.length > 0 ? { tools: tools.map((tool) => ({ type: 'function', function: tool })) } : {}),
    ...(options.temperature === undefined || refused.has('temperature') ? {} : { temperature: options.temperature }),
    ...(options.reasoningEffort === undefined || refused.has('reasoning_effort')
      ? {}
      : { reasoning_effort: options.reasoningEffort }),
    ...outputLimit(options.maxOutputTokens, refused),
    // What grows comes last, so that a step's bytes begin with those of the step before.
    messages: messagesOf(request, author, refused),
  };
}

/** The old name is the one that every server knows; only OpenAI's newer models want the other. */
function outputLimit(limit: number | undefined, refused: Refused): JsonObject {
  if (limit === undefined || refused.has('max_completion_tokens')) {
    return {};
  }
  return refused.has('max_tokens') ? { max_completion_tokens: limit } : { max_tokens: limit };
}

function messagesOf({ system, turns }: ModelRequest, author: Author, refused: Refused): readonly JsonObject[] {
  const messages = turns.flatMap((turn) => messagesFor(turn, author, refused));
  return alternating(
    system ? [{ role: refused.has('system') ? 'user' : 'system', content: system }, ...messages] : messages,
  );
}

/** What the user says in a row as one message: the templates of many local models insist that the two sides take turns. */
function alternating(messages: readonly JsonObject[]): readonly JsonObject[] {
  const merged: JsonObject[] = [];
  for (const message of messages) {
    const last = merged.at(-1);
    if (last?.role === 'user' && message.role === 'user') {
      merged[merged.length - 1] = { role: 'user', content: `${last.content}\n\n${message.content}` };
    } else {
      merged.push(message);
    }
  }
  return merged;
}

function messagesFor(turn: Turn, author: Author, refused: Refused): readonly JsonObject[] {
  switch (turn.role) {
    case 'user':
      return [{ role: 'user', content: turn.text }];
    case 'assistant': {
      const kept = keptItems(turn, author);
      return kept?.map((message) => (refused.has('reasoning') ? withoutReasoning(message) : message)) ?? rebuilt(turn);
    }
    case 'tool':
      return turn.results.map(({ callId, content }) => ({ role: 'tool', tool_call_id: callId, content }));
    default:
      return turn satisfies never;
  }
}

function rebuilt({ text, toolCalls }: Extract<Turn, { role: 'assistant' }>): readonly JsonObject[] {
  return text === '' && toolCalls.length === 0 ? [] : [assistantMessage(text, toolCalls.map(callOf))];
}

/** A message of the model, as the service wants it back. Content is required unless there are calls; some want it always. */
export function assistantMessage(text: string, calls: readonly JsonObject[]): JsonObject {
  return { role: 'assistant', content: text, ...(calls.length > 0 ? { tool_calls: calls } : {}) };
}

function callOf({ id, name, arguments: json }: ToolCall): JsonObject {
  return { id, type: 'function', function: { name, arguments: validJson(json) } };
}

function withoutReasoning(message: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(message).filter(([field]) => !isReasoning(field)));
}
