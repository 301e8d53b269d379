export const providerIds = ['openai', 'anthropic', 'google'] as const;

/** A model provider that dursor has an adapter for. */
export type ProviderId = (typeof providerIds)[number];

/** The providers' names for people. */
export const providerNames: Readonly<Record<ProviderId, string>> = {
  openai: 'OpenAI',
  anthropic: 'Anthropic',
  google: 'Google',
};
