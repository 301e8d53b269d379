import type { Clock } from '../../../../src/core/agent/clock.ts';
import type { Disposable } from '../../../../src/core/ports.ts';

interface Waiting {
  readonly at: number;
  readonly then: () => void;
}

/** A clock that jumps to the next timer whenever nothing else is left to do. */
export class FakeClock implements Clock {
  readonly #waiting = new Set<Waiting>();
  #now: number;
  #isScheduled = false;
  #isStopped = false;

  constructor(start = 0) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  random(): number {
    return 0.5;
  }

  after(milliseconds: number, then: () => void): Disposable {
    const waiting = { at: this.#now + milliseconds, then };
    this.#waiting.add(waiting);
    this.#schedule();
    return { dispose: () => void this.#waiting.delete(waiting) };
  }

  /** Time stands still until `resume`. */
  stop(): void {
    this.#isStopped = true;
  }

  resume(): void {
    this.#isStopped = false;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isStopped || this.#waiting.size === 0) return;
    this.#isScheduled = true;
    // Everything the tests do runs in microtasks; when an immediate gets its turn, all of it has come to a halt.
    setImmediate(() => {
      this.#isScheduled = false;
      if (this.#isStopped) return;
      const [next] = [...this.#waiting].sort((a, b) => a.at - b.at);
      if (next === undefined) return;
      this.#waiting.delete(next);
      this.#now = next.at;
      next.then();
      this.#schedule();
    });
  }
}
