import type { EndReason } from '../../src/core/providers/provider.ts';

/** What has to come out of a recording, found in its bytes without any of the adapters' code. */
export interface Expected {
  readonly end: EndReason['reason'];
  /** With `error`: the codes that fit the status. */
  readonly codes?: readonly string[];
  /** The body or the headers say how long to wait. */
  readonly saysWhen?: boolean;
  /** The complete calls: names, and pieces of text that must be in the arguments. */
  readonly calls: readonly { readonly name: string; readonly pieces: readonly string[] }[];
  /** Must be part of what came out. */
  readonly text: string;
  readonly reasoning: string;
  /** Texts that must be in the next request exactly: signatures, encrypted reasoning, ids of calls. */
  readonly opaque: readonly string[];
  readonly usage?: { readonly input: number; readonly output: number };
}

export const nothing = { calls: [], text: '', reasoning: '', opaque: [] } as const;

/** All texts and numbers in a value, as they stand in JSON. */
export function leaves(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [JSON.stringify(value).slice(1, -1)];
  if (typeof value === 'number') return [String(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [];
}
