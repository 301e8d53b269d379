import type * as vscode from 'vscode';
import type { ModelProfile } from '../core/domain.ts';
import { appKeyVariable, keyVariables } from '../core/keyVariables.ts';
import { needsKey, type ProviderId, providerIds } from '../core/providerId.ts';

const privateKeyName = 'github.appPrivateKey';
/** SecretStorage can't be listed everywhere, so the names of profiles' keys are kept with them. */
const profileKeyNames = 'apiKey.profileNames';

type ProfileOfKey = Pick<ModelProfile, 'id' | 'provider' | 'baseUrl'>;

/** Keys, in VS Code's SecretStorage and nowhere else. Nothing that this returns may be stored, logged or shown. */
export class Secrets {
  readonly #storage: vscode.SecretStorage;
  readonly #environment: NodeJS.ProcessEnv;

  constructor(storage: vscode.SecretStorage, environment: NodeJS.ProcessEnv) {
    this.#storage = storage;
    this.#environment = environment;
  }

  /** The profile's own key, else its provider's, else the environment's. */
  async apiKey(profile: ProfileOfKey): Promise<string | undefined> {
    return (await this.#storage.get(profileKeyName(profile))) || this.providerKey(profile.provider);
  }

  /** Whether the profile has a key of its own. */
  async hasProfileKey(profile: ProfileOfKey): Promise<boolean> {
    return Boolean(await this.#storage.get(profileKeyName(profile)));
  }

  async providerKey(provider: ProviderId): Promise<string | undefined> {
    // Services at an address of their own have nothing in common, so a key is one profile's only; VS Code has none.
    if (!needsKey(provider)) return undefined;
    const variable = keyVariables[provider];
    return (
      (await this.#storage.get(providerKeyName(provider))) || (variable && this.#environment[variable]) || undefined
    );
  }

  async setProviderKey(provider: ProviderId, key: string): Promise<void> {
    await this.#storage.store(providerKeyName(provider), key);
  }

  async setProfileKey(profile: ProfileOfKey, key: string): Promise<void> {
    const name = profileKeyName(profile);
    const names = new Set(await this.#profileKeyNames()).add(name);
    await this.#storage.store(profileKeyNames, JSON.stringify([...names]));
    await this.#storage.store(name, key);
  }

  /** The private key of the GitHub App, as PEM text. */
  async gitHubPrivateKey(): Promise<string | undefined> {
    return (await this.#storage.get(privateKeyName)) || this.#environment[appKeyVariable] || undefined;
  }

  async setGitHubPrivateKey(pem: string): Promise<void> {
    await this.#storage.store(privateKeyName, pem);
  }

  /** Removes every key that dursor stored, those of profiles that are gone included. */
  async removeAll(): Promise<void> {
    const names = [
      ...providerIds.map(providerKeyName),
      ...(await this.#profileKeyNames()),
      privateKeyName,
      profileKeyNames,
    ];
    for (const name of names) await this.#storage.delete(name);
  }

  async #profileKeyNames(): Promise<readonly string[]> {
    return JSON.parse((await this.#storage.get(profileKeyNames)) ?? '[]') as string[];
  }
}

function providerKeyName(provider: ProviderId): string {
  return `apiKey.provider.${provider}`;
}

/**
 * The provider is part of the name, and so is where its service is: a profile whose provider or address was changed
 * doesn't send its key to the new one.
 */
function profileKeyName({ provider, id, baseUrl }: ProfileOfKey): string {
  const place = baseUrl === undefined ? '' : `@${URL.canParse(baseUrl) ? new URL(baseUrl).origin : baseUrl}`;
  return `apiKey.profile.${provider}.${id}${place}`;
}
