import type { CandidateId, TaskId } from '../domain.ts';
import type { TaskStorage } from '../workspace/workspace.ts';
import type { Applies } from './applies.ts';
import { type ApplyOptions, type ApplyPlan, assertEnded, planApply, type ReadCurrent } from './applyPlan.ts';
import type { EngineHost } from './engineHost.ts';
import { originsOf } from './origins.ts';
import type { TaskBook } from './taskBook.ts';
import { policyOf } from './taskPolicy.ts';

export interface ApplyParts {
  readonly host: EngineHost;
  readonly book: TaskBook;
  readonly applies: Applies;
  readonly storage: (taskId: TaskId) => TaskStorage;
}

/** How to bring a candidate's patch into its task's folder as that is now (see `planApply`). Throws `UserError`. */
export async function planApplyOf(
  { host, book, applies, storage }: ApplyParts,
  id: CandidateId,
  readCurrent: ReadCurrent,
  options: ApplyOptions,
): Promise<ApplyPlan> {
  const { task, round, candidate } = book.candidate(id);
  assertEnded(candidate);
  // A composition goes on changing after it was applied: the folder then holds what it was, not the user's own work.
  const applied = await applies.ofCandidate(task.folder, id);
  return planApply({
    candidate,
    origins: [...applied, ...originsOf(task, round)],
    storage: storage(task.id),
    policy: await policyOf(task, host),
    readCurrent,
    ...options,
  });
}
