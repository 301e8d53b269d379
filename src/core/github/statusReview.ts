import type { PullRequestStatus } from '../pullRequest.ts';
import { type PullPlace, pullTarget } from './statusPlace.ts';
import type { StatusReads } from './statusReads.ts';

type Decision = PullRequestStatus['review'];

/** GitHub's own words: https://docs.github.com/en/graphql/reference/enums#pullrequestreviewdecision */
const decisions: Readonly<Record<string, Decision>> = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes-requested',
  REVIEW_REQUIRED: 'required',
};

/** What the reviews come to: GitHub's decision where it has one, else what the last word of each reviewer says. Rejects with what Octokit threw. */
export async function readDecision(
  place: PullPlace,
  decision: string | undefined,
  reads: StatusReads,
  signal: AbortSignal,
): Promise<Decision> {
  const said = decisions[decision ?? ''];
  if (said) return said;
  const { octokit } = place;
  const reviews = await reads.readAll(
    'reviews',
    (page, options) => octokit.pulls.listReviews({ ...pullTarget(place), ...page, ...options }),
    signal,
  );
  const last = new Map<string, string>();
  for (const { user, state } of reviews) {
    if (state === 'APPROVED' || state === 'CHANGES_REQUESTED' || state === 'DISMISSED')
      last.set(user?.login ?? '', state);
  }
  const states = [...last.values()];
  if (states.includes('CHANGES_REQUESTED')) return 'changes-requested';
  return states.includes('APPROVED') ? 'approved' : 'none';
}
