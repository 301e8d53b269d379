import type { CandidateId, Round, Task } from '../core/domain.ts';
import type { PullRequest } from '../core/pullRequest.ts';

type Line = Pick<Task, 'rounds' | 'pullRequests'>;

/** The pull request that a candidate opened, or whose branch it went onto. */
export function pullRequestWith(
  { pullRequests }: Pick<Task, 'pullRequests'>,
  id: CandidateId,
): PullRequest | undefined {
  return (
    pullRequests.find((pull) => pull.runId === id) ??
    pullRequests.find(({ updates = [] }) => updates.some(({ candidate }) => candidate === id))
  );
}

/** The pull request that a round goes on from: from its branch, or from a candidate that is in it; over any number of rounds. */
export function pullRequestBehind(task: Line, round: Round): PullRequest | undefined {
  return behind(task, round, new Set());
}

/** Each round is looked at once, whatever a store says. */
function behind(task: Line, round: Round, seen: Set<Round>): PullRequest | undefined {
  const { start } = round;
  if (start.from === 'workspace' || seen.has(round)) return undefined;
  if (start.from === 'pull-request') return task.pullRequests.find(({ runId }) => runId === start.pull);
  const found = pullRequestWith(task, start.runId);
  const before = found ? undefined : task.rounds.find((earlier) => hasCandidate(earlier, start.runId));
  return found ?? (before && behind(task, before, seen.add(round)));
}

function hasCandidate({ runs, compositions }: Round, id: CandidateId): boolean {
  return [...runs, ...compositions].some((candidate) => candidate.id === id);
}

/** The open pull request that a candidate of this round can be put onto; undefined where it is in one already, or there is none. */
export function pullRequestToUpdate(task: Line, round: Round, id: CandidateId): PullRequest | undefined {
  if (pullRequestWith(task, id)) return undefined;
  const pull = pullRequestBehind(task, round);
  return pull && isOpenPull(pull) ? pull : undefined;
}

/** Whether it takes commits, as far as is known. */
export function isOpenPull({ status }: PullRequest): boolean {
  return status === undefined || status.state === 'open';
}
