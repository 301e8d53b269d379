import type { Run } from '../domain.ts';
import { codeOf } from '../problem.ts';
import type { Store } from '../store/store.ts';

/** How often a window says that it is alive. */
const beatIntervalMs = 30_000;
/** A window that hasn't said so for this long is gone, whatever its process number says: numbers are used again. */
const staleMs = 10 * 60_000;

/** Keeps this window's claim on its runs, and finds runs whose window is gone (it was reloaded, closed, or crashed). */
export class Ownership {
  readonly owner = crypto.randomUUID();
  readonly #store: Store;
  readonly #timer: NodeJS.Timeout;
  readonly #onAbandoned: (run: Run, owner: string) => void;
  #lastBeat = 0;
  #trustFrom = 0;

  /** `onAbandoned` is called for each run in flight that nobody works on any more, with the window it belonged to. */
  constructor(store: Store, onAbandoned: (run: Run, owner: string) => void) {
    this.#store = store;
    this.#onAbandoned = onAbandoned;
    this.#beat();
    this.#timer = setInterval(() => this.#tick(), beatIntervalMs);
    this.#timer.unref();
  }

  /** Looks for abandoned runs now. */
  recover(): void {
    // After the machine slept every window's beat is old; give the others one interval to say that they are back.
    const now = Date.now();
    if (now - this.#lastBeat > 2 * beatIntervalMs) this.#trustFrom = now + beatIntervalMs;
    if (now < this.#trustFrom) return;
    for (const { run, owner } of this.#store.runsInFlight()) {
      if (owner !== this.owner && !this.isAlive(owner)) this.#onAbandoned(run, owner);
    }
  }

  /** Whether a window is there, as far as one can tell. */
  isAlive(owner: string): boolean {
    const beat = this.#store.owners.find(owner);
    return beat !== undefined && Date.now() - beat.beatAt < staleMs && processExists(beat.pid);
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#store.owners.remove(this.owner);
  }

  #tick(): void {
    this.recover();
    this.#beat();
  }

  #beat(): void {
    this.#lastBeat = Date.now();
    this.#store.owners.beat(this.owner, process.pid, this.#lastBeat);
  }
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: there is one, of another user.
    return codeOf(error) === 'EPERM';
  }
}
