import type * as vscode from 'vscode';
import type { RoundId, TaskId } from '../core/domain.ts';

const key = 'dursor.unseenRounds';

interface Unseen {
  readonly taskId: TaskId;
  readonly roundId: RoundId;
}

/** The rounds that ended while nobody looked. Remembered over reloads of the window. */
export class UnseenRounds {
  readonly #memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  get all(): readonly Unseen[] {
    return this.#memento.get<readonly Unseen[]>(key, []);
  }

  add(taskId: TaskId, roundId: RoundId): void {
    this.#write([...this.all.filter((round) => round.roundId !== roundId), { taskId, roundId }]);
  }

  /** Forgets those that were seen, or are no longer there. */
  forget(isOver: (round: Unseen) => boolean): void {
    const left = this.all.filter((round) => !isOver(round));
    if (left.length < this.all.length) this.#write(left);
  }

  #write(rounds: readonly Unseen[]): void {
    void this.#memento.update(key, rounds);
  }
}
