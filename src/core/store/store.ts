import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { CandidateId, Round, RoundId, Run, RunId, Task, TaskId, TaskSummary } from '../domain.ts';
import type { PullRequest } from '../pullRequest.ts';
import { CompositionRows } from './compositions.ts';
import { EvidenceRows } from './evidence.ts';
import { HandledCommentRows } from './handledComments.ts';
import { OwnerRows } from './owners.ts';
import { PullRequestRows } from './pullRequests.ts';
import { migrate } from './schema.ts';
import { UsageRows } from './usage.ts';

/** A run as a row says it, with the window that works on it. */
export interface OwnedRun {
  readonly run: Run;
  readonly owner: string;
}

/** How a run's last write went: not at all when the run isn't the window's any more. */
export type EndedRun =
  | { readonly isWritten: false }
  | {
      readonly isWritten: true;
      /** Whether it was the last run of its round that was in flight; true for one window's write only. */
      readonly isLastOfRound: boolean;
    };

type Row = Record<string, unknown>;

const inFlight = "status IN ('queued', 'running')";

/**
 * Every task, round, run, composition, patch, pull request and what is known of them, in one SQLite file that several windows may use at once (write-ahead log).
 * Synchronous: each call is a few rows. Throws `UserError` (`store-too-new`) on opening a newer version's file.
 */
export class Store {
  readonly #database: DatabaseSync;
  /** What the rows take on disk. */
  readonly usage: UsageRows;
  readonly compositions: CompositionRows;
  readonly owners: OwnerRows;
  readonly evidence: EvidenceRows;
  readonly pullRequests: PullRequestRows;
  readonly handledComments: HandledCommentRows;

  constructor(file: string) {
    mkdirSync(dirname(file), { recursive: true });
    this.#database = new DatabaseSync(file, { timeout: 5000, enableForeignKeyConstraints: true });
    this.usage = new UsageRows(this.#database);
    this.compositions = new CompositionRows(this.#database);
    this.owners = new OwnerRows(this.#database);
    this.evidence = new EvidenceRows(this.#database);
    this.pullRequests = new PullRequestRows(this.#database);
    this.handledComments = new HandledCommentRows(this.#database);
    try {
      migrate(this.#database);
      this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
      // The log is cut to this many bytes once it is written back.
      this.#database.exec('PRAGMA journal_size_limit = 16777216');
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  close(): void {
    this.#database.close();
  }

  /** Changes whenever another connection has written. */
  version(): number {
    return Number(this.#row('PRAGMA data_version')?.data_version);
  }

  /** The tasks of a folder, newest first. */
  tasks(folder: string): readonly TaskSummary[] {
    return this.#rows(
      `SELECT id, title, scope, updated_at,
         (SELECT count(*) FROM rounds WHERE task_id = tasks.id) AS rounds,
         (SELECT count(*) FROM pull_requests WHERE task_id = tasks.id) AS pull_requests,
         (SELECT count(*) FROM rounds JOIN runs ON runs.round_id = rounds.id
            WHERE rounds.task_id = tasks.id AND ${inFlight}) AS running
       FROM tasks WHERE folder = ? ORDER BY updated_at DESC, id`,
      folder,
    ).map((row) => ({
      id: row.id as TaskId,
      title: String(row.title),
      ...(row.scope !== null && { scope: String(row.scope) }),
      updatedAt: Number(row.updated_at),
      running: Number(row.running),
      rounds: Number(row.rounds),
      pullRequests: Number(row.pull_requests),
    }));
  }

  task(id: TaskId): Task | undefined {
    const row = this.#row('SELECT * FROM tasks WHERE id = ?', id);
    if (!row) return undefined;
    const runs = Map.groupBy(
      this.#rows(
        'SELECT runs.round_id, runs.data FROM runs JOIN rounds ON rounds.id = runs.round_id WHERE rounds.task_id = ? ORDER BY runs.position',
        id,
      ),
      (run) => run.round_id,
    );
    const compositions = this.compositions.ofTask(id);
    return {
      id,
      title: String(row.title),
      folder: String(row.folder),
      ...(row.scope !== null && { scope: String(row.scope) }),
      createdAt: Number(row.created_at),
      updatedAt: Number(row.updated_at),
      rounds: this.#rows('SELECT id, data FROM rounds WHERE task_id = ? ORDER BY position', id).map((round) => ({
        ...parse<Omit<Round, 'runs' | 'compositions'>>(round.data),
        runs: (runs.get(round.id) ?? []).map((run) => parse<Run>(run.data)),
        compositions: compositions.get(round.id as RoundId) ?? [],
      })),
      pullRequests: this.#rows('SELECT data FROM pull_requests WHERE task_id = ? ORDER BY rowid', id).map((pull) =>
        parse<PullRequest>(pull.data),
      ),
    };
  }

  /** The task a run, a composition or a round belongs to. */
  taskOf(id: CandidateId | RoundId): TaskId | undefined {
    return this.#row(
      `SELECT task_id FROM rounds WHERE id IN
         (SELECT ?1 UNION SELECT round_id FROM runs WHERE id = ?1 UNION SELECT round_id FROM compositions WHERE id = ?1)`,
      id,
    )?.task_id as TaskId | undefined;
  }

  /** Inserts a task or writes its title and times. Rounds are saved by themselves. */
  saveTask(task: Task): void {
    this.#run(
      `INSERT INTO tasks (id, folder, title, scope, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET title = excluded.title, updated_at = excluded.updated_at`,
      task.id,
      task.folder,
      task.title,
      task.scope ?? null,
      task.createdAt,
      task.updatedAt,
    );
  }

  hasTask(id: TaskId): boolean {
    return this.#row('SELECT 1 FROM tasks WHERE id = ?', id) !== undefined;
  }

  deleteTask(id: TaskId): void {
    this.#run('DELETE FROM tasks WHERE id = ?', id);
  }

  /** Inserts a round with its runs, all or nothing. */
  insertRound(round: Round, owner: string): void {
    this.#atomically(() => {
      const { runs, compositions: _, ...data } = round;
      this.#run(
        'INSERT INTO rounds (id, task_id, position, data) VALUES (?, ?, (SELECT count(*) FROM rounds WHERE task_id = ?2), ?)',
        round.id,
        round.taskId,
        JSON.stringify(data),
      );
      for (const [position, run] of runs.entries()) {
        this.#run(
          'INSERT INTO runs (id, round_id, position, status, owner, data) VALUES (?, ?, ?, ?, ?, ?)',
          run.id,
          round.id,
          position,
          run.state.status,
          owner,
          JSON.stringify(run),
        );
      }
    });
  }

  /** Writes what is the round's own; its runs and compositions are saved by themselves. */
  saveRound({ runs: _, compositions: __, ...data }: Round): void {
    this.#run('UPDATE rounds SET data = ? WHERE id = ?', JSON.stringify(data), data.id);
  }

  /** Writes a run of a window that is in flight. False when it isn't the window's, or isn't there, any more. */
  saveRun(run: Run, owner: string): boolean {
    return this.#changes(
      `UPDATE runs SET status = ?, data = ? WHERE id = ? AND owner = ? AND ${inFlight}`,
      run.state.status,
      JSON.stringify(run),
      run.id,
      owner,
    );
  }

  /** Writes the end of a run that this owner has in flight, with its patch; without one, the patch it had stays. */
  endRun(run: Run, owner: string, patch?: string): EndedRun {
    return this.#atomically((): EndedRun => {
      const isWritten = this.#changes(
        `UPDATE runs SET status = ?, data = ?, patch = coalesce(?, patch) WHERE id = ? AND owner = ? AND ${inFlight}`,
        run.state.status,
        JSON.stringify(run),
        patch ?? null,
        run.id,
        owner,
      );
      if (!isWritten) return { isWritten };
      this.#run('DELETE FROM cancel_requests WHERE run_id = ?', run.id);
      const other = this.#row(`SELECT 1 FROM runs WHERE round_id = ? AND ${inFlight}`, run.roundId);
      return { isWritten, isLastOfRound: other === undefined };
    });
  }

  /**
   * Gives an ended run to a window to do again, without the patch it had, or to go on with, beside the patch that it had.
   * False when another window was faster.
   */
  restartRun(run: Run, owner: string): boolean {
    return this.#changes(
      `UPDATE runs SET status = ?, owner = ?, data = ?, patch = CASE WHEN ? THEN patch ELSE '' END WHERE id = ? AND NOT ${inFlight}`,
      run.state.status,
      owner,
      JSON.stringify(run),
      run.resumes === undefined ? 0 : 1,
      run.id,
    );
  }

  /** The runs a window has in flight, each with whether somebody asked for it to be canceled. */
  claims(owner: string): ReadonlyMap<RunId, { readonly isCancelRequested: boolean }> {
    const rows = this.#rows(
      `SELECT id, run_id IS NOT NULL AS requested FROM runs LEFT JOIN cancel_requests ON run_id = id WHERE owner = ? AND ${inFlight}`,
      owner,
    );
    return new Map(rows.map((row) => [row.id as RunId, { isCancelRequested: row.requested === 1 }]));
  }

  /** Asks the window that has a run in flight to cancel it. */
  requestCancel(id: RunId): void {
    this.#run(`INSERT OR IGNORE INTO cancel_requests SELECT id FROM runs WHERE id = ? AND ${inFlight}`, id);
  }

  isInFlight(id: RunId): boolean {
    return this.#row(`SELECT 1 FROM runs WHERE id = ? AND ${inFlight}`, id) !== undefined;
  }

  /** The run's unified diff; empty when it changed nothing or is still going. */
  patch(id: RunId): string {
    return String(this.#row(`SELECT patch FROM runs WHERE id = ? AND NOT ${inFlight}`, id)?.patch ?? '');
  }

  /** Every run that is queued or running, of any window. */
  runsInFlight(): readonly OwnedRun[] {
    return this.#rows(`SELECT data, owner FROM runs WHERE ${inFlight}`).map((row) => ({
      run: parse<Run>(row.data),
      owner: String(row.owner),
    }));
  }

  #row(sql: string, ...values: (string | number | null)[]): Row | undefined {
    return this.#database.prepare(sql).get(...values);
  }

  #rows(sql: string, ...values: (string | number | null)[]): readonly Row[] {
    return this.#database.prepare(sql).all(...values);
  }

  #run(sql: string, ...values: (string | number | null)[]): void {
    this.#database.prepare(sql).run(...values);
  }

  /** Whether the statement changed any row. */
  #changes(sql: string, ...values: (string | number | null)[]): boolean {
    return this.#database.prepare(sql).run(...values).changes > 0;
  }

  #atomically<T>(action: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = action();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}

function parse<T>(data: unknown): T {
  return JSON.parse(String(data)) as T;
}
