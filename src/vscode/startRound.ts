import type { CandidateId, ModelProfile, Task, TaskId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import { UserError } from '../core/problem.ts';
import type { Composer } from './composer.ts';
import type { FolderChoice } from './folderChoice.ts';

export interface RoundParts {
  readonly engine: Engine;
  readonly composer: Composer;
  readonly folders: FolderChoice;
}

/** A message, and the task that it was written for; absent for a new one. */
export interface SentMessage {
  readonly taskId: TaskId | undefined;
  readonly text: string;
}

/**
 * Starts a round in the open task, or in a new one, with what the composer says. Undefined when there is nothing to start it with, or the
 * user chose no folder. Throws `UserError`.
 */
export async function startRound(
  { engine, composer, folders }: RoundParts,
  task: Task | undefined,
  { taskId, text }: SentMessage,
): Promise<TaskId | undefined> {
  const profiles = composer.selectedProfiles();
  if (folders.problem || text.trim() === '' || profiles.length === 0) return undefined;
  if (task?.id !== taskId) throw otherTaskShown();
  const folder = task?.folder ?? composer.place?.folder ?? (await folders.pick());
  if (!folder) return undefined;
  folders.requireOpen(folder);
  const scope = composer.place?.scope;
  const started = engine.startRound({
    ...(task && { taskId: task.id }),
    folder,
    ...(scope !== undefined && { scope }),
    message: text.trim(),
    profiles,
    start: composer.start(task),
  });
  return started.taskId;
}

/** Starts a round in a candidate's task that goes on from it, on one model, and chooses nothing by that. Throws `UserError`. */
export function continueFrom(
  { engine, folders }: Pick<RoundParts, 'engine' | 'folders'>,
  id: CandidateId,
  { profile, text }: { readonly profile: ModelProfile; readonly text: string },
): TaskId {
  const { task } = engine.candidate(id);
  folders.requireOpen(task.folder);
  const request = {
    taskId: task.id,
    folder: task.folder,
    message: text.trim(),
    profiles: [profile],
    keepsChoice: true,
  };
  return engine.startRound({ ...request, start: { from: 'run', runId: id } }).taskId;
}

function otherTaskShown(): UserError {
  const message = 'The task of this message is no longer shown here. Send the message again to use what is shown now.';
  return new UserError({ code: 'not-found', message });
}
