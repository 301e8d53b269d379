import type { JSX } from 'preact';
import type { CandidateId } from '../../src/core/domain.ts';
import type { Column, CompareHost, CompareState, FileId, FilesState } from '../../src/protocol/comparePanel.ts';
import type { Remote } from '../../src/protocol/rpc.ts';
import { ask } from '../host.ts';
import { Menu, type MenuItem } from '../shared/menu.tsx';
import { useCompareHost } from './compareContext.ts';
import { canCheck } from './evidence/evidenceButtons.ts';
import { usePanel } from './panelContext.ts';
import type { PanelStore } from './panelStore.ts';
import { canShip, shownColumns } from './shownColumns.ts';

interface MenuParts {
  readonly column: Column;
  readonly isLead: boolean;
  readonly evidence: CompareState['evidence'];
  readonly host: Remote<CompareHost>;
  readonly panel: PanelStore;
}

/** Everything else that can be done with a candidate. */
export function HeadMenu(props: Pick<MenuParts, 'column' | 'isLead' | 'evidence'>): JSX.Element {
  const { column } = props;
  const parts = { ...props, host: useCompareHost(), panel: usePanel() };
  const items = [fileItems, takeItems, compareItems, checkItems, columnItems].flatMap((itemsOf) => itemsOf(parts));
  return <Menu label={`More Actions for ${column.label}`} title="More Actions" testId="column-menu" items={items} />;
}

/** For the open file. */
function fileItems({ column: { id }, host, panel }: MenuParts): readonly MenuItem[] {
  const { fileId } = panel.view;
  if (fileId === undefined || !touches(panel.content.files, fileId, id)) return [];
  return [
    {
      id: 'open-diff',
      label: 'Open in Diff Editor',
      onSelect: () => ask(host.openDiff({ left: 'base', right: id, fileId })),
    },
    {
      id: 'open-against-workspace',
      label: 'Open Against Workspace',
      onSelect: () => ask(host.openDiff({ left: 'workspace', right: id, fileId })),
    },
    {
      id: 'apply-file',
      label: 'Apply This File to Workspace',
      onSelect: () => ask(host.apply({ id, fileIds: [fileId] })),
    },
  ];
}

/** What goes into the composition. */
function takeItems({ column, host, panel }: MenuParts): readonly MenuItem[] {
  const { fileId } = panel.view;
  if (!canShip(column) || (column.type === 'composition' && column.isOpen)) return [];
  const from = column.id;
  return [
    ...(fileId === undefined
      ? []
      : [
          {
            id: 'take-file',
            label: 'Take This File',
            onSelect: () => ask(host.take({ part: { type: 'file', fileId }, from })),
          },
        ]),
    {
      id: 'take-all',
      label: 'Take Whole Candidate',
      onSelect: () => ask(host.take({ part: { type: 'all' }, from })),
    },
  ].map((item, index) => ({ ...item, isFirstOfGroup: index === 0 }));
}

/** Two candidates beside each other: the other one leads. */
function compareItems({ column: { id }, isLead, panel }: MenuParts): readonly MenuItem[] {
  const { content, view } = panel;
  if (isLead) {
    const back = () => panel.change({ lead: undefined });
    return [{ id: 'compare-base', label: 'Compare with Base Again', isFirstOfGroup: true, onSelect: back }];
  }
  const others = content.state ? shownColumns(content.state, view).visible : [];
  return others
    .filter((other) => other.id !== id && canShip(other))
    .map((other, index) => ({
      id: `compare-${other.id}`,
      label: `Compare with ${other.label}`,
      isFirstOfGroup: index === 0,
      onSelect: () => compareWith(panel, other.id, id),
    }));
}

function checkItems({ column, evidence, host }: MenuParts): readonly MenuItem[] {
  if (!canCheck(column, evidence)) return [];
  const onSelect = () => ask(host.runChecks({ id: column.id }));
  return [{ id: 'run-checks', label: 'Run Checks on It', isFirstOfGroup: true, onSelect }];
}

function columnItems({ column, host, panel }: MenuParts): readonly MenuItem[] {
  const { id } = column;
  return [
    { id: 'hide', label: 'Hide', isFirstOfGroup: true, onSelect: () => panel.hide(id) },
    ...(column.type === 'composition'
      ? [{ id: 'discard', label: 'Discard…', onSelect: () => ask(host.discardComposition({ id: column.id })) }]
      : []),
  ];
}

/** Without an open file there would be nothing to see of it, so the first that one of them touched is opened. */
function compareWith(panel: PanelStore, lead: CandidateId, id: CandidateId): void {
  const { files } = panel.content;
  panel.change({ lead });
  if (panel.view.fileId !== undefined || !files) return;
  const file = files.rows.find((row) => touches(files, row.id, id) || touches(files, row.id, lead));
  if (file) panel.openFile(file.id);
}

function touches(files: FilesState | undefined, fileId: FileId, id: CandidateId): boolean {
  const row = files?.rows.find((one) => one.id === fileId);
  return Boolean(row?.cells[files?.columns.indexOf(id) ?? -1]);
}
