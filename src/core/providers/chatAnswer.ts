import type { TokenUsage } from '../domain.ts';
import type { Answer, Delta } from './answer.ts';
import { assistantMessage } from './chatBody.ts';
import { ChatCalls } from './chatCalls.ts';
import { ChatReasoning } from './chatReasoning.ts';
import { failureOf } from './classify.ts';
import { type Asked, failure } from './failure.ts';
import { type Author, keep } from './playback.ts';
import type { EndReason } from './provider.ts';
import { countOf, type JsonObject, objectOf, objectsOf, textOf } from './untrusted.ts';

/** One Chat Completions answer as it comes in: chunks of a stream, or one whole completion. */
export class ChatAnswer {
  readonly #calls = new ChatCalls();
  readonly #reasoning = new ChatReasoning();
  #text = '';
  #finishReason = '';
  #isRefused = false;

  /** Takes a chunk. Throws when it is an error, unless the answer had come to its end before. */
  *add(raw: unknown, answer: Answer): Generator<Delta> {
    const chunk = objectOf(raw) ?? {};
    const choice = objectsOf(chunk.choices)[0];
    answer.isStarted ||= Array.isArray(chunk.choices);
    const groq = objectOf(chunk.x_groq);
    answer.usage = usageOf(objectOf(chunk.usage) ?? objectOf(groq?.usage)) ?? answer.usage;
    const error = chunk.error ?? groq?.error;
    if (error && this.#finishReason === '') {
      throw { error };
    }
    // A gateway that doesn't stream sends the whole message.
    const delta = objectOf(choice?.delta) ?? objectOf(choice?.message) ?? {};
    const reasoning = this.#reasoning.add(delta);
    if (reasoning !== '') {
      yield { type: 'reasoning', text: reasoning };
    }
    const refusal = textOf(delta.refusal);
    this.#isRefused ||= refusal !== '';
    const text = contentOf(delta.content) + refusal;
    this.#text += text;
    if (text !== '') {
      yield { type: 'text', text };
    }
    this.#calls.add(delta);
    this.#finishReason = textOf(choice?.finish_reason) || this.#finishReason;
  }

  /** The stream is over; `isDone` says that the service said so itself. */
  *finish(author: Author, asked: Asked, isDone: boolean, answer: Answer): Generator<Delta> {
    if (this.#finishReason === '' && !(isDone && answer.isStarted)) {
      return;
    }
    const isCut = lengths.test(this.#finishReason);
    const calls = this.#calls.calls(isCut);
    answer.end = this.#end(calls.length, asked);
    if (answer.end.reason === 'refusal' || answer.end.reason === 'error') {
      return;
    }
    for (const call of calls) {
      yield { type: 'tool-call', call };
    }
    const message = { ...assistantMessage(this.#text, this.#calls.played(isCut)), ...this.#reasoning.played() };
    const callIds = calls.map((call) => call.id);
    answer.opaque = keep(author, callIds, this.#text === '' && callIds.length === 0 ? [] : [message]);
  }

  #end(calls: number, asked: Asked): EndReason {
    if (this.#isRefused || this.#finishReason === 'content_filter') {
      return { reason: 'refusal' };
    }
    if (lengths.test(this.#finishReason)) {
      return { reason: 'length' };
    }
    if (this.#finishReason === 'error') {
      return { reason: 'error', failure: failure('server-error', asked, 'finish reason error') };
    }
    if (this.#finishReason === 'insufficient_system_resource') {
      return { reason: 'error', failure: failureOf({ error: { code: 'slow_down' } }, asked) };
    }
    return { reason: calls > 0 ? 'tool-calls' : 'stop' };
  }
}

/** Mistral has a second name for it. */
const lengths = /^(length|max_tokens|model_length)$/;

/** Content is text, or with some services a list of pieces of which some are text. */
function contentOf(content: unknown): string {
  const pieces = objectsOf(content).filter((piece) => piece.type === 'text');
  return textOf(content) || pieces.map((piece) => textOf(piece.text)).join('');
}

/** Some services count reasoning beside the rest of the output: then only the total has it. */
function usageOf(usage: JsonObject | undefined): TokenUsage | undefined {
  if (!usage) {
    return undefined;
  }
  const details = objectOf(usage.prompt_tokens_details);
  const input = countOf(usage.prompt_tokens);
  const output = Math.max(countOf(usage.completion_tokens), countOf(usage.total_tokens) - input);
  const written = details?.cache_write_tokens ?? usage.cache_creation_input_tokens;
  return {
    input,
    cachedInput: countOf(details?.cached_tokens) || countOf(usage.prompt_cache_hit_tokens),
    ...(written === undefined ? {} : { cacheWrite: countOf(written) }),
    output,
    // One gateway has been seen to count more of it than of all output.
    reasoning: Math.min(output, countOf(objectOf(usage.completion_tokens_details)?.reasoning_tokens)),
  };
}
