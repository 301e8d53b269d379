import type { JSX } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import type { CandidateId } from '../../src/core/domain.ts';
import type { CompareState, FileId, FileRow, FilesState } from '../../src/protocol/comparePanel.ts';
import { ColumnHead } from './columnHead.tsx';
import { type EvidenceRoom, evidenceRoom, roomHeights } from './evidence/evidenceRoom.ts';
import { LeadHead } from './leadHead.tsx';
import { usePanel } from './panelContext.ts';
import { leadOf, type ShownColumns, stageColumns } from './shownColumns.ts';
import { StageContent } from './stageContent.tsx';
import type { TableColumn } from './tableRow.tsx';
import { useKeptScroll } from './useKeptScroll.ts';

export interface StageProps {
  readonly state: CompareState;
  readonly files: FilesState | undefined;
  readonly shown: ShownColumns;
  readonly rows: readonly FileRow[];
  readonly columns: readonly TableColumn[];
  readonly indexes: readonly number[];
  /** The file that was just left. */
  readonly leftFile: FileId | undefined;
}

/** The one scroller, both ways: a head for each column, and below them the table of files or the open file. */
export function Stage(props: StageProps): JSX.Element {
  const { state, files, shown } = props;
  const { content, view, target } = usePanel();
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const [heads, setHeads] = useState<HTMLElement | null>(null);
  const headsHeight = useHeight(heads);
  const { fileId } = view;
  const lead = fileId === undefined ? undefined : leadOf(view, shown.visible);
  const visible = stageColumns(shown, view, lead);

  const room = evidenceRoom(state);
  const heights = roomHeights(room);
  const { news } = content;
  const isReady = fileId === undefined ? files !== undefined : news?.type === 'open' && news.file.id === fileId;
  useKeptScroll({ scroller, key: fileId ?? '', isReady, isPlaced: target !== undefined });
  useLayoutEffect(() => {
    // What had the focus went away with the table.
    if (fileId !== undefined && document.activeElement === document.body) scroller?.focus({ preventScroll: true });
  }, [fileId]);

  return (
    <section
      class={`stage ${fileId === undefined ? 'with-table' : 'with-file'} ${lead || fileId === undefined ? '' : 'without-lead'}`}
      aria-label={fileId === undefined ? 'All files' : 'The open file'}
      tabIndex={-1}
      ref={setScroller}
      style={{ '--columns': visible.length, '--heads': `${headsHeight}px` }}
      data-testid="stage"
    >
      {shown.visible.length > 0 && (
        <div
          class="heads"
          ref={setHeads}
          style={{
            '--evidence': `${heights.evidence}px`,
            '--checks': `${heights.checks}px`,
            '--note': `${heights.note}px`,
          }}
        >
          <Corner {...props} lead={lead} room={room} />
          {visible.map((column) => (
            <ColumnHead
              key={column.id}
              column={column}
              isPrimary={column.id === shown.primary}
              room={room}
              evidence={state.evidence}
            />
          ))}
        </div>
      )}
      {scroller && (
        <StageContent {...props} visible={visible} lead={lead} scroller={scroller} headsHeight={headsHeight} />
      )}
    </section>
  );
}

function Corner(
  props: StageProps & { readonly lead: 'base' | CandidateId | undefined; readonly room: EvidenceRoom },
): JSX.Element | null {
  const { state, rows, shown, lead, room } = props;
  const { fileId } = usePanel().view;
  if (fileId === undefined) {
    return (
      <div class="head lead corner quiet number" aria-hidden="true">
        {rows.length > 0 && `${rows.length} ${rows.length === 1 ? 'file' : 'files'}`}
      </div>
    );
  }
  if (lead === undefined) return null;
  return <LeadHead state={state} lead={lead} fileId={fileId} room={room} canTake={shown.composition !== undefined} />;
}

/** The height of an element, in pixels, renewed as it changes; 0 while it is not there. */
function useHeight(element: HTMLElement | null): number {
  const [height, setHeight] = useState(0);
  useLayoutEffect(() => {
    if (!element) return;
    const observer = new ResizeObserver(() => setHeight(element.offsetHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return height;
}
