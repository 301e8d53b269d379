import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Snapshot } from '../../../src/core/domain.ts';
import { openTaskStorage } from '../../../src/core/workspace/taskStorage.ts';
import { contentsOf, policy, problem, Sandbox } from './sandbox.ts';

describe('snapshot of a difficult folder', () => {
  let box: Sandbox;
  beforeEach(() => {
    box = new Sandbox();
  });
  afterEach(() => box.dispose());

  const filesOf = async (snapshot: Snapshot) => contentsOf(await box.copy(snapshot));

  it('lists a file that nobody may read, or takes it when the user is root', async () => {
    box.commit({ a: '1' });
    box.write({ locked: 'locked', open: 'o' });
    chmodSync(join(box.folder, 'locked'), 0);
    const snapshot = await box.snapshot();
    const isRoot = process.getuid?.() === 0;
    assert.deepEqual(snapshot.leftOut, isRoot ? [] : ['locked']);
    assert.ok('open' in (await filesOf(snapshot)));
  });

  it('works in a folder with an odd name', async () => {
    const folder = join(box.folder, 'a:b "c"; $d\n\\e');
    mkdirSync(folder);
    writeFileSync(join(folder, 'a'), '1');
    box.gitIn(folder, 'init', '-q');
    box.gitIn(folder, 'add', '-A');
    box.gitIn(folder, 'commit', '-qm', 'first');
    writeFileSync(join(folder, 'b'), '2');
    assert.deepEqual(await filesOf(await box.snapshot({}, folder)), { a: '1', b: '2' });
  });

  it('says what to do about a repository that git does not trust', async function () {
    if (process.getuid?.() !== 0) {
      // Only root can give a folder away.
      this.skip();
    }
    box.commit({ a: '1' });
    chownSync(box.folder, 12345, 12345);
    await assert.rejects(box.snapshot(), problem('snapshot-failed', /belongs to another user.*safe\.directory/));
  });

  it('fails rather than leave something out when a file can not be added', async () => {
    box.userConfig('[filter "broken"]\n\tclean = false\n\trequired = true\n');
    box.commit({ '.gitattributes': '*.x filter=broken\n' });
    box.write({ 'a.x': 'a', b: 'b' });
    await assert.rejects(box.snapshot(), problem('snapshot-failed', /a\.x.*Nothing was changed/));
  });

  it('says what to do when the repository is broken or the folder is gone', async () => {
    writeFileSync(join(box.folder, '.git'), 'gitdir: /nowhere/at/all\n');
    await assert.rejects(box.snapshot(), problem('snapshot-failed', /Repair/));
    await assert.rejects(box.snapshot({}, join(box.root, 'gone')), problem('snapshot-failed', /still exists/));
  });

  it('works with a split index, sparse checkout and files that git was told to add later', async () => {
    box.commit({ 'in/a': '1', 'out/b': '1', c: '1' });
    box.git('update-index', '--split-index');
    box.git('sparse-checkout', 'set', 'in');
    box.write({ 'in/new': 'n', later: 'l' });
    box.git('add', '-N', 'in/new');
    assert.deepEqual(await filesOf(await box.snapshot()), {
      c: '1',
      'in/a': '1',
      'in/new': 'n',
      later: 'l',
      'out/b': '1',
    });
  });

  it('works in a repository with SHA-256 names', async () => {
    box.git('init', '-q', '--object-format=sha256');
    box.commit({ a: '1', '.env': 'x' });
    const snapshot = await box.snapshot({ a: '2' });
    assert.equal(snapshot.tree.length, 64);
    const copy = await box.copy(snapshot);
    await copy.write('b', Buffer.from('b'));
    assert.equal(await copy.delete('a'), true);
    assert.deepEqual(await contentsOf(copy), { b: 'b' });

    const reopened = openTaskStorage(box.storage);
    const content = (bytes: Uint8Array) => Buffer.concat([bytes, Buffer.from('!')]);
    const after = { path: 'in/a', mode: '100644' as const, content };
    const { tree } = await reopened.compose(snapshot, [{ key: 'a', after }]);
    assert.deepEqual(await contentsOf(await reopened.openCopy(snapshot, tree, policy)), { 'in/a': '2!' });
    await reopened.close();
  });
});
