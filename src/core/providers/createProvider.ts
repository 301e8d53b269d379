import type { ProviderId } from '../providerId.ts';
import type { Provider, ProviderAccount } from './provider.ts';

/**
 * The adapter for a provider. Loads its SDK at first use, so that starting up costs none of them. Rejects with `UserError`
 * when the account lacks what the provider can't do without; never called for `vscode`, whose adapter is the shell's.
 */
export async function createProvider(id: ProviderId, account: ProviderAccount): Promise<Provider> {
  switch (id) {
    case 'openai':
      return (await import('./openai.ts')).createOpenAIProvider(account);
    case 'anthropic':
      return (await import('./anthropic.ts')).createAnthropicProvider(account);
    case 'google':
      return (await import('./google.ts')).createGoogleProvider(account);
    case 'openai-compatible':
      return (await import('./openaiChat.ts')).createOpenAIChatProvider(account);
    case 'vscode':
      throw new Error("The shell provides the adapter for VS Code's own models.");
    default:
      return id satisfies never;
  }
}
