import type { Octokit } from '@octokit/rest';
import { UserError } from '../problem.ts';
import { attempt } from './attempt.ts';
import { target } from './client.ts';
import { actionFor, contextOf, explaining, type NamedRepository } from './failure.ts';

/** A repository that a pull request goes to, as GitHub tells of it. */
export interface Destination {
  /** By the name it has now: a repository may have been renamed since the remote was set up. */
  readonly repository: NamedRepository;
  readonly defaultBranch: string;
  /** Whether whoever signed in may write. Always true for an App, whose installation was asked about it. */
  readonly canPush: boolean;
  readonly allowsForks: boolean;
  /** Its page on GitHub. */
  readonly page: string;
  /** Of a token that has scopes. */
  readonly scopes?: readonly string[];
}

/** Reads what the repository is. Throws `UserError` (`no-permission`) where it can't be seen, or takes no changes from anybody. */
export async function readDestination(
  octokit: Octokit,
  repository: NamedRepository,
  signal: AbortSignal,
): Promise<Destination> {
  const context = await contextOf(octokit, repository);
  return explaining(context, async () => {
    const answer = await attempt((request) => octokit.repos.get({ ...target(repository), request }), signal);
    const { data, headers } = answer;
    const [owner = repository.owner, name = repository.name] = data.full_name.split('/');
    if (data.archived || data.disabled) {
      throw new UserError({
        code: 'no-permission',
        message: `${data.full_name} is ${data.archived ? 'archived' : 'disabled'} on GitHub and takes no changes. Its owner can change that in its settings.`,
        ...actionFor('Open Its Settings', `${data.html_url}/settings`),
      });
    }
    const scopes = headers['x-oauth-scopes'];
    return {
      repository: { ...repository, owner, name },
      defaultBranch: data.default_branch,
      // Of an App it tells nothing.
      canPush: context.auth === 'app' || data.permissions?.push !== false,
      allowsForks: data.allow_forking !== false,
      page: data.html_url,
      // An empty one is of a token that has permissions instead.
      ...(scopes && { scopes: scopes.split(/,\s*/) }),
    };
  });
}
