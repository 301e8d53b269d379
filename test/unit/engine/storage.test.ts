import assert from 'node:assert/strict';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunId } from '../../../src/core/domain.ts';
import type { StorageReport } from '../../../src/core/engine/storageReport.ts';
import { Engine } from '../../../src/core/engine.ts';
import { Store } from '../../../src/core/store/store.ts';
import { removeFolder } from '../../../src/core/workspace/removeFolder.ts';
import { openTaskStorage } from '../../../src/core/workspace/taskStorage.ts';
import { TestEngine, writer } from '../../support/testEngine.ts';

const mega = 1024 * 1024;

describe('the storage report', function () {
  this.timeout(30_000);
  let test: TestEngine;
  beforeEach(() => {
    test = new TestEngine({ a: writer('a.txt', 'x\n') });
  });
  afterEach(() => test.dispose());

  const measure = () => test.engine.disk.measure(() => {}, new AbortController().signal);

  function ballast(path: string, megabytes: number): string {
    writeFileSync(path, Buffer.alloc(megabytes * mega, 1));
    return path;
  }

  function sumOf(report: StorageReport): number {
    const rows = new Store(join(test.storage, 'dursor.sqlite'));
    const inDatabase = rows.usage.tasks().reduce((sum, { bytes }) => sum + bytes, 0);
    rows.close();
    const tasks = report.tasks.reduce((sum, { bytes }) => sum + bytes, 0);
    return tasks - inDatabase + report.database + report.other;
  }

  it('tells what each task of each folder takes, and adds up to the total', async () => {
    const first = test.engine.round(await test.round('First', ['a'])).task;
    const elsewhere = join(test.root, 'elsewhere');
    mkdirSync(elsewhere);
    const second = test.engine.round(await test.round('Second', ['a'], { folder: elsewhere })).task;
    ballast(join(test.storage, 'tasks', second.id, 'ballast'), 3);
    ballast(join(test.storage, 'unknown'), 1);
    const steps: number[] = [];
    const report = await test.engine.disk.measure((measured) => steps.push(measured), new AbortController().signal);
    assert.deepEqual(steps, [0, 1]);
    const taskOf = (id: string) => report.tasks.find((task) => task.id === id);
    assert.deepEqual([taskOf(first.id)?.folder, taskOf(second.id)?.folder], [test.folder, elsewhere]);
    assert.deepEqual([taskOf(first.id)?.title, taskOf(first.id)?.rounds], ['First', 1]);
    assert.ok(Math.abs((taskOf(second.id)?.bytes ?? 0) - (taskOf(first.id)?.bytes ?? 0) - 3 * mega) < 0.1 * mega);
    assert.ok(report.other >= mega && report.other < 1.1 * mega, String(report.other));
    assert.ok(report.database > 0);
    assert.equal(sumOf(report), report.total);
    assert.ok(report.tasks.every((task) => !task.isWorking));
  });

  it('has the real files of a run as an entry of their own', async () => {
    const { task, round } = test.engine.round(await test.round('Go', ['a']));
    const runId = round.runs[0]?.id as RunId;
    const before = await measure();
    const signal = new AbortController().signal;
    const { folder: path } = await test.engine.folders.open(runId, () => {}, signal);
    ballast(join(path, 'built'), 2);
    const after = await measure();
    const [folder] = after.tasks[0]?.runFolders ?? [];
    assert.deepEqual([folder?.runId, folder?.path], [runId, path]);
    assert.ok(folder && folder.bytes >= 2 * mega && folder.bytes < 2.1 * mega && Date.now() - folder.usedAt < 60_000);
    assert.ok(after.total - before.total >= 2 * mega && (after.tasks[0]?.bytes ?? 0) < mega);

    const { left, folders, tasks } = await test.engine.disk.remove({ folders: [folder], tasks: [] });
    assert.deepEqual([left, folders, tasks], [[], 1, 0]);
    assert.ok(!existsSync(path) && test.engine.task(task.id));
    assert.deepEqual((await measure()).tasks[0]?.runFolders, []);
  });

  it('counts a file with two names once, a sparse file by its blocks, and follows no link', async () => {
    const { id } = test.engine.round(await test.round('Go', ['a'])).task;
    const before = await measure();
    const folder = join(test.storage, 'tasks', id);
    const file = ballast(join(folder, 'one'), 2);
    linkSync(file, join(folder, 'two'));
    symlinkSync(ballast(join(test.root, 'outside'), 8), join(folder, 'link'));
    writeFileSync(join(folder, 'sparse'), '');
    truncateSync(join(folder, 'sparse'), 64 * mega);
    const sparse = statSync(join(folder, 'sparse')).blocks * 512;
    const added = (await measure()).total - before.total;
    assert.ok(added >= 2 * mega && added < 2.1 * mega + sparse, String(added));
  });

  it('stops when it is aborted, and when the window closes', async () => {
    await test.round('Go', ['a']);
    const controller = new AbortController();
    const aborted = test.engine.disk.measure(() => controller.abort(), controller.signal);
    await assert.rejects(aborted, { name: 'AbortError' });
    const closed = measure();
    await Promise.all([assert.rejects(closed, { name: 'AbortError' }), test.engine.dispose()]);
    test.engine = new Engine(test.host);
  });

  it('says nothing is there where nothing is, and bears a folder that goes away', async () => {
    assert.deepEqual((await measure()).tasks, []);
    const { id } = test.engine.round(await test.round('Go', ['a'])).task;
    rmSync(join(test.storage, 'tasks', id), { recursive: true });
    const [task] = (await measure()).tasks;
    assert.ok(task && task.bytes > 0 && task.bytes < mega, 'its messages and patch are still there');
  });
});

describe('the space of deleted tasks', function () {
  this.timeout(30_000);
  let test: TestEngine;
  beforeEach(() => {
    test = new TestEngine({ a: writer('big.txt', 'line of text\n'.repeat(100_000)) });
  });
  afterEach(() => test.dispose());

  it('is given back by the database, and its log stays short', async () => {
    for (let count = 0; count < 3; count++) await test.round('Go', ['a']);
    const measure = () => test.engine.disk.measure(() => {}, new AbortController().signal);
    const before = await measure();
    assert.ok(before.database > 3 * mega, String(before.database));
    const { tasks, bytes } = await test.engine.disk.remove({ folders: [], tasks: before.tasks });
    assert.equal(tasks, 3);
    const after = await measure();
    assert.ok(after.database < mega, String(after.database));
    assert.ok(bytes > 3 * mega);
    assert.ok(statSync(join(test.storage, 'dursor.sqlite-wal')).size <= 16 * mega);
  });
});

describe('storage work that a deletion ends', () => {
  it('does not make the folder again', async () => {
    const root = mkdtempSync(join(tmpdir(), 'dursor-storage-'));
    const folder = join(root, 'task');
    const storage = openTaskStorage(folder);
    const text = Buffer.from('text\n');
    const working = assert.rejects(storage.merge(text, text, text), { name: 'AbortError' });
    await storage.close();
    await removeFolder(folder);
    await working;
    assert.ok(!existsSync(folder));
    rmSync(root, { recursive: true });
  });
});
