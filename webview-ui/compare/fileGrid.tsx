import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Candidate, CompareState, FileRow } from '../../src/protocol/comparePanel.ts';
import { ask } from '../host.ts';
import { candidateClass } from '../shared/candidateDot.tsx';
import { countText } from '../shared/figures.ts';
import { secretsInFile } from '../shared/secretTexts.ts';
import { useCompareHost } from './compareContext.ts';
import { FileCellContent } from './fileCell.tsx';
import { type GridPlace, moveInGrid } from './gridMove.ts';

/** As many rows as leave room for the diffs below. */
const shownAtFirst = 12;

/** Files × candidates. A name shows the file's diffs below; a cell opens VS Code's own diff editor. */
export function FileGrid(props: { readonly state: CompareState }): JSX.Element {
  const { candidates, files, selected } = props.state;
  const host = useCompareHost();
  const [isWhole, setWhole] = useState(false);
  const [place, setPlace] = useState<GridPlace>({ row: 0, column: 0 });
  const grid = useRef<HTMLTableSectionElement>(null);

  const shown = isWhole ? files : files.filter((file, index) => index < shownAtFirst || file.id === selected?.id);
  const size = { rows: shown.length, columns: candidates.length + 1 };
  const current = { row: Math.min(place.row, size.rows - 1), column: Math.min(place.column, size.columns - 1) };

  const onKeyDown = (event: KeyboardEvent) => {
    const next = moveInGrid(current, event.key, size);
    if (!next || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    setPlace(next);
    cellAt(grid.current, next)?.focus();
  };

  return (
    <>
      <table class="files" aria-label="Changed files by candidate">
        <tbody ref={grid} onKeyDown={onKeyDown}>
          {shown.map((file, row) => (
            <Row
              key={file.id}
              file={file}
              candidates={candidates}
              isSelected={file.id === selected?.id}
              focusColumn={row === current.row ? current.column : -1}
              onFocus={(column) => setPlace({ row, column })}
              onSelect={() => ask(host.selectFile({ fileId: file.id }))}
              onOpen={(candidate) => ask(host.openDiff({ runId: candidate.run.id, fileId: file.id }))}
            />
          ))}
        </tbody>
      </table>
      {shown.length < files.length && (
        <div class="more-files">
          <button type="button" class="link" onClick={() => setWhole(true)}>
            Show {countText(files.length - shown.length, 'More File')}
          </button>
        </div>
      )}
    </>
  );
}

function Row(props: {
  readonly file: FileRow;
  readonly candidates: readonly Candidate[];
  readonly isSelected: boolean;
  readonly focusColumn: number;
  readonly onFocus: (column: number) => void;
  readonly onSelect: () => void;
  readonly onOpen: (candidate: Candidate) => void;
}): JSX.Element {
  const { file, candidates, isSelected, focusColumn } = props;
  const slash = file.path.lastIndexOf('/') + 1;
  return (
    <tr class={`file ${isSelected ? 'selected' : ''}`} data-testid="file-row" data-path={file.path}>
      <th scope="row" class="file-name">
        <button
          type="button"
          class="cell-button"
          aria-current={isSelected}
          tabIndex={focusColumn === 0 ? 0 : -1}
          title={file.path}
          data-place="0"
          onFocus={() => props.onFocus(0)}
          onClick={props.onSelect}
        >
          <span class="folder quiet">{file.path.slice(0, slash)}</span>
          <span class="base">{file.path.slice(slash)}</span>
        </button>
      </th>
      {candidates.map((candidate, index) => {
        const cell = file.cells[index] ?? null;
        return (
          <td key={candidate.run.id} class={`file-cell ${candidateClass(index)}`}>
            <button
              type="button"
              class={`cell-button number ${cell ? '' : 'untouched'}`}
              tabIndex={focusColumn === index + 1 ? 0 : -1}
              title={cell ? 'Open in the diff editor' : undefined}
              data-testid="file-cell"
              data-run-id={candidate.run.id}
              data-place={index + 1}
              onFocus={() => props.onFocus(index + 1)}
              onClick={() => (cell ? props.onOpen(candidate) : props.onSelect())}
            >
              <span class="hidden-text">{candidate.run.profile.label}: </span>
              <FileCellContent cell={cell} secrets={secretsInFile(candidate.run, file.path)} candidates={candidates} />
            </button>
          </td>
        );
      })}
    </tr>
  );
}

function cellAt(grid: HTMLElement | null, { row, column }: GridPlace): HTMLElement | null {
  return grid?.children[row]?.querySelector(`[data-place="${column}"]`) ?? null;
}
