import type { ObjectName } from '../domain.ts';
import { UserError } from '../problem.ts';
import { GitError, runGit } from './gitProcess.ts';
import type { PackedCommit } from './workspace.ts';

/** A branch of the user's repository. */
export interface LocalBranch {
  readonly folder: string;
  readonly branch: string;
  readonly commit: ObjectName;
}

/** The repository's own programs have no part in this. */
const noHooks = ['-c', 'core.hooksPath=/dev/null'];

/** What a branch of the user's repository points at; undefined where there is none of this name. */
export async function readLocalBranch(
  folder: string,
  branch: string,
  signal?: AbortSignal,
): Promise<ObjectName | undefined> {
  const args = ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`];
  const { code, stdout } = await runGit(args, { folder, signal, okCodes: [1] });
  return code === 0 ? (stdout.toString('latin1').trim() as ObjectName) : undefined;
}

/**
 * Writes a commit into the user's repository, which has its parent, and makes the branch for it. Nothing is checked out; what is there stays
 * as it is. Throws `UserError` (`branch-exists`).
 */
export async function addLocalBranch(
  { folder, branch }: Pick<LocalBranch, 'folder' | 'branch'>,
  { commit, pack }: PackedCommit,
  signal: AbortSignal,
): Promise<void> {
  await runGit(['index-pack', '--stdin'], { folder, stdin: pack, signal });
  const reason = 'dursor: create pull request';
  const args = ['update-ref', '-m', reason, `refs/heads/${branch}`, commit, '0'.repeat(commit.length)];
  try {
    // Too short to be stopped in the middle, which would leave it unknown whether the branch is there.
    await runGit([...noHooks, ...args], { folder });
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new UserError({
      code: 'branch-exists',
      message: `Your repository can't have a new branch ${branch}: there is one, or one in its way. Nothing was pushed. Write another name for the branch, then try again.`,
      detail: error.stderr,
    });
  }
}

/**
 * Removes the branch, with what Git noted of a push of it to `remote`, unless it has moved on. Git doesn't remove one that is checked out.
 * Answers whether it is gone, or somebody else's. Doesn't throw.
 */
export async function removeLocalBranch({ folder, branch, commit }: LocalBranch, remote: string): Promise<boolean> {
  try {
    if ((await readLocalBranch(folder, branch)) !== commit) return true;
    await runGit([...noHooks, 'branch', '--quiet', '-D', '--', branch], { folder });
    const tracking = ['update-ref', '-d', `refs/remotes/${remote}/${branch}`, commit];
    await runGit([...noHooks, ...tracking], { folder, okCodes: [1, 128] });
    return true;
  } catch {
    return false;
  }
}
