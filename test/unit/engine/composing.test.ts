import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { RoundComparison } from '../../../src/core/comparison.ts';
import type { ComposedFile } from '../../../src/core/composition.ts';
import type { ObjectName, Patch, Round, RunId, Snapshot } from '../../../src/core/domain.ts';
import { type CompareModules, loadCompare } from '../../../src/core/engine/compareModules.ts';
import {
  chosenFiles,
  editedFiles,
  type Scene,
  type TakenPart,
  treeFileOf,
} from '../../../src/core/engine/composing.ts';
import { cleanEnvironment } from '../../../src/core/workspace/gitProcess.ts';
import { problem, Sandbox } from '../workspace/sandbox.ts';

const base = {
  'plain.txt': lines(40),
  'windows.txt': lines(12).replaceAll('\n', '\r\n'),
  'mixed.txt': 'a\r\nb\nc\r\nd\n',
  'marked.txt': '\ufeffone\ntwo\nthree\n',
  'no-end.txt': 'one\ntwo\nthree',
  'latin.txt': latin(lines(20)),
  'latin first.txt': latin(lines(20)),
  'picture.png': Buffer.from([0x89, 0x50, 0, 1, 2, 3]),
  'script.sh': '#!/bin/sh\necho hello\n',
  'old/name.ts': lines(30),
  'gone.txt': 'gone\n',
  a: 'a file\n',
  'folder/in/it.txt': 'it\n',
  'empty.txt': '',
  'Ünïcode 名.txt': 'ja\nnein\n',
};

/** Each makes another candidate of the folder. */
const candidates: readonly ((box: Sandbox) => void)[] = [
  (box) => {
    box.write({
      'plain.txt': changed(lines(40), { 3: 'three', 20: 'twenty\nand a half', 39: '' }),
      'windows.txt': changed(lines(12), { 5: 'five' }).replaceAll('\n', '\r\n'),
      'mixed.txt': 'a\r\nB\nc\nd\n',
      'marked.txt': '\ufeffone\n2\nthree\n',
      'no-end.txt': 'one\ntwo\nthree\n',
      'picture.png': Buffer.from([0x89, 0x50, 0, 9]),
      'new/file.ts': 'new\n',
      'latin.txt': latin(changed(lines(20), { 6: 'six', 14: 'fourteen' })),
      'latin first.txt': latin(changed(lines(20), { 1: 'first' })),
      'empty.txt': 'no longer\n',
      'Ünïcode 名.txt': 'ja\nдa\n',
    });
    chmodSync(join(box.folder, 'script.sh'), 0o755);
    remove(box, 'gone.txt');
    box.git('mv', 'old/name.ts', 'new/name.ts');
    symlinkSync('plain.txt', join(box.folder, 'link'));
  },
  (box) => {
    box.write({
      'plain.txt': changed(lines(40), { 3: 'drei', 10: 'ten', 40: 'forty\nforty-one' }),
      'windows.txt': changed(lines(12), { 5: 'five', 12: 'twelve' }),
      'marked.txt': 'one\ntwo\nthree\n',
      'no-end.txt': 'one\n2\nthree',
      'picture.png': 'a text now\n',
      'new/file.ts': 'another\nnew one',
      'old/name.ts': changed(lines(30), { 7: 'seven' }),
      'latin.txt': latin(changed(lines(20), { 10: 'ten' })),
      'latin first.txt': latin(changed(lines(20), { 6: 'six' })),
      'gone.txt': 'still here\n',
      'script.sh': '#!/bin/bash\necho hello\n',
    });
    remove(box, 'a');
    box.write({ 'a/file.txt': 'a file\n' });
    remove(box, 'empty.txt');
  },
  (box) => {
    remove(box, 'gone.txt');
    symlinkSync('mixed.txt', join(box.folder, 'gone.txt'));
    remove(box, 'folder/in/it.txt');
    rmSync(join(box.folder, 'folder'), { recursive: true });
    box.write({ folder: 'a file\n', 'no-end.txt': '', 'windows.txt': changed(lines(12), { 1: '' }) });
    box.git('mv', 'old/name.ts', 'old/moved.ts');
    box.write({ 'old/moved.ts': changed(lines(30), { 7: 'SEVEN', 9: 'NINE' }) });
    chmodSync(join(box.folder, 'script.sh'), 0o755);
    box.write({ 'script.sh': '#!/bin/sh\necho hello you\n' });
  },
  () => {},
];

describe('composing', function () {
  this.timeout(60_000);
  let box: Sandbox;
  let modules: CompareModules;
  let snapshot: Snapshot;
  let comparison: RoundComparison;
  let trees: readonly ObjectName[];
  let patches: readonly Patch[];
  before(async () => {
    modules = await loadCompare();
    box = new Sandbox();
    box.commit(base);
    snapshot = await box.snapshot();
    assert.equal(snapshot.tree, box.git('rev-parse', 'HEAD^{tree}'));
    trees = candidates.map((make) => {
      make(box);
      box.git('add', '-A');
      const tree = box.git('write-tree') as ObjectName;
      box.git('reset', '-q', '--hard');
      box.git('clean', '-qfd');
      return tree;
    });
    patches = await Promise.all(trees.map(async (tree) => (await box.copy(snapshot, tree)).patch()));
    const runs = patches.map(({ text, changes, tree }) => {
      return { type: 'run' as const, id: tree as string as RunId, changes, patch: text };
    });
    comparison = modules.compareCandidates(runs, { ignoreFormatting: false });
  });
  after(() => box.dispose());

  it('of everything of one candidate gives its very tree and patch', async () => {
    for (const [column, tree] of trees.entries()) {
      const patch = await compose(chosen(column, { type: 'all' }));
      assert.equal(patch.tree, tree, listing(patch.tree, tree));
      assert.deepEqual(patch, patches[column]);
    }
  });

  it('of everything of one candidate, file by file over another, gives the first one’s tree', async () => {
    for (const from of trees.keys()) {
      for (const to of trees.keys()) {
        let files = chosen(from, { type: 'all' });
        for (const { key } of comparison.files) files = chosen(to, { type: 'file', key }, files);
        const { tree } = await compose(files);
        assert.equal(tree, trees[to], `${from} → ${to}: ${listing(tree, trees[to])}`);
      }
    }
  });

  it('of every region of one candidate over another gives the first one’s lines', async () => {
    const [one, two] = [0, 1];
    let files = chosen(one, { type: 'all' });
    for (const { key, regions, type } of comparison.files) {
      if (type === 'whole') continue;
      for (const { start, length } of regions) files = chosen(two, { type: 'region', key, start, length }, files);
    }
    const { tree } = await compose(files);
    for (const path of ['plain.txt', 'windows.txt', 'marked.txt', 'no-end.txt', 'latin.txt', 'mixed.txt']) {
      assert.equal(blobIn(tree, path), blobIn(trees[two], path), path);
    }
  });

  it('keeps what nobody changed as it is, whatever its encoding', async () => {
    assert.equal(fileOf('latin.txt').regions.length, 3);
    let files: readonly ComposedFile[] = [];
    for (const [index, { start, length }] of fileOf('latin.txt').regions.entries()) {
      files = chosen(index === 1 ? 1 : 0, { type: 'region', key: 'latin.txt', start, length }, files);
    }
    const { tree } = await compose(files);
    const bytes = Buffer.from(await box.task.readBlob(blobIn(tree, 'latin.txt')));
    assert.deepEqual(bytes, latin(changed(lines(20), { 6: 'six', 10: 'ten', 14: 'fourteen' })));
    assert.equal(fileOf('latin first.txt').type, 'whole');
  });

  it('is every choice of regions, spliced into the base', async () => {
    const random = numbers(7);
    const { regions } = fileOf('plain.txt');
    assert.ok(regions.length >= 4);
    for (let round = 0; round < 12; round++) {
      let files: readonly ComposedFile[] = [];
      const expected = lines(40).split(/(?<=\n)/);
      for (const { start, length, alternatives } of regions.toReversed()) {
        const column = Math.floor(random() * 2);
        files = chosen(column, { type: 'region', key: 'plain.txt', start, length }, files);
        const taken = alternatives.find(({ columns }) => columns.includes(column)) ?? alternatives[0];
        expected.splice(start, length, ...taken.lines);
      }
      const { tree } = await compose(files);
      assert.equal(look('cat-file', 'blob', blobIn(tree, 'plain.txt')), expected.join(''));
    }
  });

  it('refuses two files that can not be beside each other, and names what is in the way', async () => {
    const file = { mode: '100644' as const, content: (bytes: Uint8Array) => bytes };
    const clashes = [
      [{ key: 'plain.txt', after: { ...file, path: 'gone.txt' } }],
      [{ key: 'plain.txt', after: { ...file, path: 'a/b.txt' } }],
      [{ key: 'plain.txt', after: { ...file, path: 'folder' } }],
      [
        { key: 'x', after: { ...file, path: 'x' } },
        { key: 'y', after: { ...file, path: 'x' } },
      ],
      [
        { key: 'x', after: { ...file, path: 'x' } },
        { key: 'x/y', after: { ...file, path: 'x/y' } },
      ],
    ];
    for (const files of clashes) {
      await assert.rejects(
        box.task.compose(snapshot, files),
        problem('patch-conflict', /"(gone\.txt|a\/b\.txt|folder|x)"/),
      );
    }
    const swapped = [
      { key: 'plain.txt', after: { ...file, path: 'gone.txt' } },
      { key: 'gone.txt', after: { ...file, path: 'plain.txt' } },
    ];
    const { tree } = await box.task.compose(snapshot, swapped);
    assert.equal(blobIn(tree, 'gone.txt'), blobIn(snapshot.tree, 'plain.txt'));
  });

  it('takes what is typed, with its byte order mark and its line ends', async () => {
    const typed = '\ufeffone\r\nzwei\nthree';
    const before = chosen(0, { type: 'all' });
    const files = editedFiles(scene(before), 'marked.txt', typed, Buffer.from(base['marked.txt']));
    const { tree } = await compose(files);
    const bytes = await box.task.readBlob(blobIn(tree, 'marked.txt'));
    assert.deepEqual(Buffer.from(bytes), Buffer.from(typed));
    for (const key of ['latin.txt', 'picture.png']) {
      const bytesBefore = Buffer.from(base[key as keyof typeof base]);
      assert.throws(() => editedFiles(scene(before), key, 'x', bytesBefore), problem('bad-request', /by hand/));
    }
  });

  it('takes nothing that is no longer there', () => {
    for (const part of [
      { type: 'file', key: 'nowhere' },
      { type: 'region', key: 'plain.txt', start: 1000, length: 1 },
    ] as const) {
      assert.throws(() => chosen(0, part, []), problem('not-found', /Nothing was taken/));
    }
    assert.throws(() => chosenFiles(scene([]), { type: 'all' }, 'gone' as RunId), problem('not-found'));
  });

  /** What a choice makes of these files; of none where they are left out. */
  function chosen(column: number, part: TakenPart, before: readonly ComposedFile[] = []): readonly ComposedFile[] {
    return chosenFiles(scene(before), part, comparison.columns[column] as RunId);
  }

  function scene(files: readonly ComposedFile[]): Scene {
    const round = { compositions: [] } as Partial<Round> as Round;
    return { modules, comparison, round, before: { id: 'c', files } as Partial<Scene['before']> as Scene['before'] };
  }

  function compose(files: readonly ComposedFile[]) {
    return box.task.compose(
      snapshot,
      files.map((file) => treeFileOf(file, modules)),
    );
  }

  function blobIn(tree: ObjectName | undefined, path: string): ObjectName {
    return look('rev-parse', `${tree}:${path}`).trim() as ObjectName;
  }

  function listing(...names: readonly (ObjectName | undefined)[]): string {
    return names.map((tree) => look('ls-tree', '-r', `${tree}`)).join('\n\n');
  }

  /** Git with the task's objects and the folder's. */
  function look(...args: readonly string[]): string {
    const objects = { GIT_ALTERNATE_OBJECT_DIRECTORIES: join(box.storage, 'git', 'objects') };
    const options = { cwd: box.folder, env: { ...cleanEnvironment(), ...objects }, encoding: 'utf8' } as const;
    return execFileSync('git', args, options);
  }

  function fileOf(key: string) {
    const file = comparison.files.find((candidate) => candidate.key === key);
    assert.ok(file, key);
    return file;
  }
});

/** A text between two lines that are not UTF-8. */
function latin(text: string): Buffer {
  return Buffer.from(`caf\xe9\n${text}na\xefve\n`, 'latin1');
}

function lines(count: number): string {
  return Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join('');
}

/** The text with other lines, by their numbers from 1; an empty one goes away. */
function changed(text: string, replaced: Readonly<Record<number, string>>): string {
  return text
    .split(/(?<=\n)/)
    .map((line, index) => {
      const other = replaced[index + 1];
      return other === undefined ? line : other && `${other}\n`;
    })
    .join('');
}

function remove(box: Sandbox, path: string): void {
  rmSync(join(box.folder, path));
}

/** Numbers from 0 to 1 that are the same every time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
