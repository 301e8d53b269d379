import type { JSX, RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { FileRow, FilesState } from '../../src/protocol/comparePanel.ts';
import { Icon } from '../shared/icon.tsx';
import { usePanel } from './panelContext.ts';
import { PlaceList } from './placeList.tsx';
import { RailFiles } from './railFiles.tsx';
import type { TableColumn } from './tableRow.tsx';

/** Where to go: the places that differ, and the files. Folded into a button where the panel is narrow. */
export function Rail(props: {
  readonly files: FilesState | undefined;
  readonly rows: readonly FileRow[];
  readonly columns: readonly TableColumn[];
  readonly indexes: readonly number[];
  /** Whether it is shown over the stage, where the panel is narrow. */
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly filter: RefObject<HTMLInputElement | null>;
}): JSX.Element {
  const { files, rows, isOpen, onClose, filter } = props;
  const panel = usePanel();
  const { view } = panel;
  const root = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (!isOpen) return;
    if (!root.current?.contains(document.activeElement)) root.current?.focus();
    const closeOutside = (event: Event) => {
      const path = event.composedPath();
      const isButton = path.some((element) => element instanceof Element && element.matches('.rail-button'));
      if (!isButton && !path.includes(root.current as EventTarget)) onClose();
    };
    document.addEventListener('pointerdown', closeOutside);
    return () => document.removeEventListener('pointerdown', closeOutside);
  }, [isOpen]);

  const onEscape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    if (view.filter && event.target === filter.current) panel.change({ filter: '' });
    else if (isOpen) onClose();
    else return;
    event.preventDefault();
  };
  return (
    <nav
      class={`rail ${isOpen ? 'open' : ''}`}
      aria-label="Places and files"
      tabIndex={-1}
      ref={root}
      data-testid="rail"
      onKeyDown={onEscape}
    >
      {files && files.places.length > 0 && <PlaceList files={files} onGo={onClose} />}
      <h2 id="files-heading">Files</h2>
      <button
        type="button"
        class="rail-row all-files"
        aria-current={view.fileId === undefined}
        data-testid="all-files"
        onClick={() => {
          panel.showAllFiles();
          onClose();
        }}
      >
        <Icon name="list-flat" />
        <span class="one-line">All Files</span>
        <span class="quiet number">{countText(rows.length, files?.rows.length ?? 0)}</span>
      </button>
      <div class="filter">
        <Icon name="filter" />
        <input
          ref={filter}
          type="text"
          value={view.filter}
          placeholder="Filter by path"
          aria-label="Filter files by path"
          aria-keyshortcuts="f"
          title="Filter files by path (f)"
          spellcheck={false}
          data-testid="filter"
          onInput={(event) => panel.change({ filter: event.currentTarget.value })}
        />
        {view.filter && (
          <button
            type="button"
            class="icon-button"
            aria-label="Clear the filter"
            title="Clear the filter"
            onClick={() => {
              panel.change({ filter: '' });
              filter.current?.focus();
            }}
          >
            <Icon name="close" />
          </button>
        )}
      </div>
      <RailFiles {...props} />
    </nav>
  );
}

function countText(shown: number, all: number): string {
  return shown === all ? String(all) : `${shown} of ${all}`;
}
