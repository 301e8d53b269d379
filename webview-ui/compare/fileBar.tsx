import type { JSX } from 'preact';
import type { FileRow } from '../../src/protocol/comparePanel.ts';
import { Icon } from '../shared/icon.tsx';
import { usePanel } from './panelContext.ts';
import { PathText } from './pathText.tsx';
import { Toggle } from './toggle.tsx';

/** Which file is open, and the way back. */
export function FileBar(props: {
  readonly rows: readonly FileRow[];
  readonly path: string;
  readonly hasComposition: boolean;
}): JSX.Element {
  const { rows, path, hasComposition } = props;
  const panel = usePanel();
  const { view } = panel;
  const index = rows.findIndex(({ id }) => id === view.fileId);
  const go = (row: FileRow | undefined) => row && panel.openFile(row.id);
  return (
    <div class="file-bar">
      <button
        type="button"
        class="button ghost"
        title="Back to all files (Esc)"
        aria-keyshortcuts="Escape"
        data-testid="back"
        onClick={() => panel.showAllFiles()}
      >
        <Icon name="arrow-left" />
        All Files
      </button>
      <h2 class="path" title={path} data-testid="open-path">
        <PathText path={path} />
      </h2>
      <Toggle
        label="Base"
        title="Show the base on the left (b)"
        shortcut="b"
        testId="show-base"
        isOn={view.showsBase && view.lead === undefined}
        onToggle={() => panel.toggleBase()}
      />
      {hasComposition && (
        <Toggle
          label="Composition"
          title="Show the composition as a column (c)"
          shortcut="c"
          testId="show-composition"
          isOn={view.showsComposition}
          onToggle={() => panel.change({ showsComposition: !view.showsComposition })}
        />
      )}
      <Toggle
        label="Unfold"
        title="Show all unchanged lines (u)"
        shortcut="u"
        testId="unfold"
        isOn={view.isUnfolded}
        onToggle={() => panel.change({ isUnfolded: !view.isUnfolded })}
      />
      {rows.length > 1 && index >= 0 && (
        <span class="file-steps quiet number">
          {index + 1} of {rows.length}
          <FileStep label="Previous File" icon="chevron-up" to={rows[index - 1]} onGo={go} />
          <FileStep label="Next File" icon="chevron-down" to={rows[index + 1]} onGo={go} />
        </span>
      )}
    </div>
  );
}

function FileStep(props: {
  readonly label: string;
  readonly icon: string;
  readonly to: FileRow | undefined;
  readonly onGo: (row: FileRow | undefined) => void;
}): JSX.Element {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={props.label}
      title={props.label}
      disabled={!props.to}
      onClick={() => props.onGo(props.to)}
    >
      <Icon name={props.icon} />
    </button>
  );
}
