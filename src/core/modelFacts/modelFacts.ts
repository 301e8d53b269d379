import type { ModelProfile } from '../domain.ts';
import { isLoopback, isOwnNetwork } from '../network.ts';
import type { Price } from './price.ts';

/** What is known of a model. What isn't known is absent. */
export interface ModelFacts {
  /** How long a conversation may get, with its answer. */
  readonly contextTokens?: number;
  /** The list price; `local` for a server on this machine, which charges nothing. */
  readonly price?: Price | 'local';
}

/** The part of a profile that says which model it is, and where. */
export type ModelPlace = Pick<ModelProfile, 'provider' | 'model' | 'baseUrl'>;

/**
 * What is known of a model, from a catalogue that comes with dursor: nothing is asked of anybody. Undefined for a model
 * that is in no catalogue, such as those of VS Code. The catalogue is large and is loaded at the first call.
 */
export async function modelFacts(place: ModelPlace): Promise<ModelFacts | undefined> {
  if (place.provider === 'vscode') return undefined;
  const host = place.baseUrl && URL.canParse(place.baseUrl) ? new URL(place.baseUrl).hostname : '';
  if (place.provider === 'openai-compatible' && isLoopback(host)) return { price: 'local' };
  // A server of one's own sets the length of the conversation itself, whatever the model could do.
  if (place.provider === 'openai-compatible' && isOwnNetwork(host)) return undefined;
  const { findFacts } = await import('./catalogue.ts');
  return findFacts(place);
}
