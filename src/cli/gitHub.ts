import { attempt, isOutage, once, pause, retries } from '../core/github/attempt.ts';
import { connect } from '../core/github/auth.ts';
import { mayBeOwn } from '../core/github/comments.ts';
import { issueTarget, type PullPlace } from '../core/github/statusPlace.ts';
import type { RepositoryName } from '../core/pullRequest.ts';
import { gitHubApiUrlOf, gitHubAuthOf, repositoryOf } from './environment.ts';
import { UsageError } from './exitCode.ts';
import type { CommandContext } from './session.ts';

/** An issue or a pull request of the repository that `GITHUB_REPOSITORY` names, and a client for it. Throws `UsageError`, `UserError`. */
export async function placeAt(
  { environment, signal }: Pick<CommandContext, 'environment' | 'signal'>,
  number: number,
): Promise<PullPlace> {
  const repository = ownRepository(environment);
  const octokit = await connect(gitHubAuthOf(environment), gitHubApiUrlOf(environment), repository, signal, {
    wants: { issues: 'write' },
  });
  return { octokit, repository, number };
}

export function ownRepository(environment: CommandContext['environment']): RepositoryName {
  const repository = repositoryOf(environment);
  if (repository) return repository;
  throw new UsageError('GITHUB_REPOSITORY is missing: set it to owner/name.');
}

/**
 * Writes a comment that begins with a mark, unless one with it is there: an answer of GitHub's may have been lost, and a job may run
 * again. `since` is when to look from, in milliseconds. Rejects with what Octokit threw.
 */
export async function sayOnce(
  place: PullPlace,
  { mark, since, text }: { readonly mark: string; readonly since: number; readonly text: string },
  signal: AbortSignal,
): Promise<void> {
  const { octokit } = place;
  const body = `${mark}\n${text}`;
  const query = { since: new Date(since).toISOString(), per_page: 100 };
  for (let tried = 0; ; tried += 1) {
    const { data } = await attempt(
      (request) => octokit.issues.listComments({ ...issueTarget(place), ...query, request }),
      signal,
    );
    if (data.some((comment) => comment.body?.startsWith(mark) && mayBeOwn(comment))) return;
    try {
      await once((request) => octokit.issues.createComment({ ...issueTarget(place), body, request }), signal);
      return;
    } catch (error) {
      if (!isOutage(error) || tried >= retries) throw error;
    }
    await pause(tried, signal);
  }
}
