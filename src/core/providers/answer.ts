import { noUsage, type TokenUsage } from '../domain.ts';
import { needsKey } from '../providerId.ts';
import { failureOf } from './classify.ts';
import { type Asked, failure } from './failure.ts';
import type { EndReason, ModelEvent } from './provider.ts';

/** What an adapter has learned of the answer so far; the `end` event is made of it, however the stream ends. */
export interface Answer {
  usage: TokenUsage;
  /** What to play back, of a complete answer only. */
  opaque?: unknown;
  /** True once anything came that only a model's answer has: tells a cut connection from a wrong address. */
  isStarted: boolean;
  /** Set when the provider has said how the answer ended. */
  end?: EndReason;
}

/** Any event but the last. */
export type Delta = Exclude<ModelEvent, { type: 'end' }>;

/** One provider's reading of its wire. May throw; returns when the stream is over. */
export type ReadAnswer = (answer: Answer, signal: AbortSignal) => AsyncIterator<Delta, void>;

/** Keeps the stream's promise for every adapter: it never rejects, stops at once when aborted, and ends with one `end`. */
export async function* streamAnswer(
  asked: Asked,
  signal: AbortSignal,
  read: ReadAnswer,
): AsyncGenerator<ModelEvent, void> {
  const answer: Answer = { usage: noUsage, isStarted: false };
  // The request gets a signal of its own, so that it also closes when the reader just stops reading.
  const request = new AbortController();
  const abort = () => request.abort();
  signal.addEventListener('abort', abort, { once: true });
  let end: EndReason;
  try {
    end = yield* deltasOf(asked, signal, answer, read, request.signal);
  } catch (error) {
    end = { reason: 'error', failure: failureOf(error, asked) };
  } finally {
    signal.removeEventListener('abort', abort);
    request.abort();
  }
  if (signal.aborted) {
    end = { reason: 'aborted' };
  }
  const isComplete = end.reason !== 'aborted' && end.reason !== 'error';
  yield {
    type: 'end',
    usage: answer.usage,
    ...(isComplete && answer.opaque !== undefined ? { opaque: answer.opaque } : {}),
    ...end,
  };
}

async function* deltasOf(
  asked: Asked,
  signal: AbortSignal,
  answer: Answer,
  read: ReadAnswer,
  requestSignal: AbortSignal,
): AsyncGenerator<Delta, EndReason> {
  if (signal.aborted) {
    return { reason: 'aborted' };
  }
  if (!isUsable(asked)) {
    return { reason: 'error', failure: failure('unusable-key', asked) };
  }
  const deltas = read(answer, requestSignal);
  try {
    for (;;) {
      const next = await untilAborted(deltas.next(), signal);
      if (next === 'aborted' || next.done) {
        break;
      }
      yield next.value;
    }
  } catch (error) {
    // A connection that breaks after the last event has broken nothing.
    return answer.end ?? { reason: 'error', failure: broken(error, asked, answer) };
  }
  return answer.end ?? { reason: 'error', failure: failure(answer.isStarted ? 'cut-off' : 'malformed-answer', asked) };
}

/** A header with another key fails with an error that quotes it. Local servers want none at all. */
function isUsable({ provider, apiKey }: Asked): boolean {
  return (apiKey === '' && !needsKey(provider)) || /^[\x21-\x7e]+$/.test(apiKey);
}

/** A stream that stops being readable halfway was cut, whatever its SDK calls it. */
function broken(error: unknown, asked: Asked, answer: Answer) {
  const found = failureOf(error, asked);
  const { code, detail } = found.problem;
  return answer.isStarted &&
    (code === 'network' || (code === 'malformed-answer' && /failed to parse stream/i.test(detail ?? '')))
    ? failure('cut-off', asked, detail)
    : found;
}

/** Settles with the promise, or at once when the signal aborts: an SDK may wait for a server that has stalled. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | 'aborted'> {
  // It may settle after nobody waits for it any more.
  promise.catch(() => {});
  const { promise: aborted, resolve } = Promise.withResolvers<'aborted'>();
  const stop = () => resolve('aborted');
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) {
    stop();
  }
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
