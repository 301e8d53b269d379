import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hiddenRanges } from '../../../webview-ui/compare/aligned/folds.ts';
import { keyAction, regionKeyList } from '../../../webview-ui/compare/aligned/keys.ts';
import { Offsets } from '../../../webview-ui/compare/aligned/offsets.ts';
import { segmentsOf } from '../../../webview-ui/compare/aligned/segments.ts';
import { endingNote, linesOf, shownText } from '../../../webview-ui/compare/aligned/textLines.ts';
import { WordMarker } from '../../../webview-ui/compare/aligned/wordMarks.ts';

describe('the heights of rows', () => {
  it('find the row at each height', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), fc.nat(), (heights, seed) => {
        const offsets = new Offsets(heights.length, (index) => heights[index] ?? 0);
        const height = seed % offsets.total;
        const index = offsets.indexAt(height);
        assert.ok(offsets.startOf(index) <= height && height < offsets.startOf(index + 1));
      }),
    );
  });

  it('stop at the first and last row', () => {
    const offsets = new Offsets(3, () => 10);
    assert.equal(offsets.indexAt(-5), 0);
    assert.equal(offsets.indexAt(500), 2);
    assert.equal(new Offsets(0, () => 10).indexAt(0), -1);
  });
});

describe('unchanged lines', () => {
  const stretch = { from: 10, to: 60, isFirst: false, isLast: false };

  it('are hidden but for those beside a change', () => {
    assert.deepEqual(hiddenRanges(stretch, []), [{ from: 13, to: 57 }]);
    assert.deepEqual(hiddenRanges({ ...stretch, isFirst: true }, []), [{ from: 10, to: 57 }]);
    assert.deepEqual(hiddenRanges({ ...stretch, to: 18 }, []), []);
  });

  it('come back as they are revealed, at an end or in the middle', () => {
    assert.deepEqual(hiddenRanges(stretch, [{ from: 13, to: 33 }]), [{ from: 33, to: 57 }]);
    assert.deepEqual(hiddenRanges(stretch, [{ from: 30, to: 40 }]), [
      { from: 13, to: 30 },
      { from: 40, to: 57 },
    ]);
    assert.deepEqual(hiddenRanges(stretch, [{ from: 100, to: 140 }]), [{ from: 13, to: 57 }]);
    assert.deepEqual(hiddenRanges(stretch, [{ from: 0, to: 100 }]), []);
  });
});

describe('a line', () => {
  it('keeps its own ending', () => {
    assert.deepEqual(linesOf('a\r\nb\n\nc'), ['a\r\n', 'b\n', '\n', 'c']);
    assert.deepEqual(linesOf(''), []);
    assert.deepEqual(linesOf('a\r\nb\n\nc').map(shownText), ['a', 'b', '', 'c']);
  });

  it('says how it ends where nothing else differs', () => {
    assert.equal(endingNote('a\r\n', 'a\n'), 'ends in CRLF');
    assert.equal(endingNote('a\n', 'a\r\n'), 'ends in LF');
    assert.equal(endingNote('a', 'a\n'), 'no line ending');
    assert.equal(endingNote('a\n', 'b'), undefined);
  });

  it('is cut into pieces that make up the whole', () => {
    const ends = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), ends, ends, (text, starts, bounds) => {
        const order = (list: readonly number[]) => [...new Set(list)].sort((a, b) => a - b);
        const tokens = Uint32Array.from(
          [0, ...order(starts).filter(Boolean)].flatMap((start, index) => [start, index]),
        );
        const edges = order(bounds);
        const marks = edges.flatMap((from, index) =>
          index % 2 === 0 && edges[index + 1] !== undefined ? [{ from, to: edges[index + 1] ?? 0 }] : [],
        );
        const segments = segmentsOf(text, tokens, marks);
        assert.equal(segments.map((segment) => segment.text).join(''), text);
        let at = 0;
        for (const segment of segments) {
          assert.equal(
            segment.isMarked,
            marks.some(({ from, to }) => from <= at && at < to),
          );
          at += segment.text.length;
        }
      }),
    );
  });

  it('has its changed words marked', () => {
    const { removed, added } = new WordMarker().compare('return send(first)', 'return send(second)');
    assert.deepEqual([removed, added], [[{ from: 12, to: 17 }], [{ from: 12, to: 18 }]]);
  });

  it('has no marks where it is another line altogether', () => {
    assert.deepEqual(new WordMarker().compare('const a = 1', 'throw new Problem(text)'), { removed: [], added: [] });
  });
});

describe('keys in a region', () => {
  it('take a version, or the base’s', () => {
    assert.deepEqual(keyAction('1'), { type: 'take', column: 0 });
    assert.deepEqual(keyAction('9'), { type: 'take', column: 8 });
    assert.deepEqual(keyAction('0'), { type: 'keep-base' });
  });

  it('are all listed for people', () => {
    const names: Readonly<Record<string, string>> = {
      '1–9': '5',
      '↑': 'ArrowUp',
      '↓': 'ArrowDown',
      '←': 'ArrowLeft',
      '→': 'ArrowRight',
    };
    const listed = regionKeyList.flatMap(({ keys }) => keys);
    for (const key of listed) assert.ok(keyAction(names[key] ?? key), key);
    assert.equal(listed.length, 8);
  });

  it('leave those of the panel alone', () => {
    for (const key of ['n', 'p', 'f', 'b', 'd', 'u', 'c', '[', ']', '?', 'Escape', 'Tab', ' ']) {
      assert.equal(keyAction(key), undefined);
    }
  });
});
