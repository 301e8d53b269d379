import { candidatesOf } from '../composition.ts';
import type { CandidateId, ModelProfile, Round, RoundStart, Task, TaskId } from '../domain.ts';
import { UserError } from '../problem.ts';

/** A title is the first line of the first message, up to this many characters. */
const maxTitleLength = 80;

/** A message to be sent to models. */
export interface RoundRequest {
  /** The task to go on with; a new one when absent. */
  readonly taskId?: TaskId;
  /** The opened folder of a new task, as an absolute path. */
  readonly folder: string;
  /** The sub-folder a new task may change. */
  readonly scope?: string;
  readonly message: string;
  readonly profiles: readonly ModelProfile[];
  readonly start: RoundStart;
  /** Whether the round it goes on from keeps the choice it has: what is sent back to be mended isn't picked by that. */
  readonly keepsChoice?: boolean;
}

/** Throws `UserError` for a request that can't start a round. */
export function assertStartable({ message, profiles }: RoundRequest): void {
  if (message.trim() === '') {
    throw new UserError({
      code: 'bad-request',
      message: 'The message is empty. Write what is to be done, then send it.',
    });
  }
  if (profiles.length === 0) {
    throw new UserError({
      code: 'model-not-found',
      message: 'No model is chosen. Choose at least one, then send the message again.',
    });
  }
}

/** The task that a first message begins, without its round. */
export function newTask(id: TaskId, { message, folder, scope }: RoundRequest): Task {
  const now = Date.now();
  const title = message.trim().split('\n', 1)[0] ?? '';
  return {
    id,
    title: title.length > maxTitleLength ? `${title.slice(0, maxTitleLength - 1)}…` : title,
    folder,
    ...(scope !== undefined && { scope }),
    createdAt: now,
    updatedAt: now,
    rounds: [],
    pullRequests: [],
  };
}

/** The round of a candidate that another round goes on from. Throws `UserError` (`not-found`). */
export function roundOfCandidate({ rounds }: Task, id: CandidateId): Round {
  const found = rounds.find((round) => candidatesOf(round).some((candidate) => candidate.id === id));
  if (found) return found;
  throw new UserError({ code: 'not-found', message: 'What the round was to go on from is no longer there.' });
}
