import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Snapshot } from '../../../src/core/domain.ts';
import { contentsOf, problem, Sandbox } from './sandbox.ts';

describe('snapshot', () => {
  let box: Sandbox;
  beforeEach(() => {
    box = new Sandbox();
  });
  afterEach(() => box.dispose());

  const filesOf = async (snapshot: Snapshot) => contentsOf(await box.copy(snapshot));
  const modesOf = async (snapshot: Snapshot) =>
    Object.fromEntries((await (await box.copy(snapshot)).list()).map(({ path, mode }) => [path, mode]));
  /** Whether an object store of the task holds this content. */
  const isStored = (content: string) => {
    const name = execFileSync('git', ['hash-object', '--stdin'], { input: content, encoding: 'utf8' }).trim();
    const env = { ...process.env, GIT_DIR: join(box.storage, 'git') };
    return execFileSync('git', ['cat-file', '--batch-check'], { input: name, env, encoding: 'utf8' }).includes(
      ' blob ',
    );
  };

  it('holds committed, staged, unstaged, untracked and unsaved work, and not what is deleted or ignored', async () => {
    box.commit({
      committed: '1',
      staged: '1',
      both: '1',
      edited: '1',
      gone: '1',
      'removed/a': '1',
      old: 'moved',
      '.gitignore': 'out/\n',
    });
    box.write({ staged: '2', both: '2' });
    box.git('add', '-A');
    box.write({ both: '3', edited: '2', 'new/deep/untracked': 'u', 'out/ignored': 'i', unsaved: 'on disk' });
    rmSync(join(box.folder, 'gone'));
    box.git('rm', '-q', 'removed/a');
    renameSync(join(box.folder, 'old'), join(box.folder, 'renamed'));

    const snapshot = await box.snapshot({ unsaved: 'typed', brandNew: 'typed too', 'out/ignored': 'typed' });
    assert.deepEqual(await filesOf(snapshot), {
      '.gitignore': 'out/\n',
      both: '3',
      brandNew: 'typed too',
      committed: '1',
      edited: '2',
      'new/deep/untracked': 'u',
      renamed: 'moved',
      staged: '2',
      unsaved: 'typed',
    });
    assert.deepEqual(snapshot.unsaved, ['unsaved', 'brandNew']);
    assert.deepEqual(snapshot.leftOut, []);
    assert.equal(snapshot.head, box.git('rev-parse', 'HEAD'));
    assert.equal(snapshot.gitDir, join(box.folder, '.git'));
    assert.equal(snapshot.prefix, '');
  });

  it('names the tree that git would have committed', async () => {
    box.commit({ a: '1', 'b/c': '2', 'b/d/e': '3' });
    box.write({ a: '2', 'b/x y': '4', 'b/d/"q"\n': '5' });
    const snapshot = await box.snapshot();
    box.git('add', '-A');
    assert.equal(snapshot.tree, box.git('write-tree'));
  });

  it('leaves every byte and every time in the folder and its .git as they were', async () => {
    box.commit({ a: 'one', b: 'two', 'c/d': 'three', 'c/e': 'four', '.gitignore': '*.log\n' });
    // Content the repository has already, loose and packed, in places where it has to be added again.
    box.git('gc', '-q');
    box.write({ f: 'five' });
    box.git('add', 'f');
    box.write({ b: 'one', 'c/new': 'two', g: 'five', a: 'changed', 'x.log': 'ignored', 'c/dd/d': 'three' });
    // An index without cached tree names has to have all of its trees looked up.
    box.git('read-tree', '--empty');
    box.git('add', '-A');
    box.write({ b: 'two', late: 'late' });
    for (const [path] of box.fingerprint()) {
      if (!path.endsWith('/.git/index')) {
        utimesSync(path, 1_600_000_000, 1_600_000_000);
      }
    }
    const before = box.fingerprint();
    const snapshot = await box.snapshot({ 'c/e': 'typed', 'c/f': 'five' });
    const copy = await box.copy(snapshot);
    await copy.write('a', Buffer.from('one'));
    await copy.write('n', Buffer.from('two'));
    await copy.search({ pattern: 'o', isRegex: false, ignoreCase: true, maxHits: 100 });
    await copy.delete('late');
    const patch = await copy.patch();
    await box.task.keep(patch.changes);
    await copy.dispose();
    const after = box.fingerprint();
    assert.deepEqual(after, before);
  });

  it('keeps forbidden files out, tracked or not, without ever storing their content', async () => {
    box.commit({ 'a.ts': 'a', 'old.pem': 'tracked secret' });
    box.write({
      '.env': 'untracked secret',
      'old.pem': 'changed secret',
      'app/.env.local': 's3',
      '.env.example': 'KEY=',
      'staged.key': 'staged secret',
    });
    box.git('add', 'staged.key');
    box.write({ 'staged.key': 'restaged secret' });
    const snapshot = await box.snapshot({ 'b.secret': 'typed secret', '.env': 'typed env' });
    assert.deepEqual(Object.keys(await filesOf(snapshot)), ['.env.example', 'a.ts']);
    assert.deepEqual(snapshot.leftOut, ['.env', 'app/.env.local', 'b.secret', 'old.pem', 'staged.key']);
    assert.deepEqual(snapshot.unsaved, []);
    for (const secret of ['untracked secret', 'changed secret', 's3', 'restaged secret', 'typed secret', 'typed env']) {
      assert.ok(!isStored(secret), secret);
    }
    assert.ok(isStored('KEY='));
  });

  it('takes a sub-folder of a repository, with paths relative to it', async () => {
    box.commit({
      'top.txt': 't',
      'packages/app/a': '1',
      'packages/app/b/c': '2',
      'packages/other': 'o',
      '.gitattributes': '* text=auto\n',
    });
    box.write({ 'packages/app/a': 'x\r\n', 'packages/app/new': 'n', 'elsewhere.txt': 'not looked at' });
    const folder = join(box.folder, 'packages', 'app');
    const snapshot = await box.snapshot({ 'b/c': 'typed' }, folder);
    assert.equal(snapshot.prefix, 'packages/app/');
    assert.deepEqual(await filesOf(snapshot), { a: 'x\n', 'b/c': 'typed', new: 'n' });
    assert.ok(!isStored('not looked at'));
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    assert.deepEqual(await filesOf(await box.snapshot({}, folder)), {});
  });

  it('takes a linked worktree, where .git is a file', async () => {
    box.commit({ a: '1', b: '1' });
    const linked = join(box.root, 'linked');
    box.git('worktree', 'add', '-q', linked);
    writeFileSync(join(linked, 'a'), '2');
    writeFileSync(join(linked, 'n'), 'new');
    const before = box.fingerprint(join(box.folder, '.git'));
    const snapshot = await box.snapshot({}, linked);
    assert.deepEqual(await filesOf(snapshot), { a: '2', b: '1', n: 'new' });
    assert.deepEqual(box.fingerprint(join(box.folder, '.git')), before);
  });

  it('takes a repository without a commit', async () => {
    box.git('init', '-q');
    box.write({ a: '1', b: '2' });
    box.git('add', 'a');
    const snapshot = await box.snapshot();
    assert.deepEqual(await filesOf(snapshot), { a: '1', b: '2' });
    assert.equal(snapshot.head, undefined);
    assert.notEqual(snapshot.gitDir, undefined);
  });

  it('takes a folder without Git, heeds its .gitignore and makes nothing in it', async () => {
    box.write({ a: '1\r\n', 'd/b': '2', '.gitignore': 'out\n', 'out/x': 'x', '.env': 'secret' });
    box.write({ 'd/node_modules/x': 'x', '.venv/x': 'x' });
    const before = box.fingerprint();
    const snapshot = await box.snapshot({ 'd/b': 'typed', new: 'n' });
    assert.deepEqual(await filesOf(snapshot), { '.gitignore': 'out\n', a: '1\r\n', 'd/b': 'typed', new: 'n' });
    assert.deepEqual(snapshot.leftOut, ['.env']);
    assert.equal(snapshot.gitDir, undefined);
    assert.equal(snapshot.prefix, '');
    assert.ok(!isStored('secret'));
    assert.deepEqual(box.fingerprint(), before);
    assert.ok(!existsSync(join(box.folder, '.git')));
  });

  it('takes an empty folder and a folder that a repository further up ignores', async () => {
    assert.deepEqual(await filesOf(await box.snapshot()), {});
    box.commit({ '.gitignore': '*\n!.gitignore\n' });
    box.write({ 'project/a': '1' });
    const snapshot = await box.snapshot({}, join(box.folder, 'project'));
    assert.deepEqual(await filesOf(snapshot), { a: '1' });
    assert.equal(snapshot.gitDir, undefined);
  });

  it('keeps executable bits, symbolic links, binary content and odd names', async () => {
    const binary = Buffer.from([0, 1, 2, 255, 0, 10, 13, 10]);
    box.commit({ 'run.sh': '#!/bin/sh\n', 'x.bin': 'x' });
    const odd = [
      'with space',
      '"quoted"',
      "it's",
      'line\nbreak',
      'tab\t',
      'back\\slash',
      '-dash',
      'ünïcödé',
      ':(top)',
      '*',
      'CON',
      'end.',
    ];
    box.write({ 'x.bin': binary, 'new.sh': 'n', ...Object.fromEntries(odd.map((name) => [`odd/${name}`, name])) });
    chmodSync(join(box.folder, 'run.sh'), 0o755);
    chmodSync(join(box.folder, 'new.sh'), 0o755);
    symlinkSync('run.sh', join(box.folder, 'link'));
    symlinkSync('../outside', join(box.folder, 'dangling'));
    const snapshot = await box.snapshot({ 'new.sh': 'typed' });
    const modes = await modesOf(snapshot);
    assert.equal(modes['run.sh'], '100755');
    assert.equal(modes['new.sh'], '100755');
    assert.equal(modes.link, '120000');
    const copy = await box.copy(snapshot);
    assert.deepEqual(Buffer.from((await copy.read('x.bin'))?.bytes ?? []), binary);
    assert.equal(Buffer.from((await copy.read('dangling'))?.bytes ?? []).toString(), '../outside');
    const listed = (await copy.list()).map(({ path }) => path).filter((path) => path.startsWith('odd/'));
    assert.deepEqual(new Set(listed), new Set(odd.map((name) => `odd/${name}`)));
  });

  it('puts an unsaved text in a symbolic link where saving would put it', async () => {
    box.commit({ real: 'r' });
    symlinkSync('real', join(box.folder, 'link'));
    symlinkSync('../outside', join(box.folder, 'out'));
    const snapshot = await box.snapshot({ link: 'typed', out: 'typed' });
    assert.deepEqual(await filesOf(snapshot), { link: 'real', out: '../outside', real: 'typed' });
    assert.deepEqual(snapshot.unsaved, ['real']);
  });

  it('survives files that became folders, links or nothing, and the other way round', async () => {
    box.commit({ file: '1', 'dir/a': '1', 'linked/a': '1', 'linked/b': '1' });
    rmSync(join(box.folder, 'file'));
    rmSync(join(box.folder, 'dir'), { recursive: true });
    rmSync(join(box.folder, 'linked'), { recursive: true });
    box.write({ 'file/now': 'folder', dir: 'file' });
    symlinkSync('file', join(box.folder, 'linked'));
    assert.deepEqual(await filesOf(await box.snapshot()), { dir: 'file', 'file/now': 'folder', linked: 'file' });
  });

  it('applies line endings and clean filters of the user as git add would', async () => {
    box.userConfig('[core]\n\tautocrlf = true\n\tsafecrlf = true\n[filter "up"]\n\tclean = tr a-z A-Z\n');
    box.git('init', '-q');
    box.git('config', 'core.autocrlf', 'false');
    box.commit({ 'legacy.txt': 'a\r\nb\r\n', '.gitattributes': '*.up filter=up\n', 'x.up': 'x' });
    box.git('config', 'core.autocrlf', 'true');
    box.write({ 'legacy.txt': 'a\r\nc\r\n', 'new.txt': 'n\r\n', 'x.up': 'why' });
    const snapshot = await box.snapshot({ 'typed.txt': 't\r\n', 'y.up': 'zed' });
    const files = await filesOf(snapshot);
    assert.equal(files['legacy.txt'], 'a\r\nc\r\n');
    assert.equal(files['new.txt'], 'n\n');
    assert.equal(files['typed.txt'], 't\n');
    assert.equal(files['x.up'], 'WHY');
    assert.equal(files['y.up'], 'ZED');
  });

  it('works in the middle of a merge, inside and outside of the folder', async () => {
    box.commit({ 'sub/a': '1\n', b: '1\n' });
    box.git('checkout', '-qb', 'other');
    box.write({ 'sub/a': '2\n', b: '2\n' });
    box.git('commit', '-qam', 'other');
    box.git('checkout', '-q', 'main');
    box.write({ 'sub/a': '3\n', b: '3\n' });
    box.git('commit', '-qam', 'main');
    assert.throws(() => box.git('merge', '-q', 'other'));
    const before = box.fingerprint();
    const files = await filesOf(await box.snapshot());
    assert.match(files['sub/a'] ?? '', /<<<<<<< HEAD/);
    assert.match(files.b ?? '', /<<<<<<< HEAD/);
    assert.match((await filesOf(await box.snapshot({}, join(box.folder, 'sub')))).a ?? '', /<<<<<<< HEAD/);
    assert.deepEqual(box.fingerprint(), before);
  });

  it('does not enter nested repositories', async () => {
    box.commit({ a: '1' });
    box.write({ 'nested/x': 'x', 'empty/y': 'y' });
    box.gitIn(join(box.folder, 'empty'), 'init', '-q');
    box.gitIn(join(box.folder, 'nested'), 'init', '-q');
    box.gitIn(join(box.folder, 'nested'), 'add', '-A');
    box.gitIn(join(box.folder, 'nested'), 'commit', '-qm', 'n');
    const snapshot = await box.snapshot({ 'nested/x': 'typed' });
    assert.deepEqual(await modesOf(snapshot), { a: '100644', nested: '160000' });
    assert.deepEqual(snapshot.leftOut, ['empty']);
    const copy = await box.copy(snapshot);
    assert.equal((await copy.read('nested'))?.bytes.length, 0);
    await assert.rejects(copy.write('nested/z', Buffer.from('z')), problem('refused-by-policy', /another repository/));
  });

  it('sees a change made within the same tick of the clock as the index', async () => {
    box.commit({ a: 'one', b: 'b' });
    box.write({ a: 'two' });
    assert.equal((await filesOf(await box.snapshot())).a, 'two');
    box.git('add', 'a');
    box.write({ a: 'six' });
    assert.equal((await filesOf(await box.snapshot())).a, 'six');
  });
});
