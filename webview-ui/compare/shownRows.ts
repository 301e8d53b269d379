import type { CandidateId } from '../../src/core/domain.ts';
import type { FileCell, FileRow, FilesState } from '../../src/protocol/comparePanel.ts';

/** What rows are left out by. */
export interface RowFilter {
  readonly filter: string;
  readonly onlyDifferences: boolean;
}

/** Where the cells of `ids` are in a row; -1 where a candidate has none yet. */
export function cellIndexes(files: FilesState, ids: readonly CandidateId[]): readonly number[] {
  return ids.map((id) => files.columns.indexOf(id));
}

/** The rows that some of the shown candidates touched and that are asked for. */
export function shownRows(files: FilesState, indexes: readonly number[], filter: RowFilter): readonly FileRow[] {
  const words = filter.filter.toLowerCase().split(/\s+/).filter(Boolean);
  return files.rows.filter((row) => {
    if (filter.onlyDifferences && row.isAgreed) return false;
    if (!indexes.some((index) => row.cells[index])) return false;
    const path = row.path.toLowerCase();
    return words.every((word) => path.includes(word));
  });
}

/** A cell in the order of the shown columns. */
export interface ShownCell {
  readonly cell: FileCell;
  /** The shown column further left that has exactly the same. */
  readonly sameAs?: number;
}

/**
 * A row's cells in the shown order; null where a candidate left the file alone. What is the same as another is told by the first of them
 * that is shown, as the one that the host names may be hidden or further right.
 */
export function shownCells(row: FileRow, indexes: readonly number[]): readonly (ShownCell | null)[] {
  const first = new Map<number, number>();
  return indexes.map((index, position) => {
    const cell = row.cells[index];
    if (!cell) return null;
    const group = cell.sameAs ?? index;
    const sameAs = first.get(group);
    if (sameAs !== undefined) return { cell, sameAs };
    first.set(group, position);
    return { cell };
  });
}
