import type { FailedCheck, GitHubComment, PullRequestFeedback } from '../pullRequest.ts';
import { isOwn, listComments } from './comments.ts';
import { describeFailure } from './jobLogs.ts';
import { readPull } from './status.ts';
import { listChecks, type SeenCheck } from './statusChecks.ts';
import { type PullPlace, pullTarget } from './statusPlace.ts';
import { StatusReads } from './statusReads.ts';
import { readThreads } from './threads.ts';

/** Each costs up to two requests. */
const mostFailures = 20;

/** Reads what there is to be addressed on a pull request. Without GraphQL there are no threads in it. Rejects with what Octokit threw. */
export async function readFeedback(place: PullPlace, signal: AbortSignal): Promise<PullRequestFeedback> {
  const reads = new StatusReads();
  const { head } = await readPull(place, signal);
  const threads = (await readThreads(place, signal)) ?? [];
  const failed = (await listChecks(place, head, reads, signal)).filter(({ result }) => result === 'failed');
  const failedChecks: FailedCheck[] = [];
  for (const check of numbered(failed.slice(0, mostFailures))) {
    const { name, url } = check;
    failedChecks.push({ name, ...(url !== undefined && { url }), text: await describeFailure(place, check, signal) });
  }
  return {
    threads: threads.filter(({ isResolved }) => !isResolved).map(({ isResolved: _, ...thread }) => thread),
    comments: await readComments(place, reads, signal),
    failedChecks,
  };
}

/** A choice names checks, so each has a name of its own. */
function numbered(checks: readonly SeenCheck[]): readonly SeenCheck[] {
  const count = new Map<string, number>();
  return checks.map((check) => {
    const number = (count.get(check.name) ?? 0) + 1;
    count.set(check.name, number);
    return number === 1 ? check : { ...check, name: `${check.name} (${number})` };
  });
}

async function readComments(
  place: PullPlace,
  reads: StatusReads,
  signal: AbortSignal,
): Promise<readonly GitHubComment[]> {
  const said = (await listComments(place, 0, signal, reads)).filter(({ kind }) => kind === 'conversation');
  const reviews = await reads.readAll(
    'reviews',
    (page, options) => place.octokit.pulls.listReviews({ ...pullTarget(place), ...page, ...options }),
    signal,
  );
  const written = [
    ...said.map(({ id, author, body, url, createdAt }) => ({ id, author, body, url, at: createdAt })),
    ...reviews.map(({ id, user, body, html_url: url, submitted_at }) => {
      return { id, author: user?.login ?? 'ghost', body, url, at: Date.parse(submitted_at ?? '') || 0 };
    }),
  ];
  return written
    .filter(({ body }) => body.trim() !== '' && !isOwn(body))
    .sort((a, b) => a.at - b.at)
    .map(({ at: _, ...comment }) => comment);
}
