import type { JSX } from 'preact';
import type { CandidateId, PatchSecret } from '../../src/core/domain.ts';
import type { FileRow } from '../../src/protocol/comparePanel.ts';
import { secretsInFile } from '../shared/secretTexts.ts';
import type { CandidateMark } from './compareContext.ts';
import { FileCellContent } from './fileCell.tsx';
import { PathText } from './pathText.tsx';
import { type ShownCell, shownCells } from './shownRows.ts';

/** A candidate as the table needs it. */
export interface TableColumn extends CandidateMark {
  readonly id: CandidateId;
  readonly secretsInPatch: readonly PatchSecret[];
}

interface RowProps {
  readonly file: FileRow;
  readonly index: number;
  /** Where the row is in the table, in pixels. */
  readonly top: number;
  readonly columns: readonly TableColumn[];
  readonly indexes: readonly number[];
  /** The column that can be reached with Tab; -1 for none. */
  readonly focusColumn: number;
  readonly onFocus: (column: number) => void;
  readonly onOpen: () => void;
  readonly onDiff: (id: CandidateId) => void;
}

/** A file of the table. */
export function TableRow(props: RowProps): JSX.Element {
  const { file, index, columns, focusColumn } = props;
  const cells = shownCells(file, props.indexes);
  return (
    <tr
      class={`file ${file.isAgreed ? 'agreed' : ''}`}
      aria-rowindex={index + 1}
      style={{ top: `${props.top}px` }}
      data-testid="file-row"
      data-path={file.path}
    >
      <th class="file-name" scope="row">
        <button
          type="button"
          class="cell-button"
          tabIndex={focusColumn === 0 ? 0 : -1}
          title={file.path}
          data-testid="file-name"
          data-place={`${index} 0`}
          onFocus={() => props.onFocus(0)}
          onClick={props.onOpen}
        >
          <PathText path={file.path} />
        </button>
      </th>
      {columns.map((column, position) => (
        <Cell key={column.id} {...props} column={column} position={position} shown={cells[position] ?? null} />
      ))}
    </tr>
  );
}

function Cell(
  props: RowProps & { readonly column: TableColumn; readonly position: number; readonly shown: ShownCell | null },
): JSX.Element {
  const { file, column, position, shown, columns } = props;
  const { sameAs } = shown ?? {};
  return (
    <td class={`file-cell ${column.className}`} data-testid="file-cell" data-candidate-id={column.id}>
      <button
        type="button"
        class={`cell-button number ${shown ? '' : 'untouched'}`}
        tabIndex={props.focusColumn === position + 1 ? 0 : -1}
        title={shown?.cell.from === undefined ? undefined : `renamed from ${shown.cell.from}`}
        data-place={`${props.index} ${position + 1}`}
        onFocus={() => props.onFocus(position + 1)}
        onClick={props.onOpen}
      >
        <span class="hidden-text">{column.label}: </span>
        <FileCellContent
          shown={shown}
          secrets={secretsInFile(column, file.path)}
          same={sameAs === undefined ? undefined : columns[sameAs]}
        />
      </button>
      {shown && (
        <button
          type="button"
          class="icon-button open-diff codicon codicon-diff"
          tabIndex={-1}
          aria-label={`Open ${file.path} of ${column.label} in the Diff Editor`}
          title="Open in the Diff Editor (Ctrl+Enter)"
          data-testid="open-diff"
          onClick={() => props.onDiff(column.id)}
        />
      )}
    </td>
  );
}
