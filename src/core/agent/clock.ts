import type { Disposable } from '../ports.ts';

/** Time and chance as the agent sees them, so that tests can own both. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** A number from 0 up to, but not including, 1. */
  random(): number;
  /** Calls `then` once after `milliseconds`, unless disposed of before. */
  after(milliseconds: number, then: () => void): Disposable;
}

/** Node turns a longer timeout into one of a millisecond. */
const longestTimeout = 2 ** 31 - 1;

/** The computer's own time and chance. */
export const systemClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  after(milliseconds, then) {
    const timer = setTimeout(then, Math.min(milliseconds, longestTimeout));
    return { dispose: () => clearTimeout(timer) };
  },
};

/** Waits; true when the time has passed, false when the signal ended the wait. Never rejects. */
export function sleep(clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve(false);
      return;
    }
    const onAbort = () => {
      timer.dispose();
      resolve(false);
    };
    const timer = clock.after(milliseconds, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve(true);
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
