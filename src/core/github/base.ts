import type { Octokit } from '@octokit/rest';
import type { ObjectName } from '../domain.ts';
import { UserError } from '../problem.ts';
import type { RepositoryFacts } from '../workspace/repository.ts';
import { attempt, isRequestFailure } from './attempt.ts';
import { target } from './client.ts';
import { contextOf, explaining } from './failure.ts';
import type { RemoteRepository } from './remote.ts';

/** The commit a pull request's own commit goes on, and what is not on GitHub yet. */
export interface Parent {
  readonly commit: ObjectName;
  readonly tree: ObjectName;
  /** Commits of HEAD's history that GitHub lacks, so they won't be part of the pull request. */
  readonly unpushed: number;
}

/**
 * The newest commit of HEAD's first-parent history (newest first) that GitHub has. Whoever has a commit has its ancestors,
 * so this takes one request when HEAD is pushed and about 2·log₂ of the unpushed commits otherwise.
 */
export async function findParent(
  octokit: Octokit,
  repository: RemoteRepository,
  history: readonly ObjectName[],
  signal: AbortSignal,
): Promise<Parent> {
  return explaining(contextOf(octokit, repository), async () => {
    let lacking = -1;
    let step = 1;
    let found: Parent | undefined;
    while (found === undefined) {
      if (lacking === history.length - 1) throw await nothingShared(octokit, repository, history, signal);
      const probe = Math.min(lacking + step, history.length - 1);
      found = await readCommit(octokit, repository, history, probe, signal);
      if (found === undefined) lacking = probe;
      step *= 2;
    }
    while (found.unpushed - lacking > 1) {
      const middle = Math.floor((found.unpushed + lacking) / 2);
      const probed = await readCommit(octokit, repository, history, middle, signal);
      if (probed === undefined) lacking = middle;
      else found = probed;
    }
    return found;
  });
}

async function readCommit(
  octokit: Octokit,
  repository: RemoteRepository,
  history: readonly ObjectName[],
  index: number,
  signal: AbortSignal,
): Promise<Parent | undefined> {
  const commit = history[index];
  if (commit === undefined) return undefined;
  try {
    const answer = await attempt(
      (request) => octokit.git.getCommit({ ...target(repository), commit_sha: commit, request }),
      signal,
    );
    return { commit, tree: answer.data.tree.sha as ObjectName, unpushed: index };
  } catch (error) {
    // 422: a name GitHub can't have, such as one of a SHA-256 repository.
    if (isRequestFailure(error) && (error.status === 404 || error.status === 422)) return undefined;
    throw error;
  }
}

/** Where GitHub has none of the commits. Not seeing the repository looks the same, so that is asked first. */
async function nothingShared(
  octokit: Octokit,
  repository: RemoteRepository,
  history: readonly ObjectName[],
  signal: AbortSignal,
): Promise<UserError> {
  const { data } = await attempt((request) => octokit.repos.get({ ...target(repository), request }), signal);
  return new UserError({
    code: 'no-remote',
    message:
      history.length === 0
        ? `The folder has no commit yet, so it has nothing in common with ${data.full_name}. Commit and push, then try again.`
        : `${data.full_name} on GitHub has none of the last ${history.length} commits. Push your branch, then try again.`,
  });
}

/** The branch a pull request asks to be merged into: the checked-out branch's upstream where it exists on GitHub, else the default branch. */
export async function pickBase(
  octokit: Octokit,
  repository: RemoteRepository,
  facts: RepositoryFacts,
  signal: AbortSignal,
): Promise<string> {
  return explaining(contextOf(octokit, repository), async () => {
    const { upstream } = facts;
    if (upstream !== undefined && upstream.remote === repository.remote) {
      try {
        const ref = `heads/${upstream.branch}`;
        await attempt((request) => octokit.git.getRef({ ...target(repository), ref, request }), signal);
        return upstream.branch;
      } catch (error) {
        if (!isRequestFailure(error) || error.status !== 404) throw error;
      }
    }
    const { data } = await attempt((request) => octokit.repos.get({ ...target(repository), request }), signal);
    return data.default_branch;
  });
}
