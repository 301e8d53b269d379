import * as vscode from 'vscode';
import type { ModelProfile, ProfileId } from '../core/domain.ts';
import { UserError } from '../core/problem.ts';
import { type ProviderId, providerIds, providerNames } from '../core/providerId.ts';
import { createProvider } from '../core/providers/createProvider.ts';
import type { ModelInfo } from '../core/providers/provider.ts';
import { signalOf } from './abort.ts';
import type { Secrets } from './secrets.ts';
import type { Settings } from './settings.ts';

const keyPages: Readonly<Record<ProviderId, string>> = {
  openai: 'https://platform.openai.com/api-keys',
  anthropic: 'https://console.anthropic.com/settings/keys',
  google: 'https://aistudio.google.com/apikey',
};

/** Asks for providers, keys and models, and keeps what was answered. */
export class ModelSetup {
  readonly #secrets: Secrets;
  readonly #settings: Settings;

  constructor(secrets: Secrets, settings: Settings) {
    this.#secrets = secrets;
    this.#settings = settings;
  }

  /** Provider → key if there is none → a model of the provider's own list → label. Undefined when the user left it. */
  async addModel(): Promise<ModelProfile | undefined> {
    const provider = await this.#pickProvider('Add Model (1/3): choose a provider');
    if (!provider) return undefined;
    const models = await this.#listWithKey(provider);
    const model = models && (await this.#pickModel(provider, models));
    if (!model) return undefined;
    const label = await vscode.window.showInputBox({
      title: 'Add Model (3/3): label',
      prompt: 'How the model is called in dursor',
      value: model.label,
      ignoreFocusOut: true,
    });
    if (label === undefined) return undefined;
    const profile: ModelProfile = {
      id: this.#freeId(model.id) as ProfileId,
      provider,
      model: model.id,
      label: label.trim() || model.label,
      options: {},
    };
    await this.#settings.addProfile(profile);
    return profile;
  }

  /** Asks for a key, tries it, and keeps it for its provider (or for one profile). False when the user left it. */
  async setKey(provider?: ProviderId, profile?: ModelProfile): Promise<boolean> {
    const chosen = provider ?? (await this.#pickProvider('Set API Key: choose a provider'));
    if (!chosen) return false;
    const key = await this.#askKey(chosen);
    if (!key) return false;
    await this.#list(chosen, key);
    if (profile) await this.#secrets.setProfileKey(profile, key);
    else await this.#secrets.setProviderKey(chosen, key);
    void vscode.window.showInformationMessage(
      `The ${providerNames[chosen]} key works and is in VS Code's secret storage.`,
    );
    return true;
  }

  async #pickProvider(title: string): Promise<ProviderId | undefined> {
    const items = await Promise.all(
      providerIds.map(async (id) => ({
        id,
        label: providerNames[id],
        description: (await this.#secrets.providerKey(id)) ? 'key is set' : '',
      })),
    );
    return (await vscode.window.showQuickPick(items, { title, ignoreFocusOut: true }))?.id;
  }

  /** The provider's models, asked with its key; a key that is missing or wrong is asked for. */
  async #listWithKey(provider: ProviderId): Promise<readonly ModelInfo[] | undefined> {
    const known = await this.#secrets.providerKey(provider);
    if (known) return this.#list(provider, known);
    const key = await this.#askKey(provider);
    if (!key) return undefined;
    const models = await this.#list(provider, key);
    await this.#secrets.setProviderKey(provider, key);
    return models;
  }

  async #askKey(provider: ProviderId): Promise<string | undefined> {
    const key = await vscode.window.showInputBox({
      title: `${providerNames[provider]} API key`,
      prompt: `Kept in VS Code's secret storage only. Get one at ${keyPages[provider]}`,
      password: true,
      ignoreFocusOut: true,
      validateInput: (value) => (/\s/.test(value.trim()) ? 'A key has no spaces or line breaks' : undefined),
    });
    return key?.trim() || undefined;
  }

  async #list(provider: ProviderId, apiKey: string): Promise<readonly ModelInfo[]> {
    const baseUrl = this.#settings.engine.baseUrls[provider];
    const models = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: `Asking ${providerNames[provider]} for its models`,
        cancellable: true,
      },
      async (_progress, token) => {
        const service = await createProvider(provider, { apiKey, ...(baseUrl && { baseUrl }) });
        return service.listModels(signalOf(token));
      },
    );
    if (models.length === 0) {
      throw new UserError({
        code: 'model-not-found',
        message: `${providerNames[provider]} lists no model that this key can use. Check the key's project and permissions.`,
        action: { type: 'set-key', provider },
      });
    }
    return models;
  }

  async #pickModel(provider: ProviderId, models: readonly ModelInfo[]): Promise<ModelInfo | undefined> {
    const items = models.map((model) => ({
      label: model.label,
      description: model.label === model.id ? '' : model.id,
      model,
    }));
    const picked = await vscode.window.showQuickPick(items, {
      title: `Add Model (2/3): choose a model of ${providerNames[provider]}`,
      matchOnDescription: true,
      ignoreFocusOut: true,
    });
    return picked?.model;
  }

  #freeId(model: string): string {
    const taken = new Set<string>(this.#settings.profiles.map((profile) => profile.id));
    let id = model;
    for (let number = 2; taken.has(id); number++) id = `${model}-${number}`;
    return id;
  }
}
