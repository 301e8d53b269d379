import type { Composition } from '../composition.ts';
import type { CompositionId } from '../domain.ts';
import type { CompositionRows } from '../store/compositions.ts';
import type { TaskBook } from './taskBook.ts';

/** Writes compositions where several windows may: each write is based on what is known here, and is refused when that is old. */
export class CompositionBook {
  readonly #rows: CompositionRows;
  readonly #book: TaskBook;

  constructor(rows: CompositionRows, book: TaskBook) {
    this.#rows = rows;
    this.#book = book;
  }

  /** Writes a new composition, or what becomes of `before`. False when another window was faster: then look again. */
  save(composition: Composition, patch: string, before?: Composition): boolean {
    if (this.#book.isClosed) return false;
    const { task, round } = this.#book.round(composition.roundId);
    const isWritten = before
      ? this.#rows.update(composition, patch, before.updatedAt)
      : this.#rows.insert(composition, patch, round.compositions.length);
    if (isWritten) this.#book.readAgain(task.id);
    return isWritten;
  }

  /**
   * Makes a composition again what was shipped as it. What another window made of it in the meantime, which can't know of that, goes on as a
   * composition of its own.
   */
  keepShipped(shipped: Composition, patch: string): void {
    this.#book.refresh();
    const { id, roundId } = shipped;
    const current = this.#book.round(roundId).round.compositions.find((composition) => composition.id === id);
    if (!current) this.save(shipped, patch);
    if (!current || current.updatedAt === shipped.updatedAt) return;
    const later = { ...current, id: crypto.randomUUID() as string as CompositionId, createdAt: Date.now() };
    this.save(later, this.#book.patch(id));
    this.save({ ...shipped, updatedAt: current.updatedAt + 1 }, patch, current);
  }

  /** Deletes a composition, whatever another window made of it; where it was the round's choice there is none then. */
  delete({ id, roundId, taskId }: Composition): void {
    if (this.#book.isClosed) return;
    this.#rows.delete(id);
    const { chosenRunId, ...others } = this.#book.round(roundId).round;
    if (chosenRunId === id) this.#book.updateRound(roundId, () => others);
    this.#book.readAgain(taskId);
  }
}
