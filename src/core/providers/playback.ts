import type { ProviderId } from '../providerId.ts';
import type { Turn } from './provider.ts';
import { objectOf, objectsOf } from './untrusted.ts';

type AssistantTurn = Extract<Turn, { role: 'assistant' }>;

/** Who wrote an answer, and so can be given it back. */
export interface Author {
  readonly provider: ProviderId;
  readonly model: string;
  /** Where that model is, for a provider that is no single service. */
  readonly service?: string;
}

/** What goes into a turn's `opaque`: the answer in its provider's own words, and for whom they are. */
interface Kept extends Author {
  /** The ids of the tool calls among the items, in order. */
  readonly calls: readonly string[];
  readonly items: readonly unknown[];
}

/** Packs the pieces of an answer for its turn's `opaque`; undefined when there is nothing to play back. */
export function keep(author: Author, calls: readonly string[], items: readonly unknown[]): unknown {
  return items.length > 0 ? ({ ...author, calls, items } satisfies Kept) : undefined;
}

/**
 * The pieces to play back, or undefined when the turn has to be rebuilt from its text and calls: another provider or
 * model wrote it (signatures and encrypted reasoning are good for one model), or its calls were changed since.
 */
export function keptItems(turn: AssistantTurn, { provider, model, service }: Author) {
  const kept = objectOf(turn.opaque);
  const calls = kept?.calls;
  const isOurs =
    kept?.provider === provider &&
    kept.model === model &&
    kept.service === service &&
    Array.isArray(calls) &&
    calls.length === turn.toolCalls.length &&
    turn.toolCalls.every((call, index) => call.id === calls[index]);
  return isOurs ? objectsOf(kept.items) : undefined;
}
