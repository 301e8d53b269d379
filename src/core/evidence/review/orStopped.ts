import { setTimeout as sleep } from 'node:timers/promises';

/** How long a stopped provider gets to report what it used, in milliseconds. */
const grace = 250;

/** What the work comes to; rejects with the signal's reason a moment after it says stop, whatever becomes of the work then. */
export async function orStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const ended = new AbortController();
  const stopped = Promise.withResolvers<void>();
  const stop = () => stopped.resolve();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const afterStop = stopped.promise.then(() => sleep(grace, undefined, { signal: ended.signal }));
  afterStop.catch(() => {});
  // It may fail after nobody waits for it any more.
  work.catch(() => {});
  try {
    const first = await Promise.race([work, afterStop]);
    signal.throwIfAborted();
    return first as T;
  } finally {
    ended.abort();
    signal.removeEventListener('abort', stop);
  }
}
