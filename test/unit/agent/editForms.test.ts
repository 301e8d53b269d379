import assert from 'node:assert/strict';
import type { ToolOutcome } from '../../../src/core/agent/tools/tool.ts';
import { findTool } from '../../../src/core/agent/tools.ts';
import { UserError } from '../../../src/core/problem.ts';
import { MemoryCopy } from './support/memoryCopy.ts';

async function use(copy: MemoryCopy, name: string, input: unknown): Promise<ToolOutcome> {
  const ready = findTool(name)?.prepare(JSON.stringify(input));
  if (ready === undefined || typeof ready === 'string') return assert.fail(ready ?? `no tool ${name}`);
  return ready.run({ copy, maxOutput: 10_000, signal: new AbortController().signal });
}

const patch = (copy: MemoryCopy, ...lines: string[]) => use(copy, 'apply_patch', { patch: lines.join('\n') });

function unreadable(text: string): string {
  const ready = findTool('apply_patch')?.prepare(JSON.stringify({ patch: text }));
  return typeof ready === 'string' ? ready : assert.fail('It can be read.');
}

const texts = (copy: MemoryCopy) =>
  Object.fromEntries([...copy.files.keys()].sort().map((path) => [path, copy.text(path)]));

describe('A patch in an envelope', () => {
  it('adds, updates, moves and deletes files', async () => {
    const copy = new MemoryCopy({ 'a.ts': 'one\ntwo\nthree\n', 'old.ts': 'x\n', 'gone.ts': '' });
    const result = await patch(
      copy,
      '*** Begin Patch',
      '*** Add File: new/b.ts',
      '+first',
      '+second',
      '*** Update File: a.ts',
      '@@',
      ' one',
      '-two',
      '+2',
      '*** Update File: old.ts',
      '*** Move to: lib/new.ts',
      '@@',
      '-x',
      '+y',
      '*** Delete File: gone.ts',
      '*** End Patch',
    );
    assert.deepEqual([result.outcome, result.detail, result.mutated], ['ok', '4 files', true]);
    assert.deepEqual(texts(copy), { 'a.ts': 'one\n2\nthree\n', 'lib/new.ts': 'y\n', 'new/b.ts': 'first\nsecond\n' });
    assert.match(
      result.content,
      /Made new\/b\.ts \(2 lines\)\.\nEdited a\.ts \(\+1 −1\)\.\nMoved old\.ts to lib\/new\.ts/,
    );
  });

  it('is read without its envelope, and in a fence or a here-document', async () => {
    const body = ['*** Update File: a', '@@', '-x', '+y'];
    const whole = ['*** Begin Patch', ...body, '*** End Patch'];
    for (const lines of [
      body,
      whole,
      ['```diff', ...whole, '```'],
      ["apply_patch <<'EOF'", ...whole, 'EOF'],
      ['<<EOF', ...whole, 'EOF'],
    ]) {
      const copy = new MemoryCopy({ a: 'x\n' });
      assert.equal((await patch(copy, ...lines)).outcome, 'ok', lines.join('\n'));
      assert.equal(copy.text('a'), 'y\n');
    }
  });

  it('finds the place below the lines that are named, one within the other', async () => {
    const file = 'class A\n  def f\n    pass\n  def g\n    pass\n\nclass B\n  def f\n    pass\n';
    const copy = new MemoryCopy({ a: file });
    await patch(copy, '*** Update File: a', '@@ class B', '@@ def f', '-    pass', '+    done');
    assert.equal(copy.text('a'), 'class A\n  def f\n    pass\n  def g\n    pass\n\nclass B\n  def f\n    done\n');
    await patch(copy, '*** Update File: a', '@@ def g', '-    pass', '+    more');
    assert.match(copy.text('a') ?? '', /def g\n {4}more/);
    const missing = await patch(copy, '*** Update File: a', '@@ class C', '-    pass', '+    no');
    assert.deepEqual([missing.outcome, missing.detail], ['failed', 'no match']);
  });

  it('is refused where a hunk fits in several places, and takes the only order in which all fit', async () => {
    const copy = new MemoryCopy({ a: 'x\ny\nx\n' });
    const twice = await patch(copy, '*** Update File: a', '@@', '-x', '+z');
    assert.equal(twice.detail, '2 matches');
    assert.match(twice.content, /is in the file 2 times, beginning at lines 1, 3\./);
    assert.equal((await patch(copy, '*** Update File: a', '@@', '-x', '+1', '@@', '-x', '+2')).outcome, 'ok');
    assert.equal(copy.text('a'), '1\ny\n2\n');
  });

  it('keeps the file as it is around the change: line ends, byte order mark, no final line end', async () => {
    const copy = new MemoryCopy({ a: '\uFEFFone\r\ntwo\r\nthree' });
    await patch(copy, '*** Update File: a', '@@', ' two', '-three', '+3', '+4');
    assert.equal(copy.text('a'), '\uFEFFone\r\ntwo\r\n3\r\n4');
  });

  it('changes nothing when one of its files can not be changed', async () => {
    const copy = new MemoryCopy({ a: 'x\n', b: 'y\n', gone: 'z\n' });
    const result = await patch(
      copy,
      '*** Update File: a',
      '@@',
      '-x',
      '+1',
      '*** Delete File: gone',
      '*** Update File: b',
      '@@',
      '-no',
      '+2',
    );
    assert.equal(result.outcome, 'failed');
    assert.match(result.content, /^Nothing was changed, because of b: /);
    assert.deepEqual(texts(copy), { a: 'x\n', b: 'y\n', gone: 'z\n' });
  });

  it('takes back what was written when the copy refuses a later file', async () => {
    class Closed extends MemoryCopy {
      override async write(path: string, bytes: Uint8Array): Promise<void> {
        if (path === 'closed')
          throw new UserError({ code: 'refused-by-policy', refusal: 'forbidden path', message: 'No.' });
        await super.write(path, bytes);
      }
    }
    const files = { a: 'x\n', closed: 'y\n', gone: 'z\n', from: 'm\n' };
    const copy = new Closed(files);
    const lines = [
      '*** Add File: made',
      '+1',
      '*** Update File: a',
      '@@',
      '-x',
      '+1',
      '*** Update File: from',
      '*** Move to: to',
      '*** Delete File: gone',
    ];
    await assert.rejects(patch(copy, ...lines, '*** Update File: closed', '@@', '-y', '+2'), UserError);
    assert.deepEqual(texts(copy), { ...files });
    await assert.rejects(patch(copy, ...lines, '*** Delete File: closed'), UserError);
    assert.deepEqual(texts(copy), { ...files });
  });

  it('does not move over a file that is there', async () => {
    const copy = new MemoryCopy({ a: 'x\n', b: 'y\n' });
    assert.equal((await patch(copy, '*** Update File: a', '*** Move to: b', '@@', '-x', '+z')).detail, 'in the way');
    assert.deepEqual(texts(copy), { a: 'x\n', b: 'y\n' });
  });

  it('goes on with a file that it moved: where it was there is none, and what is deleted is gone', async () => {
    const made = async (...lines: string[]) => {
      const copy = new MemoryCopy({ a: 'one\n' });
      const { outcome, content } = await patch(copy, '*** Begin Patch', ...lines, '*** End Patch');
      return { outcome, content, files: texts(copy) };
    };
    const move = ['*** Update File: a', '*** Move to: b'];
    assert.deepEqual(await made(...move, '*** Add File: a', '+one'), {
      outcome: 'ok',
      content: 'Moved a to b (+0 −0).\nMade a (1 line).',
      files: { a: 'one\n', b: 'one\n' },
    });
    assert.deepEqual(await made(...move, '*** Delete File: b'), {
      outcome: 'ok',
      content: 'Deleted a.',
      files: {},
    });
    assert.deepEqual((await made(...move, '*** Delete File: a')).files, { b: 'one\n' });
    assert.deepEqual(await made(...move, '*** Update File: b', '*** Move to: a', '@@', '-one', '+two'), {
      outcome: 'ok',
      content: 'Edited a (+1 −1).',
      files: { a: 'two\n' },
    });
  });

  it('says what is wrong with it', () => {
    assert.match(unreadable('*** Begin Patch\n*** Add File: a\n+x'), /no "\*\*\* End Patch"/);
    assert.match(unreadable('*** Begin Patch\n*** Change File: a\n*** End Patch'), /no header of a patch/);
    assert.match(unreadable('*** Begin Patch\n*** Update File: a\n*** End Patch'), /no change below/);
    assert.match(unreadable('*** Begin Patch\n*** End Patch'), /There is no change in the text/);
    assert.match(unreadable('just words'), /no change that can be read.*Begin Patch/);
  });
});

describe('A unified diff', () => {
  it('is made at its lines, whatever its numbers and counts say', async () => {
    const copy = new MemoryCopy({ 'src/a.ts': 'one\ntwo\nthree\n' });
    await patch(
      copy,
      'diff --git a/src/a.ts b/src/a.ts',
      '--- a/src/a.ts',
      '+++ b/src/a.ts',
      '@@ -70,9 +70,9 @@ somewhere',
      ' one',
      '-two',
      '+2',
    );
    assert.equal(copy.text('src/a.ts'), 'one\n2\nthree\n');
  });

  it('tells twins apart by its numbers when they are right, and not when they are wrong', async () => {
    const copy = new MemoryCopy({ a: 'x\ny\nx\n' });
    assert.equal((await patch(copy, '--- a', '+++ a', '@@ -2 +2 @@', '-x', '+z')).detail, '2 matches');
    await patch(copy, '--- a', '+++ a', '@@ -3 +3 @@', '-x', '+z');
    assert.equal(copy.text('a'), 'x\ny\nz\n');
  });

  it('adds, deletes and moves', async () => {
    const copy = new MemoryCopy({ gone: 'x\n', from: 'm\n' });
    await patch(
      copy,
      '--- /dev/null',
      '+++ b/made',
      '@@ -0,0 +1,2 @@',
      '+1',
      '+2',
      '\\ No newline at end of file',
      'diff --git a/from b/to',
      'rename from from',
      'rename to to',
      '--- a/gone',
      '+++ /dev/null',
      '@@ -1 +0,0 @@',
      '-x',
    );
    assert.deepEqual(texts(copy), { made: '1\n2', to: 'm\n' });
  });

  it('says with its mark whether the file ends with a line end', async () => {
    const copy = new MemoryCopy({ a: 'x\ny' });
    await patch(copy, '--- a', '+++ a', '@@ -1,2 +1,2 @@', ' x', '-y', '\\ No newline at end of file', '+z');
    assert.equal(copy.text('a'), 'x\nz\n');
    await patch(copy, '--- a', '+++ a', '@@ -1,2 +1,2 @@', ' x', '-z', '+w', '\\ No newline at end of file');
    assert.equal(copy.text('a'), 'x\nw');
  });
});

describe('SEARCH/REPLACE blocks', () => {
  it('are made one after another in the files named in front', async () => {
    const copy = new MemoryCopy({ 'src/a.ts': 'one\ntwo\n', 'b.md': 'x\n' });
    await patch(
      copy,
      'Here is the change.',
      '`src/a.ts`:',
      '```ts',
      '<<<<<<< SEARCH',
      'one',
      '=======',
      '1',
      '>>>>>>> REPLACE',
      '<<<<<<< SEARCH',
      '1',
      'two',
      '=======',
      '>>>>>>> REPLACE',
      '```',
      'b.md',
      '<<<<<<< SEARCH',
      'x',
      '=======',
      'y',
      'z',
      '>>>>>>> REPLACE',
    );
    assert.deepEqual(texts(copy), { 'src/a.ts': '', 'b.md': 'y\nz\n' });
  });

  it('make a file that is not there when there is nothing to search for', async () => {
    const copy = new MemoryCopy({ there: 'x\n' });
    await patch(copy, 'made', '<<<<<<< SEARCH', '=======', 'one', '>>>>>>> REPLACE');
    assert.equal(copy.text('made'), 'one\n');
    assert.equal(
      (await patch(copy, 'there', '<<<<<<< SEARCH', '=======', 'one', '>>>>>>> REPLACE')).detail,
      'empty oldText',
    );
  });

  it('are refused when a mark is missing or misspelled', () => {
    const marks = ['<<<<<<< SEARCH', 'x', '=======', 'y', '>>>>>>> REPLACE'];
    assert.match(unreadable(marks.join('\n')), /does not say which file/);
    assert.match(unreadable(['a', ...marks.filter((line) => line !== '=======')].join('\n')), /no "======="/);
    assert.match(unreadable(['a', ...marks.slice(1)].join('\n')), /out of place/);
    assert.match(unreadable(['a', ...marks.slice(0, 4), ...marks].join('\n')), /no ">>>>>>> REPLACE"/);
    assert.match(
      unreadable(['a', '<<<<<<< SEARCH', 'x', '=======', 'y', '=======', 'z', '>>>>>>> REPLACE'].join('\n')),
      /several lines/,
    );
  });
});

describe('edit_file', () => {
  it('reads a diff or blocks for its path, and the names other tools give the arguments', async () => {
    const copy = new MemoryCopy({ a: 'x\n' });
    await use(copy, 'edit_file', { path: 'a', edits: '--- other\n+++ other\n@@ -1 +1 @@\n-x\n+y\n' });
    assert.equal(copy.text('a'), 'y\n');
    await use(copy, 'edit_file', { path: 'a', newText: '<<<<<<< SEARCH\ny\n=======\nz\n>>>>>>> REPLACE' });
    assert.equal(copy.text('a'), 'z\n');
    await use(copy, 'edit_file', { file_path: 'a', old_string: 'z', new_string: 'w' });
    assert.equal(copy.text('a'), 'w\n');
  });

  it('tells the model in what its text differed from the file', async () => {
    const copy = new MemoryCopy({ a: '    x\n' });
    const { content } = await use(copy, 'edit_file', { path: 'a', oldText: '  x\n', newText: '  y\n' });
    assert.equal(copy.text('a'), '    y\n');
    assert.equal(content, 'Edited a (+1 −1).');
    const { content: told } = await use(copy, 'edit_file', { path: 'a', oldText: '\ty', newText: '\tz' });
    assert.equal(told, 'Edited a (+1 −1). The old text was found but for other indentation.');
  });
});
