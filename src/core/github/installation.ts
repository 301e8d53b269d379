import type { Octokit } from '@octokit/rest';
import { UserError } from '../problem.ts';
import { attempt, isRequestFailure } from './attempt.ts';
import type { SignInOptions } from './auth.ts';
import { target } from './client.ts';
import { actionFor, type NamedRepository, notSignedIn, wordsOf } from './failure.ts';
import type { AppPermissions, InstallationGrant } from './installationTokens.ts';

const needed: AppPermissions = { contents: 'write', pull_requests: 'write', metadata: 'read' };

/** As GitHub's pages name them. */
const permissionNames: Readonly<Record<string, string>> = {
  contents: 'Contents',
  pull_requests: 'Pull requests',
  workflows: 'Workflows',
};

/**
 * The App's installation on a repository, and the permissions to ask for. `app` is signed in as the App itself.
 * Throws `UserError` (`app-not-installed`, `no-permission`) with the page where that is put right.
 */
export async function findInstallation(
  app: Octokit,
  repository: NamedRepository,
  { needs = [], wants = {} }: SignInOptions,
  signal: AbortSignal,
): Promise<InstallationGrant> {
  const { found, repositoryId } = await readInstallation(app, repository, signal);
  const name = `${repository.owner}/${repository.name}`;
  if (found.suspended_at) {
    throw new UserError({
      code: 'app-not-installed',
      message: `The GitHub App is suspended for ${name}. Its owner can lift that on GitHub.`,
      ...actionFor('Open Its Installation', found.html_url),
    });
  }
  const granted = Object.entries(found.permissions ?? {});
  const has = (permission: string, level: 'read' | 'write') =>
    granted.some(([key, value]) => key === permission && (value === level || value !== 'read'));
  const required = { ...needed, ...(needs.includes('workflow') && { workflows: 'write' as const }) };
  const missing = Object.entries(required).filter(
    ([permission, level]) => permission !== 'metadata' && !has(permission, level),
  );
  // An enterprise server of before it was told leaves it to the token's request.
  if (granted.length > 0 && missing.length > 0) {
    throw lacking(
      name,
      missing.map(([permission]) => permission),
      found.html_url,
    );
  }
  const extra = Object.fromEntries(Object.entries(wants).filter(([permission, level]) => has(permission, level)));
  return {
    installation: found.id,
    repository: repository.name,
    ...(repositoryId !== undefined && { repositoryId }),
    permissions: { ...extra, ...required },
  };
}

function lacking(name: string, permissions: readonly string[], page: string | undefined): UserError {
  const list = permissions.map((permission) => permissionNames[permission] ?? permission).join(' and ');
  const why = permissions.includes('workflows') ? ' (the patch changes files under .github/workflows)' : '';
  return new UserError({
    code: 'no-permission',
    message: `The GitHub App may not open this pull request in ${name}: it has no write permission for ${list}${why}. Add that to the App, accept it in its installation, then try again.`,
    ...actionFor('Open Its Installation', page),
  });
}

/** What it means that GitHub gave no token though the installation looked right. Anything else comes back as it is. */
export function refusedToken(error: unknown, repository: NamedRepository): unknown {
  if (!isRequestFailure(error) || error.status !== 422) return error;
  const name = `${repository.owner}/${repository.name}`;
  return new UserError({
    code: 'no-permission',
    message: `The GitHub App may not open pull requests in ${name}. Give it write permission for Contents and Pull requests, and accept that in its installation.`,
    detail: wordsOf(error),
  });
}

async function readInstallation(app: Octokit, repository: NamedRepository, signal: AbortSignal) {
  try {
    const ask = app.apps.getRepoInstallation;
    const { data, url } = await attempt((request) => ask({ ...target(repository), request }), signal);
    // A repository that was renamed is answered from where its number is.
    const id = /\/repositories\/(\d+)\/installation$/.exec(url)?.[1];
    return { found: data, ...(id !== undefined && { repositoryId: Number(id) }) };
  } catch (error) {
    if (!isRequestFailure(error) || error.status !== 404) throw error;
  }
  const { name, page } = await describeApp(app, signal);
  throw new UserError({
    code: 'app-not-installed',
    message: `${name} is not installed for ${repository.owner}/${repository.name}. Install it, or add the repository to its installation, then try again. For a repository of somebody else's, sign in with your own account instead: it can go through a fork.`,
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
