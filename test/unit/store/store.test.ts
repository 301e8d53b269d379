import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Composition } from '../../../src/core/composition.ts';
import {
  type CompositionId,
  noUsage,
  type ObjectName,
  type ProfileId,
  type Round,
  type RoundId,
  type Run,
  type RunId,
  type Task,
  type TaskId,
} from '../../../src/core/domain.ts';
import type { CheckRun } from '../../../src/core/evidence.ts';
import { UserError } from '../../../src/core/problem.ts';
import { Store } from '../../../src/core/store/store.ts';

describe('the store', () => {
  let directory: string;
  let file: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'dursor-store-'));
    file = join(directory, 'deep', 'dursor.sqlite');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('gives back what it was given, also after it is opened again', () => {
    const store = new Store(file);
    store.saveTask(task('t1'));
    store.insertRound(round('t1', 'r1', ['a', 'b']), 'me');
    store.endRun(canceled('a'), 'me', 'diff');
    store.pullRequests.save('t1' as TaskId, pull('a'));
    store.close();

    const again = new Store(file);
    assert.deepEqual(again.task('t1' as TaskId), {
      ...task('t1'),
      rounds: [{ ...round('t1', 'r1', ['b']), runs: [canceled('a'), run('b')] }],
      pullRequests: [pull('a')],
    });
    assert.equal(again.patch('a' as RunId), 'diff');
    assert.equal(again.patch('b' as RunId), '');
    again.close();
  });

  it('lists the tasks of one folder with counts, newest first', () => {
    const store = new Store(file);
    store.saveTask(task('old', { updatedAt: 1 }));
    store.saveTask(task('new', { updatedAt: 2, scope: 'src' }));
    store.saveTask(task('elsewhere', { folder: '/other' }));
    store.insertRound(round('new', 'r1', ['a', 'b']), 'me');
    assert.deepEqual(store.tasks('/folder'), [
      { id: 'new', title: 'Title', scope: 'src', updatedAt: 2, running: 2, rounds: 1, pullRequests: 0 },
      { id: 'old', title: 'Title', updatedAt: 1, running: 0, rounds: 0, pullRequests: 0 },
    ]);
    store.close();
  });

  it('lets two windows write at once, and each notices the other', () => {
    const [one, two] = [new Store(file), new Store(file)];
    const before = one.version();
    one.saveTask(task('t1'));
    assert.equal(one.version(), before, 'its own writes are no news');
    two.insertRound(round('t1', 'r1', ['a']), 'two');
    assert.notEqual(one.version(), before);
    assert.equal(one.task('t1' as TaskId)?.rounds.length, 1);
    one.close();
    two.close();
  });

  it('refuses a store of a newer version and leaves it as it is', () => {
    new Store(file).close();
    const newer = new DatabaseSync(file);
    newer.exec('PRAGMA user_version = 999');
    newer.close();
    const before = readFileSync(file);
    assert.throws(
      () => new Store(file),
      (error) => error instanceof UserError && error.problem.code === 'store-too-new',
    );
    assert.deepEqual(readFileSync(file), before);
  });

  it('writes a run only for the window that has it in flight', () => {
    const store = new Store(file);
    store.saveTask(task('t1'));
    store.insertRound(round('t1', 'r1', ['a']), 'me');
    assert.equal(store.saveRun(run('a'), 'me'), true);
    assert.equal(store.saveRun(run('a'), 'you'), false);
    assert.equal(store.endRun(canceled('a'), 'you', 'diff').isWritten, false);
    assert.equal(store.endRun(canceled('a'), 'me', 'diff').isWritten, true);
    assert.equal(store.saveRun(run('a'), 'me'), false, 'what has ended stays as it is');
    assert.equal(store.endRun(canceled('gone'), 'me', '').isWritten, false);
    store.close();
  });

  it('says of one run only that it was the last of its round', () => {
    const store = new Store(file);
    store.saveTask(task('t1'));
    store.insertRound(round('t1', 'r1', ['a', 'b']), 'me');
    assert.deepEqual(store.endRun(canceled('a'), 'me', ''), { isWritten: true, isLastOfRound: false });
    assert.deepEqual(store.endRun(canceled('b'), 'me', ''), { isWritten: true, isLastOfRound: true });
    store.close();
  });

  it('gives a run to one window to do again, without its patch and what was asked of it', () => {
    const store = new Store(file);
    store.saveTask(task('t1'));
    store.insertRound(round('t1', 'r1', ['a']), 'me');
    store.requestCancel('a' as RunId);
    store.endRun(canceled('a'), 'me', 'diff');
    assert.equal(store.restartRun(run('a'), 'you'), true);
    assert.equal(store.restartRun(run('a'), 'me'), false);
    assert.equal(store.patch('a' as RunId), '');
    assert.deepEqual([...store.claims('you')], [['a', { isCancelRequested: false }]]);
    store.close();
  });

  it('keeps what is asked of a run in flight, and forgets what is asked of others', () => {
    const store = new Store(file);
    store.saveTask(task('t1'));
    store.insertRound(round('t1', 'r1', ['a', 'b']), 'me');
    store.endRun(canceled('b'), 'me', '');
    for (const id of ['a', 'a', 'b', 'gone']) store.requestCancel(id as RunId);
    assert.deepEqual([...store.claims('me')], [['a', { isCancelRequested: true }]]);
    store.close();
  });

  it('deletes everything of a task with it', () => {
    const store = new Store(file);
    store.saveTask(task('t1'));
    store.insertRound(round('t1', 'r1', ['a']), 'me');
    store.pullRequests.save('t1' as TaskId, pull('a'));
    store.pullRequests.save('t1' as TaskId, pull('c'));
    assert.ok(store.compositions.insert(composition('c', 1), 'diff', 0));
    const write = () => {
      const run = { endedAt: 1 } as CheckRun;
      store.evidence.saveCheckRun('t1' as TaskId, 'tree' as ObjectName, 'key', run);
      store.evidence.save('r1' as RoundId, 'reviews', { answers: [], problems: [], costs: [] });
      store.evidence.savePick('r1' as RoundId, { candidate: 'a' as RunId, pickedAt: 1, evidence: [] });
    };
    write();
    assert.deepEqual(store.evidence.checkRun('t1' as TaskId, 'key'), { endedAt: 1 });
    assert.equal(store.evidence.picks('r1' as RoundId).length, 1);
    store.deleteTask('t1' as TaskId);
    write();
    assert.equal(store.task('t1' as TaskId), undefined);
    assert.deepEqual(store.runsInFlight(), []);
    store.close();
    const database = new DatabaseSync(file);
    for (const table of ['rounds', 'runs', 'compositions', 'pull_requests', 'check_runs', 'round_evidence', 'picks']) {
      assert.equal(database.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.count, 0, table);
    }
    database.close();
  });

  it('keeps compositions with their rounds, in the order they were made', () => {
    const store = new Store(file);
    store.saveTask(task('t1'));
    store.insertRound(round('t1', 'r1', ['a']), 'me');
    assert.ok(store.compositions.insert(composition('z', 5), 'first', 0));
    assert.ok(store.compositions.insert(composition('b', 5), 'second', 1));
    const bytes = () => store.usage.tasks()[0]?.bytes ?? 0;
    const before = bytes();
    assert.ok(store.compositions.update({ ...composition('z', 5), updatedAt: 7 }, 'first, but longer', 5));
    assert.equal(bytes() - before, 'first, but longer'.length - 'first'.length);
    store.saveRound({ ...round('t1', 'r1', []), message: 'M', compositions: [composition('b', 5)] });
    store.close();

    const again = new Store(file);
    const [stored] = again.task('t1' as TaskId)?.rounds ?? [];
    assert.deepEqual(stored, {
      ...round('t1', 'r1', ['a']),
      message: 'M',
      compositions: [{ ...composition('z', 5), updatedAt: 7 }, composition('b', 5)],
    });
    assert.equal(again.compositions.patch('z' as CompositionId), 'first, but longer');
    assert.equal(again.compositions.patch('a' as RunId), undefined);
    assert.equal(again.taskOf('b' as CompositionId), 't1');
    again.compositions.delete('z' as CompositionId);
    assert.equal(again.taskOf('z' as CompositionId), undefined);
    again.close();
  });

  it('writes a composition only for the window that knows what it writes over', () => {
    const { compositions, ...store } = withRound();
    assert.ok(compositions.insert(composition('c', 1), 'one', 0));
    assert.equal(compositions.insert(composition('d', 1), 'two', 0), false, 'another window has begun one');
    assert.equal(compositions.insert({ ...composition('d', 1), roundId: 'gone' as RoundId }, 'two', 0), false);
    assert.ok(compositions.update({ ...composition('c', 1), updatedAt: 2 }, 'two', 1));
    assert.equal(compositions.update({ ...composition('c', 1), updatedAt: 3 }, 'three', 1), false);
    assert.equal(compositions.patch('c' as CompositionId), 'two');
    compositions.delete('c' as CompositionId);
    assert.equal(compositions.update({ ...composition('c', 1), updatedAt: 3 }, 'three', 2), false);
    store.close();
  });

  it('brings a store of version 2 up to date with all that is in it', () => {
    mkdirSync(dirname(file));
    const older = new DatabaseSync(file);
    older.exec(readFileSync(join(import.meta.dirname, 'version2.sql'), 'utf8'));
    older.close();

    const store = new Store(file);
    const stored = store.task('t1' as TaskId);
    assert.deepEqual(stored?.rounds, [{ ...round('t1', 'r1', []), runs: [canceled('a'), canceled('b')] }]);
    assert.deepEqual(stored?.pullRequests, [pull('b'), pull('a')]);
    assert.equal(store.patch('a' as RunId), 'diff');
    store.pullRequests.save('t1' as TaskId, { ...pull('c'), runId: 'c' as CompositionId });
    assert.ok(store.compositions.insert(composition('c', 1), 'diff', 0));
    store.close();
    const again = new Store(file);
    assert.equal(again.task('t1' as TaskId)?.pullRequests.length, 3);
    again.close();
  });

  it('brings a store of version 3 up to date with all that is in it', () => {
    mkdirSync(dirname(file));
    const older = new DatabaseSync(file);
    older.exec(readFileSync(join(import.meta.dirname, 'version3.sql'), 'utf8'));
    older.close();

    const store = new Store(file);
    const stored = store.task('t1' as TaskId);
    assert.deepEqual(stored?.rounds, [
      { ...round('t1', 'r1', []), runs: [canceled('a'), canceled('b')], compositions: [composition('c', 1)] },
    ]);
    assert.deepEqual(stored?.pullRequests, [pull('c'), pull('a')]);
    assert.equal(store.compositions.patch('c' as CompositionId), 'put together');
    const kept = { endedAt: 1 } as CheckRun;
    store.evidence.saveCheckRun('t1' as TaskId, 'tree' as ObjectName, 'key', kept);
    store.evidence.savePick('r1' as RoundId, { candidate: 'c' as CompositionId, pickedAt: 1, evidence: [] });
    store.close();
    const again = new Store(file);
    assert.deepEqual(again.evidence.checkRuns('t1' as TaskId, 'tree' as ObjectName), [kept]);
    assert.equal(again.evidence.picks('r1' as RoundId).length, 1);
    again.close();
  });

  /** A store with a round of no runs. */
  function withRound() {
    const store = new Store(file);
    store.saveTask(task('t1'));
    store.insertRound(round('t1', 'r1', []), 'me');
    return { compositions: store.compositions, close: () => store.close() };
  }
});

function task(id: string, more: Partial<Task> = {}): Task {
  return {
    id: id as TaskId,
    title: 'Title',
    folder: '/folder',
    createdAt: 1,
    updatedAt: 1,
    rounds: [],
    pullRequests: [],
    ...more,
  };
}

function round(taskId: string, id: string, runIds: readonly string[]): Round {
  return {
    id: id as RoundId,
    taskId: taskId as TaskId,
    message: 'Do it',
    createdAt: 1,
    start: { from: 'workspace' },
    runs: runIds.map(run),
    compositions: [],
  };
}

/** A run of the task `t1`'s round `r1`. */
function run(id: string): Run {
  return {
    id: id as RunId,
    taskId: 't1' as TaskId,
    roundId: 'r1' as RoundId,
    profile: { id: 'p' as ProfileId, provider: 'openai', model: 'm', label: 'M', options: {} },
    state: { status: 'queued' },
    steps: [],
    usage: noUsage,
    changes: [],
  };
}

function canceled(id: string): Run {
  return { ...run(id), state: { status: 'canceled', endedAt: 2 } };
}

/** Of the task `t1`'s round `r1`. */
function composition(id: string, createdAt: number): Composition {
  return {
    id: id as CompositionId,
    taskId: 't1' as TaskId,
    roundId: 'r1' as RoundId,
    createdAt,
    updatedAt: createdAt,
    files: [],
    name: "M's",
    changes: [],
    tree: 'tree' as ObjectName,
    secretsInPatch: [],
  };
}

function pull(runId: string) {
  return { runId: runId as RunId, number: 1, url: 'https://x/1', branch: 'b', base: 'main', title: 'T', createdAt: 1 };
}
