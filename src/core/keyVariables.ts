import type { ModelProfile } from './domain.ts';
import type { ProviderId } from './providerId.ts';

/** The environment variables that stand in for a key that is kept nowhere else. */
export const keyVariables: Partial<Readonly<Record<ProviderId, string>>> = {
  openai: 'OPENAI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  google: 'GEMINI_API_KEY',
};

/** The environment variables that say where a service is that isn't at its usual address. */
export const addressVariables: Partial<Readonly<Record<ProviderId, string>>> = {
  openai: 'OPENAI_BASE_URL',
  anthropic: 'ANTHROPIC_BASE_URL',
  google: 'GOOGLE_GEMINI_BASE_URL',
};

/** The private key of a GitHub App, as PEM text. */
export const appKeyVariable = 'DURSOR_GITHUB_APP_PRIVATE_KEY';

/** The origins of the services of one's own that profiles name, each once. */
export function ownServicesOf(profiles: readonly Pick<ModelProfile, 'baseUrl'>[]): readonly string[] {
  return [...new Set(profiles.flatMap(({ baseUrl }) => (baseUrl === undefined ? [] : [new URL(baseUrl).origin])))];
}
