import type { ProfileId, RunEvent } from '../../domain.ts';
import type { ReviewProgress } from '../../evidence.ts';

/** Counts the answers of a review, and tells of each. */
export class Progress {
  readonly #total: number;
  readonly #tell: (progress: ReviewProgress) => void;
  #done = 0;

  constructor(total: number, tell: (progress: ReviewProgress) => void) {
    this.#total = total;
    this.#tell = tell;
    tell({ done: 0, total });
  }

  /** So many more answers came, or won't come. */
  add(answers: number): void {
    this.#done += answers;
    this.#tell({ done: this.#done, total: this.#total });
  }

  wait(reviewer: ProfileId, { reason, until }: Extract<RunEvent, { type: 'waiting' }>): void {
    this.#tell({ done: this.#done, total: this.#total, waiting: { reviewer, reason, until } });
  }
}
