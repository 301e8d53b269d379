import { orAbort } from './orAbort.ts';

/** Work that several callers wait for: done once, and given up when the last of them has left. */
export class SharedWork<T> {
  readonly #abort = new AbortController();
  readonly #result: Promise<T>;
  #waiting = 0;
  #state: 'going' | 'done' | 'failed' = 'going';

  constructor(work: (signal: AbortSignal) => Promise<T>, ending: AbortSignal) {
    this.#result = work(AbortSignal.any([this.#abort.signal, ending]));
    this.#result.then(
      () => this.#settle('done'),
      () => this.#settle('failed'),
    );
  }

  /** Whether it has or may still come to a result: it has not failed, and was not given up. */
  get isUsable(): boolean {
    return this.#state !== 'failed' && !this.#abort.signal.aborted;
  }

  /** Resolves when nothing of it goes on any more. */
  async settled(): Promise<void> {
    await this.#result.catch(() => {});
  }

  /** Rejects with the signal's reason when that aborts first. */
  async join(signal?: AbortSignal): Promise<T> {
    this.#waiting++;
    try {
      return await (signal ? orAbort(this.#result, signal) : this.#result);
    } finally {
      this.#waiting--;
      if (this.#waiting === 0 && this.#state === 'going') this.#abort.abort(signal?.reason);
    }
  }

  #settle(state: 'done' | 'failed'): void {
    this.#state = state;
  }
}
