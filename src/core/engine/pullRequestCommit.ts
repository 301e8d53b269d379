import type { Octokit } from '@octokit/rest';
import { type Candidate, isComposition } from '../composition.ts';
import type { Task } from '../domain.ts';
import { UserError } from '../problem.ts';
import type { PullRequestDraft } from '../pullRequest.ts';
import type { TreeChange } from '../workspace/workspace.ts';
import type { GitHubSettings } from './engineHost.ts';

/** What a candidate's commit and branch are made from. */
export interface CommitSource {
  readonly task: Pick<Task, 'folder'>;
  readonly candidate: Candidate;
  readonly draft: PullRequestDraft;
}

/** The message of a candidate's commit, and whom it is by unless it is whoever signed in. */
export interface CommitText {
  readonly message: string;
  readonly author?: { readonly name: string; readonly email: string };
}

/** Writes what a candidate's commit says, as the settings and the repository's history have it. */
export async function commitOf(
  { task, candidate, draft }: CommitSource,
  { commitAuthor, coAuthoredBy }: GitHubSettings,
  signal: AbortSignal,
): Promise<CommitText> {
  const [{ commitMessage }, { readCommitFacts }] = await Promise.all([
    import('../github/commitMessage.ts'),
    import('../workspace/commitFacts.ts'),
  ]);
  const { author, haveBodies } = await readCommitFacts(task.folder, signal);
  const isRun = !isComposition(candidate);
  const said = isRun && candidate.state.status === 'succeeded' ? candidate.state.summary : '';
  const message = commitMessage({
    title: draft.title,
    summary: haveBodies ? said : '',
    modelLabel: isRun ? candidate.profile.label : '',
    coAuthoredBy,
  });
  return { message, ...(commitAuthor === 'git' && author && { author }) };
}

/** The branch's name: the draft's, or one by the setting's template. Throws `UserError` (`branch-exists`) for one that can't be. */
export async function branchOf(
  { candidate, draft }: CommitSource,
  { branchName: template }: GitHubSettings,
): Promise<string> {
  const { branchName, isBranchName } = await import('../github/branchName.ts');
  const branch = draft.branch ?? branchName(template, { title: draft.title, shortId: candidate.id.slice(0, 8) });
  if (isBranchName(branch)) return branch;
  throw new UserError({
    code: 'branch-exists',
    message: `Git takes no branch named "${branch}". Write another name for it, without spaces and special characters.`,
  });
}

/** That GitHub takes a text of this size. Throws `UserError` (`github-failed`). */
export async function assertDraftFits({ title, body }: PullRequestDraft): Promise<void> {
  const { longestBody, longestTitle } = await import('../github/limits.ts');
  const [what, most] = title.length > longestTitle ? ['title', longestTitle] : ['text', longestBody];
  if (title.length <= longestTitle && body.length <= longestBody) return;
  throw new UserError({
    code: 'github-failed',
    message: `The ${what} of the pull request is longer than the ${most.toLocaleString('en')} characters that GitHub takes. Shorten it, then try again.`,
  });
}

/** That GitHub takes files of this size at all. Throws `UserError` (`github-failed`). */
export async function assertFilesFit(changes: readonly TreeChange[]): Promise<void> {
  const { filesOverLimit } = await import('../github/limits.ts');
  const files = filesOverLimit(changes);
  if (files.length === 0) return;
  throw new UserError({
    code: 'github-failed',
    message: `GitHub takes no file over 100 MB, and ${files.join(', ')}. Nothing was pushed. Leave that out, or keep it in Git LFS.`,
  });
}

/** That GitHub's API takes files of this size and number. Throws `UserError` (`github-failed`), and what Octokit threw. */
export async function assertChangesFit(
  octokit: Octokit,
  changes: readonly TreeChange[],
  signal: AbortSignal,
): Promise<void> {
  await assertFilesFit(changes);
  const { apiRefusals } = await import('../github/limits.ts');
  const reasons = await apiRefusals(octokit, changes, signal);
  if (reasons.length > 0) throw tooMuchForApi(reasons);
}

/** The failure of a patch that the API doesn't take. */
export function tooMuchForApi(reasons: readonly string[]): UserError {
  return new UserError({
    code: 'github-failed',
    message: `GitHub's API does not take this patch. ${reasons.join(' ')} Nothing was pushed. Apply it to the workspace, commit it and push it with Git instead.`,
  });
}
