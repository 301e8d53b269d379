import { type CandidateId, isEnded } from '../../src/core/domain.ts';
import type { Column, CompareState, CompositionColumn } from '../../src/protocol/comparePanel.ts';
import type { PanelView } from './panelView.ts';
import { sortColumns } from './sortColumns.ts';

/** The candidates as they are shown. */
export interface ShownColumns {
  /** Those that are not hidden, as sorted. */
  readonly visible: readonly Column[];
  readonly hidden: readonly Column[];
  /** The one that takes choices, hidden or not. */
  readonly composition?: CompositionColumn;
  /** The head whose pull request is the suggested next step. */
  readonly primary?: CandidateId;
}

export function shownColumns({ columns }: CompareState, view: Pick<PanelView, 'hidden' | 'sort'>): ShownColumns {
  const isHidden = ({ id }: Column) => view.hidden.includes(id);
  const visible = sortColumns(
    columns.filter((column) => !isHidden(column)),
    view.sort,
  );
  const composition = columns.find((column) => column.type === 'composition' && column.isOpen);
  const primary = primaryOf(columns, visible);
  return {
    visible,
    hidden: columns.filter(isHidden),
    ...(composition?.type === 'composition' && { composition }),
    ...(primary && { primary }),
  };
}

/**
 * The chosen one, else the recommended one, else the first that is done, unless the candidates are ranked: then none is suggested that
 * the evidence doesn't recommend. None where there is a pull request already, or a composition, whose own bar suggests it then.
 */
function primaryOf(columns: readonly Column[], visible: readonly Column[]): CandidateId | undefined {
  const isComposed = columns.some((column) => column.type === 'composition' && column.isOpen && canShip(column));
  if (isComposed || columns.some(({ pullRequest }) => pullRequest)) return undefined;
  const chosen = visible.find((column) => column.isChosen && canShip(column));
  const recommended = visible.find((column) => column.evidence?.isRecommended && canShip(column));
  const isRanked = columns.some(({ evidence }) => evidence?.reason !== undefined);
  const done = visible.find(
    (column) => !isRanked && column.type === 'run' && column.run.state.status === 'succeeded' && canShip(column),
  );
  return (chosen ?? recommended ?? done)?.id;
}

/** Whether there is a patch to preview, to apply and to make a pull request of. */
export function canShip(column: Column): boolean {
  return column.size.files > 0 && (column.type === 'composition' || isEnded(column.run));
}

/**
 * The columns beside the one that leads. In the aligned view the open composition is one of them only when asked for: its bar and its
 * marks say what is in it, and there is little room.
 */
export function stageColumns(
  { visible, composition }: ShownColumns,
  view: Pick<PanelView, 'fileId' | 'showsComposition'>,
  lead: 'base' | CandidateId | undefined,
): readonly Column[] {
  const beside = visible.filter(({ id }) => id !== lead);
  if (view.fileId === undefined || view.showsComposition) return beside;
  const candidates = beside.filter(({ id }) => id !== composition?.id);
  return candidates.length > 0 ? candidates : beside;
}

/** What the left-most column of the aligned view holds; absent for no such column. */
export function leadOf(
  view: Pick<PanelView, 'lead' | 'showsBase'>,
  visible: readonly Column[],
): 'base' | CandidateId | undefined {
  if (view.lead !== undefined && visible.length > 1 && visible.some(({ id }) => id === view.lead)) return view.lead;
  return view.showsBase ? 'base' : undefined;
}
