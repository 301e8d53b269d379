-- A store as version 3 of its schema has it, with a task, a round, two runs, a composition, and their pull requests.
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
CREATE TABLE compositions (
  id TEXT PRIMARY KEY, round_id TEXT NOT NULL REFERENCES rounds ON DELETE CASCADE, created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL, data TEXT NOT NULL, patch TEXT NOT NULL
) STRICT;
CREATE INDEX compositions_by_round ON compositions (round_id);
CREATE TABLE "pull_requests" (
  candidate_id TEXT PRIMARY KEY, task_id TEXT NOT NULL REFERENCES tasks ON DELETE CASCADE, data TEXT NOT NULL
) STRICT;
CREATE INDEX pull_requests_by_task ON pull_requests (task_id);
CREATE TABLE cancel_requests (run_id TEXT PRIMARY KEY REFERENCES runs ON DELETE CASCADE) STRICT;
CREATE TABLE owners (id TEXT PRIMARY KEY, pid INTEGER NOT NULL, beat_at INTEGER NOT NULL) STRICT;
CREATE TABLE chores (name TEXT PRIMARY KEY, owner TEXT, done_at INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO tasks VALUES ('t1', '/folder', 'Title', NULL, 1, 1);
INSERT INTO rounds VALUES ('r1', 't1', 0, '{"id":"r1","taskId":"t1","message":"Do it","createdAt":1,"start":{"from":"workspace"}}');
INSERT INTO runs VALUES ('a', 'r1', 0, 'canceled', 'me', '{"id":"a","taskId":"t1","roundId":"r1","profile":{"id":"p","provider":"openai","model":"m","label":"M","options":{}},"state":{"status":"canceled","endedAt":2},"steps":[],"usage":{"input":0,"cachedInput":0,"output":0,"reasoning":0},"changes":[]}', 'diff');
INSERT INTO runs VALUES ('b', 'r1', 1, 'canceled', 'me', '{"id":"b","taskId":"t1","roundId":"r1","profile":{"id":"p","provider":"openai","model":"m","label":"M","options":{}},"state":{"status":"canceled","endedAt":2},"steps":[],"usage":{"input":0,"cachedInput":0,"output":0,"reasoning":0},"changes":[]}', 'diff');
INSERT INTO compositions VALUES ('c', 'r1', 1, 1, '{"id":"c","taskId":"t1","roundId":"r1","createdAt":1,"updatedAt":1,"files":[],"name":"M''s","changes":[],"tree":"tree","secretsInPatch":[]}', 'put together');
INSERT INTO pull_requests VALUES ('c', 't1', '{"runId":"c","number":1,"url":"https://x/1","branch":"b","base":"main","title":"T","createdAt":1}');
INSERT INTO pull_requests VALUES ('a', 't1', '{"runId":"a","number":1,"url":"https://x/1","branch":"b","base":"main","title":"T","createdAt":1}');
PRAGMA user_version = 3;
