import type { JSX } from 'preact';
import { useCallback } from 'preact/hooks';
import type { FileRow } from '../../src/protocol/comparePanel.ts';
import { CandidateDot } from '../shared/candidateDot.tsx';
import { usePanel } from './panelContext.ts';
import { PathText } from './pathText.tsx';
import { type RailButton, RailList } from './railList.tsx';
import type { TableColumn } from './tableRow.tsx';

/** The files as a list, with a dot for each candidate that touched one. */
export function RailFiles(props: {
  readonly rows: readonly FileRow[];
  readonly columns: readonly TableColumn[];
  readonly indexes: readonly number[];
  readonly onClose: () => void;
}): JSX.Element {
  const { rows, columns, indexes, onClose } = props;
  const panel = usePanel();
  const keyOf = useCallback((index: number) => rows[index]?.id ?? '', [rows]);
  const row = useCallback(
    (index: number, button: RailButton) => {
      const file = rows[index];
      if (!file) return undefined;
      return (
        <button
          type="button"
          {...button}
          class="rail-row rail-file"
          title={file.path}
          data-testid="rail-file"
          data-path={file.path}
          onClick={() => {
            panel.openFile(file.id);
            onClose();
          }}
        >
          <span class="path">
            <PathText path={file.path} />
          </span>
          <TouchedBy row={file} columns={columns} indexes={indexes} />
        </button>
      );
    },
    [rows, columns, indexes, panel, onClose],
  );
  return (
    <RailList
      class="rail-files"
      labelledBy="files-heading"
      count={rows.length}
      selected={rows.findIndex(({ id }) => id === panel.view.fileId)}
      keyOf={keyOf}
      row={row}
    />
  );
}

function TouchedBy(props: {
  readonly row: FileRow;
  readonly columns: readonly TableColumn[];
  readonly indexes: readonly number[];
}): JSX.Element {
  const { row, columns, indexes } = props;
  const touched = columns.map((_, position) => Boolean(row.cells[indexes[position] ?? -1]));
  const labels = columns.filter((_, position) => touched[position]).map(({ label }) => label);
  return (
    <>
      <span class="hidden-text">
        , changed by {labels.join(', ')}
        {row.isAgreed ? '' : ', they differ'}
      </span>
      <span class="dots" aria-hidden="true">
        {columns.map(({ id, className }, position) => (
          <span key={id} class={touched[position] ? className : `untouched ${className}`}>
            <CandidateDot />
          </span>
        ))}
      </span>
    </>
  );
}
