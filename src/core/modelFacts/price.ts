import type { TokenUsage } from '../domain.ts';

/** A list price, in US dollars per million tokens. */
export interface Price {
  readonly inputPerMillion: number;
  /** As for other input when absent; so too for what is written to the cache. */
  readonly cachedInputPerMillion?: number;
  readonly cacheWritePerMillion?: number;
  readonly outputPerMillion: number;
  /** Requests with more input tokens than this cost more than the figures above. */
  readonly risesAbove?: number;
}

/** What a run has cost. */
export type Cost =
  /** `isLeast` where it may have been more: some of the requests may have been so long that they cost more. */
  { readonly dollars: number; readonly isLeast?: true } | 'local';

/** What tokens cost at a price. */
export function costOf(usage: TokenUsage, price: Price | 'local'): Cost {
  if (price === 'local') return 'local';
  const { inputPerMillion, cachedInputPerMillion = inputPerMillion, cacheWritePerMillion = inputPerMillion } = price;
  const { cachedInput, cacheWrite = 0 } = usage;
  const fresh = Math.max(0, usage.input - cachedInput - cacheWrite);
  const millionths =
    fresh * inputPerMillion +
    cachedInput * cachedInputPerMillion +
    cacheWrite * cacheWritePerMillion +
    usage.output * price.outputPerMillion;
  // A run's usage is a sum over its requests, so beyond the mark nobody knows how many of them were long.
  const isLeast = price.risesAbove !== undefined && usage.input > price.risesAbove;
  return { dollars: millionths / 1_000_000, ...(isLeast && { isLeast }) };
}
