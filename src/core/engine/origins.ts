import { type Candidate, candidatesOf } from '../composition.ts';
import type { FileChange, ObjectName, Round, Snapshot, Task } from '../domain.ts';
import { UserError } from '../problem.ts';

/**
 * Where a round that goes on from a candidate begins: the same base, so that its patches hold the earlier round's work too.
 * Undefined for one that starts from the workspace.
 */
export function originOf(
  task: Task,
  round: Round,
): { readonly snapshot: Snapshot; readonly tree: ObjectName; readonly changes: readonly FileChange[] } | undefined {
  if (round.start.from !== 'run') return undefined;
  const before = startOf(task, round);
  if (!before?.round.snapshot || !before.candidate.tree) {
    throw new UserError({
      code: 'not-found',
      message: 'What the round was to go on from has no result. Send the message again and start from the workspace.',
    });
  }
  const { tree, changes } = before.candidate;
  return { snapshot: before.round.snapshot, tree, changes };
}

/**
 * The candidate that a round goes on from, the one that candidate's round went on from, and so on: newest first. They all share one
 * base. A round that starts from a pull request has a base of its own, in which what was shipped before is already there.
 */
export function originsOf(task: Task, round: Round): readonly Candidate[] {
  const before = startOf(task, round);
  return before ? [before.candidate, ...originsOf(task, before.round)] : [];
}

/** What the candidates of a round were asked for before, as far as their changes hold that work too; the first message first. */
export function earlierMessages(task: Task, round: Round): readonly string[] {
  const before = startOf(task, round);
  return before ? [...earlierMessages(task, before.round), before.round.message] : [];
}

function startOf(task: Task, { start }: Round): { readonly round: Round; readonly candidate: Candidate } | undefined {
  if (start.from !== 'run') return undefined;
  for (const round of task.rounds) {
    const candidate = candidatesOf(round).find(({ id }) => id === start.runId);
    if (candidate) return { round, candidate };
  }
  return undefined;
}
