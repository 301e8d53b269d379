import type { DatabaseSync } from 'node:sqlite';
import type { Composition } from '../composition.ts';
import type { CandidateId, CompositionId, RoundId, TaskId, Timestamp } from '../domain.ts';

/** The compositions of rounds. Several windows may write them, so each write says what it is based on. */
export class CompositionRows {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Those of a task by their rounds, each round's in the order they were made. */
  ofTask(id: TaskId): ReadonlyMap<RoundId, readonly Composition[]> {
    const rows = this.#database
      .prepare(
        `SELECT compositions.data FROM compositions JOIN rounds ON rounds.id = round_id
         WHERE rounds.task_id = ? ORDER BY compositions.created_at, compositions.rowid`,
      )
      .all(id);
    return Map.groupBy(
      rows.map((row) => JSON.parse(String(row.data)) as Composition),
      ({ roundId }) => roundId,
    );
  }

  /** Adds one to a round that has this many. False when another window was faster, or the round is gone. */
  insert(composition: Composition, patch: string, others: number): boolean {
    const { id, roundId, createdAt, updatedAt } = composition;
    const insertion = this.#database.prepare(
      `INSERT INTO compositions (id, round_id, created_at, updated_at, data, patch) SELECT ?, id, ?, ?, ?, ? FROM rounds
       WHERE id = ? AND (SELECT count(*) FROM compositions WHERE round_id = rounds.id) = ?`,
    );
    const values = [id, createdAt, updatedAt, JSON.stringify(composition), patch, roundId, others];
    return insertion.run(...values).changes > 0;
  }

  /** Writes one that was last written at this time. False when another window was faster, or it is gone. */
  update(composition: Composition, patch: string, updatedAt: Timestamp): boolean {
    const change = this.#database.prepare(
      'UPDATE compositions SET updated_at = ?, data = ?, patch = ? WHERE id = ? AND updated_at = ?',
    );
    return change.run(composition.updatedAt, JSON.stringify(composition), patch, composition.id, updatedAt).changes > 0;
  }

  delete(id: CompositionId): void {
    this.#database.prepare('DELETE FROM compositions WHERE id = ?').run(id);
  }

  /** The unified diff; undefined where no composition has this name. */
  patch(id: CandidateId): string | undefined {
    const row = this.#database.prepare('SELECT patch FROM compositions WHERE id = ?').get(id);
    return row && String(row.patch);
  }
}
