import type { DatabaseSync } from 'node:sqlite';
import { UserError } from '../problem.ts';

/** Each entry brings a store from the version of its index to the next; the last version is the length of the list. */
const migrations: readonly string[] = [
  `
  CREATE TABLE tasks (
    id TEXT PRIMARY KEY, folder TEXT NOT NULL, title TEXT NOT NULL, scope TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX tasks_by_folder ON tasks (folder, updated_at DESC);
  CREATE TABLE rounds (
    id TEXT PRIMARY KEY, task_id TEXT NOT NULL REFERENCES tasks ON DELETE CASCADE, position INTEGER NOT NULL, data TEXT NOT NULL
  ) STRICT;
  CREATE INDEX rounds_by_task ON rounds (task_id, position);
  CREATE TABLE runs (
    id TEXT PRIMARY KEY, round_id TEXT NOT NULL REFERENCES rounds ON DELETE CASCADE, position INTEGER NOT NULL,
    status TEXT NOT NULL, owner TEXT NOT NULL, data TEXT NOT NULL, patch TEXT NOT NULL DEFAULT ''
  ) STRICT;
  CREATE INDEX runs_by_round ON runs (round_id, position);
  CREATE INDEX runs_in_flight ON runs (status) WHERE status IN ('queued', 'running');
  CREATE TABLE pull_requests (
    run_id TEXT PRIMARY KEY REFERENCES runs ON DELETE CASCADE, task_id TEXT NOT NULL REFERENCES tasks ON DELETE CASCADE, data TEXT NOT NULL
  ) STRICT;
  CREATE INDEX pull_requests_by_task ON pull_requests (task_id);
  CREATE TABLE cancel_requests (run_id TEXT PRIMARY KEY REFERENCES runs ON DELETE CASCADE) STRICT;
  CREATE TABLE owners (id TEXT PRIMARY KEY, pid INTEGER NOT NULL, beat_at INTEGER NOT NULL) STRICT;
  `,
  // Work that one window does for all: who is at it (null when nobody is), and when it was last done.
  'CREATE TABLE chores (name TEXT PRIMARY KEY, owner TEXT, done_at INTEGER NOT NULL DEFAULT 0) STRICT;',
  // A pull request is of a run or of a composition, so what it names is in one of two tables.
  `
  CREATE TABLE compositions (
    id TEXT PRIMARY KEY, round_id TEXT NOT NULL REFERENCES rounds ON DELETE CASCADE, created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL, data TEXT NOT NULL, patch TEXT NOT NULL
  ) STRICT;
  CREATE INDEX compositions_by_round ON compositions (round_id);
  CREATE TABLE shipped (
    candidate_id TEXT PRIMARY KEY, task_id TEXT NOT NULL REFERENCES tasks ON DELETE CASCADE, data TEXT NOT NULL
  ) STRICT;
  INSERT INTO shipped (candidate_id, task_id, data) SELECT run_id, task_id, data FROM pull_requests ORDER BY rowid;
  DROP TABLE pull_requests;
  ALTER TABLE shipped RENAME TO pull_requests;
  CREATE INDEX pull_requests_by_task ON pull_requests (task_id);
  `,
  // A check's result is of a tree, whichever candidate has it; what else is known is of a round.
  `
  CREATE TABLE check_runs (
    task_id TEXT NOT NULL REFERENCES tasks ON DELETE CASCADE, key TEXT NOT NULL, tree TEXT NOT NULL, ended_at INTEGER NOT NULL,
    data TEXT NOT NULL, PRIMARY KEY (task_id, key)
  ) STRICT;
  CREATE INDEX check_runs_by_tree ON check_runs (task_id, tree);
  CREATE TABLE round_evidence (
    round_id TEXT NOT NULL REFERENCES rounds ON DELETE CASCADE, kind TEXT NOT NULL, data TEXT NOT NULL, PRIMARY KEY (round_id, kind)
  ) STRICT;
  CREATE TABLE picks (
    round_id TEXT NOT NULL REFERENCES rounds ON DELETE CASCADE, candidate_id TEXT NOT NULL, picked_at INTEGER NOT NULL,
    data TEXT NOT NULL, PRIMARY KEY (round_id, candidate_id)
  ) STRICT;
  `,
  // Which window is opening the pull request of a candidate and what it has made on GitHub, and which comments on pull requests were acted on.
  `
  CREATE TABLE pull_request_claims (
    candidate_id TEXT PRIMARY KEY, owner TEXT NOT NULL, claimed_at INTEGER NOT NULL, made TEXT
  ) STRICT;
  CREATE TABLE handled_comments (
    place TEXT NOT NULL, comment_id INTEGER NOT NULL, task_id TEXT NOT NULL REFERENCES tasks ON DELETE CASCADE, owner TEXT NOT NULL,
    data TEXT NOT NULL, PRIMARY KEY (place, comment_id)
  ) STRICT;
  `,
];

/** Makes the store's tables, or brings an older store up to date. Throws `UserError` (`store-too-new`) without touching a newer one. */
export function migrate(database: DatabaseSync): void {
  const version = readVersion(database);
  if (version > migrations.length) {
    throw new UserError({
      code: 'store-too-new',
      message:
        "dursor's tasks were written by a newer version of the extension, so this one leaves them alone. Update dursor and reload the window.",
    });
  }
  if (version === migrations.length) return;
  // Of no effect once there is a table: then SQLite uses free pages again, but gives none back.
  if (version === 0) database.exec('PRAGMA auto_vacuum = INCREMENTAL');
  database.exec('BEGIN IMMEDIATE');
  try {
    // Another window may have migrated while this one waited for the lock.
    for (const script of migrations.slice(readVersion(database))) database.exec(script);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function readVersion(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
}
