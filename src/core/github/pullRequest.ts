import type { Octokit } from '@octokit/rest';
import type { ObjectName } from '../domain.ts';
import { UserError } from '../problem.ts';
import type { RepositoryName } from '../pullRequest.ts';
import type { TreeChange } from '../workspace/workspace.ts';
import { attempt, isOutage, isRequestFailure, once, pause, retries } from './attempt.ts';
import type { Parent } from './base.ts';
import { createBranch, removeBranch } from './branch.ts';
import { target } from './client.ts';
import { contextOf, explain, hasInvalidField, type NamedRepository, wordsOf } from './failure.ts';
import { readyFork } from './fork.ts';
import { objectName } from './objectName.ts';
import { isWorkflow } from './preflight.ts';
import { type LocalCommit, recreateCommits } from './stackedCommits.ts';
import { writeTree } from './tree.ts';

/** A pull request to open. */
export interface PullRequestOrder {
  readonly octokit: Octokit;
  /** Where it is opened. */
  readonly repository: NamedRepository;
  /** Its branch goes onto the user's fork of the repository instead, which is made where there is none. */
  readonly throughFork?: boolean;
  /** Commits of the user's that go along, oldest first; then `parent` is the last of them. */
  readonly along?: readonly LocalCommit[];
  readonly parent: Parent;
  readonly base: string;
  /** Relative to the top of the repository. */
  readonly changes: readonly TreeChange[];
  readonly branch: string;
  readonly title: string;
  readonly body: string;
  /** The commit's; the title where absent. */
  readonly message?: string;
  /** Whom the commit is by; where absent it is whoever signed in, and GitHub signs the commits of an App. */
  readonly author?: { readonly name: string; readonly email: string };
  readonly draft?: boolean;
  /** Hears what is being done, in words for people. */
  readonly onProgress?: (stage: string) => void;
  /** Hears what is not as it was ordered. */
  readonly onWarning?: (warning: string) => void;
  /** Hears which branch may from now on be of this call's making, before it is made; undefined once it turns out not to be. */
  readonly onMade?: (made: MadeHead | undefined) => void;
  /** Brings the commit and its branch to GitHub otherwise than through the API. */
  readonly push?: HeadMaker;
  /** What an earlier call for the same that was cut off had told `onMade`. */
  readonly left?: MadeHead;
  readonly signal: AbortSignal;
}

/** Makes the branch with its commit on GitHub, and answers with where it is. `note` is called as `onMade` is. */
export type HeadMaker = (note: (made: MadeHead | undefined) => void) => Promise<PullHead>;

/** The branch that a pull request asks to be merged. */
export interface PullHead {
  readonly branch: string;
  readonly head: RepositoryName;
}

/** A branch with the commit that it was made with. */
export interface MadeHead extends PullHead {
  readonly commit: ObjectName;
}

/** A pull request on GitHub. `branch` may be a numbered name where the wanted one was taken. */
export interface OpenedPullRequest {
  readonly number: number;
  /** GitHub's own number of it, beside the one in its repository. */
  readonly gitHubId: number;
  readonly url: string;
  readonly branch: string;
  readonly base: string;
  /** Where its branch is. */
  readonly head: RepositoryName;
}

/** Milliseconds for taking back a branch after a failure or an abort. */
const cleaningTime = 15_000;

/**
 * Makes the commit, its branch and the pull request through GitHub's Git Data API. All or nothing: when a step fails or is
 * aborted, a branch that this call made is removed. Objects without a branch stay behind; GitHub collects them. A fork stays too, for the next try.
 */
export async function openPullRequest(order: PullRequestOrder): Promise<OpenedPullRequest> {
  const { octokit, repository, changes, signal } = order;
  if (changes.length === 0) throw nothingToShip();
  let made: MadeHead | undefined;
  try {
    const finished = order.left && (await finish(order, order.left));
    if (finished) return finished;
    const { push = (note) => makeHead(order, note) } = order;
    const from = await push((next) => {
      made = next;
      order.onMade?.(next);
    });
    order.onProgress?.('Opening the pull request');
    return (await findOpen(order, from, order.base)) ?? (await createPull(order, from));
  } catch (error) {
    const touchesWorkflows = changes.some(({ path }) => isWorkflow(path));
    const explained = explain(error, { ...(await contextOf(octokit, repository)), touchesWorkflows });
    // With the branch goes a pull request whose success was never heard of: GitHub closes it.
    const time = AbortSignal.timeout(cleaningTime);
    if (made === undefined || (await removeBranch(octokit, made.head, made.branch, made.commit, time))) throw explained;
    throw withLeftover(explained, made, signal.aborted);
  }
}

/** Makes the commit and its branch through the API. */
async function makeHead(order: PullRequestOrder, note: Parameters<HeadMaker>[0]): Promise<PullHead> {
  const { octokit, parent, changes, signal } = order;
  const head = await readyHead(order);
  const total = changes.length;
  order.onProgress?.(`Uploading ${total === 1 ? '1 file' : `${total} files`}`);
  const onUploaded = (done: number) => order.onProgress?.(`Uploaded ${done} of ${total} files`);
  const tree = await writeTree({ octokit, repository: head, base: parent.tree, changes, signal, onUploaded });
  if (tree === parent.tree) throw nothingToShip();
  order.onProgress?.('Making the commit');
  const commit = await createCommit(order, head, tree);
  const content = { commit, tree, parent: parent.commit };
  const branch = await createBranch(octokit, head, order.branch, content, signal, (name) => {
    note(name === undefined ? undefined : { branch: name, commit, head });
    if (name !== undefined) order.onProgress?.(`Making the branch ${name}`);
  });
  return { branch, head };
}

/** The pull request that an earlier call came to before it was cut off. Where it has only made the branch, that is removed. */
async function finish(order: PullRequestOrder, left: MadeHead): Promise<OpenedPullRequest | undefined> {
  const { octokit, signal } = order;
  const found = await findOpen(order, left);
  if (found) return found;
  await removeBranch(octokit, left.head, left.branch, left.commit, signal);
  signal.throwIfAborted();
  return undefined;
}

/** The repository that the branch goes to, with the commits to build on in it. */
async function readyHead(order: PullRequestOrder): Promise<RepositoryName> {
  const { octokit, repository, along = [], parent, base, signal, onProgress } = order;
  let head: RepositoryName = { owner: repository.owner, name: repository.name };
  if (order.throughFork) {
    onProgress?.('Getting the fork ready');
    const onWait = () => onProgress?.('Waiting for GitHub to make the fork');
    const commit = along[0]?.parents[0] ?? parent.commit;
    head = await readyFork(octokit, repository, { commit, base }, { signal, onWait });
  }
  const onCommit = (done: number) => onProgress?.(`Uploading commit ${done + 1} of ${along.length}`);
  await recreateCommits(octokit, head, along, { signal, onCommit });
  return head;
}

function withLeftover(
  error: unknown,
  { branch, head }: { readonly branch: string; readonly head: RepositoryName },
  isAborted: boolean,
): unknown {
  const left = `The branch ${branch} is left on GitHub, in ${head.owner}/${head.name}; remove it there.`;
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

async function createCommit(
  { octokit, parent, title, message = title, author, signal }: PullRequestOrder,
  head: RepositoryName,
  tree: ObjectName,
): Promise<ObjectName> {
  const content = { message, tree, parents: [parent.commit], ...(author && { author }) };
  const made = await attempt((request) => octokit.git.createCommit({ ...target(head), ...content, request }), signal);
  return objectName(made.data.sha);
}

/** The open pull request of a branch: into `base`, or into any where that is absent. */
async function findOpen(
  { octokit, repository, signal }: PullRequestOrder,
  { branch, head }: PullHead,
  base?: string,
): Promise<OpenedPullRequest | undefined> {
  const filter = { head: `${head.owner}:${branch}`, ...(base !== undefined && { base }), state: 'open' } as const;
  const { data } = await attempt(
    (request) => octokit.pulls.list({ ...target(repository), ...filter, request }),
    signal,
  );
  // GitHub ignores a filter it can't read, so what it found is compared.
  const owner = head.owner.toLowerCase();
  const found = data.find(
    (pull) =>
      pull.head.ref === branch &&
      (base === undefined || pull.base.ref === base) &&
      (pull.head.repo?.owner.login ?? head.owner).toLowerCase() === owner,
  );
  if (!found) return undefined;
  return { number: found.number, gitHubId: found.id, url: found.html_url, branch, base: found.base.ref, head };
}

async function createPull(order: PullRequestOrder, from: PullHead): Promise<OpenedPullRequest> {
  const { octokit, repository, base, title, body, signal } = order;
  let draft = order.draft === true;
  for (let tried = 0; ; ) {
    try {
      const content = { title, body, base, ...headOf(repository, from), draft };
      const { data } = await once(
        (request) => octokit.pulls.create({ ...target(repository), ...content, request }),
        signal,
      );
      return { number: data.number, gitHubId: data.id, url: data.html_url, ...from, base };
    } catch (error) {
      const refused = isRequestFailure(error) && error.status === 422;
      if (refused && draft && /draft/i.test(wordsOf(error))) {
        // Private repositories on free plans have no drafts.
        draft = false;
        order.onWarning?.('The pull request is no draft: GitHub has none in this repository.');
        continue;
      }
      // A branch made a moment ago may not be known everywhere yet, and a lost answer may have been a success.
      const again = isOutage(error) || (refused && hasInvalidField(error, 'head'));
      if (!again && !(refused && /already exists/i.test(wordsOf(error)))) throw error;
      const found = await findOpen(order, from, base);
      if (found !== undefined) return found;
      if (!again || tried >= retries) throw error;
    }
    await pause(tried, signal);
    tried += 1;
  }
}

/** https://docs.github.com/en/rest/pulls/pulls#create-a-pull-request */
function headOf(into: RepositoryName, { branch, head }: PullHead): { head: string; head_repo?: string } {
  if (into.owner === head.owner && into.name === head.name) return { head: branch };
  // Of one owner's repositories the name of the branch doesn't tell which.
  return { head: `${head.owner}:${branch}`, ...(into.owner === head.owner && { head_repo: head.name }) };
}
