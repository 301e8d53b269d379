import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ObjectName } from '../../../src/core/domain.ts';
import { createPolicy } from '../../../src/core/policy/createPolicy.ts';
import { repositorySource } from './repositorySource.ts';
import { contentsOf, policy, problem, Sandbox } from './sandbox.ts';

describe('a snapshot of a tree', function () {
  this.timeout(30_000);
  let box: Sandbox;
  beforeEach(() => {
    box = new Sandbox();
  });
  afterEach(() => box.dispose());

  const revision = (name: string) => box.git('rev-parse', name) as ObjectName;
  const snapshotOf = (folder = box.folder, commit = revision('HEAD')) =>
    box.task.snapshotOfTree(revision(`${commit}^{tree}`), { folder, policy, commit });

  it('has the tree and nothing of the folder, its index or its unsaved texts, and leaves all of them alone', async () => {
    box.commit({ a: 'a\n', 'b/c': 'c\n', '.gitattributes': '* text eol=crlf\n' });
    const taken = await box.snapshot();
    box.write({ a: 'changed\n', staged: 's\n', untracked: 'u\n' });
    box.git('add', 'staged');
    rmSync(join(box.folder, 'b'), { recursive: true });
    const before = box.fingerprint();
    const snapshot = await snapshotOf();
    assert.deepEqual(box.fingerprint(), before);
    const { takenAt, ...rest } = snapshot;
    assert.ok(takenAt > 0);
    assert.deepEqual(rest, {
      tree: taken.tree,
      folder: box.folder,
      prefix: '',
      head: revision('HEAD'),
      gitDir: join(box.folder, '.git'),
      unsaved: [],
      leftOut: [],
    });
    const copy = await box.copy(snapshot);
    assert.deepEqual(await contentsOf(copy), {
      '.gitattributes': '* text eol=crlf\n',
      a: 'a\n',
      'b/c': 'c\n',
    });
    await copy.write('a', Buffer.from('new\n'));
    const placement = await box.task.placePatch(snapshot, (await copy.patch()).text, revision('HEAD'));
    assert.deepEqual(placement.placed && placement.changes.map(({ path }) => path), ['a']);
    assert.deepEqual(box.fingerprint(), before);
  });

  it('is of the sub-folder, with what policy forbids left out, which stays where the patch is put', async () => {
    box.commit({ 'my app/a': 'a\n', 'my app/.env': 'KEY=1\n', 'my app/deep/private/k': 'k\n', 'other/.env': 'x\n' });
    const folder = join(box.folder, 'my app');
    const request = { folder, policy: createPolicy({ forbidden: ['private/'] }), commit: revision('HEAD') };
    const snapshot = await box.task.snapshotOfTree(revision('HEAD^{tree}'), request);
    assert.deepEqual([snapshot.prefix, snapshot.leftOut], ['my app/', ['.env', 'deep/private/k']]);
    const copy = await box.copy(snapshot);
    assert.deepEqual(await contentsOf(copy), { a: 'a\n' });
    await copy.write('n', Buffer.from('n\n'));
    const placement = await box.task.placePatch(snapshot, (await copy.patch()).text, revision('HEAD'));
    assert.deepEqual(placement.placed && placement.changes.map(({ path }) => path), ['my app/n']);
  });

  it('is the same in a linked worktree', async () => {
    box.commit({ 'app/a': 'a\n' });
    const linked = join(box.root, 'linked');
    box.git('worktree', 'add', '-q', '--detach', linked);
    const snapshot = await snapshotOf(join(linked, 'app'));
    assert.deepEqual([snapshot.prefix, await contentsOf(await box.copy(snapshot))], ['app/', { a: 'a\n' }]);
  });

  it('is empty where the tree has no such folder, and refuses a file in its place', async () => {
    box.commit({ 'app/a': 'a\n' });
    box.git('rm', '-qr', 'app');
    box.git('commit', '-qm', 'gone', '--allow-empty');
    mkdirSync(join(box.folder, 'app'));
    const snapshot = await snapshotOf(join(box.folder, 'app'));
    assert.deepEqual(await contentsOf(await box.copy(snapshot)), {});
    rmSync(join(box.folder, 'app'), { recursive: true });
    box.commit({ app: 'a file\n' });
    const commit = revision('HEAD');
    rmSync(join(box.folder, 'app'));
    mkdirSync(join(box.folder, 'app'));
    await assert.rejects(
      snapshotOf(join(box.folder, 'app'), commit),
      problem('snapshot-failed', /a file of that name/),
    );
  });

  it('says so when the folder is in no repository any more', async () => {
    const folder = join(box.root, 'plain');
    mkdirSync(folder);
    box.commit({ a: 'a\n' });
    await assert.rejects(snapshotOf(folder), problem('no-remote', /send the message again/));
  });

  it('leaves out what a partial clone lacks where it is too much to be fetched, and has the rest', async () => {
    const many = Object.fromEntries(Array.from({ length: 2001 }, (_, index) => [`far/${index}`, `${index}\n`]));
    box.commit({ a: 'a\n', ...many });
    box.git('config', 'uploadpack.allowFilter', 'true');
    const partial = join(box.root, 'partial');
    const url = `file://${box.folder}`;
    box.gitIn(box.root, 'clone', '-q', '--filter=blob:none', '--sparse', url, partial);
    const folder = partial;
    await box.task.takeSnapshot({ folder, unsaved: [], policy });
    box.write({ b: 'b\n' });
    box.git('add', 'b');
    box.git('commit', '-qm', 'more');
    const tree = revision('HEAD^{tree}');
    const source = repositorySource(box.folder);
    await box.task.bringTree(tree, source);
    assert.deepEqual(source.asked, [tree, revision('HEAD:b')]);
    const packs = readdirSync(join(partial, '.git', 'objects', 'pack'));
    const snapshot = await box.task.snapshotOfTree(tree, { folder, policy, commit: revision('HEAD') });
    assert.equal(snapshot.notHere?.length, 2001);
    assert.deepEqual(await contentsOf(await box.copy(snapshot)), { a: 'a\n', b: 'b\n' });
    assert.deepEqual(readdirSync(join(partial, '.git', 'objects', 'pack')), packs);
  });
});
