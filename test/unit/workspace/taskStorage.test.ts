import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ObjectName, Snapshot } from '../../../src/core/domain.ts';
import { removeFolder } from '../../../src/core/workspace/removeFolder.ts';
import { openTaskStorage } from '../../../src/core/workspace/taskStorage.ts';
import type { Placement } from '../../../src/core/workspace/workspace.ts';
import { contentsOf, policy, problem, Sandbox } from './sandbox.ts';

const bytes = (text: string) => Buffer.from(text);

describe('task storage', () => {
  let box: Sandbox;
  beforeEach(() => {
    box = new Sandbox();
  });
  afterEach(() => box.dispose());

  it('keeps the blobs of a patch when the repository and its objects are gone', async () => {
    box.commit({ a: 'base\n', b: 'b\n' });
    box.git('gc', '-q');
    const copy = await box.copy(await box.snapshot());
    await copy.write('a', bytes('after\n'));
    await copy.delete('b');
    const { changes } = await copy.patch();
    await box.task.keep(changes);
    await box.task.keep(changes);
    box.task.dispose();
    rmSync(box.folder, { recursive: true });
    const reopened = openTaskStorage(box.storage);
    const texts: string[] = [];
    for (const { base, after } of changes) {
      for (const version of [base, after]) {
        texts.push(version ? Buffer.from(await reopened.readBlob(version.blob)).toString() : '');
      }
    }
    assert.deepEqual(texts, ['base\n', 'after\n', 'b\n', '']);
    await assert.rejects(reopened.readBlob('2'.repeat(40) as ObjectName), problem('not-found'));
    reopened.dispose();
  });

  it('puts files into a tree in the place of what is there, and in the way', async () => {
    box.commit({ a: '1', 'b/c': '2', d: '3' });
    const snapshot = await box.snapshot();
    const copy = await box.copy(snapshot);
    for (const path of ['a', 'new/e']) await copy.write(path, bytes(`mine ${path}`));
    const { changes } = await copy.patch();
    const [a, e] = ['a', 'new/e'].map((path) => changes.find(({ after }) => after?.path === path)?.after);
    assert.ok(a && e);
    const tree = await box.task.treeWith(snapshot.tree, [a, { ...e, path: 'b' }, { ...e, path: 'd/f' }]);
    const made = await box.copy(snapshot, tree);
    assert.deepEqual(await contentsOf(made), { a: 'mine a', b: 'mine new/e', 'd/f': 'mine new/e' });
    assert.equal(await box.task.treeWith(tree, []), tree);
    await made.dispose();
    await copy.dispose();
  });

  it('opens a snapshot again after a restart', async () => {
    box.commit({ a: '1' });
    const snapshot = await box.snapshot({ b: 'typed' });
    box.task.dispose();
    const reopened = openTaskStorage(box.storage);
    const copy = await reopened.openCopy(snapshot, snapshot.tree, policy);
    assert.deepEqual(await contentsOf(copy), { a: '1', b: 'typed' });
    await copy.dispose();
    reopened.dispose();
  });

  it('leaves no scratch folder behind, and goes away as a whole', async () => {
    box.commit({ a: '1' });
    const snapshot = await box.snapshot();
    const copy = await box.copy(snapshot);
    await copy.write('b', Buffer.from('2'));
    await copy.patch();
    await copy.dispose();
    assert.deepEqual(readdirSync(join(box.storage, 'scratch')), []);
    await removeFolder(box.storage);
    assert.ok(!existsSync(box.storage));
    await removeFolder(box.storage);
  });

  it('ends what is running when it is disposed of', async () => {
    box.commit({ a: '1' });
    const running = assert.rejects(box.snapshot(), { name: 'AbortError' });
    box.task.dispose();
    await running;
    await assert.rejects(box.snapshot(), { name: 'AbortError' });
  });

  it('tells copies that it was closed, and starts nothing for them any more', async () => {
    box.commit(Object.fromEntries(Array.from({ length: 40 }, (_, number) => [`f${number}`, `${number}`])));
    const copy = await box.copy(await box.snapshot());
    await copy.read('f0');
    const asked = [copy.search({ pattern: '1', isRegex: false, ignoreCase: false, maxHits: 9 }), copy.read('f1')];
    const snapshots = [box.task.readBlob(box.git('rev-parse', 'HEAD:f2') as ObjectName), box.snapshot()];
    const outcome = Promise.allSettled([...asked, ...snapshots]);
    await box.task.close();
    await box.task.close();
    for (const each of await outcome) {
      assert.equal(each.status === 'rejected' && each.reason.name, 'AbortError');
    }
    await assert.rejects(copy.read('f3'), { name: 'AbortError' });
    await assert.rejects(copy.write('f4', bytes('late')), { name: 'AbortError' });
  });

  it('ends a snapshot at once when it is aborted, even if a filter hangs', async () => {
    box.userConfig('[filter "slow"]\n\tclean = sleep 20\n');
    box.commit({ '.gitattributes': '*.slow filter=slow\n' });
    box.write({ 'a.slow': 'a' });
    const controller = new AbortController();
    const running = assert.rejects(box.snapshot({}, box.folder, controller.signal), { name: 'AbortError' });
    const begun = Date.now() + 300;
    setTimeout(() => controller.abort(), 300);
    await running;
    assert.ok(Date.now() - begun < 1500, `${Date.now() - begun} ms`);
  });

  it('merges texts, and says so when that is not possible', async () => {
    const merge = (base: string, ours: string, theirs: string) =>
      box.task.merge(bytes(base), bytes(ours), bytes(theirs));
    const merged = await merge('a\nb\nc\nd\ne\n', 'A\nb\nc\nd\ne\n', 'a\nb\nc\nd\nE\n');
    assert.ok(merged.merged && Buffer.from(merged.bytes).toString() === 'A\nb\nc\nd\nE\n');
    assert.deepEqual(await merge('a\n', 'b\n', 'c\n'), { merged: false });
    assert.deepEqual(await merge('\0a', '\0b', '\0c'), { merged: false });
    const oneSide = await merge('\0a', '\0a', '\0c');
    assert.ok(oneSide.merged && Buffer.from(oneSide.bytes).toString() === '\0c');
    const crlf = await merge('a\r\nb\r\nc\r\n', 'A\r\nb\r\nc\r\n', 'a\r\nb\r\nC\r\n');
    assert.ok(crlf.merged && Buffer.from(crlf.bytes).toString() === 'A\r\nb\r\nC\r\n');
  });

  describe('putting a patch on a commit', () => {
    const numbered = (change: Readonly<Record<number, string>> = {}) =>
      Array.from({ length: 20 }, (_, number) => `${change[number] ?? `line ${number}`}\n`).join('');
    const head = () => box.git('rev-parse', 'HEAD') as ObjectName;
    const textsOf = (placement: Placement) => {
      assert.ok(placement.placed, JSON.stringify(placement));
      return Object.fromEntries(
        placement.changes.map(({ path, version }) => [
          path,
          version && `${version.mode} ${Buffer.from(version.bytes)}`,
        ]),
      );
    };
    const patchOf = async (snapshot: Snapshot, files: Readonly<Record<string, string>>) => {
      const copy = await box.copy(snapshot);
      for (const [path, text] of Object.entries(files)) {
        await copy.write(path, bytes(text));
      }
      return (await copy.patch()).text;
    };

    it('leaves out what the user had not committed, and keeps what the folder is not about', async () => {
      box.commit({ 'app/a': numbered(), 'app/.env': 'tracked', 'other/b': 'b' });
      box.write({ 'app/a': numbered({ 0: 'uncommitted' }), 'app/untracked': 'u' });
      const snapshot = await box.snapshot({}, join(box.folder, 'app'));
      const patch = await patchOf(snapshot, { a: numbered({ 0: 'uncommitted', 19: 'model' }), 'n/new': 'n' });
      const before = box.fingerprint(join(box.folder, '.git'));
      assert.deepEqual(textsOf(await box.task.placePatch(snapshot, patch, head())), {
        'app/a': `100644 ${numbered({ 19: 'model' })}`,
        'app/n/new': '100644 n',
      });
      assert.deepEqual(box.fingerprint(join(box.folder, '.git')), before);
      assert.deepEqual(textsOf(await box.task.placePatch(snapshot, '', head())), {});
    });

    it('merges with a commit that is not the one the folder stood at, renames included', async () => {
      box.commit({ a: numbered(), old: numbered({ 3: 'old' }), gone: 'g' });
      const snapshot = await box.snapshot();
      const copy = await box.copy(snapshot);
      await copy.write('a', bytes(numbered({ 19: 'model' })));
      await copy.write('old', bytes(numbered({ 3: 'old', 18: 'model' })));
      await copy.delete('gone');
      const { text } = await copy.patch();
      box.write({ a: numbered({ 0: 'since' }) });
      box.git('mv', 'old', 'moved');
      box.git('commit', '-qam', 'since');
      assert.deepEqual(textsOf(await box.task.placePatch(snapshot, text, head())), {
        a: `100644 ${numbered({ 0: 'since', 19: 'model' })}`,
        gone: undefined,
        moved: `100644 ${numbered({ 3: 'old', 18: 'model' })}`,
      });
    });

    it('names the files that conflict, from the top of the repository', async () => {
      box.commit({ 'app/a': 'a\n', 'app/b': 'b\n', 'app/c': 'c\n' });
      box.write({ 'app/untracked': numbered() });
      const snapshot = await box.snapshot({}, join(box.folder, 'app'));
      const patch = await patchOf(snapshot, { a: 'model\n', b: 'model\n', untracked: numbered({ 1: 'model' }) });
      box.write({ 'app/a': 'since\n' });
      box.git('commit', '-qm', 'since', 'app/a');
      const placement = await box.task.placePatch(snapshot, patch, head());
      assert.deepEqual(!placement.placed && placement.conflicts.map(({ path }) => path), ['app/a', 'app/untracked']);
    });

    it('refuses a folder without Git and a patch of something else', async () => {
      box.write({ a: 'a\n' });
      const without = await box.snapshot();
      await assert.rejects(box.task.placePatch(without, '', without.tree), problem('no-remote'));
      box.commit({});
      const snapshot = await box.snapshot();
      const patch = await patchOf(snapshot, { a: 'b\n' });
      const wrong = patch.replace('-a', '-z');
      await assert.rejects(box.task.placePatch(snapshot, wrong, head()), problem('patch-conflict'));
    });
  });
});
