import { type RefusablePart, temperatureRefused } from './refusals.ts';
import { objectsOf } from './untrusted.ts';

/** A part of a Responses request that some models or gateways refuse. */
export type OpenAIPart = 'playback' | 'temperature' | 'include' | 'reasoning' | 'prompt_cache_key';

export const openaiParts: readonly RefusablePart<OpenAIPart>[] = [
  {
    // What was encrypted for another organization, or too long ago, is no longer understood.
    part: 'playback',
    words: /invalid_encrypted_content|encrypted content.*(verif|decrypt|pars)/is,
    isIn: (body) => objectsOf(body.input).some((item) => 'encrypted_content' in item),
  },
  { part: 'temperature', words: temperatureRefused },
  { part: 'include', words: /\binclude\b|encrypted[_ ]content/i },
  { part: 'reasoning', words: /\breasoning\b/i },
  { part: 'prompt_cache_key', words: /\bprompt_cache_key\b/i },
];
