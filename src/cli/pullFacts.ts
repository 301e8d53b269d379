import type { ObjectName } from '../core/domain.ts';
import { attempt } from '../core/github/attempt.ts';
import { contextOf, explaining } from '../core/github/failure.ts';
import { objectName } from '../core/github/objectName.ts';
import { type PullPlace, pullTarget } from '../core/github/statusPlace.ts';
import type { RepositoryName } from '../core/pullRequest.ts';

/** What a command has to know of a pull request that is on GitHub. */
export interface PullFacts {
  readonly url: string;
  readonly title: string;
  readonly branch: string;
  readonly base: string;
}

export interface PullHeadFacts extends PullFacts {
  readonly isOpen: boolean;
  /** Of the branch; absent where it is gone. */
  readonly head?: RepositoryName;
  readonly commit: ObjectName;
}

/** Reads a pull request. Throws `UserError`. */
export async function readPullFacts(place: PullPlace, signal: AbortSignal): Promise<PullFacts> {
  const { url, title, branch, base } = await readPullHeadFacts(place, signal);
  return { url, title, branch, base };
}

/** Reads a pull request with where its branch is. Throws `UserError`. */
export async function readPullHeadFacts(place: PullPlace, signal: AbortSignal): Promise<PullHeadFacts> {
  const { octokit, repository } = place;
  const { data } = await explaining(contextOf(octokit, repository), () =>
    attempt((request) => octokit.pulls.get({ ...pullTarget(place), request }), signal),
  );
  const owner = data.head.repo?.owner.login;
  return {
    url: data.html_url,
    title: data.title,
    branch: data.head.ref,
    base: data.base.ref,
    isOpen: data.state === 'open',
    ...(owner !== undefined && { head: { owner, name: data.head.repo.name } }),
    commit: objectName(data.head.sha),
  };
}
