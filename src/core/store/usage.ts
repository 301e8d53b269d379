import type { DatabaseSync } from 'node:sqlite';
import type { TaskId, Timestamp } from '../domain.ts';

/** What the rows of a task say about the disk it uses and when. */
export interface TaskRows {
  readonly id: TaskId;
  readonly title: string;
  /** The workspace folder, as an absolute path. */
  readonly folder: string;
  readonly rounds: number;
  readonly updatedAt: Timestamp;
  /** Whether one of its runs is queued or running, in any window. */
  readonly isWorking: boolean;
  /** Bytes of its messages, runs, compositions, patches and evidence, without what SQLite adds. */
  readonly bytes: number;
}

const inFlight = "status IN ('queued', 'running')";

/** How many pages are given back at once; each such step is a moment in which the extension host does nothing else. */
const pagesAtOnce = 1000;

/** The store's rows as something that fills the disk, and the work of emptying it that windows share. */
export class UsageRows {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Every task of every folder. */
  tasks(): readonly TaskRows[] {
    // octet_length reads no text, only its length.
    const rows = this.#database
      .prepare(
        `SELECT id, title, folder, updated_at,
           (SELECT count(*) FROM rounds WHERE task_id = tasks.id) AS rounds,
           (SELECT coalesce(sum(octet_length(data)), 0) FROM rounds WHERE task_id = tasks.id) AS messages,
           (SELECT coalesce(sum(octet_length(runs.data) + octet_length(patch)), 0)
              FROM rounds JOIN runs ON runs.round_id = rounds.id WHERE rounds.task_id = tasks.id) AS results,
           (SELECT coalesce(sum(octet_length(compositions.data) + octet_length(patch)), 0)
              FROM rounds JOIN compositions ON compositions.round_id = rounds.id WHERE rounds.task_id = tasks.id) AS composed,
           (SELECT coalesce(sum(octet_length(data)), 0) FROM check_runs WHERE task_id = tasks.id) AS checked,
           (SELECT coalesce(sum(octet_length(round_evidence.data)), 0)
              FROM rounds JOIN round_evidence ON round_id = rounds.id WHERE rounds.task_id = tasks.id) AS judged,
           (SELECT coalesce(sum(octet_length(picks.data)), 0)
              FROM rounds JOIN picks ON round_id = rounds.id WHERE rounds.task_id = tasks.id) AS picked,
           EXISTS (SELECT 1 FROM rounds JOIN runs ON runs.round_id = rounds.id
              WHERE rounds.task_id = tasks.id AND ${inFlight}) AS working
         FROM tasks`,
      )
      .all();
    return rows.map((row) => ({
      id: row.id as TaskId,
      title: String(row.title),
      folder: String(row.folder),
      rounds: Number(row.rounds),
      updatedAt: Number(row.updated_at),
      isWorking: row.working === 1,
      bytes: ['messages', 'results', 'composed', 'checked', 'judged', 'picked'].reduce(
        (sum, part) => sum + Number(row[part]),
        0,
      ),
    }));
  }

  /** Deletes a task that nobody works on and that was last used at this time. False when that is no longer so. */
  deleteUnused(id: TaskId, updatedAt: Timestamp): boolean {
    const deletion = this.#database.prepare(
      `DELETE FROM tasks WHERE id = ? AND updated_at = ? AND NOT EXISTS
         (SELECT 1 FROM rounds JOIN runs ON runs.round_id = rounds.id WHERE rounds.task_id = tasks.id AND ${inFlight})`,
    );
    return deletion.run(id, updatedAt).changes > 0;
  }

  /** Takes a chore. False while another window is at it (unless `isGone` says that there is no such window), or when it was done after `dueAt`. */
  claim(chore: string, owner: string, dueAt: Timestamp, isGone: (owner: string) => boolean): boolean {
    const known = this.#database.prepare('SELECT owner FROM chores WHERE name = ?').get(chore);
    const holder = known?.owner ?? null;
    if (holder !== null && !isGone(String(holder))) return false;
    const claim = this.#database.prepare(
      `INSERT INTO chores (name, owner) VALUES (?, ?)
       ON CONFLICT (name) DO UPDATE SET owner = excluded.owner WHERE owner IS ? AND done_at <= ?`,
    );
    return claim.run(chore, owner, holder, dueAt).changes > 0;
  }

  /** Ends a claim. */
  done(chore: string, owner: string, now: Timestamp): void {
    this.#database
      .prepare('UPDATE chores SET owner = NULL, done_at = ? WHERE name = ? AND owner = ?')
      .run(now, chore, owner);
  }

  /** Gives some of the space of deleted rows back to the disk. False when there is no more. */
  compact(): boolean {
    const free = this.#database.prepare('PRAGMA freelist_count').get()?.freelist_count;
    // A database that was made without incremental vacuum keeps its pages and uses them again.
    const mode = this.#database.prepare('PRAGMA auto_vacuum').get()?.auto_vacuum;
    if (Number(free) === 0 || mode !== 2) return false;
    this.#database.exec(`PRAGMA incremental_vacuum(${pagesAtOnce})`);
    return true;
  }

  /** Brings the write-ahead log into the database and empties it, where no other window reads just now. */
  checkpoint(): void {
    this.#database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
  }
}
