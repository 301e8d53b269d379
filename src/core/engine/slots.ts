/** Lets at most `limit()` holders work at once; others wait their turn, in order. */
export class Slots {
  readonly #limit: () => number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(limit: () => number) {
    this.#limit = limit;
  }

  /** Waits for a slot and runs `work` in it. Rejects with the signal's reason when aborted while waiting. */
  async use<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.#take(signal);
    try {
      return await work();
    } finally {
      this.#taken--;
      this.admit();
    }
  }

  /** Lets in who may go ahead now; to be called when the limit may have risen. */
  admit(): void {
    // A limit that is no number, or too small, would keep everybody waiting for ever.
    const limit = this.#limit();
    while (this.#taken < (limit >= 1 ? limit : 1)) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#taken++;
      next();
    }
  }

  #take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const enter = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(enter);
      this.admit();
    });
  }
}
