import { UserError } from '../problem.ts';
import type { PullRequestStatus, RepositoryName } from '../pullRequest.ts';
import { attempt } from './attempt.ts';
import { objectName } from './objectName.ts';
import { readChecks } from './statusChecks.ts';
import { type PullPlace, pullTarget } from './statusPlace.ts';
import type { StatusReads } from './statusReads.ts';
import { readDecision } from './statusReview.ts';
import { readOpenThreads } from './threads.ts';

/** A pull request as it is at this moment. */
export interface SeenPull extends Pick<PullRequestStatus, 'state' | 'isDraft' | 'head' | 'hasConflicts'> {
  readonly branch: string;
  /** Where its branch is; absent where that repository is gone. */
  readonly headRepository?: RepositoryName;
  /** By GitHub's clock, in milliseconds, as the next. */
  readonly openedAt: number;
  /** Absent where GitHub doesn't tell. */
  readonly now?: number;
}

/** What is seen of a pull request without its checks and reviews. Rejects with what Octokit threw, or with `UserError` where it is another one. */
export async function readPull(place: PullPlace, signal: AbortSignal, reads?: StatusReads): Promise<SeenPull> {
  const ask = (options: object) => place.octokit.pulls.get({ ...pullTarget(place), ...options });
  if (reads) return seenOf(sameAs(place, await reads.read('pull', ask, signal)));
  const answer = await attempt((request) => ask({ request }), signal);
  const { headers } = answer;
  const data = sameAs(place, answer.data);
  const now = Date.parse(headers.date ?? '');
  return { ...seenOf(data), ...(Number.isFinite(now) && { now }) };
}

type Pull = Awaited<ReturnType<PullPlace['octokit']['pulls']['get']>>['data'];

/** A repository may be given up, and its name taken by somebody else. */
function sameAs({ repository, number, gitHubId }: PullPlace, pull: Pull): Pull {
  if (gitHubId === undefined || pull.id === gitHubId) return pull;
  throw new UserError({
    code: 'not-found',
    message: `#${number} of ${repository.owner}/${repository.name} is another pull request now: the repository was moved, and somebody has taken its name. Create a new pull request where it is now.`,
  });
}

function seenOf({ state, merged, draft, head, mergeable, created_at }: Pull): SeenPull {
  const owner = head.repo?.owner.login;
  return {
    state: merged ? 'merged' : state === 'open' ? 'open' : 'closed',
    isDraft: draft === true,
    head: objectName(head.sha),
    ...(typeof mergeable === 'boolean' && { hasConflicts: !mergeable }),
    branch: head.ref,
    openedAt: Date.parse(created_at),
    ...(owner !== undefined && { headRepository: { owner, name: head.repo.name } }),
  };
}

/** All that is shown of a pull request. What this sign-in may not read, and what the server doesn't have, counts as nothing. Rejects with what Octokit threw. */
export async function readStatus(
  place: PullPlace,
  reads: StatusReads,
  signal: AbortSignal,
): Promise<Omit<PullRequestStatus, 'seenAt'>> {
  const { branch: _, headRepository: __, openedAt: ___, now: ____, ...seen } = await readPull(place, signal, reads);
  const checks = await readChecks(place, seen.head, reads, signal);
  const threads = await readOpenThreads(place, signal);
  const review = await readDecision(place, threads?.decision, reads, signal);
  return { ...seen, checks, review, openThreads: threads?.count ?? 0 };
}

/** What is said where a closed pull request was to be changed. */
export function assertOpen({ state }: Pick<SeenPull, 'state'>, number: number): void {
  if (state === 'open') return;
  throw new UserError({
    code: 'github-failed',
    message: `Pull request #${number} is ${state === 'merged' ? 'merged' : 'closed'}, so nothing was pushed to its branch. Create a new pull request for this candidate${state === 'merged' ? '' : ', or reopen that one on GitHub and try again'}.`,
  });
}
