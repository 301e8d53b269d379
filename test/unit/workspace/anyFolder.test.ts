import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createPolicy } from '../../../src/core/policy/createPolicy.ts';
import { openTaskStorage } from '../../../src/core/workspace/taskStorage.ts';
import { contentsOf, problem, Sandbox } from './sandbox.ts';

describe('snapshot of any folder', () => {
  let box: Sandbox;
  beforeEach(() => {
    box = new Sandbox();
  });
  afterEach(() => box.dispose());

  /** What a copy of the folder as it is now holds, with the folder and its repository as they were. */
  const contents = async () => {
    const before = box.fingerprint();
    const snapshot = await box.snapshot();
    const found = await contentsOf(await box.copy(snapshot));
    assert.deepEqual(box.fingerprint(), before);
    return found;
  };

  it('leaves out what is over the size limit, and shows no model what was committed of that size', async () => {
    const policy = createPolicy({ maxFileBytes: 10 });
    const long = 'needle needle needle';
    box.commit({ 'kept.txt': long, 'changed.txt': 'short', 'small.txt': 'needle' });
    box.write({ 'changed.txt': long, 'new.txt': long });
    const unsaved = [{ path: 'changed.txt', bytes: Buffer.from('edit') }];
    const snapshot = await box.task.takeSnapshot({ folder: box.folder, unsaved: [], policy });
    assert.deepEqual(snapshot.tooLarge, ['changed.txt', 'new.txt']);
    const copy = await box.task.openCopy(snapshot, snapshot.tree, policy);
    assert.deepEqual(
      (await copy.list()).map(({ path }) => path),
      ['kept.txt', 'small.txt'],
    );
    await assert.rejects(copy.read('kept.txt'), problem('refused-by-policy', /kept\.txt.*20.*10/));
    const found = await copy.search({ pattern: 'needle', isRegex: false, ignoreCase: false, maxHits: 1 });
    assert.deepEqual(
      found.map(({ path }) => path),
      ['small.txt'],
    );
    // The editor has less than the disk.
    const edited = await box.task.takeSnapshot({ folder: box.folder, unsaved, policy });
    assert.deepEqual([edited.tooLarge, edited.unsaved], [['new.txt'], ['changed.txt']]);
  });

  it('takes a file that is being written as it was at one moment', async () => {
    box.commit({ a: 'a', steady: 's' });
    const file = join(box.folder, 'log');
    const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${index}\n`).join('');
    writeFileSync(file, lines(50));
    // Grows by whole lines for a while, from outside of this process.
    const script = `const { appendFileSync } = require('node:fs');
      for (let index = 50; index < 90; index++) {
        appendFileSync(${JSON.stringify(file)}, 'line ' + index + '\\n');
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
      }`;
    const writer = execFile(process.execPath, ['-e', script]);
    const ended = new Promise((resolve) => writer.once('exit', resolve));
    const found = await contentsOf(await box.copy(await box.snapshot()));
    await ended;
    assert.match(found.log ?? '', /^(line \d+\n)+$/);
    assert.equal(found.log, lines((found.log ?? '').split('\n').length - 1));
  });

  it('says so when a file does not stop changing', async () => {
    box.commit({ a: 'a' });
    // A filter that changes what it is asked about, so that it changes whenever it is looked at.
    box.git('config', 'filter.restless.clean', 'echo more >> restless.x; cat');
    box.write({ '.gitattributes': '*.x filter=restless\n', 'restless.x': 'x\n' });
    await assert.rejects(box.snapshot(), problem('snapshot-failed', /restless\.x did not stop changing/));
  });

  it('is not held up by a lock file or a rebase, and takes what is there', async () => {
    box.commit({ a: '1\n' });
    box.git('checkout', '-qb', 'other');
    box.write({ a: '2\n' });
    box.git('commit', '-qam', 'other');
    box.git('checkout', '-q', 'main');
    box.write({ a: '3\n' });
    box.git('commit', '-qam', 'main');
    assert.throws(() => box.git('rebase', '-q', 'other'));
    writeFileSync(join(box.folder, '.git', 'index.lock'), '');
    assert.match((await contents()).a ?? '', /<<<<<<< .*\n2\n=======\n3\n>>>>>>> /);
  });

  /** Replaces the folder by a clone of it. */
  const clone = (...args: readonly string[]) => {
    box.commit({ 'in/a': 'a', 'out/b': 'b', c: 'c' });
    box.write({ c: 'second' });
    box.git('commit', '-qam', 'second');
    box.git('config', 'uploadpack.allowFilter', 'true');
    const source = join(box.root, 'source');
    renameSync(box.folder, source);
    box.gitIn(box.root, 'clone', '-q', ...args, `file://${source}`, box.folder);
    rmSync(source, { recursive: true });
  };

  it('takes a shallow clone', async () => {
    clone('--depth=1');
    assert.deepEqual(await contents(), { 'in/a': 'a', 'out/b': 'b', c: 'second' });
  });

  it('takes a partial clone, and names what it does not have here', async () => {
    clone('--filter=blob:none', '--sparse');
    box.write({ 'in/new': 'new' });
    const snapshot = await box.snapshot();
    assert.deepEqual(snapshot.notHere, ['in/a', 'out/b']);
    const copy = await box.copy(snapshot);
    assert.deepEqual(await contentsOf(copy), { 'in/new': 'new', c: 'second' });
    assert.equal((await copy.search({ pattern: 'e', isRegex: false, ignoreCase: false, maxHits: 9 })).length, 2);
    await copy.write('in/a', Buffer.from('A'));
    assert.equal((await copy.patch()).changes.length, 1);
  });

  it('takes a repository with an untracked cache, a file system monitor and a split index, without starting the monitor', async () => {
    box.commit({ a: '1', 'd/b': '2' });
    box.git('update-index', '--untracked-cache', '--split-index');
    box.git('config', 'core.fsmonitor', `touch ${join(box.root, 'monitored')}; false`);
    box.write({ 'd/b': 'changed', 'd/new': 'new' });
    const found = await contentsOf(await box.copy(await box.snapshot()));
    assert.deepEqual(found, { a: '1', 'd/b': 'changed', 'd/new': 'new' });
    assert.ok(!existsSync(join(box.root, 'monitored')));
  });

  it('shows submodules without entering or breaking them', async () => {
    const inner = join(box.root, 'inner');
    mkdirSync(inner);
    box.gitIn(inner, 'init', '-q');
    writeFileSync(join(inner, 'x'), 'x');
    box.gitIn(inner, 'add', '-A');
    box.gitIn(inner, 'commit', '-qm', 'inner');
    box.commit({ a: '1' });
    box.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner, 'sub');
    box.git('commit', '-qm', 'with a submodule');
    writeFileSync(join(box.folder, 'sub', 'x'), 'changed inside');
    const snapshot = await box.snapshot({ 'sub/x': 'unsaved inside' });
    assert.equal(snapshot.tree, box.git('rev-parse', 'HEAD^{tree}'));
    assert.deepEqual(snapshot.unsaved, []);
    const copy = await box.copy(snapshot);
    assert.deepEqual(await copy.read('sub'), { path: 'sub', mode: '160000', bytes: new Uint8Array() });
    assert.equal(await copy.read('sub/x'), undefined);
    await assert.rejects(copy.write('sub/y', Buffer.from('y')), problem('refused-by-policy', /another repository/));
    await assert.rejects(copy.move('sub', 'moved'), problem('refused-by-policy', /another repository/));
  });

  it('keeps LFS pointers and names that differ only in case or composition as they are', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`;
    box.commit({ '.gitattributes': '*.psd filter=lfs -text\n', 'a.psd': pointer, 'caf\u00e9': 'nfc', Name: '1' });
    box.git('mv', 'Name', 'name');
    box.write({ 'cafe\u0301': 'nfd' });
    const found = await contents();
    assert.deepEqual(found, {
      '.gitattributes': '*.psd filter=lfs -text\n',
      'a.psd': pointer,
      'caf\u00e9': 'nfc',
      'cafe\u0301': 'nfd',
      name: '1',
    });
  });

  it('takes a changed file whose name is not UTF-8', async function () {
    if (process.platform !== 'linux') this.skip();
    box.commit({ a: '1' });
    const odd = Buffer.concat([Buffer.from(`${box.folder}/odd`), Buffer.from([0xff])]);
    writeSync(openSync(odd, 'w'), 'first');
    box.git('add', '-A');
    appendFileSync(odd, ' and more');
    const { tree } = await box.snapshot();
    box.git('add', '-A');
    assert.equal(tree, box.git('write-tree'));
  });

  it('opens runs again after the repository was packed, pruned and rewritten, or is gone', async () => {
    box.commit({ a: 'one\n', b: 'b\n' });
    box.git('commit', '-q', '--allow-empty', '-m', 'second');
    box.write({ a: 'dirty\n' });
    const snapshot = await box.snapshot();
    const copy = await box.copy(snapshot);
    await copy.write('b', Buffer.from('B\n'));
    const patch = await copy.patch();
    await box.task.keep(patch.changes);
    box.git('reset', '-q', '--hard', 'HEAD~1');
    box.git('commit', '-q', '--amend', '--allow-empty', '-m', 'rewritten');
    box.git('reflog', 'expire', '--expire=now', '--all');
    box.git('gc', '-q', '--prune=now');
    const after = openTaskStorage(box.storage);
    const blobs = patch.changes.flatMap(({ base, after: version }) => [base?.blob, version?.blob]);
    const read = async () =>
      Promise.all(blobs.map(async (blob) => Buffer.from(await after.readBlob(blob as never)).toString()));
    assert.deepEqual(await read(), ['b\n', 'B\n']);
    rmSync(box.folder, { recursive: true });
    assert.deepEqual(await read(), ['b\n', 'B\n']);
    await after.close();
  });
});
