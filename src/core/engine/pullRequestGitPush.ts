import { setTimeout as wait } from 'node:timers/promises';
import type { Octokit } from '@octokit/rest';
import type { ObjectName } from '../domain.ts';
import type { Parent } from '../github/base.ts';
import type { HeadMaker, MadeHead } from '../github/pullRequest.ts';
import { UserError } from '../problem.ts';
import type { RepositoryName } from '../pullRequest.ts';
import { addLocalBranch, type LocalBranch, readLocalBranch, removeLocalBranch } from '../workspace/localBranch.ts';
import type { TaskStorage, TreeChange } from '../workspace/workspace.ts';
import type { EngineHost } from './engineHost.ts';
import { isLocal } from './localCommits.ts';
import type { CommitText } from './pullRequestCommit.ts';

/** A commit that goes to GitHub with the user's own Git. */
export interface PushOrder {
  readonly octokit: Octokit;
  readonly gitPush: NonNullable<EngineHost['gitPush']>;
  readonly storage: Pick<TaskStorage, 'packCommit'>;
  readonly folder: string;
  /** The local name of the remote, and where on GitHub it leads. */
  readonly remote: string;
  readonly head: RepositoryName;
  readonly branch: string;
  readonly parent: Parent;
  readonly changes: readonly TreeChange[];
  readonly commit: CommitText;
  /** Is told each stage, in words for people. */
  readonly report: (stage: string) => void;
  readonly signal: AbortSignal;
}

/** Names that are tried: the wanted one, then `-2` … */
const mostNames = 20;
/** A branch pushed a moment ago may not be known everywhere yet. Milliseconds between looks. */
const looks = [0, 500, 2000];

/** That the user's repository has the commit to go on. Throws `UserError` (`no-remote`). */
export async function assertParentIsLocal(folder: string, { commit }: Parent, signal: AbortSignal): Promise<void> {
  if (await isLocal(folder, commit, signal)) return;
  throw new UserError({
    code: 'no-remote',
    message: `The patch is too much for GitHub's API, and to push it with Git your repository has to have the commit ${commit.slice(0, 10)} that it goes on. Nothing was pushed. Fetch in your repository, then try again.`,
  });
}

/** A name for the branch that is taken neither on GitHub nor in the user's repository. Rejects with what Octokit threw. */
export async function freeBranch(
  { octokit, folder, head, signal }: Pick<PushOrder, 'octokit' | 'folder' | 'head' | 'signal'>,
  wanted: string,
): Promise<string> {
  const { readBranch } = await import('../github/branch.ts');
  for (let number = 1; number <= mostNames; number += 1) {
    const branch = number === 1 ? wanted : `${wanted}-${number}`;
    const isTaken =
      (await readLocalBranch(folder, branch, signal)) ?? (await readBranch(octokit, head, branch, signal));
    if (isTaken === undefined) return branch;
  }
  throw new UserError({
    code: 'branch-exists',
    message: `${wanted} and its numbered names all exist on GitHub or in your repository. Choose another name for the branch.`,
  });
}

/** A push through the user's repository, with what it leaves there. */
export class GitPush {
  readonly #order: PushOrder;
  #made: LocalBranch | undefined;

  constructor(order: PushOrder) {
    this.#order = order;
  }

  /** Makes the commit and its branch in the user's repository and pushes it. Throws `UserError`, and what the host threw. */
  readonly push: HeadMaker = async (note) => {
    const { octokit, gitPush, storage, folder, remote, head, branch, parent, changes, commit, report, signal } =
      this.#order;
    report('Making the commit');
    const author = commit.author ?? (await authorOf(octokit, folder, signal));
    const packed = await storage.packCommit({ parent, changes, message: commit.message, author }, signal);
    signal.throwIfAborted();
    // Nobody else has this commit, so that a branch that has it is ours.
    this.#made = { folder, branch, commit: packed.commit };
    note({ head, branch, commit: packed.commit });
    await addLocalBranch({ folder, branch }, packed, signal);
    signal.throwIfAborted();
    report(`Pushing the branch ${branch}`);
    await gitPush({ folder, remote, branch, signal });
    signal.throwIfAborted();
    await assertArrived(this.#order, packed.commit);
    return { head, branch };
  };

  /** Removes the branch that `push` made in the user's repository, for nothing came of it. What to throw instead of `error`. */
  async takeBack(error: unknown): Promise<unknown> {
    if (!this.#made || (await removeLocalBranch(this.#made, this.#order.remote))) return error;
    const left = `The branch ${this.#made.branch} is left in your repository; remove it with "git branch -D ${this.#made.branch}".`;
    if (!(error instanceof UserError)) {
      return new UserError({ code: 'github-failed', message: `The pull request was not opened. ${left}` });
    }
    return new UserError({ ...error.problem, message: `${error.problem.message} ${left}` });
  }
}

/** Removes the branch that a call which was cut off has left in the user's repository. */
export async function removeLeft(folder: string, remote: string, { branch, commit }: MadeHead): Promise<void> {
  await removeLocalBranch({ folder, branch, commit }, remote);
}

/** Whoever signed in, as GitHub would write it; for an App, which is nobody that Git can push as, whom Git knows. */
async function authorOf(
  octokit: Octokit,
  folder: string,
  signal: AbortSignal,
): Promise<{ readonly name: string; readonly email: string }> {
  const [{ contextOf }, { attempt }, { readCommitFacts }] = await Promise.all([
    import('../github/failure.ts'),
    import('../github/attempt.ts'),
    import('../workspace/commitFacts.ts'),
  ]);
  const { auth } = await contextOf(octokit, { owner: '', name: '' });
  if (auth === 'token') {
    const { data } = await attempt((request) => octokit.users.getAuthenticated({ request }), signal);
    // https://docs.github.com/en/account-and-profile/reference/email-addresses-reference#your-noreply-email-address
    const email = data.email ?? `${data.id}+${data.login}@users.noreply.${new URL(data.html_url).hostname}`;
    return { name: data.name ?? data.login, email };
  }
  const { author } = await readCommitFacts(folder, signal);
  if (author) return author;
  throw new UserError({
    code: 'github-failed',
    message:
      'Git does not know whom the commit is by, so nothing was pushed. Run "git config --global user.name" and "git config --global user.email" with your name and address, then try again.',
  });
}

async function assertArrived({ octokit, head, branch, remote, signal }: PushOrder, commit: ObjectName): Promise<void> {
  const { readBranch } = await import('../github/branch.ts');
  for (const milliseconds of looks) {
    await wait(milliseconds, undefined, { signal }).catch(() => signal.throwIfAborted());
    if ((await readBranch(octokit, head, branch, signal)) === commit) return;
  }
  throw new UserError({
    code: 'github-failed',
    message: `Git has pushed the branch ${branch}, but ${head.owner}/${head.name} has no such branch with that commit, so no pull request was opened. See with "git remote -v" where ${remote} pushes to.`,
  });
}
