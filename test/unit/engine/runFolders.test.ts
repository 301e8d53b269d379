import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RunId } from '../../../src/core/domain.ts';
import { Engine } from '../../../src/core/engine.ts';
import { UserError } from '../../../src/core/problem.ts';
import { Store } from '../../../src/core/store/store.ts';
import { hanging, type Script, TestEngine, writer } from '../../support/testEngine.ts';

const never = new AbortController().signal;
const quiet = () => {};

describe('the folder of a run', function () {
  this.timeout(30_000);
  let test: TestEngine;
  afterEach(() => test.dispose());

  const foldersIn = (storage = test.storage) => {
    const directory = join(storage, 'folders');
    return existsSync(directory) ? readdirSync(directory) : [];
  };
  async function run(script: Script = writer('made.txt', 'made\n')): Promise<RunId> {
    test = new TestEngine({ m: script, n: writer('other.txt', 'other\n'), slow: hanging });
    test.write('.gitignore', 'node_modules\n');
    test.write('node_modules/m/index.js', 'm');
    test.write('.env', 'SECRET=1\n');
    return finished('m');
  }
  async function finished(model: string): Promise<RunId> {
    const [only] = test.runs(await test.round('Go', [model]));
    assert.equal(only?.state.status, 'succeeded', JSON.stringify(only?.state));
    return only.id;
  }
  const open = (id: RunId, signal = never, engine = test.engine) => engine.folders.open(id, quiet, signal);
  const code = (wanted: string) => (error: unknown) => error instanceof UserError && error.problem.code === wanted;

  it('has the files as the run left them and what a build needs, outside of the user’s folder', async () => {
    const id = await run();
    const stages: string[] = [];
    const opened = await test.engine.folders.open(id, (stage) => stages.push(stage), never);
    assert.ok(opened.isNew);
    assert.deepEqual([opened.included, opened.skipped], [['node_modules'], []]);
    assert.deepEqual(readdirSync(opened.folder).sort(), ['.gitignore', 'README.md', 'made.txt', 'node_modules']);
    assert.equal(readFileSync(join(opened.folder, 'made.txt'), 'utf8'), 'made\n');
    assert.equal(dirname(dirname(opened.folder)), join(test.storage, 'folders'));
    assert.equal(statSync(dirname(opened.folder)).mode & 0o077, 0, 'nobody else may look into it');
    assert.deepEqual(stages, ['Writing files', 'Looking for ignored files to bring along', 'Copying node_modules']);
    assert.ok(!existsSync(join(test.folder, 'made.txt')));
  });

  it('is the same one the second time, with what the user changed in it, also in another window', async () => {
    const id = await run();
    const { folder } = await open(id);
    writeFileSync(join(folder, 'made.txt'), 'mine\n');
    assert.deepEqual(await open(id), { folder, isNew: false, included: [], skipped: [] });
    const other = new Engine(test.host);
    assert.equal((await open(id, never, other)).isNew, false);
    await other.dispose();
    assert.equal(readFileSync(join(folder, 'made.txt'), 'utf8'), 'mine\n');

    const [listed, ...more] = await test.engine.folders.list();
    assert.deepEqual(more, []);
    assert.equal(listed?.path, folder);
    assert.equal(listed?.runId, id);
    assert.equal(listed?.taskId, test.engine.run(id).task.id);

    rmSync(folder, { recursive: true });
    assert.ok((await open(id)).isNew, 'it was deleted by hand');
  });

  it('is made once when it is asked for twice at the same time', async () => {
    const id = await run();
    const both = await Promise.all([open(id), open(id)]);
    assert.deepEqual(both.map(({ isNew }) => isNew).sort(), [false, true]);
  });

  it('is not made of a run that is still working, has nothing, or breaks a rule by now', async () => {
    const id = await run();
    const { roundId } = test.start('Go', ['slow']);
    const working = test.runs(roundId)[0]?.id as RunId;
    await assert.rejects(open(working), /still working/);
    await test.engine.cancelRound(roundId);
    const settings = test.host.settings;
    Object.assign(test.host, { settings: () => ({ ...settings(), forbiddenPaths: ['made.txt'] }) });
    await assert.rejects(open(id), code('refused-by-policy'));
    assert.deepEqual(foldersIn(), []);
  });

  it('goes with its run’s removal and with its task', async () => {
    const id = await run();
    const second = await finished('n');
    const first = await open(id);
    const other = await open(second);
    await test.engine.folders.remove(id);
    assert.ok(!existsSync(dirname(first.folder)));
    assert.ok(existsSync(other.folder));
    await test.engine.folders.remove(id);
    await test.engine.deleteTask(test.engine.run(second).task.id);
    assert.deepEqual(foldersIn(), []);
    assert.deepEqual(await test.engine.folders.list(), []);
  });

  it('is gone without a trace when making it is canceled, and is made when asked for again', async () => {
    const id = await run();
    for (let file = 0; file < 2000; file++) test.write(`node_modules/m${file % 100}/f${file}`, 'x');
    const abort = new AbortController();
    const opening = test.engine.folders.open(
      id,
      (stage) => stage.startsWith('Copying') && setTimeout(() => abort.abort(), 5),
      abort.signal,
    );
    await assert.rejects(opening, { name: 'AbortError' });
    assert.deepEqual(foldersIn(), []);
    assert.ok((await open(id)).isNew);
  });

  it('is gone when its task is deleted while it is being made', async () => {
    const id = await run();
    for (let file = 0; file < 2000; file++) test.write(`node_modules/m${file % 100}/f${file}`, 'x');
    const { taskId } = test.engine.run(id).run;
    let deleting: Promise<unknown> | undefined;
    const opening = test.engine.folders.open(
      id,
      (stage) => {
        if (stage.startsWith('Copying')) deleting = test.engine.deleteTask(taskId);
      },
      never,
    );
    await assert.rejects(opening, { name: 'AbortError' });
    await deleting;
    assert.deepEqual(foldersIn(), []);
  });

  it('is a new one after the run was done again, and the old one stays until it is removed', async () => {
    let text = 'first\n';
    test = new TestEngine({
      m: function* (request, signal) {
        yield* writer('made.txt', text)(request, signal) as Iterable<never>;
        if (text === 'first\n' && request.turns.some((turn) => turn.role === 'tool')) void test.engine.cancelRun(id);
      },
    });
    const { roundId } = test.start('Go', ['m']);
    const id = test.runs(roundId)[0]?.id as RunId;
    await test.ended(roundId);
    assert.equal(test.runs(roundId)[0]?.state.status, 'canceled');
    const first = await open(id);
    text = 'second\n';
    test.engine.retryRun(id);
    await test.ended(roundId);
    const second = await open(id);
    assert.equal(readFileSync(join(first.folder, 'made.txt'), 'utf8'), 'first\n');
    assert.equal(readFileSync(join(second.folder, 'made.txt'), 'utf8'), 'second\n');
    assert.equal((await test.engine.folders.list()).length, 2);
    await test.engine.folders.remove(id);
    assert.deepEqual(foldersIn(), []);
  });

  it('is removed once when several windows remove it at the same time', async () => {
    const id = await run();
    const others = [1, 2, 3].map(() => new Engine(test.host));
    for (let round = 0; round < 5; round++) {
      await open(id);
      await Promise.all([test.engine, ...others].map(({ folders }) => folders.remove(id)));
      assert.deepEqual(foldersIn(), []);
    }
    for (const other of others) await other.dispose();
  });

  describe('after a crash', () => {
    /** Changes what is recorded of the only folder, as if another window had written it. */
    function rewrite(change: object): void {
      const [name = ''] = foldersIn().filter((entry) => entry.endsWith('.json'));
      const file = join(test.storage, 'folders', name);
      writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...change }));
    }
    const restart = async () => {
      await test.engine.dispose();
      test.engine = new Engine(test.host);
    };

    it('stays at the next start when it was whole', async () => {
      const id = await run();
      const { folder } = await open(id);
      await restart();
      await test.engine.folders.removeLeftovers(never);
      assert.equal((await open(id)).folder, folder);
      assert.equal((await open(id)).isNew, false);
    });

    it('is removed at the next start when it was never finished, or half removed', async () => {
      const id = await run();
      await open(id);
      rewrite({ isFinished: false, owner: 'gone' });
      mkdirSync(join(test.storage, 'folders', '.deleting-1', 'x'), { recursive: true });
      const [old, young] = ['old', 'young'].map((name) => join(test.storage, 'folders', `${name}.new`));
      for (const file of [old, young]) writeFileSync(file ?? '', '{"runId":');
      utimesSync(old ?? '', 1, 1);
      await restart();
      await test.until(() => foldersIn().length === 1);
      assert.deepEqual(foldersIn(), ['young.new'], 'another window may be writing it');
    });

    it('is removed at the next start when nothing is known of it, or its run is gone', async () => {
      const id = await run();
      await open(id);
      const { taskId } = test.engine.run(id).run;
      await test.engine.dispose();
      const store = new Store(join(test.storage, 'dursor.sqlite'));
      store.deleteTask(taskId);
      store.close();
      const unknown = `${crypto.randomUUID()}-01234567`;
      mkdirSync(join(test.storage, 'folders', unknown, 'ws'), { recursive: true });
      writeFileSync(join(test.storage, 'folders', `${crypto.randomUUID()}-01234567.json`), '{"runId":');
      writeFileSync(join(test.storage, 'folders', 'mine.txt'), '');
      assert.equal(foldersIn().length, 5);
      test.engine = new Engine(test.host);
      await test.until(() => foldersIn().length === 1);
      assert.deepEqual(foldersIn(), ['mine.txt'], 'what dursor did not make stays');
    });

    it('is left alone while another window makes it', async () => {
      const id = await run();
      await open(id);
      const other = new Engine(test.host);
      // The window that is there, by what it wrote of its own folder.
      await open(await finished('n'), never, other);
      const names = foldersIn().filter((entry) => entry.endsWith('.json'));
      const owners = names.map((name) => JSON.parse(readFileSync(join(test.storage, 'folders', name), 'utf8')));
      const owner = owners.find((record) => record.runId !== id).owner;
      for (const name of names) {
        const file = join(test.storage, 'folders', name);
        const record = JSON.parse(readFileSync(file, 'utf8'));
        if (record.runId === id) writeFileSync(file, JSON.stringify({ ...record, owner, isFinished: false }));
      }
      await test.engine.folders.removeLeftovers(never);
      await assert.rejects(open(id), code('folder-in-use'));
      assert.equal(foldersIn().length, 4);
      await other.dispose();
      assert.ok((await open(id)).isNew, 'that window is gone');
    });
  });

  it('is in a private temporary folder when dursor’s storage is inside the user’s folder', async () => {
    test = new TestEngine({ m: writer('made.txt', 'made\n') });
    const storage = join(test.folder, 'storage');
    const engine = new Engine({ ...test.host, storageDirectory: storage });
    const outer = test.engine;
    test.engine = engine;
    test.write('.gitignore', 'storage\n');
    const id = await finished('m');
    const { folder } = await open(id);
    assert.ok(!folder.startsWith(test.folder));
    const root = dirname(dirname(folder));
    assert.equal(dirname(root), tmpdir());
    assert.equal(statSync(root).mode & 0o077, 0);
    assert.equal(readFileSync(join(folder, 'made.txt'), 'utf8'), 'made\n');
    await engine.folders.remove(id);
    assert.ok(!existsSync(root));
    assert.deepEqual(foldersIn(storage), []);

    const temporary = process.env.TMPDIR;
    process.env.TMPDIR = join(test.folder, 'tmp');
    mkdirSync(process.env.TMPDIR);
    try {
      await assert.rejects(open(id), code('folder-failed'));
    } finally {
      if (temporary === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = temporary;
    }
    assert.deepEqual(foldersIn(storage), []);
    await engine.dispose();
    test.engine = outer;
  });
});
