import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, renameSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { compareCandidates } from '../../../src/core/compare/compareCandidates.ts';
import { takeAll } from '../../../src/core/compare/compose.ts';
import { composedText } from '../../../src/core/compare/handEdit.ts';
import { readPatch } from '../../../src/core/compare/readPatch.ts';
import type { ComparedFile } from '../../../src/core/comparison.ts';
import type { CandidateId, ObjectName } from '../../../src/core/domain.ts';
import { diffTrees } from '../../../src/core/workspace/treePatch.ts';
import { Sandbox } from '../workspace/sandbox.ts';

const long = Array.from({ length: 60 }, (_value, index) => `line ${index + 1}\n`).join('');

describe('git’s own patch', () => {
  let sandbox: Sandbox;
  beforeEach(() => {
    sandbox = new Sandbox();
  });
  afterEach(() => sandbox.dispose());

  it('gives back every text that it was made of', async () => {
    const names = ['plain.ts', 'with space', 'tab\there', 'quote".txt', 'naïve/ü b/x.ts', 'back\\slash', 'x b/y b/z'];
    const before = Object.fromEntries(names.map((name) => [name, long]));
    const endings = {
      crlf: 'a\r\nb\r\nc\r\n',
      returns: 'a\rb\rc',
      'no-end': 'a\nb',
      empty: '',
      looks: '-- a\n++ b\n@@ c\n',
    };
    sandbox.commit({ ...before, ...endings, gone: long, 'gone-empty': '' });
    const after = {
      ...Object.fromEntries(names.map((name, index) => [name, edited(index)])),
      crlf: 'a\r\nB\r\nc',
      returns: 'a\rb\rC\n',
      'no-end': 'a\nb\nc',
      empty: 'no longer\n',
      looks: '-- A\n++ B\n@@ c\ndiff --git a/x b/x\n\\ No newline at end of file\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n',
      'new file': '\nx',
      'new-empty': '',
      '"': 'é\u2028\n',
    };
    sandbox.write(after);
    for (const name of ['gone', 'gone-empty']) rmSync(join(sandbox.folder, name));

    const files = await compared();
    assert.deepEqual(
      Object.fromEntries(
        files.flatMap(({ key, results: [result] }) => {
          assert.ok(result?.type === 'lines');
          const base = { ...before, ...endings, gone: long }[key] ?? '';
          const text = composedText(base, result.edits);
          if (!result.place) assert.equal(text, '');
          return result.place ? [[result.place.path, text]] : [];
        }),
      ),
      after,
    );
  });

  it('tells what was moved, made executable, or both', async () => {
    sandbox.commit({ 'a.ts': long, 'b.ts': `${long}b\n`, 'c.sh': 'c\n', 'd.sh': 'd\n' });
    const at = (path: string) => join(sandbox.folder, path);
    renameSync(at('a.ts'), at('new a.ts'));
    renameSync(at('b.ts'), at('ü.ts'));
    sandbox.write({ 'ü.ts': `${edited(0)}b\n`, 'd.sh': 'D\n' });
    for (const path of ['c.sh', 'd.sh', 'ü.ts']) chmodSync(at(path), 0o755);

    const files = await compared();
    assert.deepEqual(
      files.map(({ key, path, cells: [cell], regions, places }) => [key, path, cell, regions.length, places.length]),
      [
        ['c.sh', 'c.sh', { kind: 'modified', lines: { added: 0, removed: 0 }, mode: '100755' }, 0, 2],
        ['d.sh', 'd.sh', { kind: 'modified', lines: { added: 1, removed: 1 }, mode: '100755' }, 1, 2],
        ['a.ts', 'new a.ts', { kind: 'renamed', lines: { added: 0, removed: 0 }, from: 'a.ts' }, 0, 2],
        ['b.ts', 'ü.ts', { kind: 'renamed', lines: { added: 2, removed: 2 }, from: 'b.ts', mode: '100755' }, 2, 2],
      ],
    );
  });

  it('leaves whole what has no lines', async () => {
    const bytes = (seed: number) => Buffer.from(Array.from({ length: 3000 }, (_value, index) => (index * seed) % 251));
    const latin = Buffer.from('caf\xe9\n', 'latin1');
    sandbox.commit({ image: bytes(3), moved: bytes(5), 'text.ts': 'a\n', deleted: bytes(7), latin, becomes: 'text\n' });
    const at = (path: string) => join(sandbox.folder, path);
    sandbox.write({ image: bytes(11), 'text.ts': 'b\n', latin: Buffer.concat([latin, latin]), added: bytes(13) });
    renameSync(at('moved'), at('moved away'));
    unlinkSync(at('deleted'));
    unlinkSync(at('becomes'));
    symlinkSync('text.ts', at('becomes'));
    symlinkSync('text.ts', at('link'));

    const files = await compared();
    assert.deepEqual(
      files.map(({ path, type, regions }) => `${path} ${type} ${regions.length}`),
      [
        'added whole 0',
        'becomes whole 0',
        'deleted whole 0',
        'image whole 0',
        'latin whole 0',
        'link whole 0',
        'moved away whole 0',
        'text.ts lines 1',
      ],
    );
    for (const { places, results } of files.filter(({ type }) => type === 'whole')) {
      const [result] = results;
      assert.ok(result?.type === 'whole');
      assert.deepEqual(places[1]?.version, result.version);
      assert.deepEqual(places[1]?.columns, [0]);
    }
  });

  async function compared(): Promise<readonly ComparedFile[]> {
    const base = sandbox.git('rev-parse', 'HEAD^{tree}') as ObjectName;
    sandbox.git('add', '-A');
    const tree = sandbox.git('write-tree') as ObjectName;
    const store = {
      gitDir: join(sandbox.folder, '.git'),
      run: (args: readonly string[]) =>
        Promise.resolve({ stdout: execFileSync('git', args, { cwd: sandbox.folder, maxBuffer: 1e8 }) }),
    };
    const { text, changes } = await diffTrees(store as unknown as Parameters<typeof diffTrees>[0], base, tree);
    const run = { type: 'run' as const, id: 'run' as CandidateId, changes, patch: text };
    const comparison = compareCandidates([run], { ignoreFormatting: false });
    assert.equal(takeAll(comparison, 0).length, changes.length);
    return comparison.files;
  }
});

describe('a patch that can’t be read', () => {
  const header = 'diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n';
  const wrong = {
    'no patch': 'hello\n',
    'a hunk that is cut off': `${header}@@ -1,2 +1,2 @@\n-a\n`,
    'a hunk that is longer than it says': `${header}@@ -1 +1 @@\n-a\n-b\n+c\n`,
    'a hunk without numbers': `${header}@@ somewhere @@\n-a\n`,
    'lines between hunks': `${header}@@ -1 +1 @@\n-a\n+b\nwhat\n`,
    'hunks in a wrong order': `${header}@@ -9 +9 @@\n-a\n+b\n@@ -1 +1 @@\n-a\n+b\n`,
    'a hunk that is missing': `${header}@@ -9 +11 @@\n-a\n+b\n`,
    'bytes that are cut off': 'diff --git a/x b/x\nGIT binary patch\nliteral 3\nabc\n\nliteral 0\n',
    'a file without a name': 'diff --git a/x b/y\nold mode 100644\nnew mode 100755\n',
    'a line of another tool': 'diff --git a/x b/x\ncopy from y\n',
  };
  for (const [what, text] of Object.entries(wrong)) {
    it(`is an error: ${what}`, () => {
      assert.throws(() => Array.from(readPatch(text)), { name: 'UnreadablePatch' });
    });
  }

  it('is an error where it isn’t about the same files as what is known of it', () => {
    const file = { path: 'x', mode: '100644' as const, blob: '1' as ObjectName };
    const compare = (patch: string, changes: readonly string[]) =>
      compareCandidates(
        [
          {
            type: 'run',
            id: 'run' as CandidateId,
            changes: changes.map((path) => ({ kind: 'modified', base: { ...file, path }, after: { ...file, path } })),
            patch,
          },
        ],
        { ignoreFormatting: false },
      );
    const part = `${header}@@ -1 +1 @@\n-a\n+b\n`;
    assert.equal(compare(part, ['x']).files.length, 1);
    assert.throws(() => compare(part, []), { name: 'UnreadablePatch' });
    assert.throws(() => compare(part, ['x', 'y']), { name: 'UnreadablePatch' });
    assert.throws(() => compare('', ['x']), { name: 'UnreadablePatch' });
  });

  it('is an error where candidates have different bases', () => {
    const file = { path: 'x', mode: '100644' as const, blob: '1' as ObjectName };
    const run = (line: string) => ({
      type: 'run' as const,
      id: 'run' as CandidateId,
      changes: [{ kind: 'modified' as const, base: file, after: file }],
      patch: `${header}@@ -1 +1 @@\n-${line}\n+b\n`,
    });
    assert.throws(() => compareCandidates([run('a'), run('A')], { ignoreFormatting: false }), {
      name: 'DifferentBases',
    });
    const other = { ...file, blob: '2' as ObjectName };
    const moved = { ...run('a'), changes: [{ kind: 'modified' as const, base: other, after: file }] };
    assert.throws(() => compareCandidates([run('a'), moved], { ignoreFormatting: false }), {
      name: 'DifferentBases',
    });
  });
});

function edited(seed: number): string {
  return long
    .replace(`line ${seed + 2}\n`, `changed ${seed}\n`)
    .replace('line 40\n', seed % 2 === 0 ? 'forty\n' : 'line 40\n');
}
