import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Snapshot } from '../../../src/core/domain.ts';
import { createPolicy } from '../../../src/core/policy/createPolicy.ts';
import type { SearchQuery } from '../../../src/core/workspace/copy.ts';
import { pathspecsOf, withoutPerl } from '../../../src/core/workspace/treeSearch.ts';
import { contentsOf, policy, problem, Sandbox } from './sandbox.ts';

const bytes = (text: string) => Buffer.from(text);

describe('copy', () => {
  let box: Sandbox;
  let snapshot: Snapshot;
  beforeEach(() => {
    box = new Sandbox();
  });
  afterEach(() => box.dispose());

  const start = async (files: Readonly<Record<string, string | Uint8Array>>) => {
    box.commit(files);
    snapshot = await box.snapshot();
    return box.copy(snapshot);
  };

  it('reads back what was written and answers undefined for what is not there', async () => {
    const copy = await start({ a: 'a', 'd/b': 'b' });
    await copy.write('./d//b', bytes('B'));
    const odd = process.platform === 'win32' ? 'x/y/ü z' : 'x/y/ü "z"\t';
    await copy.write(odd, bytes('new'));
    assert.equal(await copy.delete('a'), true);
    assert.equal(await copy.delete('a'), false);
    assert.equal(await copy.read('a'), undefined);
    assert.equal(await copy.read('d'), undefined);
    assert.equal((await copy.read('./x/../d/b'))?.path, 'd/b');
    assert.deepEqual(await contentsOf(copy), { 'd/b': 'B', [odd]: 'new' });
  });

  it('moves a file with its mode, and neither over another nor to where none can be', async () => {
    box.commit({ 'run.sh': 'x', 'a.ts': '1', 'd/b': 'b' });
    chmodSync(join(box.folder, 'run.sh'), 0o755);
    const copy = await box.copy(await box.snapshot());
    assert.equal(await copy.move('run.sh', 'bin/run.sh'), true);
    assert.equal(await copy.move('run.sh', 'other'), false);
    assert.equal(await copy.move('a.ts', 'a.ts/b'), true);
    await assert.rejects(copy.move('a.ts/b', 'd/b'), problem('refused-by-policy', /exists/));
    await assert.rejects(copy.move('a.ts/b', 'd/b/c'), problem('refused-by-policy', /can't exist because "d\/b"/));
    await assert.rejects(copy.move('d/b', '.env'), problem('refused-by-policy'));
    await assert.rejects(copy.move('d/b', '../b'), problem('refused-by-policy'));
    const { changes } = await copy.patch();
    assert.deepEqual(
      changes.map(({ kind, base, after }) => [kind, base?.path, after?.path, after?.mode]),
      [
        ['renamed', 'a.ts', 'a.ts/b', '100644'],
        ['renamed', 'run.sh', 'bin/run.sh', '100755'],
      ],
    );
  });

  it('keeps the mode of a file and writes nothing to the folder', async () => {
    box.commit({ 'run.sh': 'x', 'a.ts': '1' });
    chmodSync(join(box.folder, 'run.sh'), 0o755);
    const before = box.fingerprint();
    const copy = await box.copy(await box.snapshot());
    await copy.write('run.sh', bytes('y'));
    assert.equal((await copy.read('run.sh'))?.mode, '100755');
    assert.deepEqual(box.fingerprint(), before);
  });

  it('refuses what policy forbids, in every method', async () => {
    const copy = await start({ a: 'a' });
    for (const path of ['.env', '../a', '.git/config', '/etc/passwd']) {
      await assert.rejects(copy.read(path), problem('refused-by-policy'));
      await assert.rejects(copy.write(path, bytes('x')), problem('refused-by-policy'));
      await assert.rejects(copy.delete(path), problem('refused-by-policy'));
    }
    await assert.rejects(copy.search(query({ glob: '../**' })), problem('refused-by-policy', /leads out/));
    const scoped = await box.task.openCopy(snapshot, snapshot.tree, createPolicy({ forbidden: [], scope: 'src' }));
    await assert.rejects(scoped.write('a', bytes('x')), problem('refused-by-policy', /outside/));
    assert.ok(await scoped.read('a'));
  });

  it('hides what has been forbidden since its tree was made', async () => {
    const copy = await start({ a: 'needle', 'private/b': 'needle' });
    await copy.dispose();
    const strict = await box.task.openCopy(snapshot, snapshot.tree, createPolicy({ forbidden: ['private'] }));
    assert.deepEqual(
      (await strict.list()).map(({ path }) => path),
      ['a'],
    );
    assert.deepEqual(
      (await strict.search(query({}))).map(({ path }) => path),
      ['a'],
    );
    await assert.rejects(strict.read('private/b'), problem('refused-by-policy'));
  });

  it('refuses a file where a folder is, a folder where a file is, and to write through a link', async () => {
    box.commit({ file: 'f', 'dir/a': 'a' });
    symlinkSync('../outside', join(box.folder, 'link'));
    const copy = await box.copy(await box.snapshot());
    await assert.rejects(copy.write('file/x', bytes('x')), problem('refused-by-policy', /"file" is a file/));
    await assert.rejects(copy.write('dir', bytes('x')), problem('refused-by-policy', /is a folder/));
    await assert.rejects(copy.write('link', bytes('x')), problem('refused-by-policy', /symbolic link/));
    await assert.rejects(copy.write('link/x', bytes('x')), problem('refused-by-policy', /symbolic link/));
    assert.equal(await copy.delete('file'), true);
    await copy.write('file/x', bytes('x'));
    assert.equal(await copy.delete('dir/a'), true);
    await copy.write('dir', bytes('now a file'));
    assert.equal(await copy.delete('link'), true);
    assert.deepEqual(await contentsOf(copy), { dir: 'now a file', 'file/x': 'x' });
  });

  it('never shows one copy what another one did', async () => {
    const first = await start({ a: 'a' });
    const copies = await Promise.all([1, 2, 3].map(() => box.copy(snapshot)));
    await Promise.all(copies.map((copy, number) => copy.write('a', bytes(`${number}`))));
    await Promise.all(copies.map((copy, number) => copy.write(`n${number}`, bytes(`${number}`))));
    const contents = await Promise.all(copies.map(contentsOf));
    assert.deepEqual(
      contents,
      [0, 1, 2].map((number) => ({ a: `${number}`, [`n${number}`]: `${number}` })),
    );
    assert.deepEqual(await contentsOf(first), { a: 'a' });
    assert.equal((await first.patch()).text, '');
  });

  it('carries out calls in the order they were made', async () => {
    const copy = await start({ a: '0' });
    const writes = Array.from({ length: 12 }, (_, number) => copy.write(number % 2 ? 'a' : 'b', bytes(`${number}`)));
    const removal = copy.delete('b');
    const reading = copy.read('a');
    await Promise.all([...writes, removal]);
    assert.equal(Buffer.from((await reading)?.bytes ?? []).toString(), '11');
    assert.deepEqual(await contentsOf(copy), { a: '11' });
  });

  it('stops at an abort and goes on working afterwards', async () => {
    const copy = await start({ a: 'a' });
    const controller = new AbortController();
    const writes = Array.from({ length: 8 }, (_, number) => copy.write(`f${number}`, bytes('x'), controller.signal));
    const outcome = Promise.allSettled(writes);
    setTimeout(() => controller.abort(), 15);
    assert.ok((await outcome).some(({ status }) => status === 'rejected'));
    await copy.write('after', bytes('after'));
    const listed = await copy.list();
    assert.equal((await copy.patch()).changes.length, listed.length - 1);
  });

  const query = (change: Partial<SearchQuery>): SearchQuery => ({
    pattern: 'needle',
    isRegex: false,
    ignoreCase: false,
    maxHits: 100,
    ...change,
  });

  it('searches literally and by expression, with or without case, by glob and up to a bound', async () => {
    const copy = await start({
      'a.ts': 'x\nneedle 1\r\n',
      'src/b.ts': 'a.c NEEDLE\nabc needle\n',
      'src/deep/c.md': 'needle\n',
      'src/ü\n.ts': 'Ünï needle\n',
      'bin.dat': Buffer.from('needle\0needle'),
    });
    await copy.write('src/new.tsx', bytes('needle in the copy'));
    const find = async (change: Partial<SearchQuery>) =>
      (await copy.search(query(change))).map(({ path, line }) => `${path}:${line}`).sort();
    assert.deepEqual(await find({}), ['a.ts:2', 'src/b.ts:2', 'src/deep/c.md:1', 'src/new.tsx:1', 'src/ü\n.ts:1']);
    assert.equal((await copy.search(query({ glob: 'a.ts' })))[0]?.text, 'needle 1');
    assert.deepEqual(await find({ ignoreCase: true, glob: 'src/b.ts' }), ['src/b.ts:1', 'src/b.ts:2']);
    assert.deepEqual(await find({ pattern: 'a.c', glob: '*.ts' }), ['src/b.ts:1']);
    assert.deepEqual(await find({ pattern: '^a.c', isRegex: true }), ['src/b.ts:1', 'src/b.ts:2']);
    assert.deepEqual(await find({ pattern: '^.n. n', isRegex: true }), ['src/ü\n.ts:1']);
    assert.deepEqual(await find({ glob: '*.{md,tsx}' }), ['src/deep/c.md:1', 'src/new.tsx:1']);
    assert.deepEqual(await find({ glob: 'src/**/*.md' }), ['src/deep/c.md:1']);
    assert.deepEqual(await find({ glob: './src/deep/' }), ['src/deep/c.md:1']);
    assert.deepEqual(await find({ pattern: '--all' }), []);
    assert.equal((await find({ maxHits: 2 })).length, 2);
    await assert.rejects(find({ pattern: '(', isRegex: true }), problem('bad-request', /regular expression/));
    await assert.rejects(find({ pattern: 'a\0' }), problem('bad-request', /NUL/));
    await assert.rejects(find({ glob: 'x'.repeat(200_000) }), problem('bad-request', /at most/));
  });

  it('understands the expressions of programming languages', async () => {
    const copy = await start({ a: 'item 12\nitem x\n\tfoo_bar(1)\nfoo\n' });
    const find = async (pattern: string) =>
      (await copy.search(query({ pattern, isRegex: true }))).map(({ line }) => line);
    assert.deepEqual(await find('\\w+\\s\\d+$'), [1]);
    assert.deepEqual(await find('\\bfoo\\b'), [4]);
    assert.deepEqual(await find('^\\s+(?:foo|bar)_\\w+?\\('), [3]);
    await assert.rejects(find('(\\d'), problem('bad-request', /regular expression/));
  });

  it('translates them for a Git that has only POSIX ones', () => {
    assert.equal(withoutPerl('^\\d+[\\w.]*?\\s(?:a|b)\\.\\S'), '^[0-9]+[[:alnum:]_.]*[[:space:]](a|b)\\.[^[:space:]]');
    assert.equal(withoutPerl('[[:digit:]\\s]\\b[(?:]'), '[[:digit:][:space:]]\\b[(?:]');
  });

  it('turns globs into pathspecs without growing beyond bounds', () => {
    assert.deepEqual(pathspecsOf('{a,b}/*.ts'), [
      ':(glob)a/*.ts',
      ':(glob)a/*.ts/**',
      ':(glob)b/*.ts',
      ':(glob)b/*.ts/**',
    ]);
    assert.ok(pathspecsOf('{a,b}'.repeat(40)).length < 1000);
  });

  /** Applies a patch to the real files with git and compares them with the copy's. */
  const appliesTo = async (text: string, expected: Readonly<Record<string, string>>) => {
    writeFileSync(join(box.root, 'patch'), text);
    box.git('apply', '--whitespace=nowarn', join(box.root, 'patch'));
    for (const [path, content] of Object.entries(expected)) {
      assert.equal(readFileSync(join(box.folder, path), 'utf8'), content, path);
    }
  };

  it('makes a patch that git applies to the snapshot, whatever is in the files and in the configuration', async () => {
    box.userConfig(
      '[diff]\n\tnoprefix = true\n\texternal = false\n\trenames = copies\n\tmnemonicPrefix = true\n[color]\n\tui = always\n[core]\n\tabbrev = 4\n',
    );
    const long = Array.from({ length: 30 }, (_, number) => `line ${number}\n`).join('');
    const copy = await start({
      'crlf.txt': 'a\r\nb\r\n',
      'no-newline': 'x',
      'bin.dat': Buffer.from([0, 1, 2]),
      'move me.txt': long,
      gone: 'g',
      'latin1.txt': Buffer.from('caf\xe9\n', 'latin1'),
      'bom.txt': '\ufeffa\n',
      '.gitattributes': '*.txt -diff\n',
    });
    box.write({ gone: 'g', uncommitted: 'u\n' });
    snapshot = await box.snapshot();
    const other = await box.copy(snapshot);
    for (const each of [copy, other]) {
      await each.write('crlf.txt', bytes('a\r\nB\r\n'));
      await each.write('no-newline', bytes('y'));
      await each.write('bin.dat', Buffer.from([0, 9, 255]));
      await each.write('moved "q" ü.txt'.replaceAll('"', "'"), bytes(`${long}more\n`));
      await each.delete('move me.txt');
      await each.delete('gone');
      await each.write('latin1.txt', Buffer.from('th\xe9\n', 'latin1'));
      await each.write('bom.txt', bytes('\ufeffb\n'));
      await each.write('empty', bytes(''));
    }
    const patch = await other.patch();
    const kinds = patch.changes.map(({ kind, base, after }) => `${kind} ${base?.path ?? ''}>${after?.path ?? ''}`);
    assert.deepEqual(kinds.sort(), [
      'added >empty',
      'deleted gone>',
      'modified bin.dat>bin.dat',
      'modified bom.txt>bom.txt',
      'modified crlf.txt>crlf.txt',
      'modified latin1.txt>latin1.txt',
      'modified no-newline>no-newline',
      "renamed move me.txt>moved 'q' ü.txt",
    ]);
    const renamed = patch.changes.find(({ kind }) => kind === 'renamed');
    assert.deepEqual(renamed?.lines, { added: 1, removed: 0 });
    assert.equal(renamed?.after?.blob.length, 40);
    assert.equal(patch.changes.find(({ after }) => after?.path === 'bin.dat')?.lines, undefined);
    assert.match(patch.text, /^diff --git a\/bin\.dat b\/bin\.dat$/m);
    await appliesTo(patch.text, await contentsOf(other).then(({ 'bin.dat': _, 'latin1.txt': __, ...rest }) => rest));
    assert.deepEqual(readFileSync(join(box.folder, 'latin1.txt')), Buffer.from('th\xe9\n', 'latin1'));
    assert.deepEqual(readFileSync(join(box.folder, 'bin.dat')), Buffer.from([0, 9, 255]));
    box.git('add', '-A');
    assert.equal(box.git('write-tree'), patch.tree);
  });

  it('makes a whole patch where git sees a move only among texts, and another file is in another encoding', async () => {
    const lines = (end: string) => Array.from({ length: 9 }, (_, index) => `line ${index}${end}`).join('');
    box.commit({ 'old.txt': lines('\n'), 'x.txt': Buffer.from('caf\xe9\n', 'latin1') });
    const copy = await box.copy(await box.snapshot());
    await copy.delete('old.txt');
    await copy.write('moved.txt', Buffer.from(lines('\r\n')));
    await copy.write('x.txt', Buffer.from('th\xe9\n', 'latin1'));
    const { text, changes } = await copy.patch();
    assert.deepEqual(
      changes.map(({ kind, after }) => `${kind} ${after?.path}`),
      ['renamed moved.txt', 'modified x.txt'],
    );
    box.git('reset', '-q', '--hard');
    writeFileSync(join(box.root, 'whole.patch'), text);
    box.git('apply', '--binary', join(box.root, 'whole.patch'));
    assert.deepEqual(readFileSync(join(box.folder, 'x.txt')), Buffer.from('th\xe9\n', 'latin1'));
    assert.equal(readFileSync(join(box.folder, 'moved.txt'), 'utf8'), lines('\r\n'));
  });

  it('makes a patch that git applies where a file in another encoding is in the place of one before', async () => {
    const copy = await start({ file: 'one\n', 'other.md': 'x\n' });
    await copy.delete('file');
    await copy.write('file/x', Buffer.from('n\xe9\n', 'latin1'));
    await copy.write('other.md', bytes('text\ndiff --git a/no b/no\n'));
    // The user's own attributes are for their eyes, not for the patch.
    mkdirSync(join(box.root, 'home', '.config', 'git'), { recursive: true });
    writeFileSync(join(box.root, 'home', '.config', 'git', 'attributes'), '*.md -diff\n');
    const { text, changes } = await copy.patch();
    assert.equal(text.match(/^diff --git a\/file\/x /gm)?.length, 1);
    assert.match(text, /^\+text$/m);
    assert.deepEqual(changes.find(({ after }) => after?.path === 'other.md')?.lines, { added: 2, removed: 1 });
    await appliesTo(text, { 'other.md': 'text\ndiff --git a/no b/no\n' });
    assert.deepEqual(readFileSync(join(box.folder, 'file', 'x')), Buffer.from('n\xe9\n', 'latin1'));
  });

  it('starts from an earlier result and makes the patch of both rounds together', async () => {
    const first = await start({ a: '1\n', b: '1\n' });
    await first.write('a', bytes('2\n'));
    const { tree } = await first.patch();
    await first.dispose();
    const second = await box.copy(snapshot, tree);
    assert.deepEqual(await contentsOf(second), { a: '2\n', b: '1\n' });
    await second.write('b', bytes('2\n'));
    const patch = await second.patch();
    assert.deepEqual(
      patch.changes.map(({ after }) => after?.path),
      ['a', 'b'],
    );
    await appliesTo(patch.text, { a: '2\n', b: '2\n' });
    await second.write('a', bytes('1\n'));
    await second.delete('b');
    await second.write('b', bytes('1\n'));
    assert.deepEqual(await second.patch(), { text: '', changes: [], tree: snapshot.tree });
  });

  it('leaves names alone that are not UTF-8', async function () {
    const odd = Buffer.concat([bytes(`${box.folder}/`), Buffer.from([0x66, 0xff])]);
    try {
      writeFileSync(odd, 'odd');
    } catch {
      // Not every file system has such names.
      this.skip();
    }
    box.commit({ a: '1\n' });
    renameSync(odd, Buffer.concat([odd, bytes('2')]));
    const copy = await box.copy(await box.snapshot());
    await copy.write('a', bytes('2\n'));
    assert.deepEqual(
      (await copy.list()).map(({ path }) => path),
      ['a'],
    );
    await copy.search(query({ pattern: 'odd' }));
    const { changes, tree } = await copy.patch();
    assert.equal(changes.length, 1);
    const env = { ...process.env, GIT_DIR: join(box.storage, 'git') };
    assert.match(execFileSync('git', ['ls-tree', '-r', tree], { env, encoding: 'latin1' }), /f\\3772/);
  });

  it('says that a start tree is gone', async () => {
    await start({ a: 'a' });
    const gone = '1'.repeat(40) as Snapshot['tree'];
    await assert.rejects(box.task.openCopy(snapshot, gone, policy), problem('not-found', /new round/));
  });
});
