import assert from 'node:assert/strict';
import fc from 'fast-check';
import { takeFile } from '../../../src/core/compare/compose.ts';
import { composedText, editText, linesOfText } from '../../../src/core/compare/handEdit.ts';
import type { ComparedFile, LineEdit } from '../../../src/core/comparison.ts';
import { compare, filesOf, versions } from './candidates.ts';

describe('what a person typed', () => {
  it('is exactly what the composed file has then', () => {
    fc.assert(
      fc.property(versions(fc.constant(2)), ({ base, candidates }) => {
        const typed = candidates[1] ?? {};
        for (const file of compare({ base, candidates }).files) {
          const text = typed[file.key] ?? '';
          const edited = editText(file, takeFile(file, 0), { base: base[file.key] ?? '', typed: text });
          const files = filesOf(base, edited ? [edited] : []);
          assert.equal(files[file.key], text);
          assert.equal(edited === undefined, text === base[file.key]);
          if (edited?.result.type === 'lines') assertOrdered(edited.result.edits);
        }
      }),
    );
  });

  it('leaves earlier edits as they were where nothing was typed', () => {
    const base = linesUpTo(30);
    const taken = base.replace('line 5\n', 'five\n').replace('line 20\n', '').replace('line 28\n', 'x\ny\n');
    const file = fileOf(base, taken);
    const before = takeFile(file, 0);
    const edited = editText(file, before, {
      base,
      typed: taken.replace('line 12\n', 'twelve\n').replace('x\n', 'X\n'),
    });
    assert.deepEqual(editsOf(edited), [
      { start: 4, removed: ['line 5\n'], added: ['five\n'] },
      { start: 11, removed: ['line 12\n'], added: ['twelve\n'] },
      { start: 19, removed: ['line 20\n'], added: [] },
      { start: 27, removed: ['line 28\n'], added: ['X\n', 'y\n'] },
    ]);
  });

  it('takes an edit back where the base is typed again', () => {
    const base = linesUpTo(9);
    const taken = base.replace('line 2\n', 'two\n').replace('line 8\n', 'eight\n');
    const file = fileOf(base, taken);
    const edited = editText(file, takeFile(file, 0), { base, typed: base.replace('line 8\n', 'eight\n') });
    assert.deepEqual(editsOf(edited), [{ start: 7, removed: ['line 8\n'], added: ['eight\n'] }]);
    assert.equal(editText(file, takeFile(file, 0), { base, typed: base }), undefined);
  });

  it('is one edit where a long file was rewritten', () => {
    const base = linesUpTo(3000);
    const typed = `line 1\n${Array.from({ length: 3000 }, (_value, index) => `new ${index}\n`).join('')}line 3000\n`;
    const edits = editsOf(editText(fileOf(base, `${base}end\n`), undefined, { base, typed }));
    assert.equal(edits.length, 1);
    assert.equal(composedText(base, edits), typed);
  });

  it('is never put into another text than the one it was made of', () => {
    const edit = { start: 1, removed: ['b\n'], added: ['x\n'] };
    assert.equal(composedText('a\nb\nc', [edit]), 'a\nx\nc');
    for (const base of ['a\nc\n', 'a\n', '', 'a\nb']) {
      assert.throws(() => composedText(base, [edit]), /is not in the file/);
    }
    assert.throws(() => composedText('a\nbc\n', [{ start: 1, removed: ['b'], added: [] }]), /is not in the file/);
    assert.throws(() => composedText('a\n', [{ start: 2, removed: [], added: ['b\n'] }]), /is not in the file/);
  });

  it('has lines that only a line feed ends', () => {
    assert.deepEqual(linesOfText('a\rb\r\n\nc'), ['a\rb\r\n', '\n', 'c']);
    assert.deepEqual(linesOfText(''), []);
  });
});

function assertOrdered(edits: readonly LineEdit[]): void {
  let end = -1;
  for (const { start, removed } of edits) {
    assert.ok(start > end);
    end = start + removed.length;
  }
}

function fileOf(base: string, after: string): ComparedFile {
  const [file] = compare({ base: { 'a.ts': base }, candidates: [{ 'a.ts': after }] }).files;
  assert.ok(file);
  return file;
}

function editsOf(composed: ReturnType<typeof editText>): readonly LineEdit[] {
  assert.ok(composed?.result.type === 'lines');
  return composed.result.edits;
}

function linesUpTo(count: number): string {
  return Array.from({ length: count }, (_value, index) => `line ${index + 1}\n`).join('');
}
