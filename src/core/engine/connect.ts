import type { AccountGate } from '../agent/accountGate.ts';
import type { ModelProfile } from '../domain.ts';
import { modelFacts } from '../modelFacts/modelFacts.ts';
import { UserError } from '../problem.ts';
import { needsKey, providerNames } from '../providerId.ts';
import type { Provider } from '../providers/provider.ts';
import type { Accounts } from './accounts.ts';
import type { EngineHost } from './engineHost.ts';

/** Where models are asked. */
export interface ConnectParts {
  readonly host: Pick<EngineHost, 'settings' | 'apiKey'>;
  readonly accounts: Accounts;
}

/** A model that can be asked, and what is known of it. */
export interface ConnectedModel {
  readonly provider: Provider;
  /** What all who ask this account pass. */
  readonly gate: AccountGate;
  /** Tokens of the longest conversation it takes, where known. */
  readonly contextTokens?: number;
}

/** Whom a profile names. Throws `UserError` (`no-key`), which ends with what to do once there is a key: "retry this run". */
export async function connectModel(
  { host, accounts }: ConnectParts,
  profile: ModelProfile,
  { signal, next }: { readonly signal: AbortSignal; readonly next: string },
): Promise<ConnectedModel> {
  const { provider } = profile;
  const apiKey = (await host.apiKey(profile)) ?? '';
  if (!apiKey && needsKey(provider)) {
    throw new UserError({
      code: 'no-key',
      message: `There is no API key for ${providerNames[provider]}. Set one, then ${next}.`,
      action: { type: 'set-key', provider },
    });
  }
  const baseUrl = profile.baseUrl ?? host.settings().baseUrls[provider];
  const account = await accounts.get(provider, { apiKey, ...(baseUrl && { baseUrl }) });
  const connected = profile.options.toolCalls === 'text' ? await inText(account.native) : account.provider;
  const said = await connected.contextTokens?.(profile.model, signal);
  const contextTokens = said ?? (await modelFacts(profile))?.contextTokens;
  return { provider: connected, gate: account.gate, ...(contextTokens !== undefined && { contextTokens }) };
}

async function inText(native: Provider): Promise<Provider> {
  const { withTextTools } = await import('../agent/textProtocol/textTools.ts');
  return withTextTools(native);
}
