import type { Octokit } from '@octokit/rest';
import type { ObjectName } from '../domain.ts';
import { UserError } from '../problem.ts';
import type { TreeChange } from '../workspace/workspace.ts';
import { attempt, isOutage, isRequestFailure, once, pause, retries } from './attempt.ts';
import type { Parent } from './base.ts';
import { createBranch, removeBranch } from './branch.ts';
import { target } from './client.ts';
import { contextOf, explain, hasInvalidField, wordsOf } from './failure.ts';
import type { RemoteRepository } from './remote.ts';
import { writeTree } from './tree.ts';

/** A pull request to open. */
export interface PullRequestOrder {
  readonly octokit: Octokit;
  readonly repository: RemoteRepository;
  readonly parent: Pick<Parent, 'commit' | 'tree'>;
  readonly base: string;
  /** Relative to the top of the repository. */
  readonly changes: readonly TreeChange[];
  readonly branch: string;
  readonly title: string;
  readonly body: string;
  readonly draft?: boolean;
  /** Hears what is being done, in words for people. */
  readonly onProgress?: (stage: string) => void;
  readonly signal: AbortSignal;
}

/** A pull request on GitHub. `branch` may be a numbered name where the wanted one was taken. */
export interface OpenedPullRequest {
  readonly number: number;
  readonly url: string;
  readonly branch: string;
  readonly base: string;
}

/** Milliseconds for taking back a branch after a failure or an abort. */
const cleaningTime = 15_000;

/**
 * Makes the commit, its branch and the pull request through GitHub's Git Data API. All or nothing: when a step fails or is
 * aborted, a branch that this call made is removed. Objects without a branch stay behind; GitHub collects them.
 */
export async function openPullRequest(order: PullRequestOrder): Promise<OpenedPullRequest> {
  const { octokit, repository, parent, changes, signal } = order;
  if (changes.length === 0) throw nothingToShip();
  let made: { branch: string; commit: ObjectName } | undefined;
  try {
    const total = changes.length;
    order.onProgress?.(`Uploading ${total === 1 ? '1 file' : `${total} files`}`);
    const tree = await writeTree(octokit, repository, parent.tree, changes, signal, (done) =>
      order.onProgress?.(`Uploaded ${done} of ${total} files`),
    );
    if (tree === parent.tree) throw nothingToShip();
    order.onProgress?.('Making the commit');
    const commit = await createCommit(order, tree);
    const branch = await createBranch(
      octokit,
      repository,
      order.branch,
      { commit, tree, parent: parent.commit },
      signal,
      (name) => {
        made = name === undefined ? undefined : { branch: name, commit };
        if (name !== undefined) order.onProgress?.(`Making the branch ${name}`);
      },
    );
    order.onProgress?.('Opening the pull request');
    return (await findOpen(order, branch)) ?? (await createPull(order, branch));
  } catch (error) {
    const explained = explain(error, await contextOf(octokit, repository));
    // With the branch goes a pull request whose success was never heard of: GitHub closes it.
    const time = AbortSignal.timeout(cleaningTime);
    if (made === undefined || (await removeBranch(octokit, repository, made.branch, made.commit, time)))
      throw explained;
    throw withLeftover(explained, made.branch, signal.aborted);
  }
}

function withLeftover(error: unknown, branch: string, isAborted: boolean): unknown {
  const left = `The branch ${branch} is left on GitHub; remove it there.`;
  if (isAborted) return new UserError({ code: 'github-failed', message: `The pull request was canceled. ${left}` });
  if (!(error instanceof UserError)) return error;
  return new UserError({ ...error.problem, message: `${error.problem.message} ${left}` });
}

function nothingToShip(): UserError {
  return new UserError({
    code: 'nothing-to-ship',
    message: 'The patch changes nothing compared with what is on GitHub, so there is no pull request to open.',
  });
}

/** No author is given, so it is whoever signed in, and GitHub signs the commits of an App. */
async function createCommit(
  { octokit, repository, parent, title, signal }: PullRequestOrder,
  tree: ObjectName,
): Promise<ObjectName> {
  const content = { message: title, tree, parents: [parent.commit] };
  const made = await attempt(
    (request) => octokit.git.createCommit({ ...target(repository), ...content, request }),
    signal,
  );
  return made.data.sha as ObjectName;
}

async function findOpen(
  { octokit, repository, base, signal }: PullRequestOrder,
  branch: string,
): Promise<OpenedPullRequest | undefined> {
  const filter = { head: `${repository.owner}:${branch}`, base, state: 'open' } as const;
  const { data } = await attempt(
    (request) => octokit.pulls.list({ ...target(repository), ...filter, request }),
    signal,
  );
  // GitHub ignores a filter it can't read, so what it found is compared.
  const found = data.find((pull) => pull.head.ref === branch && pull.base.ref === base);
  return found && { number: found.number, url: found.html_url, branch, base };
}

async function createPull(order: PullRequestOrder, branch: string): Promise<OpenedPullRequest> {
  const { octokit, repository, base, title, body, signal } = order;
  let draft = order.draft === true;
  for (let tried = 0; ; ) {
    try {
      const content = { title, body, base, head: branch, draft };
      const { data } = await once(
        (request) => octokit.pulls.create({ ...target(repository), ...content, request }),
        signal,
      );
      return { number: data.number, url: data.html_url, branch, base };
    } catch (error) {
      const refused = isRequestFailure(error) && error.status === 422;
      if (refused && draft && /draft/i.test(wordsOf(error))) {
        // Private repositories on free plans have no drafts.
        draft = false;
        continue;
      }
      // A branch made a moment ago may not be known everywhere yet, and a lost answer may have been a success.
      const again = isOutage(error) || (refused && hasInvalidField(error, 'head'));
      if (!again && !(refused && /already exists/i.test(wordsOf(error)))) throw error;
      const found = await findOpen(order, branch);
      if (found !== undefined) return found;
      if (!again || tried >= retries) throw error;
    }
    await pause(tried, signal);
    tried += 1;
  }
}
