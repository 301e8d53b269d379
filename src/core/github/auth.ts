import type { Octokit } from '@octokit/rest';
import { isLoopback } from '../network.ts';
import { UserError } from '../problem.ts';
import type { SignInNeed } from '../pullRequest.ts';
import { createClient } from './client.ts';
import { explaining, type NamedRepository, notSignedIn } from './failure.ts';
import { findInstallation, refusedToken } from './installation.ts';
import { type AppPermissions, InstallationTokens } from './installationTokens.ts';
import { readPrivateKey } from './privateKey.ts';
import { renewing, userTokens } from './renewal.ts';

/** How dursor signs in: as the user's GitHub App, or with a token of the user's (VS Code's own GitHub session, for example). */
export type GitHubAuth =
  | { readonly type: 'app'; readonly appId: string; readonly privateKey: string }
  | { readonly type: 'token'; readonly token: () => Promise<string> };

/** What a sign-in is to be good for, besides what a pull request needs. */
export interface SignInOptions {
  readonly needs?: readonly SignInNeed[];
  /** What an App's tokens get where its installation has it. */
  readonly wants?: AppPermissions;
}

/**
 * A client of the API that is signed in for one repository, and stays so: tokens are renewed before they end. A GitHub App's installation
 * on the repository is found, with what it may do there checked; its tokens are good for this repository and for what is needed only.
 * Throws `UserError` (`not-signed-in`, `app-not-installed`, `no-permission`, `github-failed`).
 */
export async function connect(
  auth: GitHubAuth,
  apiUrl: string,
  repository: NamedRepository,
  signal: AbortSignal,
  options: SignInOptions = {},
): Promise<Octokit> {
  requireSafe(apiUrl);
  return explaining({ repository, auth: auth.type }, async () => {
    signal.throwIfAborted();
    if (auth.type === 'app') return signInAsApp(auth, apiUrl, repository, { ...options, signal });
    const source = await userTokens(() => requireToken(auth));
    return createClient(apiUrl, { authStrategy: renewing(source) });
  });
}

/** A token must not travel in the clear, whatever a settings file says. */
function requireSafe(apiUrl: string): void {
  if (URL.canParse(apiUrl)) {
    const { protocol, hostname } = new URL(apiUrl);
    if (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) return;
  }
  throw new UserError({
    code: 'github-failed',
    message: 'The address of the GitHub API is not an https address. Correct it in the settings.',
  });
}

/** A token of the user's that can stand in a header. Throws `UserError` (`not-signed-in`). */
export async function requireToken(auth: GitHubAuth & { type: 'token' }): Promise<string> {
  const token = (await auth.token()).trim();
  // Anything else can't stand in a header, and fetch would quote it in its error.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new UserError(notSignedIn('token'));
  return token;
}

async function signInAsApp(
  auth: GitHubAuth & { type: 'app' },
  apiUrl: string,
  repository: NamedRepository,
  { signal, ...options }: SignInOptions & { readonly signal: AbortSignal },
): Promise<Octokit> {
  const privateKey = readPrivateKey(auth.privateKey);
  const appId = auth.appId.trim();
  if (privateKey === undefined || appId === '') throw new UserError(notSignedIn('app'));
  const { createAppAuth } = await import('@octokit/auth-app');
  const app = await createClient(apiUrl, { authStrategy: createAppAuth, auth: { appId, privateKey } });
  const grant = await findInstallation(app, repository, options, signal);
  const source = new InstallationTokens(app, grant);
  // The first is made now, so that what keeps it from being made is found before anything else.
  await source.current(signal).catch((error: unknown) => {
    throw refusedToken(error, repository);
  });
  return createClient(apiUrl, { authStrategy: renewing(source) });
}
