import assert from 'node:assert/strict';
import { moveInGrid } from '../../../webview-ui/compare/gridMove.ts';

const size = { rows: 3, columns: 4 };
const move = (row: number, column: number, key: string) => moveInGrid({ row, column }, key, size);

describe('moving in the files table', () => {
  it('moves one step with the arrow keys', () => {
    assert.deepEqual(move(1, 1, 'ArrowUp'), { row: 0, column: 1 });
    assert.deepEqual(move(1, 1, 'ArrowDown'), { row: 2, column: 1 });
    assert.deepEqual(move(1, 1, 'ArrowLeft'), { row: 1, column: 0 });
    assert.deepEqual(move(1, 1, 'ArrowRight'), { row: 1, column: 2 });
  });

  it('stops at the edges', () => {
    assert.deepEqual(move(0, 0, 'ArrowUp'), { row: 0, column: 0 });
    assert.deepEqual(move(2, 3, 'ArrowDown'), { row: 2, column: 3 });
    assert.deepEqual(move(0, 0, 'ArrowLeft'), { row: 0, column: 0 });
    assert.deepEqual(move(2, 3, 'ArrowRight'), { row: 2, column: 3 });
  });

  it('jumps along the row and the column', () => {
    assert.deepEqual(move(1, 2, 'Home'), { row: 1, column: 0 });
    assert.deepEqual(move(1, 2, 'End'), { row: 1, column: 3 });
    assert.deepEqual(move(1, 2, 'PageUp'), { row: 0, column: 2 });
    assert.deepEqual(move(1, 2, 'PageDown'), { row: 2, column: 2 });
  });

  it('leaves other keys alone', () => {
    assert.equal(move(1, 1, 'Enter'), undefined);
    assert.equal(move(1, 1, 'a'), undefined);
  });
});
