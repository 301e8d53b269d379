import type { ModelProfile, RoundStart, TaskId } from '../domain.ts';
import { UserError } from '../problem.ts';

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
