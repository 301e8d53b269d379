import type { RunEvent } from '../domain.ts';
import { type Clock, sleep } from './clock.ts';

/** How far apart the runs that waited together come back, in milliseconds. */
const spacing = 250;
/** Added to each wait by chance, in milliseconds. */
const spread = 1_000;

/** Who waits at a gate: its time, its end, and whom it tells. */
export interface Waiter {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly emit: (event: RunEvent) => void;
}

/**
 * What all runs of one provider account pass before they ask. Closed for as long as the provider told one of them to wait; then they
 * come back one after another, so that the first of them finds out for the others whether it is time.
 */
export class AccountGate {
  #opensAt = 0;
  #reason = '';
  #waiting = 0;

  /** Keeps everybody out until a time, in milliseconds since the epoch. A closed gate never opens sooner for it. */
  close(until: number, reason: string): void {
    if (until <= this.#opensAt) return;
    this.#opensAt = until;
    this.#reason = reason;
  }

  /** Waits until the gate is open or the signal says stop, and tells of the wait. */
  async pass({ clock, signal, emit }: Waiter): Promise<void> {
    const place = this.#waiting++;
    try {
      // Whoever comes back sooner may have been told to wait again.
      while (clock.now() < this.#opensAt) {
        const until = Math.ceil(this.#opensAt + place * spacing + clock.random() * spread);
        emit({ type: 'waiting', reason: this.#reason, until });
        if (!(await sleep(clock, until - clock.now(), signal))) return;
      }
    } finally {
      this.#waiting--;
    }
  }
}
