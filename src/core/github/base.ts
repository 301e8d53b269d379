import type { Octokit } from '@octokit/rest';
import type { ObjectName } from '../domain.ts';
import { UserError } from '../problem.ts';
import type { RepositoryFacts } from '../workspace/repository.ts';
import { attempt, isRequestFailure } from './attempt.ts';
import { readBranch } from './branch.ts';
import { target } from './client.ts';
import type { Destination } from './destination.ts';
import { contextOf, explaining, type NamedRepository } from './failure.ts';
import { objectName } from './objectName.ts';

/** The commit a pull request's own commit goes on. */
export interface Parent {
  readonly commit: ObjectName;
  readonly tree: ObjectName;
}

/** A commit of HEAD's history. */
export interface SharedCommit extends Parent {
  /** How many commits of HEAD's first-parent history come after it, none of which GitHub has. */
  readonly unpushed: number;
}

/** A branch and its newest commit. */
export interface Base {
  readonly branch: string;
  readonly tip: ObjectName;
}

/**
 * The newest commit of HEAD's first-parent history (newest first) that GitHub has. Whoever has a commit has its ancestors,
 * so this takes one request when HEAD is pushed and about 2·log₂ of the unpushed commits otherwise.
 */
export async function findParent(
  octokit: Octokit,
  repository: NamedRepository,
  history: readonly ObjectName[],
  signal: AbortSignal,
): Promise<SharedCommit> {
  return explaining(contextOf(octokit, repository), async () => {
    let lacking = -1;
    let step = 1;
    let found: SharedCommit | undefined;
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
  repository: NamedRepository,
  history: readonly ObjectName[],
  index: number,
  signal: AbortSignal,
): Promise<SharedCommit | undefined> {
  const commit = history[index];
  if (commit === undefined) return undefined;
  try {
    const answer = await attempt(
      (request) => octokit.git.getCommit({ ...target(repository), commit_sha: commit, request }),
      signal,
    );
    return { commit, tree: objectName(answer.data.tree.sha), unpushed: index };
  } catch (error) {
    // 422: a name GitHub can't have, such as one of a SHA-256 repository.
    if (isRequestFailure(error) && (error.status === 404 || error.status === 422)) return undefined;
    throw error;
  }
}

/** Where GitHub has none of the commits. Not seeing the repository looks the same, so that is asked first. */
async function nothingShared(
  octokit: Octokit,
  repository: NamedRepository,
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

/**
 * The branch a pull request asks to be merged into: the checked-out branch's upstream where GitHub has it, else the default branch.
 * Where nothing is checked out, the default branch only if it has `parent`, a commit of HEAD's history. Undefined where nothing tells.
 */
export async function pickBase(
  octokit: Octokit,
  { repository, defaultBranch }: Destination,
  facts: Pick<RepositoryFacts, 'branch' | 'upstream'>,
  parent: ObjectName,
  signal: AbortSignal,
): Promise<Base | undefined> {
  return explaining(contextOf(octokit, repository), async () => {
    const { branch, upstream } = facts;
    if (upstream && upstream.remote === repository.remote) {
      const found = await readBase(octokit, repository, upstream.branch, signal);
      if (found) return found;
    }
    const found = await readBase(octokit, repository, defaultBranch, signal);
    if (!found || branch !== undefined || found.tip === parent) return found;
    const { lacks } = await compareCommits(octokit, repository, { from: parent, to: found.tip }, signal);
    return lacks ? undefined : found;
  });
}

/** A branch with its newest commit; undefined where there is none of this name. */
export async function readBase(
  octokit: Octokit,
  repository: NamedRepository,
  branch: string,
  signal: AbortSignal,
): Promise<Base | undefined> {
  const tip = await explaining(contextOf(octokit, repository), () => readBranch(octokit, repository, branch, signal));
  return tip === undefined ? undefined : { branch, tip: objectName(tip) };
}

/** The names of the branches, the default one first: at most a hundred. */
export async function listBranches(
  octokit: Octokit,
  { repository, defaultBranch }: Destination,
  signal: AbortSignal,
): Promise<readonly string[]> {
  return explaining(contextOf(octokit, repository), async () => {
    const { data } = await attempt(
      (request) => octokit.repos.listBranches({ ...target(repository), per_page: 100, request }),
      signal,
    );
    const names = data.map(({ name }) => name);
    return names.toSorted((a, b) => Number(b === defaultBranch) - Number(a === defaultBranch));
  });
}

/** How two commits differ. */
export interface CommitComparison {
  /** Whether `from` has commits that `to` lacks. */
  readonly lacks: boolean;
  /** The newest commit that both have; absent where they have nothing in common. */
  readonly mergeBase?: ObjectName;
  /** What changed from there to `to`; undefined where that is more than GitHub lists. */
  readonly files?: ReadonlySet<string>;
}

/** https://docs.github.com/en/rest/commits/commits#compare-two-commits */
const mostFilesListed = 300;

/** Compares two commits that GitHub has. Rejects with what Octokit threw. */
export async function compareCommits(
  octokit: Octokit,
  repository: NamedRepository,
  { from, to }: { readonly from: ObjectName; readonly to: ObjectName },
  signal: AbortSignal,
): Promise<CommitComparison> {
  try {
    const basehead = `${from}...${to}`;
    const { data } = await attempt(
      (request) => octokit.repos.compareCommitsWithBasehead({ ...target(repository), basehead, request }),
      signal,
    );
    const files = data.files ?? [];
    return {
      lacks: data.status === 'behind' || data.status === 'diverged',
      mergeBase: objectName(data.merge_base_commit.sha),
      ...(files.length < mostFilesListed && {
        files: new Set(files.flatMap((file) => [file.filename, file.previous_filename ?? file.filename])),
      }),
    };
  } catch (error) {
    // "No common ancestor between …"
    if (isRequestFailure(error) && error.status === 404 && /common ancestor/i.test(error.message))
      return { lacks: true };
    throw error;
  }
}

/** The tree of a commit that GitHub has. */
export async function treeOf(
  octokit: Octokit,
  repository: NamedRepository,
  commit: ObjectName,
  signal: AbortSignal,
): Promise<Parent> {
  return explaining(contextOf(octokit, repository), async () => {
    const { data } = await attempt(
      (request) => octokit.git.getCommit({ ...target(repository), commit_sha: commit, request }),
      signal,
    );
    return { commit, tree: objectName(data.tree.sha) };
  });
}
