import type { ModelOptions } from '../domain.ts';
import { keptItems } from './playback.ts';
import type { ModelRequest, Turn } from './provider.ts';
import { type RefusablePart, temperatureRefused } from './refusals.ts';
import { argumentsAsObject, type JsonObject, textOf } from './untrusted.ts';

/** A part of a request that some models refuse. */
export type AnthropicPart = 'temperature' | 'thinking';

export const anthropicParts: readonly RefusablePart<AnthropicPart>[] = [
  { part: 'temperature', words: temperatureRefused },
  { part: 'thinking', words: /\b(thinking|effort|output_config)\b.*(support|permitted|allowed)/is },
];

interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: readonly JsonObject[];
}

/** What is before such a mark is cached: five minutes, at a tenth of the price when read again. */
const cached = { cache_control: { type: 'ephemeral' } };

/**
 * The body of a Messages request. Four marks, as many as the API takes, say what is cached: all that is the same for every
 * run of a model (tools and system prompt), the first message, and the last two of the user's side: what the step before
 * wrote and this one reads, and what this one writes.
 */
export function anthropicBody(
  { model, system, turns, tools, options }: ModelRequest,
  maxTokens: number,
  refused: ReadonlySet<AnthropicPart>,
): JsonObject {
  const messages = messagesOf(turns, model);
  const thinking = refused.has('thinking') ? {} : thinkingFor(model, options.reasoningEffort, maxTokens, messages);
  const temperature = refused.has('temperature') ? undefined : options.temperature;
  return {
    model,
    stream: true,
    max_tokens: maxTokens,
    ...(system.trim() ? { system: [{ type: 'text', text: system, ...cached }] } : {}),
    ...(tools.length > 0
      ? {
          tools: tools.map(({ name, description, parameters }, index) => ({
            name,
            description,
            input_schema: parameters,
            // The tools come before the system prompt, whose mark is for both.
            ...(index === tools.length - 1 && !system.trim() ? cached : {}),
          })),
        }
      : {}),
    ...thinking,
    // The service refuses a temperature together with thinking.
    ...(temperature === undefined || 'thinking' in thinking ? {} : { temperature }),
    // What grows comes last, so that a step's bytes begin with those of the step before.
    messages: marked(messages),
  };
}

/** Since version 4.6 a model decides itself how much to think and takes an effort; from 3.7 to 4.5 it takes a budget. */
function thinkingFor(
  model: string,
  effort: ModelOptions['reasoningEffort'],
  maxTokens: number,
  messages: readonly Message[],
): JsonObject {
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
  return version >= 3.7 && budget >= 1024 && !isMidwayWithoutThinking(messages)
    ? { thinking: { type: 'enabled', budget_tokens: budget } }
    : {};
}

/** Tool calls that await their results have to begin with thinking where a budget for it is set; another model's don't. */
function isMidwayWithoutThinking(messages: readonly Message[]): boolean {
  const said = messages.at(-2);
  const isMidway = messages.at(-1)?.content[0]?.type === 'tool_result';
  return isMidway && said?.role === 'assistant' && !textOf(said.content[0]?.type).endsWith('thinking');
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
        playedBack(keptItems(turn, { provider: 'anthropic', model })) ?? [
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

/** The messages with marks at the first and at the last two of the user's side. */
function marked(messages: readonly Message[]): readonly Message[] {
  const places = messages.flatMap(({ role }, index) => (role === 'user' ? [index] : []));
  const chosen = new Set([...places.slice(0, 1), ...places.slice(-2)]);
  return messages.map((message, index) => {
    const block = message.content.at(-1);
    return block && chosen.has(index)
      ? { role: message.role, content: [...message.content.slice(0, -1), { ...block, ...cached }] }
      : message;
  });
}
