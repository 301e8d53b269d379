import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  breakLine,
  cutLine,
  maxShownLength,
  rowsOfLine,
  visibleText,
} from '../../../webview-ui/compare/aligned/lineBreaks.ts';
import { segmentsOf, segmentsOfRows } from '../../../webview-ui/compare/aligned/segments.ts';

const rowTexts = (text: string, columns: number) =>
  breakLine(text, columns).map(({ from, to, indent }) => ' '.repeat(indent) + text.slice(from, to));

describe('breaking a line', () => {
  it('leaves one that fits as it is', () => {
    assert.deepEqual(rowTexts('', 10), ['']);
    assert.deepEqual(rowTexts('x'.repeat(10), 10), ['x'.repeat(10)]);
  });

  it('breaks after a space, and after punctuation where there is no space near', () => {
    assert.deepEqual(rowTexts('  return send(endpoint)', 14), ['  return ', '    send(', '    endpoint)']);
    assert.deepEqual(rowTexts('one(two.three.fourAndMore', 17), ['one(two.three.', '  fourAndMore']);
  });

  it('keeps an operator whole', () => {
    assert.deepEqual(rowTexts('aaaaaa !== bbbbbb', 9), ['aaaaaa ', '  !== ', '  bbbbbb']);
    assert.deepEqual(rowTexts('aaaaaaaa!==bbbbbb', 10), ['aaaaaaaa!=', '  =bbbbbb']);
    assert.deepEqual(rowTexts('aaaaaaaa!==bbbbbb', 12), ['aaaaaaaa!==', '  bbbbbb']);
  });

  it('breaks where the row is full when nothing else offers itself', () => {
    assert.deepEqual(rowTexts('x'.repeat(25), 10), ['x'.repeat(10), `  ${'x'.repeat(8)}`, `  ${'x'.repeat(7)}`]);
  });

  it('lets a single space end a full row', () => {
    assert.deepEqual(rowTexts('abcdefghij klm', 10), ['abcdefghij ', '  klm']);
  });

  it('goes on below its own indentation, as far as there is room for that', () => {
    assert.equal(breakLine(`\t${'x'.repeat(30)}`, 20)[1]?.indent, 6);
    assert.equal(breakLine(`${' '.repeat(18)}${'x'.repeat(30)}`, 20)[1]?.indent, 8);
  });

  it('counts tabs and wide characters as what they take', () => {
    assert.equal(rowsOfLine('\t\tabc', 10), 2);
    assert.equal(rowsOfLine('漢字漢字漢', 10), 1);
    assert.equal(rowsOfLine('漢字漢字漢字', 10), 2);
    assert.equal(rowsOfLine('привет мир', 10), 1);
  });

  it('does not part what is one character', () => {
    for (const character of ['e\u0301', '👩‍👩‍👧‍👦', '👍🏽', 'न\u093f', '❤\ufe0f']) {
      const text = `${character}${character}${character}${character}${character}${character}`;
      for (const { from } of breakLine(text, 8)) assert.equal(from % character.length, 0, `${character} at ${from}`);
    }
  });

  it('loses nothing, and fills no row further than it goes', () => {
    const unit = fc.constantFrom(...'ab (.,\t漢👍é');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 80 }), fc.integer({ min: 8, max: 30 }), (text, columns) => {
        const rows = breakLine(text, columns);
        assert.equal(rows.map(({ from, to }) => text.slice(from, to)).join(''), text);
        for (const { from, to, indent } of rows) {
          assert.ok(to > from || text === '');
          const shown = text.slice(from, to).replace(/ $/, '');
          assert.ok(indent + [...shown].filter((one) => one !== '\t').length <= columns);
        }
      }),
    );
  });

  it('shows no more of a line than anybody reads, and says so in a row', () => {
    assert.equal(rowsOfLine('x'.repeat(maxShownLength + 1), maxShownLength), 2);
    assert.deepEqual(cutLine(`${'x'.repeat(maxShownLength - 1)}👍`), { text: 'x'.repeat(maxShownLength - 1), left: 2 });
  });
});

describe('the pieces of a line', () => {
  it('are cut where its rows end', () => {
    const segments = segmentsOf('const value', Uint32Array.from([0, 1, 5, 0, 6, 2]), [{ from: 3, to: 8 }]);
    const rows = segmentsOfRows(segments, [4, 7, 11]).map((row) => row.map(({ text }) => text));
    assert.deepEqual(rows, [
      ['con', 's'],
      ['t', ' ', 'v'],
      ['a', 'lue'],
    ]);
  });

  it('make up its rows', () => {
    const cuts = fc.array(fc.nat({ max: 20 }), { maxLength: 4 });
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 20 }), cuts, cuts, (text, tokenCuts, rowCuts) => {
        const order = (list: readonly number[]) => [...new Set(list)].sort((a, b) => a - b);
        const tokens = Uint32Array.from([0, ...order(tokenCuts).filter(Boolean)].flatMap((start) => [start, start]));
        const ends = [...order(rowCuts).filter((end) => end < text.length), text.length];
        const rows = segmentsOfRows(segmentsOf(text, tokens, []), ends);
        const texts = rows.map((row) => row.map((piece) => piece.text).join(''));
        assert.deepEqual(
          texts,
          ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end)),
        );
      }),
    );
  });
});

describe('text that has no look of its own', () => {
  it('is named', () => {
    assert.equal(visibleText('if (admin\u202e) \u2066// no\r'), 'if (admin[U+202E]) [U+2066]// no\u240d');
    assert.equal(visibleText('a\tb é 漢'), 'a\tb é 漢');
  });

  it('has the room that its name takes', () => {
    assert.equal(rowsOfLine('ab\u202ecd', 12), 1);
    assert.equal(rowsOfLine('abcde\u202ecd', 12), 2);
  });
});
