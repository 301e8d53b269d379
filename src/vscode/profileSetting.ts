import * as v from 'valibot';
import type { ModelProfile, ProfileId } from '../core/domain.ts';
import { providerIds } from '../core/providerId.ts';

const profileSchema = v.object({
  id: v.pipe(v.string(), v.nonEmpty()),
  provider: v.picklist(providerIds),
  model: v.pipe(v.string(), v.nonEmpty()),
  label: v.optional(v.string()),
  options: v.optional(
    v.object({
      maxOutputTokens: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1))),
      temperature: v.exactOptional(v.number()),
      reasoningEffort: v.exactOptional(v.picklist(['low', 'medium', 'high'])),
    }),
  ),
});

/** Reads the setting `dursor.models`. An entry that isn't a profile, or whose id was there before, is left out. */
export function parseProfiles(setting: unknown): readonly ModelProfile[] {
  const profiles = new Map<string, ModelProfile>();
  for (const entry of Array.isArray(setting) ? setting : []) {
    const result = v.safeParse(profileSchema, entry);
    if (!result.success || profiles.has(result.output.id)) continue;
    const { id, provider, model, label, options } = result.output;
    profiles.set(id, { id: id as ProfileId, provider, model, label: label || model, options: options ?? {} });
  }
  return [...profiles.values()];
}
