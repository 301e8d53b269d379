import { createHash } from 'node:crypto';
import { AccountGate } from '../agent/accountGate.ts';
import type { ProviderId } from '../providerId.ts';
import type { Provider, ProviderAccount } from '../providers/provider.ts';
import type { EngineHost } from './engineHost.ts';

/** What all runs of one account share. */
export interface Account {
  readonly gate: AccountGate;
  /** As it is, for a model that is to be asked in text at once. */
  readonly native: Provider;
  /** Asks in text once a service has said that a model has no tools. */
  readonly provider: Provider;
}

/** The accounts that the engine asks: what a service refused once is not tried again by the next run. Another key or address is another account. */
export class Accounts {
  readonly #create: EngineHost['createProvider'];
  readonly #accounts = new Map<string, Promise<Account>>();

  constructor(create: EngineHost['createProvider']) {
    this.#create = create;
  }

  /** Rejects with what keeps the provider from being made; the next run tries again. */
  async get(provider: ProviderId, account: ProviderAccount): Promise<Account> {
    const { apiKey, baseUrl = '' } = account;
    const id = createHash('sha256')
      .update(JSON.stringify([provider, baseUrl, apiKey]))
      .digest('hex');
    const known = this.#accounts.get(id) ?? this.#connect(provider, account);
    this.#accounts.set(id, known);
    try {
      return await known;
    } catch (error) {
      if (this.#accounts.get(id) === known) this.#accounts.delete(id);
      throw error;
    }
  }

  async #connect(provider: ProviderId, account: ProviderAccount): Promise<Account> {
    const [native, { withToolFallback }] = await Promise.all([
      this.#create(provider, account),
      import('../agent/textProtocol/toolFallback.ts'),
    ]);
    return { gate: new AccountGate(), native, provider: withToolFallback(native) };
  }
}
