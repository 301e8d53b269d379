/** How often a webview is told about changes at most. */
const intervalMs = 50;

/** Calls `flush` soon after `schedule`, and at most once in an interval however often it was scheduled. */
export class FrameTimer {
  readonly #flush: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(flush: () => void) {
    this.#flush = flush;
  }

  schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
    }, intervalMs);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
