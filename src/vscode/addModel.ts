import * as vscode from 'vscode';
import type { ModelProfile, ProfileId } from '../core/domain.ts';
import type { EngineHost } from '../core/engine/engineHost.ts';
import { UserError } from '../core/problem.ts';
import { needsKey, type ProviderId, providerNames } from '../core/providerId.ts';
import type { ModelInfo } from '../core/providers/provider.ts';
import { signalOf } from './abort.ts';
import { canCallTools } from './localServers.ts';
import { pickKeyedProvider, pickModelSource } from './modelSource.ts';
import type { Secrets } from './secrets.ts';
import { askAddress, askModelName, askServiceKey, askToolCalls, keyProblem } from './serviceSetup.ts';
import type { Settings } from './settings.ts';

const keyPages: Partial<Readonly<Record<ProviderId, string>>> = {
  openai: 'https://platform.openai.com/api-keys',
  anthropic: 'https://console.anthropic.com/settings/keys',
  google: 'https://aistudio.google.com/apikey',
};

/** A service that has models to choose from, and how it is reached. */
interface Service {
  readonly provider: ProviderId;
  readonly apiKey: string;
  readonly baseUrl?: string;
}

/** A model that was chosen, and how it calls tools where that isn't natively. */
interface ChosenModel extends ModelInfo {
  readonly toolCalls?: 'text';
}

/** Asks for providers, keys and models, and keeps what was answered. */
export class ModelSetup {
  readonly #secrets: Secrets;
  readonly #settings: Settings;
  readonly #createProvider: EngineHost['createProvider'];

  constructor(secrets: Secrets, settings: Settings, createProvider: EngineHost['createProvider']) {
    this.#secrets = secrets;
    this.#settings = settings;
    this.#createProvider = createProvider;
  }

  /** Asks for the key that a profile's requests go with: its own where it has one, else its provider's. */
  async replaceKey(provider: ProviderId, profile?: ModelProfile): Promise<boolean> {
    const isOwn = profile !== undefined && (!needsKey(provider) || (await this.#secrets.hasProfileKey(profile)));
    return this.setKey(provider, isOwn ? profile : undefined);
  }

  /** Source → address and key where it has them → a model of its own list → label. Undefined when the user left it. */
  async addModel(): Promise<ModelProfile | undefined> {
    const source = await pickModelSource('Add Model (1/3): choose a provider', this.#secrets);
    switch (source?.type) {
      case undefined:
        return undefined;
      case 'provider':
        return this.#addFromProvider(source.provider);
      case 'local':
        return this.#addFromService({ provider: 'openai-compatible', apiKey: '', baseUrl: source.server.baseUrl });
      case 'service': {
        const baseUrl = await askAddress('Add Model (2/3): address');
        const apiKey = baseUrl && (await askServiceKey(baseUrl));
        if (!baseUrl || apiKey === undefined) return undefined;
        return this.#addFromService({ provider: 'openai-compatible', apiKey, baseUrl });
      }
      default:
        return source satisfies never;
    }
  }

  /**
   * Asks for a key, tries it, and keeps it: for the profile where one is given or the provider has no key of its own,
   * else for the provider. False when the user left it.
   */
  async setKey(provider?: ProviderId, profile?: ModelProfile): Promise<boolean> {
    const chosen = provider ?? (await pickKeyedProvider('Set API Key: choose a provider', this.#secrets));
    if (!chosen) return false;
    if (!needsKey(chosen)) return this.#setServiceKey(profile);
    const apiKey = await this.#askKey(chosen);
    if (!apiKey) return false;
    await this.#list(this.#service(chosen, apiKey));
    if (profile) await this.#secrets.setProfileKey(profile, apiKey);
    else await this.#secrets.setProviderKey(chosen, apiKey);
    tell(`The ${providerNames[chosen]} key works and is in VS Code's secret storage.`);
    return true;
  }

  async #addFromProvider(provider: Exclude<ProviderId, 'openai-compatible'>): Promise<ModelProfile | undefined> {
    const models = await this.#listWithKey(provider);
    const model = models && (await pickModel(providerNames[provider], models));
    return model && this.#add({ provider, apiKey: '' }, model);
  }

  async #addFromService(service: Service & { readonly baseUrl: string }): Promise<ModelProfile | undefined> {
    const model = await this.#chooseAt(service);
    return model && this.#add(service, model);
  }

  /** A model of the service's list, or one typed by hand where it has no list. */
  async #chooseAt(service: Service & { readonly baseUrl: string }): Promise<ChosenModel | undefined> {
    const { host } = new URL(service.baseUrl);
    const listed = await this.#list(service).catch((error: unknown) => {
      // A wrong key is wrong for every model; a service without a list may still have the model.
      if (!(error instanceof UserError) || ['authentication', 'permission', 'network'].includes(error.problem.code)) {
        throw error;
      }
      return undefined;
    });
    const picked = listed && (await pickModel(host, listed, 'Type a Model’s Name…'));
    if (picked === undefined && listed) return undefined;
    if (!picked || picked === 'type') {
      const name = await askModelName('Add Model (2/3): model', listed ? '' : `${host} lists no models.`);
      const toolCalls = name && (await askToolCalls(name));
      if (!name || !toolCalls) return undefined;
      return { id: name, label: name, ...(toolCalls === 'text' && { toolCalls }) };
    }
    const hasTools = await canCallTools(service.baseUrl, picked.id, AbortSignal.timeout(2000));
    return { ...picked, ...(hasTools === false && { toolCalls: 'text' as const }) };
  }

  async #add({ provider, apiKey, baseUrl }: Service, model: ChosenModel): Promise<ModelProfile | undefined> {
    const label = await vscode.window.showInputBox({
      title: 'Add Model (3/3): label',
      prompt: model.toolCalls ? toolsAsText : 'How the model is called in dursor',
      value: model.label,
      ignoreFocusOut: true,
    });
    if (label === undefined) return undefined;
    const profile: ModelProfile = {
      id: this.#freeId(model.id) as ProfileId,
      provider,
      model: model.id,
      label: label.trim() || model.label,
      ...(baseUrl !== undefined && { baseUrl }),
      options: model.toolCalls ? { toolCalls: model.toolCalls } : {},
    };
    if (apiKey) await this.#secrets.setProfileKey(profile, apiKey);
    await this.#settings.addProfile(profile);
    return profile;
  }

  /** The key of one profile at an OpenAI-compatible service: it goes to no other profile, and to no other address. */
  async #setServiceKey(given?: ModelProfile): Promise<boolean> {
    const profiles = this.#settings.profiles.filter(({ baseUrl }) => baseUrl !== undefined);
    const items = profiles.map((profile) => ({ label: profile.label, description: profile.baseUrl ?? '', profile }));
    const profile =
      given ??
      (await vscode.window.showQuickPick(items, { title: 'Which model gets the key?', ignoreFocusOut: true }))?.profile;
    const { baseUrl } = profile ?? {};
    if (!profile || baseUrl === undefined) return false;
    const apiKey = await askServiceKey(baseUrl);
    if (!apiKey) return false;
    // Whether the key is right shows with the first request: not every service that has a list asks for a key to see it.
    await this.#secrets.setProfileKey(profile, apiKey);
    tell(`The key for ${profile.label} is in VS Code's secret storage.`);
    return true;
  }

  /** The provider's models, asked with its key; a key that is missing is asked for, and kept when it works. */
  async #listWithKey(provider: ProviderId): Promise<readonly ModelInfo[] | undefined> {
    const known = needsKey(provider) ? await this.#secrets.providerKey(provider) : '';
    if (known !== undefined) return this.#list(this.#service(provider, known));
    const apiKey = await this.#askKey(provider);
    if (!apiKey) return undefined;
    const models = await this.#list(this.#service(provider, apiKey));
    await this.#secrets.setProviderKey(provider, apiKey);
    return models;
  }

  #service(provider: ProviderId, apiKey: string): Service {
    const baseUrl = this.#settings.engine.baseUrls[provider];
    return { provider, apiKey, ...(baseUrl && { baseUrl }) };
  }

  async #askKey(provider: ProviderId): Promise<string | undefined> {
    const key = await vscode.window.showInputBox({
      title: `${providerNames[provider]} API key`,
      prompt: `Kept in VS Code's secret storage only. Get one at ${keyPages[provider]}`,
      password: true,
      ignoreFocusOut: true,
      validateInput: keyProblem,
    });
    return key?.trim() || undefined;
  }

  async #list({ provider, ...account }: Service): Promise<readonly ModelInfo[]> {
    const name =
      provider === 'openai-compatible' && account.baseUrl ? new URL(account.baseUrl).host : providerNames[provider];
    const models = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: `Asking ${name} for its models`,
        cancellable: true,
      },
      async (_progress, token) => {
        const service = await this.#createProvider(provider, account);
        return service.listModels(signalOf(token));
      },
    );
    if (models.length === 0) throw noModels(provider, name);
    return models;
  }

  #freeId(model: string): string {
    const taken = new Set<string>(this.#settings.profiles.map((profile) => profile.id));
    let id = model;
    for (let number = 2; taken.has(id); number++) id = `${model}-${number}`;
    return id;
  }
}

const toolsAsText =
  'How the model is called in dursor. The server says that it can’t call tools, so it writes its edits as text';

/** Lets the user pick a model, or, with `other` as the last entry, `type`. Undefined when the user left it. */
async function pickModel(place: string, models: readonly ModelInfo[]): Promise<ModelInfo | undefined>;
async function pickModel(
  place: string,
  models: readonly ModelInfo[],
  other: string,
): Promise<ModelInfo | 'type' | undefined>;
async function pickModel(place: string, models: readonly ModelInfo[], other?: string) {
  const items = models.map((model) => ({
    label: model.label,
    description: model.label === model.id ? '' : model.id,
    answer: model as ModelInfo | 'type',
  }));
  const picked = await vscode.window.showQuickPick(
    other ? [...items, { label: other, description: '', answer: 'type' as const, alwaysShow: true }] : items,
    { title: `Add Model (2/3): choose a model of ${place}`, matchOnDescription: true, ignoreFocusOut: true },
  );
  return picked?.answer;
}

function noModels(provider: ProviderId, name: string): UserError {
  if (provider === 'vscode') {
    const message =
      'VS Code has no language model now. Sign in to GitHub Copilot or install an extension that provides models, then try again.';
    return new UserError({ code: 'model-not-found', message });
  }
  return new UserError({
    code: 'model-not-found',
    message: `${name} lists no model that this key can use. Check the key's project and permissions.`,
    ...(needsKey(provider) && { action: { type: 'set-key', provider } }),
  });
}

function tell(message: string): void {
  void vscode.window.showInformationMessage(message);
}
