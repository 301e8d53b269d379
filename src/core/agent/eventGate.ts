import type { RunEvent } from '../domain.ts';

/** Lets a run's events through until it has ended, and never leaves a tool running that was shown as started. */
export class EventGate {
  readonly #emit: (event: RunEvent) => void;
  readonly #signal: AbortSignal;
  readonly #running = new Set<string>();
  #closed = false;

  constructor(emit: (event: RunEvent) => void, signal: AbortSignal) {
    this.#emit = emit;
    this.#signal = signal;
  }

  /** After the signal only what completes the record gets through: the end of a tool, and usage that was billed. */
  readonly send = (event: RunEvent): void => {
    if (this.#closed) return;
    if (this.#signal.aborted && event.type !== 'usage' && event.type !== 'tool-ended') return;
    if (event.type === 'tool-started') this.#running.add(event.callId);
    if (event.type === 'tool-ended') this.#running.delete(event.callId);
    this.#emit(event);
  };

  /** Nothing gets through afterwards. */
  close(): void {
    for (const callId of [...this.#running]) {
      this.send({ type: 'tool-ended', callId, outcome: 'failed', detail: 'stopped' });
    }
    this.#closed = true;
  }
}
