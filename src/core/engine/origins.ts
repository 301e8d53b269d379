import type { FileChange, ObjectName, Round, Run, Snapshot, Task } from '../domain.ts';
import { UserError } from '../problem.ts';

/**
 * Where a round that goes on from a run begins: the same base, so that its patches hold the earlier round's work too.
 * Undefined for one that starts from the workspace.
 */
export function originOf(
  task: Task,
  round: Round,
): { readonly snapshot: Snapshot; readonly tree: ObjectName; readonly changes: readonly FileChange[] } | undefined {
  if (round.start.from === 'workspace') return undefined;
  const before = startOf(task, round);
  if (!before?.round.snapshot || !before.run.tree) {
    throw new UserError({
      code: 'not-found',
      message: 'The run to go on from has no result. Send the message again and start from the workspace.',
    });
  }
  return { snapshot: before.round.snapshot, tree: before.run.tree, changes: before.run.changes };
}

/** The run that a round goes on from, the one that run's round went on from, and so on: newest first. */
export function originsOf(task: Task, round: Round): readonly Run[] {
  const before = startOf(task, round);
  return before ? [before.run, ...originsOf(task, before.round)] : [];
}

function startOf(task: Task, { start }: Round): { readonly round: Round; readonly run: Run } | undefined {
  if (start.from === 'workspace') return undefined;
  for (const round of task.rounds) {
    const run = round.runs.find((candidate) => candidate.id === start.runId);
    if (run) return { round, run };
  }
  return undefined;
}
