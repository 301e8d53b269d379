import type { ObjectName } from '../domain.ts';
import type { PullRequestStatus } from '../pullRequest.ts';
import { isRequestFailure } from './attempt.ts';
import { target } from './client.ts';
import type { PullPlace } from './statusPlace.ts';
import { restAfter, type StatusReads } from './statusReads.ts';

/** A check run or a commit status. */
export interface SeenCheck {
  readonly name: string;
  readonly result: 'passed' | 'pending' | 'failed';
  readonly url?: string;
  readonly title: string;
  readonly summary: string;
  /** The check run's number, to ask for its annotations; for GitHub Actions it is also the job's. */
  readonly run?: { readonly id: number; readonly isJob: boolean };
}

/** How many there are of each. Rejects with what Octokit threw. */
export async function readChecks(
  place: PullPlace,
  commit: ObjectName,
  reads: StatusReads,
  signal: AbortSignal,
): Promise<PullRequestStatus['checks']> {
  const all = await listChecks(place, commit, reads, signal);
  const count = (result: SeenCheck['result']) => all.filter((check) => check.result === result).length;
  const failed = all.filter(({ result }) => result === 'failed').map(({ name }) => name);
  return { passed: count('passed'), pending: count('pending'), failed: [...new Set(failed)] };
}

/** The checks of a commit. None where this sign-in may not read them. */
export async function listChecks(
  place: PullPlace,
  commit: ObjectName,
  reads: StatusReads,
  signal: AbortSignal,
): Promise<readonly SeenCheck[]> {
  const [runs, statuses] = [
    await listRuns(place, commit, reads, signal),
    await listStatuses(place, commit, reads, signal),
  ];
  return [...runs, ...statuses];
}

async function listRuns({ octokit, repository }: PullPlace, ref: ObjectName, reads: StatusReads, signal: AbortSignal) {
  const runs = await orNone(
    reads.readAll(
      `check-runs ${ref}`,
      async (page, options) => {
        const answer = await octokit.checks.listForRef({ ...target(repository), ref, ...page, ...options });
        return { ...answer, data: answer.data.check_runs };
      },
      signal,
    ),
  );
  return runs.map(
    ({ id, name, status, conclusion, details_url, html_url, output, app }): SeenCheck => ({
      name,
      result: status === 'completed' ? (resultOf[conclusion ?? ''] ?? 'pending') : 'pending',
      ...urlOf(details_url ?? html_url),
      title: output?.title ?? '',
      summary: output?.summary ?? '',
      run: { id, isJob: app?.slug === 'github-actions' },
    }),
  );
}

/** https://docs.github.com/en/rest/checks/runs; what isn't here is still to come. */
const resultOf: Readonly<Record<string, SeenCheck['result']>> = {
  success: 'passed',
  neutral: 'passed',
  skipped: 'passed',
  failure: 'failed',
  cancelled: 'failed',
  timed_out: 'failed',
  action_required: 'failed',
  startup_failure: 'failed',
  error: 'failed',
};

async function listStatuses(
  { octokit, repository }: PullPlace,
  ref: ObjectName,
  reads: StatusReads,
  signal: AbortSignal,
): Promise<readonly SeenCheck[]> {
  const statuses = await orNone(
    reads.readAll(
      `status ${ref}`,
      async (page, options) => {
        const answer = await octokit.repos.getCombinedStatusForRef({ ...target(repository), ref, ...page, ...options });
        return { ...answer, data: answer.data.statuses };
      },
      signal,
    ),
  );
  return statuses.map(({ context, state, description, target_url }) => ({
    name: context,
    result: resultOf[state] ?? 'pending',
    ...urlOf(target_url),
    title: description ?? '',
    summary: '',
  }));
}

/** An address that a browser may be sent to. */
function urlOf(url: string | null | undefined): { readonly url?: string } {
  return url && /^https?:$/.test(URL.parse(url)?.protocol ?? '') ? { url } : {};
}

/** A sign-in may see the pull request and not its checks. */
async function orNone<T>(list: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await list;
  } catch (error) {
    const isRefused = isRequestFailure(error) && [403, 404].includes(error.status);
    if (isRefused && restAfter(error, Date.now()) === undefined) return [];
    throw error;
  }
}
