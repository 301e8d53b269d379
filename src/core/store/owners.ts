import type { DatabaseSync } from 'node:sqlite';

/** The windows that say they are alive. */
export class OwnerRows {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Says that a window is alive. */
  beat(owner: string, pid: number, now: number): void {
    this.#database.prepare('INSERT OR REPLACE INTO owners (id, pid, beat_at) VALUES (?, ?, ?)').run(owner, pid, now);
  }

  /** When a window last said that it is alive, and the process it is. */
  find(id: string): { readonly pid: number; readonly beatAt: number } | undefined {
    const row = this.#database.prepare('SELECT pid, beat_at FROM owners WHERE id = ?').get(id);
    return row && { pid: Number(row.pid), beatAt: Number(row.beat_at) };
  }

  remove(id: string): void {
    this.#database.prepare('DELETE FROM owners WHERE id = ?').run(id);
  }
}
