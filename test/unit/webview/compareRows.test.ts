import assert from 'node:assert/strict';
import type { FileCell, FileRow, FilesState } from '../../../src/protocol/comparePanel.ts';
import { cellIndexes, shownCells, shownRows } from '../../../webview-ui/compare/shownRows.ts';
import { indexesOf, rowsInView } from '../../../webview-ui/compare/virtualRows.ts';

const columns = ['a', 'b', 'c'] as unknown as FilesState['columns'];
const cell = (sameAs?: number): FileCell => ({ kind: 'modified', ...(sameAs !== undefined && { sameAs }) });
const row = (path: string, cells: FileRow['cells'], isAgreed = false): FileRow => ({ id: path, path, cells, isAgreed });
const files = (...rows: FileRow[]): FilesState => ({ columns, rows, places: [], placeCount: 0 });
const all = { filter: '', onlyDifferences: false };

describe('the rows of the compare panel', () => {
  const some = files(
    row('src/Upload.ts', [cell(), cell(), null]),
    row('src/queue.ts', [null, null, cell()]),
    row('test/upload.test.ts', [cell(), cell(0), cell(0)], true),
  );
  const paths = (indexes: readonly number[], filter: Partial<typeof all> = {}) =>
    shownRows(some, indexes, { ...all, ...filter }).map(({ path }) => path);

  it('find the cells of columns by name, whatever their order', () => {
    assert.deepEqual(cellIndexes(some, ['c', 'a', 'new'] as unknown as FilesState['columns']), [2, 0, -1]);
  });

  it('are those that a shown candidate touched', () => {
    assert.deepEqual(paths([0, 1]), ['src/Upload.ts', 'test/upload.test.ts']);
    assert.deepEqual(paths([-1]), []);
  });

  it('are filtered by words of the path and by whether candidates differ', () => {
    assert.deepEqual(paths([0, 1, 2], { filter: 'upload' }), ['src/Upload.ts', 'test/upload.test.ts']);
    assert.deepEqual(paths([0, 1, 2], { filter: ' ts  test/ ' }), ['test/upload.test.ts']);
    assert.deepEqual(paths([0, 1, 2], { onlyDifferences: true }), ['src/Upload.ts', 'src/queue.ts']);
  });

  it('tell what is the same by the first that is shown', () => {
    const cells = row('x', [cell(), cell(0), cell(0)]);
    const same = (indexes: readonly number[]) => shownCells(cells, indexes).map((shown) => shown?.sameAs ?? '-');
    assert.deepEqual(same([0, 1, 2]), ['-', 0, 0]);
    assert.deepEqual(same([2, 0]), ['-', 0], 'sorted the other way round');
    assert.deepEqual(same([1, 2]), ['-', 0], 'the first is hidden');
  });

  it('keep different groups, untouched files and new candidates apart', () => {
    const cells = row('x', [cell(), null, cell()]);
    assert.deepEqual(
      shownCells(cells, [0, 1, 2, -1]).map((shown) => shown && (shown.sameAs ?? 'own')),
      ['own', null, 'own', null],
    );
  });
});

describe('laying out only the rows in view', () => {
  const range = (top: number, count = 500) => rowsInView({ top, height: 240, rowHeight: 24, count });

  it('covers what can be seen, with some around it', () => {
    for (const top of [0, 1, 500, 3333, 500 * 24 - 240]) {
      const { start, end } = range(top);
      assert.ok(start <= top / 24 && end >= Math.min(500, (top + 240) / 24), `${start}–${end} at ${top}`);
      assert.ok(end - start <= 40, `${end - start} rows`);
    }
  });

  it('stays within the list, also when it became shorter or is below the view', () => {
    assert.deepEqual(range(99_999), { start: 500, end: 500 });
    assert.deepEqual(range(-5000).start, 0);
    assert.deepEqual(range(0, 0), { start: 0, end: 0 });
    assert.deepEqual(range(0, 3), { start: 0, end: 3 });
  });

  it('changes nothing for a scroll by less than a step', () => {
    assert.deepEqual(range(24 * 80), range(24 * 80 + 30));
  });

  it('keeps the row with the focus, wherever it is', () => {
    assert.deepEqual(indexesOf({ start: 4, end: 7 }, 5), [4, 5, 6]);
    assert.deepEqual(indexesOf({ start: 4, end: 7 }, 1), [1, 4, 5, 6]);
    assert.deepEqual(indexesOf({ start: 4, end: 7 }, 90), [4, 5, 6, 90]);
    assert.deepEqual(indexesOf({ start: 4, end: 7 }, -1), [4, 5, 6]);
  });
});
