import type { ObjectName, RoundStart, Snapshot, Task } from '../domain.ts';
import { UserError } from '../problem.ts';
import type { PullRequest } from '../pullRequest.ts';
import type { TaskStorage, TreeSnapshotRequest, TreeSource } from '../workspace/workspace.ts';

/** The newest commit of a pull request's branch, its tree (of the whole repository), and where what is in it can be had. */
export interface PullHead {
  readonly commit: ObjectName;
  readonly tree: ObjectName;
  readonly source: TreeSource;
}

/** The pull request that a round starts from. Throws `UserError` (`not-found`). */
export function pullOf(task: Task, start: Extract<RoundStart, { readonly from: 'pull-request' }>): PullRequest {
  const pull = task.pullRequests.find(({ runId }) => runId === start.pull);
  if (pull) return pull;
  throw new UserError({
    code: 'not-found',
    message:
      'The pull request that the round was to start from is not known to this task. Send the message again and start from the workspace.',
  });
}

/** The folder as the pull request's branch has it, whoever pushed to it. */
export async function snapshotOfPull(
  storage: TaskStorage,
  head: PullHead,
  request: Omit<TreeSnapshotRequest, 'commit'>,
  signal: AbortSignal,
): Promise<Snapshot> {
  await storage.bringTree(head.tree, head.source, signal);
  return storage.snapshotOfTree(head.tree, { ...request, commit: head.commit }, signal);
}
