import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { RunId, TaskId } from '../../../src/core/domain.ts';
import type { Tidied } from '../../../src/core/engine/disk.ts';
import { chooseRemovals, usedAtOf, wholeSizeOf } from '../../../src/core/engine/retention.ts';
import type { StoredFolder, StoredTask } from '../../../src/core/engine/storageReport.ts';
import { Engine } from '../../../src/core/engine.ts';
import { Store } from '../../../src/core/store/store.ts';
import { hanging, TestEngine, writer } from '../../support/testEngine.ts';

const day = 24 * 60 * 60 * 1000;
const now = 1000 * day;
const mega = 1024 * 1024;

function folder(runId: string, ageDays: number, bytes = mega): StoredFolder {
  return { runId: runId as RunId, path: `/folders/${runId}`, bytes, usedAt: now - ageDays * day };
}

function task(id: string, ageDays: number, more: Partial<StoredTask> = {}): StoredTask {
  return {
    id: id as TaskId,
    title: id,
    folder: '/folder',
    rounds: 1,
    updatedAt: now - ageDays * day,
    isWorking: false,
    bytes: mega,
    runFolders: [],
    ...more,
  };
}

/** The names of what is chosen, folders first. */
function chosen(tasks: readonly StoredTask[], keepDays: number, maxSize: number, others = 0): readonly string[] {
  const total = tasks.reduce((sum, each) => sum + wholeSizeOf(each), others);
  const removals = chooseRemovals({ total, tasks }, { keepDays, maxSize }, now);
  return [...removals.folders.map(({ runId }) => runId), ...removals.tasks.map(({ id }) => id)];
}

describe('what retention removes', () => {
  const rows: readonly [string, readonly StoredTask[], keepDays: number, maxSize: number, readonly string[]][] = [
    ['nothing without limits', [task('a', 9999, { bytes: 9999 * mega })], 0, 0, []],
    ['tasks that are too old, the oldest first', [task('a', 91), task('b', 89), task('c', 92)], 90, 0, ['c', 'a']],
    ['an old folder of a task in use', [task('a', 2, { runFolders: [folder('f', 91), folder('g', 3)] })], 90, 0, ['f']],
    ['no old task whose folder is in use', [task('a', 91, { runFolders: [folder('f', 2)] })], 90, 0, []],
    ['an old task with its folders as one', [task('a', 91, { runFolders: [folder('f', 95)] })], 90, 0, ['a']],
    ['the longest unused when too full', [task('a', 3), task('b', 9), task('c', 6)], 0, 1, ['b', 'c']],
    ['no more than has to go', [task('a', 3), task('b', 9), task('c', 6)], 0, 2, ['b']],
    ['nothing at just the limit', [task('a', 3), task('b', 9)], 0, 2, []],
    ['folders before tasks when too full', [task('a', 9, { runFolders: [folder('f', 3)] }), task('b', 8)], 0, 2, ['f']],
    [
      'tasks as well when folders are not enough',
      [task('a', 9), task('b', 8, { runFolders: [folder('f', 3)] })],
      0,
      1,
      ['f', 'a'],
    ],
    ['no more for size than age left too much', [task('a', 91), task('b', 9), task('c', 8)], 90, 2, ['a']],
    ['nothing that was used in the last 24 hours', [task('a', 0.9), task('b', 1.1), task('c', -5)], 0.5, 1, ['b']],
    [
      'nothing that is worked on',
      [task('a', 99, { isWorking: true, runFolders: [folder('f', 99)] }), task('b', 98)],
      90,
      1,
      ['b'],
    ],
    ['no small task in vain', [task('a', 9), task('b', 8), task('c', 3, { bytes: 9 * mega })], 0, 5, ['c']],
    [
      'a large task with its folder, but no small one',
      [task('a', 9), task('b', 8, { bytes: 9 * mega, runFolders: [folder('f', 8)] })],
      0,
      5,
      ['f', 'b'],
    ],
    ['nothing that takes no space, for size', [task('a', 9, { bytes: 0 }), task('b', 8), task('c', 7)], 0, 1, ['b']],
  ];
  for (const [name, tasks, keepDays, maxSize, expected] of rows) {
    it(`is ${name}`, () => assert.deepEqual(chosen(tasks, keepDays, maxSize), expected));
  }

  it('makes room for what belongs to no task, too', () => {
    assert.deepEqual(chosen([task('a', 3), task('b', 9)], 0, 3, 2 * mega), ['b']);
  });

  it('keeps what is protected, goes by use, and takes no more than needed, for any disk', () => {
    const someTask = fc
      .record({
        age: fc.integer({ min: 0, max: 200 }),
        isWorking: fc.boolean(),
        bytes: fc.integer({ min: 0, max: 10 * mega }),
        folders: fc.array(fc.record({ age: fc.integer({ min: 0, max: 200 }), bytes: fc.nat(10 * mega) }), {
          maxLength: 3,
        }),
      })
      .map(({ age, isWorking, bytes, folders }) => (id: number) => {
        const runFolders = folders.map((each, index) => folder(`${id}-${index}`, each.age, each.bytes));
        return task(String(id), age, { isWorking, bytes, runFolders });
      });
    fc.assert(
      fc.property(fc.array(someTask, { maxLength: 12 }), fc.nat(150), fc.nat(60), (makers, keepDays, maxSize) => {
        const tasks = makers.map((make, id) => make(id));
        const total = tasks.reduce((sum, each) => sum + wholeSizeOf(each), 0);
        const removals = chooseRemovals({ total, tasks }, { keepDays, maxSize }, now);
        const gone = new Set<StoredFolder>([...removals.folders, ...removals.tasks.flatMap((each) => each.runFolders)]);
        for (const each of removals.tasks) assert.ok(!each.isWorking && usedAtOf(each) < now - day);
        for (const each of gone) assert.ok(each.usedAt < now - day);
        const left = total - [...gone, ...removals.tasks].reduce((sum, { bytes }) => sum + bytes, 0);
        const isOld = (usedAt: number) => keepDays > 0 && usedAt < now - keepDays * day;
        const stays = tasks.filter((each) => !removals.tasks.includes(each) && !each.isWorking);
        assert.ok(
          stays.every((each) => usedAtOf(each) >= now - day || !isOld(usedAtOf(each))),
          'age holds',
        );
        if (maxSize > 0 && left > maxSize * mega) {
          assert.ok(
            stays.every((each) => usedAtOf(each) >= now - day || each.bytes === 0),
            'all that may go is gone',
          );
        }
        const young = [...removals.folders, ...removals.tasks].filter(
          (each) => !isOld('usedAt' in each ? each.usedAt : usedAtOf(each)),
        );
        assert.equal(removals.isForSize, young.length > 0);
        const last = young.at(-1);
        if (last) assert.ok(left + last.bytes > maxSize * mega, 'the last one had to go');
      }),
    );
  });
});

describe('retention', function () {
  this.timeout(30_000);
  let test: TestEngine;
  const news: Tidied[] = [];
  let storage = { keepDays: 90, maxSize: 0 };
  beforeEach(() => {
    news.length = 0;
    storage = { keepDays: 90, maxSize: 0 };
    test = new TestEngine({ a: writer('a.txt', 'x\n'), slow: hanging });
    const settings = test.host.settings();
    Object.assign(test.host, { settings: () => ({ ...settings, storage }) });
    test.engine.disk.onDidTidy((tidied) => news.push(tidied));
  });
  afterEach(() => test.dispose());

  async function made(ageDays: number): Promise<TaskId> {
    const { task: stored } = test.engine.round(await test.round('Go', ['a']));
    age(stored.id, ageDays);
    return stored.id;
  }

  /** As if a task had been used last some days ago. */
  function age(id: TaskId, days: number): void {
    const store = new Store(join(test.storage, 'dursor.sqlite'));
    const stored = store.task(id);
    assert.ok(stored);
    store.saveTask({ ...stored, updatedAt: Date.now() - days * day });
    store.close();
  }

  /** Makes a run's real files, as if that had been some days ago. */
  async function opened(id: TaskId, ageDays: number): Promise<{ readonly runId: RunId; readonly path: string }> {
    const runId = test.engine.task(id)?.rounds[0]?.runs[0]?.id as RunId;
    const { folder: path } = await test.engine.folders.open(runId, () => {}, new AbortController().signal);
    const records = join(test.storage, 'folders');
    const [name = ''] = readdirSync(records).filter((each) => each.startsWith(runId) && each.endsWith('.json'));
    const record = JSON.parse(readFileSync(join(records, name), 'utf8'));
    const then = Date.now() - ageDays * day;
    writeFileSync(join(records, name), JSON.stringify({ ...record, createdAt: then, openedAt: then }));
    for (const file of readdirSync(path)) utimesSync(join(path, file), then / 1000, then / 1000);
    return { runId, path };
  }

  const folderOf = (id: TaskId) => join(test.storage, 'tasks', id);

  it('removes tasks that were not used for long, with their folders, and says so', async () => {
    const [old, young] = [await made(91), await made(89)];
    await test.engine.disk.tidy();
    assert.equal(test.engine.task(old), undefined);
    assert.ok(!existsSync(folderOf(old)));
    assert.ok(test.engine.task(young) && existsSync(folderOf(young)));
    assert.deepEqual(
      news.map(({ tasks, folders, isForSize, left }) => ({ tasks, folders, isForSize, left })),
      [{ tasks: 1, folders: 0, isForSize: false, left: [] }],
    );
    assert.ok((news[0]?.bytes ?? 0) > 0);
    assert.equal(test.log.filter((line) => line.includes(`Removed task ${old}`)).length, 1);
    await test.engine.disk.tidy();
    assert.equal(news.length, 1, 'only when something went');
  });

  it('removes the longest unused while everything takes too much', async () => {
    const ids = [await made(2), await made(5), await made(3)];
    for (const id of ids) writeFileSync(join(folderOf(id), 'ballast'), Buffer.alloc(2 * mega, 1));
    storage = { keepDays: 0, maxSize: 5 };
    await test.engine.disk.tidy();
    assert.deepEqual(
      ids.map((id) => test.engine.task(id) !== undefined),
      [true, false, true],
    );
    assert.equal(news[0]?.isForSize, true);
  });

  it('removes real files of runs that nobody wrote to for long, and keeps their tasks', async () => {
    const [first, second] = [await made(2), await made(2)];
    const unused = await opened(first, 91);
    const used = await opened(second, 91);
    writeFileSync(join(used.path, 'a.txt'), 'changed by the user');
    await test.engine.disk.tidy();
    assert.deepEqual([existsSync(unused.path), existsSync(used.path)], [false, true]);
    assert.deepEqual(
      (await test.engine.folders.list()).map(({ runId }) => runId),
      [used.runId],
    );
    assert.ok(test.engine.task(first) && test.engine.task(second));
    assert.deepEqual(
      news.map(({ tasks, folders }) => [tasks, folders]),
      [[0, 1]],
    );
  });

  it('keeps the real files of a run that were opened again, also when nobody wrote to them', async () => {
    const id = await made(2);
    const { runId, path } = await opened(id, 91);
    const { isNew } = await test.engine.folders.open(runId, () => {}, new AbortController().signal);
    assert.equal(isNew, false);
    await test.engine.disk.tidy();
    assert.ok(existsSync(path));
  });

  it('keeps real files that are written to after they were measured, and their task', async () => {
    const [first, second] = [await made(91), await made(91)];
    const [folder, ofTask] = [await opened(first, 91), await opened(second, 91)];
    const { tasks } = await test.engine.disk.measure(() => {}, new AbortController().signal);
    for (const { path } of [folder, ofTask]) writeFileSync(join(path, 'a.txt'), 'the user’s work');
    const unused = tasks.filter((task) => task.id === second);
    const runFolders = tasks.flatMap((task) => (task.id === first ? task.runFolders : []));
    const removed = await test.engine.disk.remove({ folders: runFolders, tasks: unused });
    assert.deepEqual(removed, { tasks: 0, folders: 0, bytes: 0, kept: 2, left: [] });
    for (const { path } of [folder, ofTask]) assert.equal(readFileSync(join(path, 'a.txt'), 'utf8'), 'the user’s work');
    assert.ok(test.engine.task(second));
  });

  it('counts choosing a run as use of its task, as applying it does', async () => {
    const id = await made(91);
    const round = test.engine.task(id)?.rounds[0] ?? assert.fail('no round');
    test.engine.chooseRun(round.id, round.runs[0]?.id as RunId);
    await test.engine.disk.tidy();
    assert.ok(test.engine.task(id));
  });

  it('removes the real files of a run with its task', async () => {
    const id = await made(91);
    const { path } = await opened(id, 95);
    await test.engine.disk.tidy();
    assert.equal(test.engine.task(id), undefined);
    assert.ok(!existsSync(path));
    assert.deepEqual(readdirSync(join(test.storage, 'folders')), []);
  });

  it('removes nothing that works, here or in another window', async () => {
    const other = new Engine(test.host);
    const { taskId } = test.start('Go', ['slow']);
    age(taskId, 200);
    await other.disk.tidy();
    await test.engine.disk.tidy();
    assert.ok(test.engine.task(taskId));
    await test.engine.cancelRun(test.engine.task(taskId)?.rounds[0]?.runs[0]?.id as RunId);
    age(taskId, 200);
    await test.engine.disk.tidy();
    assert.equal(other.task(taskId), undefined);
    await other.dispose();
  });

  it('keeps a task whose run is done again', async () => {
    const { taskId, roundId } = test.start('Go', ['slow']);
    const runId = test.runs(roundId)[0]?.id as RunId;
    await test.engine.cancelRun(runId);
    age(taskId, 200);
    test.engine.retryRun(runId);
    await test.engine.cancelRun(runId);
    await test.engine.disk.tidy();
    assert.ok(test.engine.task(taskId));
  });

  it('keeps a task that is used after it was measured', async () => {
    const id = await made(100);
    const report = await test.engine.disk.measure(() => {}, new AbortController().signal);
    age(id, 0);
    const { tasks, left } = await test.engine.disk.remove({ folders: [], tasks: report.tasks });
    assert.deepEqual([tasks, left], [0, []]);
    assert.ok(test.engine.task(id) && existsSync(folderOf(id)));
  });

  it('is for one window at a time, and once an hour after rounds', async () => {
    const id = await made(91);
    const store = new Store(join(test.storage, 'dursor.sqlite'));
    store.owners.beat('other', process.pid, Date.now());
    assert.ok(store.usage.claim('retention', 'other', Date.now(), () => true));
    await test.engine.disk.tidy();
    assert.ok(test.engine.task(id), 'the other window is at it');
    store.usage.done('retention', 'other', Date.now());
    await test.engine.disk.tidy(Date.now() - 60 * 60 * 1000);
    assert.ok(test.engine.task(id), 'it was done a moment ago');
    assert.ok(store.usage.claim('retention', 'other', Date.now(), () => false));
    store.owners.remove('other');
    store.close();
    await test.engine.disk.tidy();
    assert.equal(test.engine.task(id), undefined, 'that window is gone');
  });

  it('tells of what it could not remove, and removes it later', async () => {
    const id = await made(91);
    const blocked = join(test.storage, 'tasks');
    renameSync(blocked, `${blocked}.away`);
    writeFileSync(blocked, '');
    await test.engine.disk.tidy();
    assert.equal(test.engine.task(id), undefined);
    assert.match(news[0]?.left[0]?.message ?? '', new RegExp(`${id} could not be removed`));
    rmSync(blocked);
    renameSync(`${blocked}.away`, blocked);
    mkdirSync(join(blocked, '.deleting-1', 'half'), { recursive: true });
    const halfGone = join(test.storage, 'folders', '.deleting-2');
    mkdirSync(join(halfGone, 'half'), { recursive: true });
    assert.deepEqual(await test.engine.disk.removeLeft([], [id]), []);
    assert.ok(!existsSync(folderOf(id)) && !existsSync(join(blocked, '.deleting-1')) && !existsSync(halfGone));
  });
});
