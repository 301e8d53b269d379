import type { RunId } from '../../src/core/domain.ts';

/** Text that was streamed since a run's last state, by run. Only who shows a run's text hears of more of it. */
export class LiveText {
  readonly #texts = new Map<RunId, string>();
  readonly #listeners = new Map<RunId, Set<() => void>>();

  textOf(runId: RunId): string {
    return this.#texts.get(runId) ?? '';
  }

  append(runId: RunId, text: string): void {
    this.#texts.set(runId, this.textOf(runId) + text);
    for (const listener of this.#listeners.get(runId) ?? []) listener();
  }

  /** A new state of these runs, or of all of them, holds all the text so far. Its rendering follows at once, so nobody is told. */
  clear(runIds: Iterable<RunId> = this.#texts.keys()): void {
    for (const runId of [...runIds]) this.#texts.delete(runId);
  }

  /** Returns a function that stops listening. */
  listen(runId: RunId, listener: () => void): () => void {
    const listeners = this.#listeners.get(runId) ?? new Set();
    this.#listeners.set(runId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(runId);
    };
  }
}
