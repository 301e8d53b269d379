const warnAfter = 5;
/** Steps in a row without anything new, after which a run is stopped. */
export const stopAfter = 10;

/** What one step came to: what its calls found out, and the changes of the copy if it made any. */
export interface StepYield {
  readonly found: readonly string[];
  /** Anything that is different for different changes. */
  readonly state?: string;
}

/** Notices a model that goes on without changing anything or learning anything new. */
export class ProgressGuard {
  readonly #seen = new Set<string>();
  #idle = 0;

  /** Whether the last step brought anything new. */
  get isMoving(): boolean {
    return this.#idle === 0;
  }

  /** 'warn' after five steps in a row that brought nothing new: the model should be told. 'stop' after five more. */
  record({ found, state }: StepYield): 'fine' | 'warn' | 'stop' {
    const before = this.#seen.size;
    for (const content of found) this.#seen.add(content);
    if (state !== undefined) this.#seen.add(`changes ${state}`);
    this.#idle = this.#seen.size > before ? 0 : this.#idle + 1;
    if (this.#idle >= stopAfter) return 'stop';
    return this.#idle === warnAfter ? 'warn' : 'fine';
  }
}
