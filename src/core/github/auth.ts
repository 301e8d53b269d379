import type { Octokit } from '@octokit/rest';
import { isLoopback } from '../network.ts';
import { UserError } from '../problem.ts';
import { attempt, isRequestFailure, once } from './attempt.ts';
import { createClient, keepTrying401, target } from './client.ts';
import { actionFor, archived, explain, explaining, notSignedIn } from './failure.ts';
import { readPrivateKey } from './privateKey.ts';
import type { RemoteRepository } from './remote.ts';

/** How dursor signs in: as the user's GitHub App, or with a token of the user's (VS Code's own GitHub session, for example). */
export type GitHubAuth =
  | { readonly type: 'app'; readonly appId: string; readonly privateKey: string }
  | { readonly type: 'token'; readonly token: () => Promise<string> };

/**
 * Signs in, and makes sure that the repository can be seen and takes changes. For a GitHub App that means: find the App's installation on the repository with
 * the App's own token, then get a token that is good for this repository, for what a pull request needs, for an hour.
 */
export async function connect(
  auth: GitHubAuth,
  apiUrl: string,
  repository: RemoteRepository,
  signal: AbortSignal,
): Promise<Octokit> {
  requireSafe(apiUrl);
  const context = { repository, auth: auth.type };
  return explaining(context, async () => {
    const octokit =
      auth.type === 'app'
        ? await signInAsApp(auth, apiUrl, repository, signal)
        : await createClient(apiUrl, { auth: await requireToken(auth) });
    const { data } = await attempt((request) => octokit.repos.get({ ...target(repository), request }), signal);
    const name = data.full_name;
    if (data.archived) throw new UserError(archived(name));
    // Says what the user may do. For an App it says nothing: its installation's permissions count.
    if (auth.type === 'token' && data.permissions?.push === false) {
      throw new UserError({
        code: 'no-permission',
        message: `You can read ${name} but not write to it. Ask for write access, or use a fork of yours as the remote.`,
      });
    }
    return octokit;
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

async function requireToken(auth: GitHubAuth & { type: 'token' }): Promise<string> {
  const token = (await auth.token()).trim();
  // Anything else can't stand in a header, and fetch would quote it in its error.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new UserError(notSignedIn('token'));
  return token;
}

async function signInAsApp(
  auth: GitHubAuth & { type: 'app' },
  apiUrl: string,
  repository: RemoteRepository,
  signal: AbortSignal,
): Promise<Octokit> {
  const privateKey = readPrivateKey(auth.privateKey);
  const appId = auth.appId.trim();
  if (privateKey === undefined || appId === '') throw new UserError(notSignedIn('app'));
  const { createAppAuth } = await import('@octokit/auth-app');
  const app = await createClient(apiUrl, { authStrategy: createAppAuth, auth: { appId, privateKey } });
  const installation = await findInstallation(app, repository, signal);
  const token = await createToken(app, installation, repository, signal);
  const octokit = await createClient(apiUrl, { auth: token });
  keepTrying401(octokit);
  return octokit;
}

async function findInstallation(app: Octokit, repository: RemoteRepository, signal: AbortSignal): Promise<number> {
  try {
    const found = await attempt((request) => app.apps.getRepoInstallation({ ...target(repository), request }), signal);
    return found.data.id;
  } catch (error) {
    if (!isRequestFailure(error) || error.status !== 404) throw error;
  }
  const { name, page } = await describeApp(app, signal);
  throw new UserError({
    code: 'app-not-installed',
    message: `${name} is not installed for ${repository.owner}/${repository.name}. Install it, or add the repository to its installation, then try again.`,
    ...actionFor('Install the App', page === undefined ? undefined : `${page}/installations/new`),
  });
}

async function describeApp(app: Octokit, signal: AbortSignal): Promise<{ name: string; page?: string }> {
  try {
    const { data } = await attempt((request) => app.apps.getAuthenticated({ request }), signal);
    return data === null ? { name: 'The GitHub App' } : { name: `The GitHub App "${data.name}"`, page: data.html_url };
  } catch (error) {
    // GitHub answers 404 "Integration not found" when no App has this id.
    if (isRequestFailure(error) && error.status === 404) throw new UserError(notSignedIn('app'));
    throw error;
  }
}

async function createToken(
  app: Octokit,
  installation: number,
  repository: RemoteRepository,
  signal: AbortSignal,
): Promise<string> {
  try {
    const made = await once(
      (request) =>
        app.apps.createInstallationAccessToken({
          installation_id: installation,
          repositories: [repository.name],
          permissions: { contents: 'write', pull_requests: 'write', metadata: 'read' },
          request,
        }),
      signal,
    );
    return made.data.token;
  } catch (error) {
    if (!isRequestFailure(error) || error.status !== 422) throw error;
    const name = `${repository.owner}/${repository.name}`;
    const explained = explain(error, { repository, auth: 'app' });
    throw new UserError({
      code: 'no-permission',
      message: `The GitHub App may not open pull requests in ${name}. Give it write permission for Contents and Pull requests, and accept that in its installation.`,
      ...(explained instanceof UserError && explained.problem.detail !== undefined
        ? { detail: explained.problem.detail }
        : {}),
    });
  }
}
