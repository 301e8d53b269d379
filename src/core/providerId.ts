export const providerIds = ['openai', 'anthropic', 'google', 'openai-compatible', 'vscode'] as const;

/** A model provider that dursor has an adapter for. */
export type ProviderId = (typeof providerIds)[number];

/** The providers' names for people. */
export const providerNames: Readonly<Record<ProviderId, string>> = {
  openai: 'OpenAI',
  anthropic: 'Anthropic',
  google: 'Google',
  'openai-compatible': 'OpenAI-compatible service',
  vscode: 'VS Code',
};

/** Whether nothing can be asked without a key: the others have services that want none, or VS Code's own sign-in. */
export function needsKey(provider: ProviderId): boolean {
  return provider !== 'openai-compatible' && provider !== 'vscode';
}
