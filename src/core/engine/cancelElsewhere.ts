import { setTimeout as wait } from 'node:timers/promises';
import type { RunId } from '../domain.ts';
import { UserError } from '../problem.ts';
import type { Store } from '../store/store.ts';

/** A window looks for requests every second; the rest is for its runs to stop. */
const patienceMs = 3000;
const lookIntervalMs = 50;

/** Asks the windows that work on these runs to cancel them, and waits until they did, they take too long, or `signal` aborts. */
export async function cancelElsewhere(store: Store, ids: readonly RunId[], signal: AbortSignal): Promise<void> {
  for (const id of ids) store.requestCancel(id);
  const deadline = Date.now() + patienceMs;
  while (!signal.aborted && Date.now() < deadline && ids.some((id) => store.isInFlight(id))) {
    await wait(lookIntervalMs, undefined, { signal }).catch(() => {});
  }
}

/** What is said where a task was to be deleted and a run of it is working after all that. */
export function stillInUse(): UserError {
  return new UserError({
    code: 'interrupted',
    message:
      'This task was not deleted: one of its runs is still working, perhaps in another window. Cancel it there or close that window, then delete the task again.',
  });
}
