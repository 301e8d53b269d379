import type { DatabaseSync } from 'node:sqlite';
import type { CandidateId, ObjectName, RoundId, TaskId } from '../domain.ts';
import type { CheckRun, CrossTest, Pick, Review, ReviewCost, ReviewProblem } from '../evidence.ts';

/** What the candidates were when something was found out about them: of one that has another tree now, it is no longer true. */
export type Trees = Readonly<Record<CandidateId, ObjectName>>;

/** The reviews of a round. */
export interface KeptReviews {
  readonly answers: readonly { readonly review: Review; readonly trees: Trees }[];
  readonly problems: readonly ReviewProblem[];
  /** Of all reviews that there ever were. */
  readonly costs: readonly ReviewCost[];
}

/** The cross-tests of a round. */
export interface KeptCrossTests {
  /** Says the same for the same candidates and checks. */
  readonly source: string;
  readonly trees: Trees;
  readonly results: readonly CrossTest[];
  readonly skipped: readonly string[];
}

interface Kinds {
  readonly reviews: KeptReviews;
  readonly 'cross-tests': KeptCrossTests;
}

/** What is known of rounds' candidates. It goes with the task; what is written for one that is gone is dropped. */
export class EvidenceRows {
  readonly #database: DatabaseSync;
  #ownWrites = 0;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Changes whenever another connection has written anything, or this one evidence. */
  version(): string {
    return `${this.#database.prepare('PRAGMA data_version').get()?.data_version} ${this.#ownWrites}`;
  }

  /** The result of a check that has the name `resultKeyOf` gives it. */
  checkRun(taskId: TaskId, key: string): CheckRun | undefined {
    const row = this.#database.prepare('SELECT data FROM check_runs WHERE task_id = ? AND key = ?').get(taskId, key);
    return row && (JSON.parse(String(row.data)) as CheckRun);
  }

  /** The results of all checks that ran on a tree, the latest last. */
  checkRuns(taskId: TaskId, tree: ObjectName): readonly CheckRun[] {
    return this.#database
      .prepare('SELECT data FROM check_runs WHERE task_id = ? AND tree = ? ORDER BY ended_at')
      .all(taskId, tree)
      .map((row) => JSON.parse(String(row.data)) as CheckRun);
  }

  saveCheckRun(taskId: TaskId, tree: ObjectName, key: string, run: CheckRun): void {
    this.#ownWrites++;
    this.#database
      .prepare(
        `INSERT OR REPLACE INTO check_runs (task_id, key, tree, ended_at, data) SELECT id, ?, ?, ?, ? FROM tasks WHERE id = ?`,
      )
      .run(key, tree, run.endedAt, JSON.stringify(run), taskId);
  }

  /** What of a kind is kept of a round. */
  read<K extends keyof Kinds>(roundId: RoundId, kind: K): Kinds[K] | undefined {
    const row = this.#database
      .prepare('SELECT data FROM round_evidence WHERE round_id = ? AND kind = ?')
      .get(roundId, kind);
    return row && (JSON.parse(String(row.data)) as Kinds[K]);
  }

  save<K extends keyof Kinds>(roundId: RoundId, kind: K, value: Kinds[K]): void {
    this.#ownWrites++;
    this.#database
      .prepare('INSERT OR REPLACE INTO round_evidence (round_id, kind, data) SELECT id, ?, ? FROM rounds WHERE id = ?')
      .run(kind, JSON.stringify(value), roundId);
  }

  /** What was picked of a round, in order; the latest pick of each candidate. */
  picks(roundId: RoundId): readonly Pick[] {
    return this.#database
      .prepare('SELECT data FROM picks WHERE round_id = ? ORDER BY picked_at, rowid')
      .all(roundId)
      .map((row) => JSON.parse(String(row.data)) as Pick);
  }

  savePick(roundId: RoundId, pick: Pick): void {
    this.#database
      .prepare(
        'INSERT OR REPLACE INTO picks (round_id, candidate_id, picked_at, data) SELECT id, ?, ?, ? FROM rounds WHERE id = ?',
      )
      .run(pick.candidate, pick.pickedAt, JSON.stringify(pick), roundId);
  }
}
