import type { Octokit } from '@octokit/rest';
import type { RepositoryName } from '../pullRequest.ts';
import { target } from './client.ts';

/** A pull request on GitHub, and who asks for it. */
export interface PullPlace {
  readonly octokit: Octokit;
  readonly repository: RepositoryName;
  readonly number: number;
  /** GitHub's own number of it, where that is known. */
  readonly gitHubId?: number;
}

/** As the methods for pull requests take it. */
export function pullTarget({ repository, number }: PullPlace) {
  return { ...target(repository), pull_number: number };
}

/** As the methods for conversations take it. */
export function issueTarget({ repository, number }: PullPlace) {
  return { ...target(repository), issue_number: number };
}
