import { UserError } from '../problem.ts';

/** The problem of something that was asked for by its name and isn't stored. */
export function gone(): UserError {
  return new UserError({
    code: 'not-found',
    message: 'This is no longer there: the task was deleted, perhaps in another window.',
  });
}
