import type { ModelProfile } from '../core/domain.ts';
import type { GitHubAuth } from '../core/github/auth.ts';
import { addressVariables, appKeyVariable, keyVariables, ownServicesOf } from '../core/keyVariables.ts';
import { UserError } from '../core/problem.ts';
import type { ProviderId } from '../core/providerId.ts';
import type { RepositoryName } from '../core/pullRequest.ts';
import { addressProblem } from '../core/serviceAddress.ts';
import { UsageError } from './exitCode.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const otherKeys: Partial<Readonly<Record<ProviderId, readonly string[]>>> = {
  google: ['GOOGLE_API_KEY'],
  'openai-compatible': ['OPENAI_COMPATIBLE_API_KEY'],
};

/** The variables that a provider's key may be in, the first that is set counts. */
export function keyVariablesOf(provider: ProviderId): readonly string[] {
  const usual = keyVariables[provider];
  return [...(usual ? [usual] : []), ...(otherKeys[provider] ?? [])];
}

/** An empty variable is none: that is how a workflow passes a secret that isn't there. */
export function keyOf(environment: Environment, { provider }: Pick<ModelProfile, 'provider'>): string | undefined {
  for (const name of keyVariablesOf(provider)) {
    const value = environment[name]?.trim();
    if (value) return value;
  }
  return undefined;
}

/** That the one key for services of their own isn't sent to several of them. Throws `UsageError`. */
export function assertOneService(profiles: readonly ModelProfile[], environment: Environment): void {
  const services = ownServicesOf(profiles);
  if (services.length < 2 || keyOf(environment, { provider: 'openai-compatible' }) === undefined) return;
  throw new UsageError(
    `OPENAI_COMPATIBLE_API_KEY would be sent to ${services.join(' and ')}. Use models of one of them at a time.`,
  );
}

/** Where the services are that aren't at their usual address. Throws `UsageError`. */
export function baseUrlsOf(environment: Environment): Partial<Record<ProviderId, string>> {
  const urls = Object.entries(addressVariables).flatMap(([provider, name]) => {
    const url = environment[name]?.trim();
    if (!url) return [];
    const problem = addressProblem(url);
    if (problem) throw new UsageError(`${name} is not an address that can be used. ${problem}.`);
    return [[provider, url] as const];
  });
  return Object.fromEntries(urls);
}

export function gitHubApiUrlOf(environment: Environment): string {
  return environment.GITHUB_API_URL?.trim() || 'https://api.github.com';
}

/** A GitHub App where one is given, else the token. Throws `UserError` (`not-signed-in`). */
export function gitHubAuthOf(environment: Environment): GitHubAuth {
  const appId = environment.DURSOR_GITHUB_APP_ID?.trim();
  const privateKey = environment[appKeyVariable]?.trim();
  if (appId && privateKey) return { type: 'app', appId, privateKey };
  const token = environment.GITHUB_TOKEN?.trim();
  if (token) return { type: 'token', token: async () => token };
  throw new UserError({
    code: 'not-signed-in',
    message: `There is no sign-in for GitHub. Set GITHUB_TOKEN, or DURSOR_GITHUB_APP_ID and ${appKeyVariable}.`,
  });
}

/** `GITHUB_REPOSITORY`, as GitHub Actions sets it. Throws `UsageError` where it is set to something else. */
export function repositoryOf(environment: Environment): RepositoryName | undefined {
  const text = environment.GITHUB_REPOSITORY?.trim();
  if (!text) return undefined;
  const [, owner, name] = /^([\w-]+)\/([\w.-]+)$/.exec(text) ?? [];
  if (owner && name) return { owner, name };
  throw new UsageError('GITHUB_REPOSITORY has to be owner/name.');
}

/** What must not be in any file that leaves this machine. */
export function secretsIn(environment: Environment): readonly string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    value && value.trim().length >= 8 && /(_KEY|_TOKEN|_SECRET|PASSWORD)$/i.test(name) ? [value.trim()] : [],
  );
}

/** Patterns of `DURSOR_FORBIDDEN_PATHS`, one a line. */
export function forbiddenIn(environment: Environment): readonly string[] {
  return (environment.DURSOR_FORBIDDEN_PATHS ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
