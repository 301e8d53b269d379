import { isReasoning } from './chatReasoning.ts';
import { type RefusablePart, temperatureRefused } from './refusals.ts';
import { objectsOf } from './untrusted.ts';

/** A part of a Chat Completions request that a service may refuse, and is then asked without. */
export type ChatPart =
  | 'stream_options'
  | 'temperature'
  | 'reasoning_effort'
  | 'reasoning'
  | 'system'
  | 'max_tokens'
  | 'max_completion_tokens';

export const chatParts: readonly RefusablePart<ChatPart>[] = [
  { part: 'stream_options', words: /\bstream_options\b|\binclude_usage\b/ },
  { part: 'reasoning_effort', words: /\breasoning_effort\b/ },
  { part: 'temperature', words: temperatureRefused },
  {
    part: 'reasoning',
    words: /\breasoning(_content|_details|_text|_opaque)?\b|\bthinking\b/,
    isIn: (body) => objectsOf(body.messages).some((message) => Object.keys(message).some(isReasoning)),
  },
  { part: 'max_tokens', words: /\bmax_tokens\b/ },
  { part: 'max_completion_tokens', words: /\bmax_(completion_)?tokens\b/ },
  {
    part: 'system',
    words: /\bsystem\b.*\b(role|message|instruction)|\brole\b.*\bsystem\b/i,
    isIn: (body) => objectsOf(body.messages)[0]?.role === 'system',
  },
];
