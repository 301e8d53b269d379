import * as v from 'valibot';
import type { ModelProfile, ProfileId } from './domain.ts';
import { providerIds } from './providerId.ts';
import { addressProblem } from './serviceAddress.ts';

const profileSchema = v.pipe(
  v.object({
    id: v.pipe(v.string(), v.nonEmpty()),
    provider: v.picklist(providerIds),
    model: v.pipe(v.string(), v.nonEmpty()),
    label: v.optional(v.string()),
    baseUrl: v.exactOptional(v.pipe(v.string(), v.trim())),
    options: v.optional(
      v.object({
        maxOutputTokens: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1))),
        temperature: v.exactOptional(v.number()),
        reasoningEffort: v.exactOptional(v.picklist(['low', 'medium', 'high'])),
        toolCalls: v.exactOptional(v.picklist(['native', 'text'])),
      }),
    ),
  }),
  // Elsewhere an address would send the provider's key to another place.
  v.check(({ provider, baseUrl }) =>
    provider === 'openai-compatible' ? baseUrl !== undefined && !addressProblem(baseUrl) : baseUrl === undefined,
  ),
);

/** Reads the setting `dursor.models`. An entry that isn't a profile, or whose id was there before, is left out. */
export function parseProfiles(setting: unknown): readonly ModelProfile[] {
  const profiles = new Map<string, ModelProfile>();
  for (const entry of Array.isArray(setting) ? setting : []) {
    const result = v.safeParse(profileSchema, entry);
    if (!result.success || profiles.has(result.output.id)) continue;
    const { id, label, options, ...facts } = result.output;
    profiles.set(id, { ...facts, id: id as ProfileId, label: label || facts.model, options: options ?? {} });
  }
  return [...profiles.values()];
}
