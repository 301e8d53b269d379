import type { ModelOptions } from '../domain.ts';
import { keptItems } from './playback.ts';
import type { ModelRequest, Turn } from './provider.ts';
import { argumentsAsObject, type JsonObject, textOf } from './untrusted.ts';

interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: readonly JsonObject[];
}

/** What is before such a mark is cached: five minutes, at a tenth of the price when read again. */
const cached = { cache_control: { type: 'ephemeral' } };

/** The body of a Messages request, marked for caching after the tools, the system prompt and the conversation so far. */
export function anthropicBody({ model, system, turns, tools, options }: ModelRequest): JsonObject {
  const maxTokens = options.maxOutputTokens ?? defaultMaxTokens(model);
  const thinking = thinkingFor(model, options.reasoningEffort, maxTokens);
  return {
    model,
    stream: true,
    max_tokens: maxTokens,
    messages: markLast(messagesOf(turns, model)),
    ...(system.trim() ? { system: [{ type: 'text', text: system, ...cached }] } : {}),
    ...(tools.length > 0
      ? {
          tools: tools.map(({ name, description, parameters }, index) => ({
            name,
            description,
            input_schema: parameters,
            ...(index === tools.length - 1 ? cached : {}),
          })),
        }
      : {}),
    ...thinking,
    // The service refuses a temperature together with thinking.
    ...(options.temperature === undefined || 'thinking' in thinking ? {} : { temperature: options.temperature }),
  };
}

/** The API wants a bound. Models before Claude 4 refuse one above what they can write. */
function defaultMaxTokens(model: string): number {
  if (/claude-3-(opus|sonnet|haiku)/.test(model)) {
    return 4096;
  }
  return /claude-3-5/.test(model) ? 8192 : 32_000;
}

/** Since version 4.6 a model decides itself how much to think and takes an effort; from 3.7 to 4.5 it takes a budget. */
function thinkingFor(model: string, effort: ModelOptions['reasoningEffort'], maxTokens: number): JsonObject {
  if (!effort) {
    return {};
  }
  const [, major = '', minor = '0'] =
    /claude-[a-z]+-(\d{1,2})(?:-(\d{1,2}))?(?!\d)/.exec(model) ?? /claude-(\d)-(\d)/.exec(model) ?? [];
  const version = Number(major) + Number(minor) / 10;
  if (version >= 4.6) {
    return { thinking: { type: 'adaptive' }, output_config: { effort } };
  }
  const budget = Math.min({ low: 4096, medium: 12_000, high: 24_000 }[effort], Math.floor(maxTokens / 2));
  return version >= 3.7 && budget >= 1024 ? { thinking: { type: 'enabled', budget_tokens: budget } } : {};
}

/** The conversation as messages of alternating roles: what one role says in a row becomes one message. */
function messagesOf(turns: readonly Turn[], model: string): readonly Message[] {
  const messages: Message[] = [];
  for (const turn of turns) {
    const role = turn.role === 'assistant' ? 'assistant' : 'user';
    const content = contentOf(turn, model);
    const last = messages.at(-1);
    if (content.length === 0) {
      continue;
    }
    if (last?.role === role) {
      messages[messages.length - 1] = { role, content: [...last.content, ...content] };
    } else {
      messages.push({ role, content });
    }
  }
  return messages;
}

function contentOf(turn: Turn, model: string): readonly JsonObject[] {
  switch (turn.role) {
    case 'user':
      return textBlock(turn.text);
    case 'assistant':
      return (
        playedBack(keptItems(turn, 'anthropic', model)) ?? [
          ...textBlock(turn.text),
          ...turn.toolCalls.map((call) => ({
            type: 'tool_use',
            id: callId(call.id),
            name: call.name,
            input: argumentsAsObject(call.arguments),
          })),
        ]
      );
    case 'tool':
      return turn.results.map((result) => ({
        type: 'tool_result',
        tool_use_id: callId(result.callId),
        content: result.content,
        ...(result.isError ? { is_error: true } : {}),
      }));
    default:
      return turn satisfies never;
  }
}

/** A blank text block is refused. */
function textBlock(text: string): readonly JsonObject[] {
  return text.trim() === '' ? [] : [{ type: 'text', text }];
}

/** Blocks exactly as they came, but for blank text, and thinking that led to nothing, which the API refuses. */
function playedBack(blocks: readonly JsonObject[] | undefined): readonly JsonObject[] | undefined {
  const sent = blocks?.filter((block) => block.type !== 'text' || textOf(block.text).trim() !== '');
  return sent?.slice(0, sent.findLastIndex((block) => !textOf(block.type).endsWith('thinking')) + 1);
}

/** Another provider's id may have characters that Anthropic refuses. */
function callId(id: string): string {
  return id.replace(/[^\w-]/g, '_') || '_';
}

/** Marks the end of the conversation, so that the next step reads all of it from the cache. */
function markLast(messages: readonly Message[]): readonly Message[] {
  const last = messages.at(-1);
  const block = last?.content.at(-1);
  if (!last || !block || last.role !== 'user') {
    return messages;
  }
  return [
    ...messages.slice(0, -1),
    { role: last.role, content: [...last.content.slice(0, -1), { ...block, ...cached }] },
  ];
}
