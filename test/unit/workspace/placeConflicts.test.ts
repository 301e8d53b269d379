import assert from 'node:assert/strict';
import { chmodSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { ObjectName } from '../../../src/core/domain.ts';
import type { Placement, Resolutions } from '../../../src/core/workspace/workspace.ts';
import { problem, Sandbox } from './sandbox.ts';

type Files = Readonly<
  Record<string, string | Uint8Array | { readonly link: string } | { readonly run: string } | undefined>
>;

const numbered = (change: Readonly<Record<number, string>> = {}) =>
  Array.from({ length: 20 }, (_, number) => `${change[number] ?? `line ${number}`}\n`).join('');

describe('a patch that conflicts with what it is put on', function () {
  this.timeout(30_000);
  let box: Sandbox;
  beforeEach(() => {
    box = new Sandbox();
    box.git('init', '-q');
  });
  afterEach(() => box.dispose());

  const put = (files: Files) => {
    for (const [path, content] of Object.entries(files)) {
      rmSync(join(box.folder, path), { recursive: true, force: true });
      if (content === undefined) continue;
      if (typeof content === 'string' || content instanceof Uint8Array) box.write({ [path]: content });
      else if ('link' in content) symlinkSync(content.link, join(box.folder, path));
      else {
        box.write({ [path]: content.run });
        chmodSync(join(box.folder, path), 0o755);
      }
    }
  };
  /** Commits what the last commit becomes with these files. */
  const commit = (files: Files) => {
    put(files);
    box.git('add', '-A');
    box.git('commit', '-qm', 'next', '--allow-empty');
    return box.git('rev-parse', 'HEAD') as ObjectName;
  };
  /** Puts the patch from `base` to `ours` on `theirs`; the last two only say what is other than in the first. */
  const scene = async (base: Files, theirs: Files, ours: Files) => {
    const first = commit(base);
    const snapshot = await box.snapshot();
    commit(ours);
    const patch = `${box.git('diff', '--binary', '--full-index', '-M', first, 'HEAD')}\n`;
    box.git('reset', '-q', '--hard', first);
    const onto = commit(theirs);
    return (resolved?: Resolutions) => box.task.placePatch(snapshot, patch, onto, undefined, resolved);
  };
  const asked = (placement: Placement) => {
    assert.ok(!placement.placed, JSON.stringify(placement));
    const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('latin1');
    return placement.conflicts.map(({ path, base, theirs, ours }) => [path, text(base), text(theirs), text(ours)]);
  };
  const placed = (placement: Placement) => {
    assert.ok(placement.placed, JSON.stringify(placement));
    return Object.fromEntries(
      placement.changes.map(({ path, version }) => [
        path,
        version && `${version.mode} ${Buffer.from(version.bytes).toString('latin1')}`,
      ]),
    );
  };
  const answers = (made: Readonly<Record<string, string | undefined>>): Resolutions =>
    new Map(
      Object.entries(made).map(([path, text]) => [path, text === undefined ? undefined : Buffer.from(text, 'latin1')]),
    );

  it('tells of each file as both began, as it is there and as the candidate has it, and takes the answers', async () => {
    const place = await scene(
      { a: 'a\n', b: 'b\n', c: numbered(), d: 'd\n' },
      { a: 'theirs\n', b: 'theirs\n', c: numbered({ 0: 'theirs' }) },
      { a: 'ours\n', b: 'ours\n', c: numbered({ 19: 'ours' }), d: 'ours\n' },
    );
    const all = [
      ['a', 'a\n', 'theirs\n', 'ours\n'],
      ['b', 'b\n', 'theirs\n', 'ours\n'],
    ];
    assert.deepEqual(asked(await place()), all);
    assert.deepEqual(asked(await place(answers({ a: 'both\n', c: 'not asked', x: 'nor that' }))), all.slice(1));
    assert.deepEqual(placed(await place(answers({ a: 'both\n', b: undefined }))), {
      a: '100644 both\n',
      b: undefined,
      c: `100644 ${numbered({ 0: 'theirs', 19: 'ours' })}`,
      d: '100644 ours\n',
    });
    assert.deepEqual(placed(await place(answers({ a: 'theirs\n', b: 'theirs\n' }))), {
      c: `100644 ${numbered({ 0: 'theirs', 19: 'ours' })}`,
      d: '100644 ours\n',
    });
  });

  it('tells of a file that one side changed and the other deleted', async () => {
    const place = await scene({ a: 'a\n', b: 'b\n' }, { a: undefined, b: 'theirs\n' }, { a: 'ours\n', b: undefined });
    assert.deepEqual(asked(await place()), [
      ['a', 'a\n', undefined, 'ours\n'],
      ['b', 'b\n', 'theirs\n', undefined],
    ]);
    assert.deepEqual(placed(await place(answers({ a: 'ours\n', b: undefined }))), { a: '100644 ours\n', b: undefined });
    assert.deepEqual(placed(await place(answers({ a: undefined, b: 'theirs\n' }))), {});
  });

  it('tells of a file that both sides added, and of a binary one', async () => {
    const place = await scene({ 'b.bin': '\0b' }, { n: 'theirs\n', 'b.bin': '\0t' }, { n: 'ours\n', 'b.bin': '\0o' });
    assert.deepEqual(asked(await place()), [
      ['b.bin', '\0b', '\0t', '\0o'],
      ['n', undefined, 'theirs\n', 'ours\n'],
    ]);
    assert.deepEqual(placed(await place(answers({ n: 'both\n', 'b.bin': '\0o\xff' }))), {
      'b.bin': '100644 \0o\xff',
      n: '100644 both\n',
    });
  });

  it('tells of a renamed file under its new name', async () => {
    const place = await scene(
      { old: numbered(), gone: numbered({ 1: 'x' }) },
      { old: undefined, moved: numbered({ 3: 'theirs' }), gone: undefined },
      { old: numbered({ 3: 'ours' }), gone: undefined, 'new name': numbered({ 1: 'x' }) },
    );
    assert.deepEqual(asked(await place()), [
      ['moved', numbered(), numbered({ 3: 'theirs' }), numbered({ 3: 'ours' })],
      ['new name', numbered({ 1: 'x' }), undefined, numbered({ 1: 'x' })],
    ]);
    assert.deepEqual(placed(await place(answers({ moved: 'm\n', 'new name': 'n\n' }))), {
      moved: '100644 m\n',
      'new name': '100644 n\n',
    });
  });

  it('asks for both names where each side renamed a file another way', async () => {
    const place = await scene(
      { old: numbered() },
      { old: undefined, theirs: numbered() },
      { old: undefined, ours: numbered() },
    );
    assert.deepEqual(asked(await place()), [
      ['ours', undefined, undefined, numbered()],
      ['theirs', undefined, numbered(), undefined],
    ]);
    assert.deepEqual(placed(await place(answers({ ours: numbered(), theirs: undefined }))), {
      ours: `100644 ${numbered()}`,
      theirs: undefined,
    });
  });

  it('tells of links by where they lead, and keeps the kind that is taken', async () => {
    const place = await scene(
      { link: { link: 'a' }, file: 'f\n' },
      { link: { link: 'b' }, file: { link: 'elsewhere' } },
      { link: { link: 'c' }, file: 'changed\n' },
    );
    assert.deepEqual(asked(await place()), [
      ['file', 'f\n', 'elsewhere', 'changed\n'],
      ['link', 'a', 'b', 'c'],
    ]);
    assert.deepEqual(placed(await place(answers({ file: 'changed\n', link: 'd' }))), {
      file: '100644 changed\n',
      link: '120000 d',
    });
    assert.deepEqual(placed(await place(answers({ file: 'elsewhere', link: 'b' }))), {});
  });

  it('keeps a mode that either side changed', async () => {
    const place = await scene(
      { a: 'a\n', b: 'b\n' },
      { a: { run: 'theirs\n' }, b: 'theirs\n' },
      { a: 'ours\n', b: { run: 'ours\n' } },
    );
    assert.deepEqual(placed(await place(answers({ a: 'x\n', b: 'x\n' }))), { a: '100755 x\n', b: '100755 x\n' });
    const added = await scene({ a: undefined, b: undefined }, { n: 'same\n' }, { n: { run: 'same\n' } });
    assert.deepEqual(asked(await added()), [['n', undefined, 'same\n', 'same\n']]);
    assert.deepEqual(placed(await added(answers({ n: 'same\n' }))), { n: '100755 same\n' });
  });

  for (const [name, [folder, file]] of Object.entries({ theirs: [1, 2], ours: [2, 1] })) {
    it(`asks about each file where a file and a folder want one name, the folder being ${name}`, async () => {
      const sides: [Files, Files, Files] = [{ keep: 'k\n', a: undefined }, {}, {}];
      sides[folder as 1] = { 'a/x': 'x\n', 'a/y': 'y\n' };
      sides[file as 1] = { a: 'file\n' };
      const place = await scene(...sides);
      const told = (path: string, text: string, side: number) => [
        path,
        undefined,
        side === 1 ? text : undefined,
        side === 2 ? text : undefined,
      ];
      assert.deepEqual(asked(await place()), [
        told('a', 'file\n', file as 1),
        told('a/x', 'x\n', folder as 1),
        told('a/y', 'y\n', folder as 1),
      ]);
      const asFolder = placed(await place(answers({ a: undefined, 'a/x': 'x\n', 'a/y': undefined })));
      assert.deepEqual(asFolder, folder === 1 ? { 'a/y': undefined } : { a: undefined, 'a/x': '100644 x\n' });
      const asFile = placed(await place(answers({ a: 'file\n', 'a/x': undefined, 'a/y': undefined })));
      assert.deepEqual(asFile, folder === 1 ? { a: '100644 file\n', 'a/x': undefined, 'a/y': undefined } : {});
      const both = place(answers({ a: 'file\n', 'a/x': 'x\n', 'a/y': undefined }));
      await assert.rejects(both, problem('patch-conflict', /another file or folder/));
    });
  }

  it('puts a patch on a tree that only the task has', async () => {
    const place = await scene({ a: 'a\n' }, {}, { a: 'ours\n' });
    await place();
    const snapshot = await box.snapshot();
    const copy = await box.copy(snapshot);
    await copy.write('b', Buffer.from('b\n'));
    const { tree } = await copy.patch();
    const mine = await box.copy(snapshot);
    await mine.write('a', Buffer.from('ours\n'));
    const { text } = await mine.patch();
    assert.throws(() => box.git('cat-file', '-e', tree));
    const before = box.fingerprint();
    assert.deepEqual(placed(await box.task.placePatch(snapshot, text, tree)), { a: '100644 ours\n' });
    assert.deepEqual(box.fingerprint(), before);
  });

  it('puts the patch of a sub-folder where a file has taken its name', async () => {
    commit({ 'app/a': 'a\n', b: 'b\n' });
    const snapshot = await box.snapshot({}, join(box.folder, 'app'));
    const copy = await box.copy(snapshot);
    await copy.write('a', Buffer.from('ours\n'));
    const { text } = await copy.patch();
    const onto = commit({ app: 'now a file\n' });
    const place = (resolved?: Resolutions) => box.task.placePatch(snapshot, text, onto, undefined, resolved);
    assert.deepEqual(asked(await place()), [
      ['app', undefined, 'now a file\n', undefined],
      ['app/a', 'a\n', undefined, 'ours\n'],
    ]);
    assert.deepEqual(placed(await place(answers({ app: undefined, 'app/a': 'ours\n' }))), {
      app: undefined,
      'app/a': '100644 ours\n',
    });
  });

  it('puts a patch on a commit of a partial clone, renames or not, and says what lacks where it has to be merged', async () => {
    commit({ a: 'a\n', old: numbered(), 'far/x': 'x\n', 'far/y': numbered({ 2: 'y' }) });
    box.git('config', 'uploadpack.allowFilter', 'true');
    const partial = join(box.root, 'partial');
    box.gitIn(box.root, 'clone', '-q', '--filter=blob:none', '--sparse', `file://${box.folder}`, partial);
    const snapshot = await box.snapshot({}, partial);
    assert.deepEqual(snapshot.notHere, ['far/x', 'far/y']);
    box.gitIn(partial, 'rm', '-q', 'old');
    box.gitIn(partial, 'commit', '-qm', 'gone');
    const onto = box.gitIn(partial, 'rev-parse', 'HEAD') as ObjectName;
    const patchOf = async (path: string) => {
      const copy = await box.copy(snapshot);
      await copy.write(path, Buffer.from('ours\n'));
      return (await copy.patch()).text;
    };
    const place = async (path: string) => box.task.placePatch(snapshot, await patchOf(path), onto);
    assert.deepEqual(placed(await place('a')), { a: '100644 ours\n' });
    // Git would look for what became of the file in all that is new, which isn't here.
    assert.deepEqual(asked(await place('old')), [['old', numbered(), undefined, 'ours\n']]);
    await assert.rejects(place('far/x'), problem('not-found', /partial clone.*--refetch/));
  });
});
