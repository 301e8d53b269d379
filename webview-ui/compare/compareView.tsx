import type { JSX } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { CompareState, FileId, FilesState } from '../../src/protocol/comparePanel.ts';
import { countText } from '../shared/figures.ts';
import { Icon } from '../shared/icon.tsx';
import { StatusAnnouncer } from '../shared/statusAnnouncer.tsx';
import { AgreementLine } from './agreementLine.tsx';
import { marksOf } from './candidateMarks.ts';
import { CandidatesContext } from './compareContext.ts';
import { CompositionBar } from './compositionBar.tsx';
import { EvidenceBar } from './evidence/evidenceBar.tsx';
import { FileBar } from './fileBar.tsx';
import { startText } from './leadHead.tsx';
import { usePanel } from './panelContext.ts';
import { PlaceAnnouncer } from './placeAnnouncer.tsx';
import { Rail } from './rail.tsx';
import { type ShownColumns, shownColumns } from './shownColumns.ts';
import { cellIndexes, shownRows } from './shownRows.ts';
import { Stage } from './stage.tsx';
import type { TableColumn } from './tableRow.tsx';
import { Toolbar } from './toolbar.tsx';
import { useKeys } from './useKeys.ts';
import { useSame } from './useSame.ts';

const noFiles: FilesState = { columns: [], rows: [], places: [], placeCount: 0 };

/** The whole compare panel as a function of what the host told and what the user has set up. */
export function CompareView(props: { readonly state: CompareState }): JSX.Element {
  const { state } = props;
  const { content, view } = usePanel();
  const { files } = content;
  const [isRailOpen, setRailOpen] = useState(false);
  const [areKeysShown, showKeys] = useState(false);
  const filter = useRef<HTMLInputElement>(null);
  const railButton = useRef<HTMLButtonElement>(null);
  const leftFile = usePrevious(view.fileId);

  const shown = shownColumns(state, view);
  const markList = useSame([...marksOf(state.columns)]);
  const marks = useMemo(() => new Map(markList), [markList]);
  const columns = useSame(tableColumns(shown, marks));
  const indexes = useSame(
    cellIndexes(
      files ?? noFiles,
      columns.map(({ id }) => id),
    ),
  );
  const { filter: text, onlyDifferences } = view;
  const rows = useMemo(
    () => shownRows(files ?? noFiles, indexes, { filter: text, onlyDifferences }),
    [files, indexes, text, onlyDifferences],
  );

  const closeRail = useCallback(() => {
    setRailOpen((wasOpen) => {
      if (wasOpen) railButton.current?.focus();
      return false;
    });
  }, []);
  useKeys({
    showKeys: () => showKeys(true),
    focusFilter: () => {
      setRailOpen(railButton.current?.offsetParent != null);
      // In a narrow panel it can be focused once the rail is there.
      requestAnimationFrame(() => filter.current?.focus());
    },
  });

  return (
    <CandidatesContext.Provider value={marks}>
      <Header state={state} />
      <AgreementLine state={state} files={files} visible={shown.visible}>
        <button
          type="button"
          ref={railButton}
          class="button secondary rail-button"
          aria-expanded={isRailOpen}
          data-testid="open-rail"
          onClick={() => setRailOpen(!isRailOpen)}
        >
          <Icon name="list-tree" />
          Places and Files
        </button>
        <Toolbar hidden={shown.hidden} areKeysShown={areKeysShown} onShowKeys={showKeys} />
      </AgreementLine>
      <EvidenceBar state={state} />
      <div class="body">
        <Rail
          files={files}
          rows={rows}
          columns={columns}
          indexes={indexes}
          isOpen={isRailOpen}
          onClose={closeRail}
          filter={filter}
        />
        <main>
          {state.failure !== undefined && files && (
            <p class="banner" role="alert">
              <Icon name="warning" class="warning" />
              {state.failure}
            </p>
          )}
          {view.fileId !== undefined && (
            <FileBar
              rows={rows}
              path={pathOf(view.fileId, files)}
              hasComposition={shown.visible.some(({ id }) => id === shown.composition?.id)}
            />
          )}
          <Stage
            state={state}
            files={files}
            shown={shown}
            rows={rows}
            columns={columns}
            indexes={indexes}
            leftFile={leftFile}
          />
        </main>
      </div>
      {shown.composition && <CompositionBar state={state} composition={shown.composition} />}
      <StatusAnnouncer runs={state.columns.flatMap((column) => (column.type === 'run' ? [column.run] : []))} />
      <PlaceAnnouncer />
    </CandidatesContext.Provider>
  );
}

function Header(props: { readonly state: CompareState }): JSX.Element {
  const { state } = props;
  const runs = state.columns.filter(({ type }) => type === 'run').length;
  const facts = [
    countText(runs, 'candidate'),
    `from ${startText(state.start)}`,
    ...(state.ignoresFormatting ? ['formatting ignored'] : []),
  ];
  return (
    <header>
      <h1 class="one-line" title={state.message}>
        {state.message}
      </h1>
      <span class="quiet number">{facts.join(' · ')}</span>
    </header>
  );
}

function tableColumns({ visible }: ShownColumns, marks: ReturnType<typeof marksOf>): readonly TableColumn[] {
  return visible.map((column) => {
    const { secretsInPatch = [] } = column.type === 'run' ? column.run : column;
    const { id, label } = column;
    return { id, label, className: marks.get(id)?.className ?? '', secretsInPatch };
  });
}

function pathOf(fileId: FileId, files: FilesState | undefined): string {
  return files?.rows.find(({ id }) => id === fileId)?.path ?? '';
}

/** The value before the last change. */
function usePrevious<Value>(value: Value): Value | undefined {
  const values = useRef<{ current: Value; previous?: Value }>({ current: value });
  useEffect(() => {
    if (values.current.current !== value) values.current = { current: value, previous: values.current.current };
  }, [value]);
  return values.current.current === value ? values.current.previous : values.current.current;
}
