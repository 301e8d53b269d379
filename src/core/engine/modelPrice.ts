import type { ModelProfile } from '../domain.ts';
import { type ModelFacts, modelFacts } from '../modelFacts/modelFacts.ts';
import type { EngineSettings } from './engineHost.ts';

/** What a model charges where its profile reaches it; undefined where nobody knows. */
export async function priceOf(
  profile: ModelProfile,
  { baseUrls }: Pick<EngineSettings, 'baseUrls'>,
): Promise<ModelFacts['price']> {
  const baseUrl = profile.baseUrl ?? baseUrls[profile.provider];
  return (await modelFacts({ ...profile, ...(baseUrl && { baseUrl }) }))?.price;
}
