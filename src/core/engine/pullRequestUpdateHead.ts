import type { ObjectName } from '../domain.ts';
import type { PullPlace } from '../github/statusPlace.ts';
import { UserError } from '../problem.ts';
import type { PullRequest, RepositoryName, SignInNeed } from '../pullRequest.ts';
import type { ClientRequest, GitHubClients } from './gitHubClients.ts';
import type { PullHead } from './pullStart.ts';

/** What following a pull request is allowed beside what opening one is, where the GitHub App has it. */
const wants = { checks: 'read', statuses: 'read', actions: 'read', issues: 'write' } as const;

export interface ConnectOptions extends Pick<ClientRequest, 'signal' | 'quiet'> {
  readonly needs?: readonly SignInNeed[];
}

/** Signs in for a pull request that is there. Throws `UserError`. */
export async function connectTo(
  clients: Pick<GitHubClients, 'for'>,
  pull: PullRequest,
  options: ConnectOptions,
): Promise<PullPlace> {
  const repository = repositoryOf(pull);
  const octokit = await clients.for(repository, {
    ...options,
    wants,
    ...(pull.apiUrl !== undefined && { apiUrl: pull.apiUrl }),
  });
  const { number, gitHubId } = pull;
  return { octokit, repository, number, ...(gitHubId !== undefined && { gitHubId }) };
}

/** Where a pull request is; those of before that was kept tell it by their address. Throws `UserError` (`not-found`). */
export function repositoryOf({ repository, url, number }: PullRequest): RepositoryName {
  if (repository) return repository;
  const [, owner, name] = /^\/(?:.+\/)?([^/]+)\/([^/]+)\/pull\/\d+\/?$/.exec(URL.parse(url)?.pathname ?? '') ?? [];
  if (owner !== undefined && name !== undefined) return { owner, name };
  throw new UserError({
    code: 'not-found',
    message: `It isn't known in which repository pull request #${number} is. Create a new one for this candidate.`,
  });
}

/** The newest commit of a branch, and the repository that it can be read from. */
export interface BranchTip {
  readonly commit: ObjectName;
  readonly repository: RepositoryName;
}

/**
 * The newest commit of a pull request's branch, whoever pushed it, also in a fork. Where the branch is gone, or the fork can't be read,
 * the last commit that the pull request has seen of it. Rejects with what Octokit threw.
 */
export async function readTip(place: PullPlace, signal: AbortSignal): Promise<BranchTip> {
  const [{ readPull }, { objectName }, { readBranch }, { isRequestFailure }] = await Promise.all([
    import('../github/status.ts'),
    import('../github/objectName.ts'),
    import('../github/branch.ts'),
    import('../github/attempt.ts'),
  ]);
  const { head, headRepository, branch, state } = await readPull(place, signal);
  // A repository has the commits of its pull requests, also of those that come from a fork.
  const seen = { commit: head, repository: place.repository };
  if (!headRepository || state !== 'open') return seen;
  try {
    const tip = await readBranch(place.octokit, headRepository, branch, signal);
    return tip === undefined ? seen : { commit: objectName(tip), repository: headRepository };
  } catch (error) {
    if (isRequestFailure(error) && error.status === 403 && headRepository.owner !== place.repository.owner) return seen;
    throw error;
  }
}

/** What is on a pull request's branch at this moment: what a round starts from. Throws `UserError`. */
export async function readPullHead(
  clients: Pick<GitHubClients, 'for'>,
  pull: PullRequest,
  options: ConnectOptions,
): Promise<PullHead> {
  const place = await connectTo(clients, pull, options);
  const { octokit, repository } = place;
  const { signal } = options;
  const [{ treeOf }, { gitHubTreeSource }, { contextOf, explaining }] = await Promise.all([
    import('../github/base.ts'),
    import('../github/treeSource.ts'),
    import('../github/failure.ts'),
  ]);
  const tip = await explaining(contextOf(octokit, repository), () => readTip(place, signal));
  const { commit, tree } = await treeOf(octokit, tip.repository, tip.commit, signal);
  return { commit, tree, source: gitHubTreeSource(octokit, tip.repository, signal) };
}
