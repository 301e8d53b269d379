import type { ProviderId } from '../providerId.ts';
import type { Provider, ProviderAccount } from './provider.ts';

/** The adapter for a provider. Loads its SDK at first use, so that starting up costs none of them. */
export async function createProvider(id: ProviderId, account: ProviderAccount): Promise<Provider> {
  switch (id) {
    case 'openai':
      return (await import('./openai.ts')).createOpenAIProvider(account);
    case 'anthropic':
      return (await import('./anthropic.ts')).createAnthropicProvider(account);
    case 'google':
      return (await import('./google.ts')).createGoogleProvider(account);
    default:
      return id satisfies never;
  }
}
