import assert from 'node:assert/strict';
import { diffFile } from '../../../src/core/compare/diffRows.ts';

describe('the diff of a file', () => {
  it('numbers the lines of both sides and folds what is unchanged', () => {
    const base = lines(1, 20);
    const after = base.replace('line 10\n', 'line ten\nline ten and a half\n');
    assert.deepEqual(diffFile(bytes(base), bytes(after)), {
      type: 'diff',
      rows: [
        { type: 'fold', lines: 6 },
        { type: 'context', oldLine: 7, newLine: 7, text: 'line 7' },
        { type: 'context', oldLine: 8, newLine: 8, text: 'line 8' },
        { type: 'context', oldLine: 9, newLine: 9, text: 'line 9' },
        { type: 'removed', oldLine: 10, text: 'line 10' },
        { type: 'added', newLine: 10, text: 'line ten' },
        { type: 'added', newLine: 11, text: 'line ten and a half' },
        { type: 'context', oldLine: 11, newLine: 12, text: 'line 11' },
        { type: 'context', oldLine: 12, newLine: 13, text: 'line 12' },
        { type: 'context', oldLine: 13, newLine: 14, text: 'line 13' },
        { type: 'fold', lines: 7 },
      ],
    });
  });

  it('shows an added file and a deleted file whole', () => {
    const added = [{ type: 'added', newLine: 1, text: 'one' }] as const;
    assert.deepEqual(diffFile(undefined, bytes('one\n')), { type: 'diff', rows: added });
    const removed = [{ type: 'removed', oldLine: 1, text: 'one' }] as const;
    assert.deepEqual(diffFile(bytes('one\n'), undefined), { type: 'diff', rows: removed });
  });

  it('counts every base line once, as context, removed or folded', () => {
    for (let round = 0; round < 50; round++) {
      const base = lines(1, 40 + round);
      const after = base
        .split('\n')
        .filter((_line, index) => (index * 7 + round) % 11 !== 0)
        .map((line, index) => ((index * 5 + round) % 13 === 0 ? `${line}!` : line))
        .join('\n');
      const diff = diffFile(bytes(base), bytes(after));
      assert.ok(diff.type === 'diff');
      const seen = diff.rows.reduce((sum, row) => {
        if (row.type === 'fold') return sum + row.lines;
        return row.type === 'added' ? sum : sum + 1;
      }, 0);
      assert.equal(seen, 40 + round);
    }
  });

  it('says that a file is binary', () => {
    assert.deepEqual(diffFile(bytes('a\0b'), bytes('text\n')), { type: 'binary' });
  });

  it('leaves a rewritten long file to the editor', () => {
    const diff = diffFile(bytes(lines(1, 6000)), bytes(lines(10_001, 16_000)));
    assert.deepEqual(diff, { type: 'too-large', lines: 6000 });
  });
});

function lines(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_value, index) => `line ${from + index}\n`).join('');
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text);
}
