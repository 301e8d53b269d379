import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentsOf, Sandbox } from './sandbox.ts';

describe('snapshot of a repository in an odd state', () => {
  let box: Sandbox;
  beforeEach(() => {
    box = new Sandbox();
  });
  afterEach(() => box.dispose());

  const contents = async (unsaved: Readonly<Record<string, string>> = {}, folder = box.folder) =>
    contentsOf(await box.copy(await box.snapshot(unsaved, folder)));

  /** The snapshot is what git would commit, and its list of files that of its tree. */
  const assertLikeGit = async () => {
    const snapshot = await box.snapshot();
    const listed = (await (await box.copy(snapshot)).list()).map(({ path }) => path);
    box.git('add', '-A');
    assert.equal(snapshot.tree, box.git('write-tree'));
    assert.deepEqual(listed, box.git('ls-files').split('\n'));
  };

  it('gives an unsaved text the line ends it would have on being saved and added', async () => {
    box.commit({ 'a.txt': 'a\n', 'sub/b.txt': 'b\n', '.gitattributes': '*.txt text\n', 'sub/deep/c.md': 'c\n' });
    const sub = join(box.folder, 'sub');
    assert.equal((await contents({ 'b.txt': 'typed\r\n' }, sub))['b.txt'], 'typed\n');
    box.write({ 'sub/deep/.gitattributes': '*.md text\n' });
    assert.equal((await contents({ 'deep/c.md': 'typed\r\n' }, sub))['deep/c.md'], 'typed\n');
    const unsavedToo = { '.gitattributes': '*.txt -text\n', 'a.txt': 'typed\r\n' };
    assert.equal((await contents(unsavedToo))['a.txt'], 'typed\r\n');
  });

  it('leaves out an unsaved text where something else has taken its place', async () => {
    box.commit({ 'folder/x': 'x', file: 'f' });
    const snapshot = await box.snapshot({ folder: 'typed', 'file/x': 'typed', new: 'n', 'new/x': 'typed' });
    assert.deepEqual(await contentsOf(await box.copy(snapshot)), { 'folder/x': 'x', file: 'f', new: 'n' });
    assert.deepEqual(snapshot.leftOut, ['file/x', 'folder', 'new/x']);
    assert.deepEqual(snapshot.unsaved, ['new']);
  });

  it('takes a file that has become another repository', async () => {
    box.commit({ a: '1', 'd/b': '2' });
    rmSync(join(box.folder, 'd', 'b'));
    box.write({ 'd/b/x': 'x' });
    box.gitIn(join(box.folder, 'd', 'b'), 'init', '-q');
    box.gitIn(join(box.folder, 'd', 'b'), 'add', '-A');
    box.gitIn(join(box.folder, 'd', 'b'), 'commit', '-qm', 'inner');
    await assertLikeGit();
  });

  it('takes what is in the place of files that git was told not to look at', async () => {
    box.commit({ 'folder/x': 'x', file: 'f', kept: 'k' });
    box.git('update-index', '--assume-unchanged', 'folder/x');
    box.git('update-index', '--skip-worktree', 'file');
    rmSync(join(box.folder, 'folder'), { recursive: true });
    rmSync(join(box.folder, 'file'));
    symlinkSync('kept', join(box.folder, 'folder'));
    box.write({ 'file/x': 'x' });
    await assertLikeGit();
  });

  it('takes a merge with a conflict in a folder that is a link by now', async () => {
    box.commit({ 'sub/a': '1\n', b: 'b' });
    box.git('checkout', '-qb', 'other');
    box.write({ 'sub/a': '2\n' });
    box.git('commit', '-qam', 'other');
    box.git('checkout', '-q', 'main');
    box.git('rm', '-q', 'sub/a');
    box.git('commit', '-qm', 'main');
    assert.throws(() => box.git('merge', '-q', 'other'));
    rmSync(join(box.folder, 'sub'), { recursive: true });
    symlinkSync('.', join(box.folder, 'sub'));
    await assertLikeGit();
  });

  it('reads a tree as old tools have written it', async () => {
    box.commit({ 'd/a': '1', 'd/b': '2', 'e/x': 'x' });
    const entry = (name: string) => [
      Buffer.from(`040000 ${name}\0`),
      Buffer.from(box.git('rev-parse', `HEAD:${name}`), 'hex'),
    ];
    const input = Buffer.concat([...entry('d'), ...entry('e')]);
    const args = ['hash-object', '-w', '--literally', '-t', 'tree', '--stdin'];
    const tree = execFileSync('git', args, { cwd: box.folder, input, encoding: 'utf8' }).trim();
    box.git('reset', '-q', '--hard', box.git('commit-tree', '-m', 'old', tree));
    box.write({ 'd/a': 'changed' });
    assert.deepEqual(await contents(), { 'd/a': 'changed', 'd/b': '2', 'e/x': 'x' });
  });

  it('takes objects for what they are where the user has replaced some', async () => {
    box.commit({ 'd/a': '1', 'd/b': '2' });
    const before = box.git('rev-parse', 'HEAD:d');
    box.write({ 'd/c': 'c' });
    box.git('add', '-A');
    box.git('replace', before, box.git('rev-parse', `${box.git('write-tree')}:d`));
    box.write({ 'd/a': 'changed' });
    await assertLikeGit();
  });

  it('makes pointers of large files without running Git LFS', async () => {
    const pointer = (content: string) =>
      `version https://git-lfs.github.com/spec/v1\noid sha256:${createHash('sha256').update(content).digest('hex')}\nsize ${content.length}\n`;
    const large = 'x'.repeat(3_000_000);
    box.commit({
      '.gitattributes': '*.psd filter=lfs -text\n',
      'a.psd': pointer('a'),
      'b.psd': pointer(large),
      c: 'c',
    });
    const trace = join(box.root, 'lfs-ran');
    const command = `touch '${trace}'; cat; : git-lfs`;
    box.userConfig(`[filter "lfs"]\n\trequired = true\n\tclean = "${command}"\n\tprocess = "${command}"\n`);
    // What git can't tell to be unchanged: it was downloaded in place of its pointer.
    box.write({ 'a.psd': 'changed', 'b.psd': large, 'new.psd': 'new', 'empty.psd': '', 'copy.psd': pointer('q') });
    const snapshot = await box.snapshot({ 'typed.psd': 'typed' });
    const found = await contentsOf(await box.copy(snapshot));
    const { '.gitattributes': _, c: __, ...files } = found;
    assert.deepEqual(files, {
      'a.psd': pointer('changed'),
      'b.psd': pointer(large),
      'copy.psd': pointer('q'),
      'empty.psd': '',
      'new.psd': pointer('new'),
      'typed.psd': pointer('typed'),
    });
    assert.deepEqual(snapshot.tooLarge, []);
    assert.ok(!existsSync(trace));
    box.write({ 'b.psd': `${large}y` });
    assert.deepEqual((await box.snapshot()).tooLarge, ['b.psd']);
  });

  it('takes the folder and not another one that the configuration names', async () => {
    const other = join(box.root, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'elsewhere'), 'e');
    box.git('init', '-q');
    box.write({ here: 'h' });
    box.git('config', 'core.worktree', other);
    assert.deepEqual(await contents(), { here: 'h' });
  });

  it('takes a folder that goes away while git reads', async () => {
    box.commit({ '.gitattributes': '*.x filter=remover\n' });
    box.git('config', 'filter.remover.clean', `rm -rf v; ln -s nowhere v; cat`);
    box.write({ 'a.x': 'a', 'v/file': 'v' });
    const found = await contents();
    assert.deepEqual([found['a.x'], found['v/file']], ['a', undefined]);
  });

  it('takes several at once', async () => {
    box.commit({ a: '1' });
    const trees = (await Promise.all([1, 2, 3].map(() => box.snapshot()))).map(({ tree }) => tree);
    assert.deepEqual(new Set(trees), new Set([box.git('rev-parse', 'HEAD^{tree}')]));
  });
});
