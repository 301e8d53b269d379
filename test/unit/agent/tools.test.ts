import assert from 'node:assert/strict';
import type { ToolOutcome } from '../../../src/core/agent/tools/tool.ts';
import { findTool } from '../../../src/core/agent/tools.ts';
import { UserError } from '../../../src/core/problem.ts';
import { MemoryCopy } from './support/memoryCopy.ts';
import { run } from './support/running.ts';
import { answer, call, ScriptedProvider } from './support/scriptedProvider.ts';

async function use(copy: MemoryCopy, name: string, input: unknown, maxOutput = 10_000): Promise<ToolOutcome> {
  const ready = findTool(name)?.prepare(JSON.stringify(input));
  if (ready === undefined || typeof ready === 'string') return assert.fail(ready ?? `no tool ${name}`);
  return ready.run({ copy, maxOutput, signal: new AbortController().signal });
}

const numbered = (count: number) => Array.from({ length: count }, (_, n) => `row ${n + 1}\n`).join('');

describe('list_files', () => {
  const copy = new MemoryCopy({
    'README.md': '',
    'src/a.ts': '',
    'src/deep/b.test.ts': '',
    'src/deep/c.css': '',
    'vendor/lib': 'submodule!',
    current: { link: 'src/a.ts' },
  });

  it('lists the files, and says what is not a plain one', async () => {
    const { content, detail } = await use(copy, 'list_files', {});
    assert.equal(
      content,
      'README.md\ncurrent (symbolic link)\nsrc/a.ts\nsrc/deep/b.test.ts\nsrc/deep/c.css\nvendor/lib (submodule)',
    );
    assert.equal(detail, '6 files');
  });

  it('lists one folder however its path is spelled', async () => {
    for (const path of ['src/deep', './src/deep/', '/src/deep']) {
      assert.equal((await use(copy, 'list_files', { path })).content, 'src/deep/b.test.ts\nsrc/deep/c.css');
    }
    assert.equal((await use(copy, 'list_files', { path: '.' })).detail, '6 files');
  });

  it('says when there is no such folder, or when it is a file', async () => {
    assert.equal((await use(copy, 'list_files', { path: 'nowhere' })).detail, 'no such folder');
    assert.equal((await use(copy, 'list_files', { path: 'src/a.ts' })).detail, 'not a folder');
    assert.equal((await use(new MemoryCopy(), 'list_files', {})).content, 'The folder is empty.');
  });

  it('takes a glob, with or without folders', async () => {
    assert.equal((await use(copy, 'list_files', { glob: '*.ts' })).content, 'src/a.ts\nsrc/deep/b.test.ts');
    assert.equal((await use(copy, 'list_files', { glob: 'src/*.ts' })).content, 'src/a.ts');
    assert.equal((await use(copy, 'list_files', { glob: '**/*.css', path: 'src' })).content, 'src/deep/c.css');
    assert.equal((await use(copy, 'list_files', { glob: '*.{md,css}' })).content, 'README.md\nsrc/deep/c.css');
    assert.equal((await use(copy, 'list_files', { glob: 'deep/' })).detail, '2 files');
    assert.equal((await use(copy, 'list_files', { glob: '*.py' })).detail, 'no match');
  });

  it('stays within its bound', async () => {
    const many = new MemoryCopy(Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`src/file${n}.ts`, ''])));
    const folded = await use(many, 'list_files', {}, 300);
    assert.equal(folded.content, 'src/ … 500 files');
    const cut = await use(many, 'list_files', { glob: '*.ts' }, 300);
    assert.match(cut.content, /\n\[cut: \d+ more files; use a narrower glob]$/);
    assert.ok(cut.content.length < 360);
    assert.equal(cut.detail, '500 files');
  });
});

describe('read_file', () => {
  it('numbers the lines', async () => {
    const { content, detail } = await use(new MemoryCopy({ a: 'x\r\ny\r\n' }), 'read_file', { path: 'a' });
    assert.equal(content, '1\tx\n2\ty');
    assert.equal(detail, '2 lines');
  });

  it('reads a range, and says how to get the rest', async () => {
    const copy = new MemoryCopy({ a: numbered(10) });
    const part = await use(copy, 'read_file', { path: 'a', startLine: 3, endLine: 4 });
    assert.equal(part.content, '3\trow 3\n4\trow 4\n[lines 3–4 of 10; go on with startLine 5]');
    assert.equal(part.detail, 'lines 3–4 of 10');
    assert.match(
      (await use(copy, 'read_file', { path: 'a', startLine: 9, endLine: 99 })).content,
      /\[lines 9–10 of 10]$/,
    );
    assert.equal((await use(copy, 'read_file', { path: 'a', startLine: 11 })).outcome, 'failed');
    assert.equal((await use(copy, 'read_file', { path: 'a', startLine: 3, endLine: 2 })).outcome, 'failed');
  });

  it('gives a long file in parts that fit, until all of it was read', async () => {
    const copy = new MemoryCopy({ a: numbered(1000) });
    const seen: string[] = [];
    let startLine: number | undefined = 1;
    while (startLine !== undefined) {
      const { content } = await use(copy, 'read_file', { path: 'a', startLine }, 500);
      assert.ok(content.length < 560);
      seen.push(...content.split('\n').filter((line) => !line.startsWith('[')));
      startLine = Number(/go on with startLine (\d+)/.exec(content)?.[1]) || undefined;
    }
    assert.equal(seen.length, 1000);
    assert.equal(seen[999], '1000\trow 1000');
  });

  it('cuts a line that is a file of its own', async () => {
    const copy = new MemoryCopy({ a: `${'x'.repeat(100_000)}\nend\n` });
    const wide = await use(copy, 'read_file', { path: 'a' });
    assert.match(wide.content, /^1\tx{2000}… \[98000 more characters]\n2\tend$/);
    const narrow = await use(copy, 'read_file', { path: 'a' }, 100);
    assert.ok(narrow.content.length < 200);
  });

  it('says what can not be shown as text', async () => {
    const copy = new MemoryCopy({
      image: new Uint8Array([0x89, 0x50, 0, 1]),
      latin: new Uint8Array([0x63, 0x61, 0x66, 0xe9]),
      empty: '',
      link: { link: '../elsewhere' },
      module: 'submodule!',
    });
    assert.equal(
      (await use(copy, 'read_file', { path: 'image' })).content,
      "image is a binary file (4 bytes); it can't be shown.",
    );
    assert.match((await use(copy, 'read_file', { path: 'latin' })).content, /^\[not UTF-8: .*]\n1\tcafé$/);
    assert.equal((await use(copy, 'read_file', { path: 'empty' })).content, '[the file is empty]');
    assert.equal((await use(copy, 'read_file', { path: 'link' })).content, 'link is a symbolic link to ../elsewhere');
    assert.equal((await use(copy, 'read_file', { path: 'module' })).detail, 'submodule');
  });

  it('suggests files of the same name when there is none', async () => {
    const copy = new MemoryCopy({ 'src/Greet.ts': '', 'src/b.ts': '' });
    const { content, detail } = await use(copy, 'read_file', { path: 'greet.ts' });
    assert.equal(content, 'There is no file greet.ts. Did you mean src/Greet.ts?');
    assert.equal(detail, 'no such file');
    assert.equal((await use(copy, 'read_file', { path: 'src/' })).detail, 'a folder');
  });
});

describe('search', () => {
  const copy = new MemoryCopy({ 'a.ts': 'one(\nTwo\n', 'lib/b.ts': 'one(\n', 'c.md': 'one(\n' });

  it('gives hits with path and line', async () => {
    const { content, detail } = await use(copy, 'search', { pattern: 'one(' });
    assert.equal(content, 'a.ts:1: one(\nlib/b.ts:1: one(\nc.md:1: one(');
    assert.equal(detail, '3 hits in 3 files');
  });

  it('takes regular expressions, case, and globs for any folder', async () => {
    assert.equal(
      (await use(copy, 'search', { pattern: '^t.o$', isRegex: true, ignoreCase: true })).detail,
      '1 hit in 1 file',
    );
    assert.equal((await use(copy, 'search', { pattern: 'one', glob: '*.ts' })).detail, '2 hits in 2 files');
    assert.equal((await use(copy, 'search', { pattern: 'three' })).detail, 'no match');
  });

  it('stays within its bound', async () => {
    const long = new MemoryCopy({ a: `${'x'.repeat(5000)}\n`.repeat(500) });
    const { content, detail } = await use(long, 'search', { pattern: 'x' }, 2000);
    assert.ok(content.length < 2100);
    assert.match(content, /\[cut: more hits than can be listed; use a narrower pattern or glob]$/);
    assert.equal(detail, '200+ hits in 1 file');
  });

  it('shows lines around the hits, each once, as far as they may be read', async () => {
    const around = new MemoryCopy({ a: 'one\ntwo\nhit\nfour\nhit\nsix\nseven\neight\nnine\nhit\n', 'lib/b': 'hit\n' });
    const { content, detail } = await use(around, 'search', { pattern: 'hit', context: 1 });
    assert.equal(
      content,
      'a-2- two\na:3: hit\na-4- four\na:5: hit\na-6- six\n--\na-9- nine\na:10: hit\n--\nlib/b:1: hit',
    );
    assert.equal(detail, '4 hits in 2 files');
  });

  it('refuses a pattern of several lines, and one that no process can be given', () => {
    assert.match(String(findTool('search')?.prepare('{"pattern":"a\\u0000"}')), /pattern: must not hold a NUL/);
    assert.match(String(findTool('search')?.prepare('{"pattern":"a\\nb"}')), /pattern: must be within one line/);
  });

  it('hands on what the copy says about a bad expression', async () => {
    const broken = new MemoryCopy();
    broken.searchError = new UserError({ code: 'bad-request', message: 'Unmatched ( in the expression.' });
    const provider = new ScriptedProvider(
      answer('', [call('search', { pattern: '(', isRegex: true })]),
      answer('End.'),
    );
    const { lines } = await run(provider, { copy: broken });
    assert.deepEqual(lines.slice(2, 4), ['> search (', '< failed: Unmatched ( in the expression.']);
  });
});

describe('edit_file', () => {
  it('keeps the byte order mark', async () => {
    const copy = new MemoryCopy({ a: '\uFEFFone\r\ntwo\r\n' });
    const { detail } = await use(copy, 'edit_file', {
      path: 'a',
      edits: [{ oldText: 'one\ntwo', newText: 'x\ny\nz' }],
    });
    assert.equal(copy.text('a'), '\uFEFFx\r\ny\r\nz\r\n');
    assert.equal(detail, '+3 −2');
  });

  it('counts only lines that really differ', async () => {
    const copy = new MemoryCopy({ a: 'a\nb\nc\nd\n' });
    const { detail } = await use(copy, 'edit_file', { path: 'a', oldText: 'a\nb\nc\nd', newText: 'a\nB\nc\nd\ne' });
    assert.equal(detail, '+2 −1');
  });

  it('writes nothing when one of its edits fails', async () => {
    const copy = new MemoryCopy({ a: 'one\ntwo\n' });
    const edits = [
      { oldText: 'one', newText: 'x' },
      { oldText: 'three', newText: 'y' },
    ];
    const { outcome, mutated } = await use(copy, 'edit_file', { path: 'a', edits });
    assert.deepEqual([outcome, mutated, copy.text('a')], ['failed', undefined, 'one\ntwo\n']);
    assert.ok(!copy.calls.includes('write a'));
  });

  it('refuses what is not UTF-8 text', async () => {
    const copy = new MemoryCopy({
      latin: new Uint8Array([0x63, 0xe9]),
      binary: new Uint8Array([0, 1]),
      link: { link: 'a' },
      module: 'submodule!',
    });
    const details: string[] = [];
    for (const path of ['latin', 'binary', 'link', 'module', 'missing']) {
      details.push((await use(copy, 'edit_file', { path, oldText: 'c', newText: 'd' })).detail);
    }
    assert.deepEqual(details, ['not UTF-8', 'binary', 'symbolic link', 'submodule', 'no such file']);
  });

  it('needs edits in one of its two forms', () => {
    const tool = findTool('edit_file');
    for (const input of ['{"path":"a"}', '{"path":"a","edits":[]}', '{"path":"a","oldText":"x"}']) {
      assert.match(String(tool?.prepare(input)), /Give "edits" with at least one edit, or "oldText" and "newText"/);
    }
    assert.equal(typeof tool?.prepare('{"path":"a","oldText":"x","newText":"","edits":null}'), 'object');
  });
});

describe('write_file', () => {
  it('makes a file', async () => {
    const copy = new MemoryCopy();
    const { detail } = await use(copy, 'write_file', { path: 'x/y.txt', content: 'a\nb\n' });
    assert.deepEqual([detail, copy.text('x/y.txt')], ['new, 2 lines', 'a\nb\n']);
  });

  it('keeps line ends and byte order mark of the file it replaces', async () => {
    const copy = new MemoryCopy({ a: '\uFEFFone\r\ntwo\r\n' });
    const { detail } = await use(copy, 'write_file', { path: 'a', content: 'one\nthree\n' });
    assert.deepEqual([detail, copy.text('a')], ['+1 −1', '\uFEFFone\r\nthree\r\n']);
  });

  it('does not write through a link, nor what is there already', async () => {
    const copy = new MemoryCopy({ link: { link: 'a' }, a: 'a' });
    assert.equal((await use(copy, 'write_file', { path: 'link', content: 'x' })).detail, 'symbolic link');
    assert.equal((await use(copy, 'write_file', { path: 'a', content: 'a' })).detail, 'no change');
  });
});

describe('a path with backslashes', () => {
  it('is sent back with the spelling that is meant, where there is such a file or folder', async () => {
    const copy = new MemoryCopy({ 'src/a.ts': 'a\n' });
    const calls: readonly (readonly [string, object])[] = [
      ['read_file', { path: 'src\\a.ts' }],
      ['edit_file', { path: 'src\\a.ts', oldText: 'a', newText: 'b' }],
      ['write_file', { path: 'src\\new.ts', content: 'x' }],
      ['delete_file', { path: 'src\\a.ts' }],
    ];
    for (const [name, input] of calls) {
      const { outcome, content } = await use(copy, name, input);
      assert.equal(outcome, 'failed');
      assert.match(content, /Did you mean src\/(a|new)\.ts\? Separate folders with "\/"\./);
    }
    assert.deepEqual([...copy.files.keys()], ['src/a.ts']);
  });

  it('is a name like any other where nothing else can be meant', async () => {
    const copy = new MemoryCopy({ 'lib/\\d.txt': 'digits\n' });
    assert.equal((await use(copy, 'read_file', { path: 'lib/\\d.txt' })).outcome, 'ok');
    assert.equal((await use(copy, 'write_file', { path: 'lib/\\d.txt', content: 'x\n' })).outcome, 'ok');
    assert.equal((await use(copy, 'write_file', { path: 'a\\b', content: 'x\n' })).outcome, 'ok');
  });
});

describe('a refused path', () => {
  it('is refused by tools that only look for something in it', async () => {
    const copy = new MemoryCopy({ 'a.txt': 'x\n' });
    await assert.rejects(use(copy, 'list_files', { path: '.env' }), UserError);
    await assert.rejects(use(copy, 'search', { pattern: 'x', glob: '.env' }), UserError);
    assert.equal((await use(copy, 'search', { pattern: 'x', glob: '.env*' })).detail, 'no match');
  });
});

describe('move_file', () => {
  it('moves a file as it is, and says when there is none', async () => {
    const copy = new MemoryCopy({ 'src/a.ts': 'a\n' });
    const moved = await use(copy, 'move_file', { from: 'src/a.ts', to: 'src/b.ts' });
    assert.deepEqual([moved.outcome, moved.mutated, copy.text('src/b.ts')], ['ok', true, 'a\n']);
    const gone = await use(copy, 'move_file', { from: 'src/a.ts', to: 'src/c.ts' });
    assert.deepEqual([gone.outcome, gone.detail], ['failed', 'no such file']);
    assert.equal((await use(copy, 'move_file', { from: 'src/b.ts', to: 'src\\c.ts' })).detail, 'backslashes');
    assert.deepEqual([...copy.files.keys()], ['src/b.ts']);
  });
});

describe('delete_file', () => {
  it('says when there is nothing to delete', async () => {
    assert.equal((await use(new MemoryCopy(), 'delete_file', { path: 'a' })).outcome, 'failed');
  });
});

describe('finish', () => {
  it('needs a summary', () => {
    assert.match(String(findTool('finish')?.prepare('{"summary":"  "}')), /summary: must not be empty/);
  });
});
