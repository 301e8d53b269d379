import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ObjectName } from '../../../src/core/domain.ts';
import { objectNameOf } from '../../../src/core/workspace/looseObjects.ts';
import { encodeTree, type TreeEntry } from '../../../src/core/workspace/treeObject.ts';
import type { SourceEntry, TreeSource } from '../../../src/core/workspace/workspace.ts';
import { repositorySource } from './repositorySource.ts';
import { contentsOf, policy, problem, Sandbox } from './sandbox.ts';

describe('a tree that is brought from elsewhere', function () {
  this.timeout(30_000);
  let box: Sandbox;
  let elsewhere: string;
  beforeEach(async () => {
    box = new Sandbox();
    box.commit({ a: 'a\n', 'app/b': 'b\n', 'lib/c': 'c\n' });
    elsewhere = join(box.root, 'elsewhere');
    box.git('clone', '-q', box.folder, elsewhere);
    await box.snapshot();
  });
  afterEach(() => box.dispose());

  /** Commits these files elsewhere, and names the commit's tree. */
  const commitElsewhere = (files: Readonly<Record<string, string>>) => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(elsewhere, path)), { recursive: true });
      writeFileSync(join(elsewhere, path), content);
    }
    box.gitIn(elsewhere, 'add', '-A');
    box.gitIn(elsewhere, 'commit', '-qm', 'more');
    return box.gitIn(elsewhere, 'rev-parse', 'HEAD^{tree}') as ObjectName;
  };
  const own = (...args: readonly string[]) => box.gitIn(box.storage, '--git-dir', 'git', ...args);
  /** All that a tree holds, as a copy of it has it. */
  const contentsIn = async (commit: ObjectName) => {
    const snapshot = await box.task.snapshotOfTree(commit, { folder: box.folder, policy, commit });
    return contentsOf(await box.copy(snapshot));
  };

  it('takes only what is not there, and writes nothing into the repository', async () => {
    symlinkSync('a', join(elsewhere, 'link'));
    const tree = commitElsewhere({ 'app/b': 'other\n', 'app/deep/er/d': 'd\n', 'lib.x': 'x\n', run: 'r\n' });
    const source = repositorySource(elsewhere);
    const before = box.fingerprint();
    await box.task.bringTree(tree, source);
    assert.deepEqual(box.fingerprint(), before);
    // The top, app, deep and er; and of the files all but a and lib/c.
    assert.equal(source.asked.length, 4 + 5);
    assert.equal(new Set(source.asked).size, source.asked.length);
    assert.deepEqual(await contentsIn(tree), {
      a: 'a\n',
      'app/b': 'other\n',
      'app/deep/er/d': 'd\n',
      'lib.x': 'x\n',
      'lib/c': 'c\n',
      link: 'a',
      run: 'r\n',
    });
    const again = repositorySource(elsewhere);
    await box.task.bringTree(tree, again);
    assert.deepEqual(again.asked, []);
  });

  it('finds what is lacking far below what is there', async () => {
    const tree = commitElsewhere({ 'deep/er/d': 'd\n', 'deep/e': 'e\n' });
    await box.task.bringTree(tree, repositorySource(elsewhere));
    const lost = ['HEAD:deep/er', 'HEAD:deep/er/d', 'HEAD:deep/e'].map((name) =>
      box.gitIn(elsewhere, 'rev-parse', name),
    );
    for (const name of lost)
      rmSync(join(box.storage, 'git', 'objects', name.slice(0, 2), name.slice(2)), { force: true });
    const source = repositorySource(elsewhere);
    await box.task.bringTree(tree, source);
    assert.deepEqual(source.asked.toSorted(), lost.toSorted());
    assert.equal((await contentsIn(tree))['deep/er/d'], 'd\n');
  });

  it('takes nothing whose content is not what its name says', async () => {
    const tree = commitElsewhere({ d: 'd\n', e: 'e\n' });
    const honest = repositorySource(elsewhere);
    const wrongBlob: TreeSource = { ...honest, readBlob: async () => Buffer.from('evil\n') };
    await assert.rejects(box.task.bringTree(tree, wrongBlob), problem('github-failed', /not what their names say/));
    const missing: TreeSource = { ...honest, readTree: async (name) => (await honest.readTree(name)).slice(1) };
    await assert.rejects(box.task.bringTree(tree, missing), problem('github-failed', /not what their names say/));
    const twice: TreeSource = {
      ...honest,
      readTree: async (name) => (await honest.readTree(name)).flatMap((entry) => [entry, entry]),
    };
    await assert.rejects(box.task.bringTree(tree, twice), problem('github-failed', /not what their names say/));
    assert.throws(() => own('cat-file', '-e', tree), 'the folder is not there while a file of it lacks');
    await box.task.bringTree(tree, honest);
  });

  it('refuses a folder that is a file of the repository, and a file that is a folder', async () => {
    const [blob, folder] = ['HEAD:a', 'HEAD:app'].map((name) => box.git('rev-parse', name) as ObjectName);
    for (const entry of [
      { mode: '40000', name: 'x', object: blob as ObjectName },
      { mode: '100644', name: 'x', object: folder as ObjectName },
    ]) {
      const [tree, source] = made([entry]);
      await assert.rejects(box.task.bringTree(tree, source), problem('github-failed', /not what their names say/));
    }
  });

  for (const name of ['.git', '.GIT', 'git~1', '.git ', '.g\u200cit', '..', '.', 'a/b', '', 'a\0b']) {
    it(`refuses ${JSON.stringify(name)} as a name`, async () => {
      const object = box.git('rev-parse', 'HEAD:a') as ObjectName;
      for (const entry of [
        { mode: '100644', name, object },
        { mode: '40000', name, object: box.git('rev-parse', 'HEAD:app') as ObjectName },
      ]) {
        const [tree, source] = made([entry, { mode: '100644', name: 'fine', object }]);
        await assert.rejects(box.task.bringTree(tree, source), problem('github-failed'));
        assert.throws(() => own('cat-file', '-e', tree));
      }
    });
  }

  it('refuses modes that git does not know, and a link for a file that steers git', async () => {
    const object = box.git('rev-parse', 'HEAD:a') as ObjectName;
    for (const entry of [
      { mode: '100777', name: 'x', object },
      { mode: '120000', name: '.gitmodules', object },
    ]) {
      const [tree, source] = made([entry]);
      await assert.rejects(box.task.bringTree(tree, source), problem('github-failed'));
    }
  });

  it('refuses folders that hold each other too often, and too deep ones', async () => {
    const object = box.git('rev-parse', 'HEAD:a') as ObjectName;
    const trees = new Map<ObjectName, readonly TreeEntry[]>();
    const put = (entries: readonly TreeEntry[]) => {
      const name = objectNameOf('tree', encodeTree(entries), 40);
      trees.set(name, entries);
      return name;
    };
    const source: TreeSource = {
      readTree: async (name) => trees.get(name) ?? [],
      readBlob: async () => Buffer.from(''),
    };
    let bomb = put([{ mode: '100644', name: 'f', object }]);
    for (let level = 0; level < 8; level++) {
      bomb = put(Array.from({ length: 10 }, (_, index) => ({ mode: '40000', name: `d${index}`, object: bomb })));
    }
    await assert.rejects(box.task.bringTree(bomb, source), problem('github-failed', /more files, or deeper folders/));
    let deep = put([{ mode: '100644', name: 'f', object }]);
    for (let level = 0; level < 40; level++) deep = put([{ mode: '40000', name: 'x'.repeat(200), object: deep }]);
    await assert.rejects(box.task.bringTree(deep, source), problem('github-failed', /more files, or deeper folders/));
  });

  it('says so before it fetches a file where there are too many', async () => {
    const [tree, source] = made(
      Array.from({ length: 2001 }, (_, index) => ({
        mode: '100644',
        name: `f${index}`,
        object: index.toString(16).padStart(40, '0') as ObjectName,
      })),
    );
    const neverRead: TreeSource = { ...source, readBlob: () => assert.fail('nothing is fetched') };
    await assert.rejects(box.task.bringTree(tree, neverRead), problem('github-failed', /Fetch in your repository/));
  });

  it('asks for a few at once, stops at the first failure, and ends when it is told to', async () => {
    const tree = commitElsewhere(
      Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`f${index}`, `${index}\n`])),
    );
    const honest = repositorySource(elsewhere);
    let [open, most, asked] = [0, 0, 0];
    const counting: TreeSource = {
      ...honest,
      readBlob: async (blob) => {
        most = Math.max(most, ++open);
        if (++asked === 6) throw new Error('cut');
        await new Promise((resolve) => setImmediate(resolve));
        open--;
        return honest.readBlob(blob);
      },
    };
    await assert.rejects(box.task.bringTree(tree, counting), /cut/);
    assert.equal(most, 4);
    assert.ok(asked < 12, `${asked} asked`);

    const abort = new AbortController();
    const endless: TreeSource = {
      ...honest,
      readBlob: () => {
        abort.abort(new Error('left'));
        return new Promise(() => {});
      },
    };
    await assert.rejects(box.task.bringTree(tree, endless, abort.signal), /left/);
    await box.task.bringTree(tree, honest);
    assert.equal((await contentsIn(tree)).f11, '11\n');
  });

  /** A tree with these entries alone, and a server of it. */
  function made(entries: readonly SourceEntry[]): [ObjectName, TreeSource] {
    const raw = entries.map(({ name, ...entry }) => ({ ...entry, name: Buffer.from(name).toString('latin1') }));
    const tree = objectNameOf('tree', encodeTree(raw), 40);
    return [tree, { readTree: async () => entries, readBlob: async () => Buffer.from('') }];
  }
});
