import { noUsage, type TokenUsage } from '../domain.ts';
import type { ModelEvent, ModelRequest, Provider, ProviderFailure, ToolCall } from '../providers/provider.ts';
import type { Clock } from './clock.ts';

/** Why an answer is over. That somebody stopped the run is on the run's signal, not here. */
export type AnswerEnd =
  | { readonly reason: 'stop' | 'tool-calls' | 'length' | 'refusal' }
  | { readonly reason: 'error'; readonly failure: ProviderFailure };

/** One answer of the model, read to its end. */
export interface Answer {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly opaque?: unknown;
  readonly usage: TokenUsage;
  readonly end: AnswerEnd;
}

/** How an answer is read. */
export interface Reading {
  readonly clock: Clock;
  readonly stallSeconds: number;
  readonly signal: AbortSignal;
  readonly onText: (delta: string) => void;
}

/** Reads one answer. A stream that goes silent, or stops without its `end` event, becomes a retryable failure. */
export async function readAnswer(provider: Provider, request: ModelRequest, reading: Reading): Promise<Answer> {
  const silence = new AbortController();
  const signal = AbortSignal.any([reading.signal, silence.signal]);
  const events = provider.stream(request, signal)[Symbol.asyncIterator]();
  const toolCalls: ToolCall[] = [];
  let text = '';
  for (;;) {
    const next = await nextWithin(events, reading);
    if (next === 'silent') {
      silence.abort();
      // Not awaited: a generator that hangs in `next` would queue its `return` behind it for ever.
      events.return?.().catch(() => {});
      return { text, toolCalls, usage: noUsage, end: { reason: 'error', failure: stalled(reading.stallSeconds) } };
    }
    if (next.done) return { text, toolCalls, usage: noUsage, end: { reason: 'error', failure: brokenOff } };
    const event = next.value;
    switch (event.type) {
      case 'text':
        text += event.text;
        reading.onText(event.text);
        break;
      case 'reasoning':
        break;
      case 'tool-call':
        toolCalls.push(event.call);
        break;
      case 'end': {
        const { usage, opaque } = event;
        return { text, toolCalls, usage, end: endOf(event), ...(opaque === undefined ? {} : { opaque }) };
      }
      default:
        event satisfies never;
    }
  }
}

function endOf(event: Extract<ModelEvent, { type: 'end' }>): AnswerEnd {
  if (event.reason === 'error') return { reason: 'error', failure: event.failure };
  if (event.reason === 'aborted') return { reason: 'error', failure: brokenOff };
  return { reason: event.reason };
}

/** The next event, or 'silent' when there is none for the stall time. After the signal only the provider's own end is waited for. */
function nextWithin(
  events: AsyncIterator<ModelEvent>,
  { clock, stallSeconds, signal }: Reading,
): Promise<IteratorResult<ModelEvent> | 'silent'> {
  return new Promise((resolve, reject) => {
    const next = events.next();
    if (signal.aborted) {
      next.then(resolve, reject);
      return;
    }
    const stopWatching = () => {
      timer.dispose();
      signal.removeEventListener('abort', stopWatching);
    };
    const timer = clock.after(stallSeconds * 1000, () => {
      stopWatching();
      resolve('silent');
    });
    signal.addEventListener('abort', stopWatching);
    next.finally(stopWatching).then(resolve, reject);
  });
}

function stalled(seconds: number): ProviderFailure {
  return {
    problem: {
      code: 'timeout',
      message: `The model sent nothing for ${seconds} seconds. Run it again, or choose another model.`,
      action: { type: 'retry' },
    },
    retryable: true,
  };
}

const brokenOff: ProviderFailure = {
  problem: {
    code: 'network',
    message: 'The connection to the model broke off in the middle of its answer. Run it again.',
    action: { type: 'retry' },
  },
  retryable: true,
};
