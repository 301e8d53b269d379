import {
  calcPrice,
  findProvider,
  type ModelPrice,
  type PriceCalculation,
  type PriceOptions,
} from '@pydantic/genai-prices';
import type { ModelFacts, ModelPlace } from './modelFacts.ts';
import type { Price } from './price.ts';

/** What the catalogue says about a model. At a service that it doesn't know, a model it knows keeps its length, not its price. */
export function findFacts({ provider, model, baseUrl }: ModelPlace): ModelFacts | undefined {
  const service = baseUrl ? findProvider({ providerApiUrl: baseUrl })?.id : provider;
  const listed = service === undefined ? undefined : lookUp(model, { providerId: service });
  const found =
    listed ?? (provider === 'openai-compatible' ? lookUp(model, {}) : lookUp(model, { providerId: provider }));
  if (!found) return undefined;
  const price = listed && priceOf(listed.model_price);
  const { context_window: contextTokens } = found.model;
  return { ...(contextTokens !== undefined && { contextTokens }), ...(price && { price }) };
}

/** Asks for the price of nothing: what is wanted is the model's own entry. */
function lookUp(model: string, options: PriceOptions): PriceCalculation | undefined {
  try {
    return calcPrice({ input_tokens: 0, output_tokens: 0 }, model, options) ?? undefined;
  } catch {
    // The package throws for an entry whose units it can't compute; then no price is known.
    return undefined;
  }
}

/** Undefined unless both directions have a price: half a price would show too little. */
function priceOf(prices: ModelPrice): Price | undefined {
  const input = prices.input_mtok;
  const [inputPerMillion, outputPerMillion] = [baseOf(input), baseOf(prices.output_mtok)];
  if (inputPerMillion === undefined || outputPerMillion === undefined) return undefined;
  const cachedInputPerMillion = baseOf(prices.cache_read_mtok);
  const cacheWritePerMillion = baseOf(prices.cache_write_mtok);
  const risesAbove = typeof input === 'object' ? input.tiers[0]?.start : undefined;
  return {
    inputPerMillion,
    outputPerMillion,
    ...(cachedInputPerMillion !== undefined && { cachedInputPerMillion }),
    ...(cacheWritePerMillion !== undefined && { cacheWritePerMillion }),
    ...(risesAbove !== undefined && { risesAbove }),
  };
}

function baseOf(price: ModelPrice[string]): number | undefined {
  return typeof price === 'object' ? price.base : price;
}
