import assert from 'node:assert/strict';
import fc from 'fast-check';
import { alignLines } from '../../../webview-ui/compare/aligned/alignLines.ts';
import { pairLines } from '../../../webview-ui/compare/aligned/pairing.ts';
import { layOutRegion } from '../../../webview-ui/compare/aligned/regionRows.ts';

const lines = fc.array(fc.constantFrom('a\n', 'b\n', 'c = 1\n', 'c = 2\n', '\n'), { maxLength: 12 });
const range = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('laying out a region', () => {
  it('has each line of the reference and of every text exactly once, in order', () => {
    fc.assert(
      fc.property(lines, fc.array(lines, { maxLength: 4 }), fc.boolean(), (reference, texts, isPaired) => {
        const { rows } = layOutRegion(reference, texts, isPaired);
        const shown = (indexes: readonly number[]) => indexes.filter((index) => index >= 0);
        assert.deepEqual(shown(rows.map((row) => row.reference)), range(reference.length));
        for (const [index, text] of texts.entries()) {
          assert.deepEqual(shown(rows.map((row) => row.lines[index] ?? -1)), range(text.length));
        }
        for (const row of rows)
          assert.ok(
            [row.reference, ...row.lines].some((line) => line >= 0),
            'an empty row',
          );
      }),
    );
  });

  it('has lines that are the reference’s own in its row, and in unpaired layouts nothing else there', () => {
    fc.assert(
      fc.property(
        lines,
        fc.array(lines, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (reference, texts, isPaired) => {
          const { rows, alignments } = layOutRegion(reference, texts, isPaired);
          for (const row of rows) {
            for (const [index, line] of row.lines.entries()) {
              if (line < 0) continue;
              const isKept = alignments[index]?.isKept[line];
              if (isKept) assert.equal(texts[index]?.[line], reference[row.reference]);
              if (!isPaired) assert.equal(row.reference >= 0, isKept);
            }
          }
        },
      ),
    );
  });

  it('keeps all lines of a text that is the reference', () => {
    fc.assert(
      fc.property(lines, (reference) => {
        const { isKept, pairs } = alignLines(reference, reference, true);
        assert.ok(isKept.every(Boolean));
        assert.deepEqual(pairs, range(reference.length));
      }),
    );
  });

  it('puts lines that several texts put in at one place beside each other', () => {
    const { rows } = layOutRegion(['x\n'], [['x\n', 'one\n', 'two\n'], ['x\n', 'two\n'], ['x\n']], true);
    assert.deepEqual(rows, [
      { reference: 0, lines: [0, 0, 0] },
      { reference: -1, lines: [1, -1, -1] },
      { reference: -1, lines: [2, 1, -1] },
    ]);
  });

  it('puts what replaces lines beside them where they are paired, and below them where not', () => {
    assert.deepEqual(layOutRegion(['old\n'], [['new\n']], true).rows, [{ reference: 0, lines: [0] }]);
    assert.deepEqual(layOutRegion(['old\n'], [['new\n']], false).rows, [
      { reference: 0, lines: [-1] },
      { reference: -1, lines: [0] },
    ]);
  });

  it('takes long texts that have nothing in common for replaced from end to end', () => {
    const many = (word: string) => range(20_000).map((index) => `${word} ${index}\n`);
    assert.equal(layOutRegion(many('before'), [many('after')], true).rows.length, 20_000);
  });
});

describe('pairing lines', () => {
  it('pairs lines that are alike', () => {
    assert.deepEqual(
      pairLines(['const total = sum(list)'], ['// adds all of them', 'const total = sumOf(list)']),
      [-1, 0],
    );
  });

  it('pairs from the top what is not alike', () => {
    assert.deepEqual(pairLines(['a b c'], ['x', 'y']), [0, -1]);
  });

  it('pairs in order, and each line once', () => {
    fc.assert(
      fc.property(lines, lines, (removed, added) => {
        const pairs = pairLines(removed, added).filter((pair) => pair >= 0);
        assert.deepEqual(
          pairs,
          [...new Set(pairs)].sort((a, b) => a - b),
        );
      }),
    );
  });
});
