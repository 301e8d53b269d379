import { type GitHubStandIn, startGitHub } from './github.ts';
import { type ModelsOptions, type ModelsStandIn, startModels } from './models.ts';
import { makeSample, type Sample } from './sample.ts';

/** Everything outside the extension: a project, the models' services and GitHub. */
export interface World extends AsyncDisposable {
  readonly sample: Sample;
  readonly models: ModelsStandIn;
  readonly github: GitHubStandIn;
  /** Whether all models are stand-ins. */
  readonly isStandIn: boolean;
  /** User settings that lead dursor to the stand-ins. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Keys for the extension host's environment. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const services = [
  { provider: 'anthropic', variable: 'ANTHROPIC_API_KEY', model: 'claude-opus-4-5', label: 'Claude Opus' },
  { provider: 'openai', variable: 'OPENAI_API_KEY', model: 'gpt-5.1-codex', label: 'GPT-5.1 Codex' },
  { provider: 'google', variable: 'GEMINI_API_KEY', model: 'gemini-3-pro-preview', label: 'Gemini 3 Pro' },
] as const;

/** The profiles that every sample window has. */
export const profiles = services.map(({ provider, model, label }) => ({ id: provider, provider, model, label }));

/** Makes the sample and starts the stand-ins. Services whose key is in `keys` are the real ones. */
export async function startWorld(
  options: ModelsOptions & { readonly keys?: Readonly<Record<string, string | undefined>> } = {},
): Promise<World> {
  const { keys = {} } = options;
  const sample = makeSample();
  const models = await startModels(options);
  const github = await startGitHub(sample.folder);
  const settings: Record<string, unknown> = {
    'dursor.models': profiles,
    'dursor.github.apiUrl': github.url,
    'dursor.github.appId': github.appId,
  };
  const environment: Record<string, string> = { DURSOR_GITHUB_APP_PRIVATE_KEY: github.privateKey };
  for (const { provider, variable } of services) {
    const key = keys[variable];
    environment[variable] = key || models.key;
    if (!key) settings[`dursor.providers.${provider}.baseUrl`] = models.baseUrls[provider];
  }
  const stop = async () => {
    await models.stop();
    await github.stop();
    sample.remove();
  };
  const isStandIn = services.every(({ variable }) => !keys[variable]);
  return { sample, models, github, isStandIn, settings, environment, stop, [Symbol.asyncDispose]: stop };
}
