import { connect } from '../core/github/auth.ts';
import type { PullPlace } from '../core/github/statusPlace.ts';
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
