import type { Octokit } from '@octokit/rest';
import type { ObjectName } from '../domain.ts';
import { UserError } from '../problem.ts';
import type { RepositoryName } from '../pullRequest.ts';
import { attempt, isRequestFailure, type RequestFailure } from './attempt.ts';
import { target } from './client.ts';
import { wordsOf } from './failure.ts';

/** Names that are tried: the wanted one, then `-2` … */
const mostNames = 20;

/** What a new commit holds, apart from who made it when. */
export interface CommitContent {
  readonly commit: ObjectName;
  readonly tree: ObjectName;
  readonly parent: ObjectName;
}

/**
 * Makes the branch, or goes on from one that already holds the same content (an earlier call that was cut off), or takes
 * the next free name. `onOurs` hears the name that from now on may be a branch of this call's making, or `undefined` once
 * it turns out that the branch had been there before.
 */
export async function createBranch(
  octokit: Octokit,
  repository: RepositoryName,
  wanted: string,
  content: CommitContent,
  signal: AbortSignal,
  onOurs: (branch: string | undefined) => void,
): Promise<string> {
  for (let number = 1; number <= mostNames; number += 1) {
    const branch = number === 1 ? wanted : `${wanted}-${number}`;
    onOurs(branch);
    let requests = 0;
    try {
      const ref = `refs/heads/${branch}`;
      await attempt((request) => {
        requests += 1;
        return octokit.git.createRef({ ...target(repository), ref, sha: content.commit, request });
      }, signal);
      return branch;
    } catch (error) {
      if (!isRequestFailure(error) || !saysExists(error)) throw error;
    }
    // Said of a second request, it may mean the first one, whose answer was lost.
    if (requests === 1) onOurs(undefined);
    if (await holds(octokit, repository, branch, content, signal)) return branch;
  }
  throw new UserError({
    code: 'branch-exists',
    message: `${wanted} and its numbered names all exist on GitHub. Choose another name for the branch.`,
  });
}

function saysExists(error: RequestFailure): boolean {
  return error.status === 422 && /already exists/i.test(wordsOf(error));
}

async function holds(
  octokit: Octokit,
  repository: RepositoryName,
  branch: string,
  content: CommitContent,
  signal: AbortSignal,
): Promise<boolean> {
  const commit = await readBranch(octokit, repository, branch, signal);
  if (commit === undefined) return false;
  if (commit === content.commit) return true;
  const { data } = await attempt(
    (request) => octokit.git.getCommit({ ...target(repository), commit_sha: commit, request }),
    signal,
  );
  return data.tree.sha === content.tree && data.parents.length === 1 && data.parents[0]?.sha === content.parent;
}

/** The commit a branch points at; undefined where there is no such branch. Rejects with what Octokit threw. */
export async function readBranch(
  octokit: Octokit,
  repository: RepositoryName,
  branch: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const ref = `heads/${branch}`;
    const { data } = await attempt((request) => octokit.git.getRef({ ...target(repository), ref, request }), signal);
    return data.object.sha;
  } catch (error) {
    if (isRequestFailure(error) && error.status === 404) return undefined;
    throw error;
  }
}

/** Removes the branch if it points at `commit`. Answers whether there is none, or another one, now. Doesn't throw. */
export async function removeBranch(
  octokit: Octokit,
  repository: RepositoryName,
  branch: string,
  commit: ObjectName,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    if ((await readBranch(octokit, repository, branch, signal)) !== commit) return true;
    const ref = `heads/${branch}`;
    await attempt((request) => octokit.git.deleteRef({ ...target(repository), ref, request }), signal);
    return true;
  } catch (error) {
    // A try whose answer was lost may have removed it.
    return (
      isRequestFailure(error) && [404, 422].includes(error.status) && /not found|does not exist/i.test(error.message)
    );
  }
}
