import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { noUsage, type RoundId, type RunId, type TaskId } from '../../../src/core/domain.ts';
import { Engine } from '../../../src/core/engine.ts';
import { UserError } from '../../../src/core/problem.ts';
import { Store } from '../../../src/core/store/store.ts';
import { call, hanging, type Script, TestEngine, writer } from '../../support/testEngine.ts';

describe('two windows on one task', function () {
  this.timeout(30_000);
  let test: TestEngine;
  let other: Engine;
  const ends: string[] = [];
  /** How many models are at work. */
  let atWork: number;
  const slow: Script = async function* (request, signal) {
    atWork++;
    try {
      yield* hanging(request, signal);
    } finally {
      atWork--;
    }
  };
  beforeEach(() => {
    atWork = 0;
    test = new TestEngine({ slow, a: writer('a.txt', 'x\n') });
    other = new Engine(test.host);
    ends.length = 0;
    const listen = (name: string, engine: Engine) =>
      engine.onDidChange((change) => change.type === 'round-ended' && ends.push(name));
    listen('owner', test.engine);
    listen('other', other);
  });
  afterEach(async () => {
    await other.dispose();
    await test.dispose();
  });

  async function running(...models: string[]) {
    const started = test.start('Go', models);
    await test.until(() => test.runs(started.roundId).every((run) => run.state.status === 'running'));
    await test.until(() => atWork === models.length);
    return started;
  }

  it('cancels a run that works in the other window', async () => {
    const { roundId } = await running('slow', 'slow');
    const [first, second] = test.runs(roundId);
    await other.cancelRun(first?.id as RunId);
    assert.deepEqual(statuses(test.engine, roundId), ['canceled', 'running']);
    assert.deepEqual(statuses(other, roundId), ['canceled', 'running']);
    assert.deepEqual(ends, []);

    other.retryRun(first?.id as RunId);
    await test.until(() => statuses(other, roundId)[0] === 'running');
    await other.cancelRun(second?.id as RunId);
    assert.deepEqual(ends, [], 'one still works, in the other window');
    await other.cancelRun(first?.id as RunId);
    assert.deepEqual(ends, ['other']);
  });

  it('cancels a round that works in the other window, and only its owner says that it ended', async () => {
    const { roundId } = await running('slow', 'slow');
    await other.cancelRound(roundId);
    assert.deepEqual(statuses(other, roundId), ['canceled', 'canceled']);
    await test.until(() => statuses(test.engine, roundId).every((status) => status === 'canceled'));
    assert.deepEqual(ends, ['owner']);
  });

  it('does a run again in one window only', async () => {
    const { roundId } = await running('slow');
    await test.engine.cancelRound(roundId);
    const id = test.runs(roundId)[0]?.id as RunId;
    assert.equal(other.run(id).run.id, id);
    test.engine.retryRun(id);
    other.retryRun(id);
    await test.until(() => atWork > 0);
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(atWork, 1);
    await test.engine.cancelRun(id);
    assert.deepEqual(ends, ['owner', 'owner']);
  });

  it('deletes a task with runs that work in the other window', async () => {
    const { taskId } = await running('slow', 'slow');
    const started = Date.now();
    await other.deleteTask(taskId);
    assert.equal(atWork, 0);
    assert.deepEqual(readdirSync(join(test.storage, 'tasks')), []);
    await test.until(() => test.engine.task(taskId) === undefined && atWork === 0);
    assert.ok(Date.now() - started < 5000, 'not only when the model is given up on');
  });

  it('stops a silent run whose task is gone, and says nothing', async () => {
    const { taskId } = await running('slow');
    const started = Date.now();
    deleteBehind(test, taskId);
    await test.until(() => test.engine.task(taskId) === undefined && atWork === 0);
    assert.ok(Date.now() - started < 5000, 'not only when the model is given up on');
    assert.deepEqual(ends, []);
  });

  it('stops a busy run whose task is gone', async () => {
    let steps = 0;
    await other.dispose();
    await test.dispose();
    test = new TestEngine({
      busy: async function* () {
        steps++;
        await new Promise((resolve) => setTimeout(resolve, 5));
        yield call('write_file', { path: `${steps}.txt`, content: 'x\n' });
      },
    });
    other = new Engine(test.host);
    const settings = test.host.settings();
    const limits = { ...settings.limits, maxSteps: 10_000 };
    Object.assign(test.host, { settings: () => ({ ...settings, limits }) });
    const { taskId } = test.start('Go', ['busy']);
    await test.until(() => steps > 2);
    deleteBehind(test, taskId);
    const before = steps;
    await new Promise((resolve) => setTimeout(resolve, 600));
    assert.ok(steps - before < 4, `${steps - before} more steps`);
  });

  it('goes on with nothing in a task that the other window deleted', async () => {
    const taskId = test.engine.round(await test.round('Go', ['a'])).task.id;
    assert.ok(other.task(taskId));
    await test.engine.deleteTask(taskId);
    const request = { taskId, folder: test.folder, message: 'More', start: { from: 'workspace' as const } };
    const profiles = [{ id: 'a' as never, provider: 'openai' as const, model: 'a', label: 'A', options: {} }];
    assert.throws(() => other.startRound({ ...request, profiles }), UserError);
    assert.throws(() => other.renameTask(taskId, 'New'), UserError);
    assert.deepEqual(other.tasks(test.folder), []);
  });

  it('does not delete a task while a window that does not answer works on it', async () => {
    const { taskId } = await running('slow');
    const store = new Store(join(test.storage, 'dursor.sqlite'));
    const roundId = 'stuck' as RoundId;
    const profile = { id: 'p' as never, provider: 'openai' as const, model: 'm', label: 'M', options: {} };
    const run = { id: 'stuck' as RunId, taskId, roundId, profile, steps: [], usage: noUsage, changes: [] };
    store.owners.beat('stuck', process.pid, Date.now());
    const runs = [{ ...run, state: { status: 'queued' as const } }];
    const start = { from: 'workspace' as const };
    store.insertRound({ id: roundId, taskId, message: 'M', createdAt: 1, start, runs, compositions: [] }, 'stuck');
    store.close();
    const started = Date.now();
    await assert.rejects(other.deleteTask(taskId), (error) => {
      assert.ok(error instanceof UserError && /still working/.test(error.message));
      return true;
    });
    assert.ok(Date.now() - started < 5000);
    assert.ok(other.task(taskId));
    assert.ok(existsSync(join(test.storage, 'tasks', taskId)));
  });
});

describe('folders of deleted tasks', function () {
  this.timeout(30_000);
  let test: TestEngine;
  afterEach(() => test.dispose());

  it('do not keep a task from being deleted', async () => {
    test = new TestEngine({ a: writer('a.txt', 'x\n') });
    const { task } = test.engine.round(await test.round('Go', ['a']));
    const tasks = join(test.storage, 'tasks');
    // A folder that can't be removed: here because what should hold it is a file.
    renameSync(tasks, `${tasks}.away`);
    writeFileSync(tasks, '');
    await test.engine.deleteTask(task.id);
    assert.equal(test.engine.task(task.id), undefined);
    assert.ok(test.log.some((line) => line.includes('left over')));

    await test.engine.dispose();
    rmSync(tasks);
    renameSync(`${tasks}.away`, tasks);
    test.engine = new Engine(test.host);
    await test.until(() => readdirSync(tasks).length === 0);
  });

  it('are removed at the start, and nothing else is', async () => {
    test = new TestEngine({ a: writer('a.txt', 'x\n') });
    const { task } = test.engine.round(await test.round('Go', ['a']));
    await test.engine.dispose();
    const tasks = join(test.storage, 'tasks');
    const leftover = crypto.randomUUID();
    const file = crypto.randomUUID();
    mkdirSync(join(tasks, leftover, 'git', 'objects'), { recursive: true });
    mkdirSync(join(tasks, 'something-else'));
    writeFileSync(join(tasks, file), '');
    test.engine = new Engine(test.host);
    await test.until(() => !existsSync(join(tasks, leftover)));
    await test.engine.dispose();
    assert.deepEqual(readdirSync(tasks).sort(), [task.id, 'something-else', file].sort());
    test.engine = new Engine(test.host);
    assert.equal(test.engine.patch(test.engine.task(task.id)?.rounds[0]?.runs[0]?.id as RunId).slice(0, 4), 'diff');
  });
});

function statuses(engine: Engine, roundId: RoundId): readonly string[] {
  return engine.round(roundId).round.runs.map((run) => run.state.status);
}

/** Deletes a task's row as a window that doesn't know of its runs would. */
function deleteBehind(test: TestEngine, taskId: TaskId): void {
  const store = new Store(join(test.storage, 'dursor.sqlite'));
  store.deleteTask(taskId);
  store.close();
}
