import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { CandidateId } from '../../src/core/domain.ts';
import type { FileId, FileRow } from '../../src/protocol/comparePanel.ts';
import { ask } from '../host.ts';
import { useCompareHost } from './compareContext.ts';
import { type GridPlace, moveInGrid } from './gridMove.ts';
import { usePanel } from './panelContext.ts';
import { type TableColumn, TableRow } from './tableRow.tsx';
import { useDrawnRows } from './useDrawnRows.ts';
import { useRowsInView } from './useRowsInView.ts';

/** In pixels; table.css has the same. */
const rowHeight = 24;

/** Files × candidates. A name or a cell opens the aligned view; a cell's button opens VS Code's own diff editor. */
export function FilesTable(props: {
  readonly rows: readonly FileRow[];
  readonly columns: readonly TableColumn[];
  /** Where the columns' cells are in a row. */
  readonly indexes: readonly number[];
  readonly scroller: HTMLElement;
  readonly headsHeight: number;
  /** The file that was just left; it gets the focus. */
  readonly leftFile: FileId | undefined;
}): JSX.Element {
  const { rows, columns, indexes, scroller, headsHeight, leftFile } = props;
  const host = useCompareHost();
  const panel = usePanel();
  const list = useRef<HTMLTableSectionElement>(null);
  const leftRow = rows.findIndex(({ id }) => id === leftFile);
  const wantsFocus = useRef(false);
  const [place, setPlace] = useState<GridPlace>({ row: Math.max(0, leftRow), column: 0 });
  const size = { rows: rows.length, columns: columns.length + 1 };
  const row = Math.min(place.row, size.rows - 1);
  const column = Math.min(place.column, size.columns - 1);
  // Beside the rows there are the panel's head and those of the columns.
  const expected = window.innerHeight * 0.7;
  const shown = useRowsInView({
    scroller,
    list,
    count: rows.length,
    rowHeight,
    covered: headsHeight,
    kept: row,
    expected,
  });

  useLayoutEffect(() => {
    // The view of the file that was just left had the focus; the table takes it over, but from nothing else.
    const { activeElement } = document;
    wantsFocus.current = leftRow >= 0 && (activeElement === document.body || activeElement === scroller);
  }, []);
  useLayoutEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    const button = list.current?.querySelector<HTMLElement>(`[data-place="${row} ${column}"]`);
    button?.focus({ preventScroll: true });
    button?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  });

  const openDiff = (id: CandidateId, fileId: FileId) => ask(host.openDiff({ left: 'base', right: id, fileId }));
  const onKeyDown = (event: KeyboardEvent) => {
    const file = rows[row];
    const candidate = columns[column - 1];
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && file && candidate) {
      event.preventDefault();
      if (file.cells[indexes[column - 1] ?? -1]) openDiff(candidate.id, file.id);
      return;
    }
    const next = moveInGrid({ row, column }, event.key, size);
    if (!next || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    wantsFocus.current = true;
    setPlace(next);
  };

  const drawn = useDrawnRows([rows, columns, indexes]);
  const body = shown.map((index) => {
    const file = rows[index];
    const focusColumn = index === row ? column : -1;
    return (
      file &&
      drawn(`${file.id} ${focusColumn}`, () => (
        <TableRow
          key={file.id}
          file={file}
          index={index}
          top={index * rowHeight}
          columns={columns}
          indexes={indexes}
          focusColumn={focusColumn}
          onFocus={(focused) => setPlace({ row: index, column: focused })}
          onOpen={() => panel.openFile(file.id)}
          onDiff={(id) => openDiff(id, file.id)}
        />
      ))
    );
  });

  return (
    <table
      class="files"
      aria-label="Changed files by candidate"
      aria-rowcount={rows.length}
      aria-colcount={columns.length + 1}
      data-testid="files-table"
    >
      {/* Rows are as wide as the stage says: only those in view are there, and could not size the columns of all. */}
      <tbody ref={list} style={{ height: `${rows.length * rowHeight}px` }} onKeyDown={onKeyDown}>
        {body}
      </tbody>
    </table>
  );
}
