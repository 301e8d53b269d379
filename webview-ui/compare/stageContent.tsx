import type { ComponentChildren, JSX } from 'preact';
import type { CandidateId } from '../../src/core/domain.ts';
import type { Column, FileNews } from '../../src/protocol/comparePanel.ts';
import { Icon } from '../shared/icon.tsx';
import { ProgressRing } from '../shared/progressRing.tsx';
import { FilesTable } from './filesTable.tsx';
import { OpenFileView } from './openFileView.tsx';
import { usePanel } from './panelContext.ts';
import type { StageProps } from './stage.tsx';
import { emptyNote } from './stageNotes.ts';

export interface StageContentProps extends StageProps {
  /** The columns of the stage, without the one that leads. */
  readonly visible: readonly Column[];
  readonly lead: 'base' | CandidateId | undefined;
  readonly scroller: HTMLElement;
  readonly headsHeight: number;
}

/** What is below the heads, or what stands in its place. */
export function StageContent(props: StageContentProps): JSX.Element {
  const { state, files, rows, shown } = props;
  const panel = usePanel();
  const { content, view } = panel;
  if (shown.visible.length === 0) {
    return (
      <Note title="All candidates are hidden.">
        <NoteButton label="Show All" onClick={() => panel.unhide(view.hidden)} />
      </Note>
    );
  }
  if (view.fileId !== undefined) return <OpenFileContent {...props} news={newsOf(content.news, view.fileId)} />;
  if (rows.length > 0) return <FilesTable {...props} columns={props.columns} />;
  if (files && (view.filter || view.onlyDifferences) && files.rows.length > 0) {
    return (
      <Note title={view.filter ? `No file matches “${view.filter}”.` : 'No file differs between the candidates.'}>
        <NoteButton label="Show All Files" onClick={() => panel.change({ filter: '', onlyDifferences: false })} />
      </Note>
    );
  }
  const note = emptyNote(state, shown.visible, files);
  return (
    <Note title={note.title} isBusy={note.isBusy}>
      {note.more}
    </Note>
  );
}

function OpenFileContent(props: StageContentProps & { readonly news: FileNews | undefined }): JSX.Element {
  const { news, files } = props;
  const panel = usePanel();
  const baseText = news?.type === 'open' ? panel.content.baseTexts.get(news.file.id) : undefined;
  if (news?.type === 'failed') {
    return (
      <Note title={`${news.path} can’t be shown.`} isAlert>
        {news.message} <NoteButton label="Back to All Files" onClick={() => panel.showAllFiles()} />
      </Note>
    );
  }
  if (!news && files && !files.rows.some(({ id }) => id === panel.view.fileId)) {
    return (
      <Note title="No candidate changes this file any more.">
        <NoteButton label="Back to All Files" onClick={() => panel.showAllFiles()} />
      </Note>
    );
  }
  // Something without lines has no base text either.
  const isOpen = news?.type === 'open' && (baseText !== undefined || news.file.type === 'whole');
  const file = isOpen ? news.file : panel.content.lastFile;
  if (!file) {
    return <Note title={`Reading ${news?.type === 'reading' ? news.path : 'the file'}…`} isBusy />;
  }
  // What was open stays in sight until the next file is there.
  return (
    <div class={isOpen ? 'open-file' : 'open-file stale'} inert={!isOpen} aria-busy={!isOpen}>
      <OpenFileView {...props} file={file} baseText={panel.content.baseTexts.get(file.id) ?? ''} isStale={!isOpen} />
    </div>
  );
}

/** News of another file are from before the last choice. */
function newsOf(news: FileNews | undefined, fileId: string): FileNews | undefined {
  return news && (news.type === 'open' ? news.file.id : news.id) === fileId ? news : undefined;
}

function Note(props: {
  readonly title: string;
  readonly isBusy?: boolean | undefined;
  readonly isAlert?: boolean;
  readonly children?: ComponentChildren;
}): JSX.Element {
  const { title, isBusy = false, isAlert = false, children } = props;
  return (
    <div class={`stage-note ${isBusy ? 'busy' : ''}`} role={isAlert ? 'alert' : undefined} data-testid="stage-note">
      {isBusy ? <ProgressRing /> : isAlert && <Icon name="error" />}
      <p>{title}</p>
      {children && <div class="more quiet">{children}</div>}
    </div>
  );
}

function NoteButton(props: { readonly label: string; readonly onClick: () => void }): JSX.Element {
  return (
    <button type="button" class="link" onClick={props.onClick}>
      {props.label}
    </button>
  );
}
