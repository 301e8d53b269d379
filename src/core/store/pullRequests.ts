import type { DatabaseSync } from 'node:sqlite';
import type { CandidateId, TaskId, Timestamp } from '../domain.ts';
import type { MadeHead } from '../github/pullRequest.ts';
import type { PullRequest } from '../pullRequest.ts';

/** The pull requests of candidates, and which window is opening one. */
export class PullRequestRows {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Inserts a candidate's pull request, or writes it anew. */
  save(taskId: TaskId, pull: PullRequest): void {
    this.#database
      .prepare(
        `INSERT INTO pull_requests (candidate_id, task_id, data) VALUES (?, ?, ?)
         ON CONFLICT (candidate_id) DO UPDATE SET data = excluded.data`,
      )
      .run(pull.runId, taskId, JSON.stringify(pull));
  }

  find(id: CandidateId): PullRequest | undefined {
    const row = this.#database.prepare('SELECT data FROM pull_requests WHERE candidate_id = ?').get(id);
    return row && (JSON.parse(String(row.data)) as PullRequest);
  }

  /** Changes a candidate's pull request as it is stored now. Answers with its task; undefined where nothing was to be changed. */
  change(id: CandidateId, change: (pull: PullRequest) => PullRequest): TaskId | undefined {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const row = this.#database.prepare('SELECT task_id, data FROM pull_requests WHERE candidate_id = ?').get(id);
      const pull = row && (JSON.parse(String(row.data)) as PullRequest);
      const changed = pull && change(pull);
      const isChanged = changed !== pull && changed !== undefined;
      if (isChanged) {
        const write = this.#database.prepare('UPDATE pull_requests SET data = ? WHERE candidate_id = ?');
        write.run(JSON.stringify(changed), id);
      }
      this.#database.exec('COMMIT');
      return isChanged ? (row?.task_id as TaskId) : undefined;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** The pull requests in a folder's tasks whose comments are listened to, by their candidates. */
  watched(folder: string): readonly CandidateId[] {
    return this.#database
      .prepare(
        `SELECT candidate_id FROM pull_requests JOIN tasks ON tasks.id = task_id
         WHERE folder = ? AND json_extract(data, '$.isWatched') = 1 ORDER BY pull_requests.rowid`,
      )
      .all(folder)
      .map((row) => row.candidate_id as CandidateId);
  }

  /** The window that is opening the pull request of a candidate. */
  claimant(id: CandidateId): string | undefined {
    const row = this.#database.prepare('SELECT owner FROM pull_request_claims WHERE candidate_id = ?').get(id);
    return row && String(row.owner);
  }

  /** Says that a window opens it, in place of `previous`, a window that is gone. False when another window was faster. */
  claim(id: CandidateId, owner: string, now: Timestamp, previous?: string): boolean {
    const claim =
      previous === undefined
        ? this.#database
            .prepare(
              'INSERT INTO pull_request_claims (candidate_id, owner, claimed_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
            )
            .run(id, owner, now)
        : this.#database
            .prepare('UPDATE pull_request_claims SET owner = ?, claimed_at = ? WHERE candidate_id = ? AND owner = ?')
            .run(owner, now, id, previous);
    return claim.changes > 0;
  }

  /** Keeps what the window that opens it has made on GitHub, for the one that takes over where that window crashes. */
  noteMade(id: CandidateId, owner: string, made: MadeHead | undefined): void {
    this.#database
      .prepare('UPDATE pull_request_claims SET made = ? WHERE candidate_id = ? AND owner = ?')
      .run(made === undefined ? null : JSON.stringify(made), id, owner);
  }

  /** What was noted of it. */
  made(id: CandidateId): MadeHead | undefined {
    const row = this.#database.prepare('SELECT made FROM pull_request_claims WHERE candidate_id = ?').get(id);
    return typeof row?.made === 'string' ? (JSON.parse(row.made) as MadeHead) : undefined;
  }

  /** Takes back what `claim` said. */
  release(id: CandidateId, owner: string): void {
    this.#database.prepare('DELETE FROM pull_request_claims WHERE candidate_id = ? AND owner = ?').run(id, owner);
  }
}
