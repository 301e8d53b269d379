/** How often a webview is told about changes at most, unless it says otherwise. */
const usualIntervalMs = 50;

/** Calls `flush` soon after `schedule`, and at most once in an interval however often it was scheduled. */
export class FrameTimer {
  readonly #flush: () => void;
  readonly #intervalMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(flush: () => void, intervalMs = usualIntervalMs) {
    this.#flush = flush;
    this.#intervalMs = intervalMs;
  }

  schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
    }, this.#intervalMs);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
