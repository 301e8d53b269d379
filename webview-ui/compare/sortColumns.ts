import type { Column, RunColumn } from '../../src/protocol/comparePanel.ts';

export const sortOrders = ['order', 'recommended', 'size', 'time', 'cost', 'status'] as const;
export type SortOrder = (typeof sortOrders)[number];

/** What the orders are called. */
export const sortLabels: Readonly<Record<SortOrder, string>> = {
  order: 'Round’s Order',
  recommended: 'Recommended First',
  size: 'Smallest First',
  time: 'Fastest First',
  cost: 'Cheapest First',
  status: 'Status',
};

const statuses = ['succeeded', 'failed', 'canceled', 'running', 'queued'] as const;

/** Runs in the order asked for, those without the figure after the others; then compositions in theirs. */
export function sortColumns(columns: readonly Column[], order: SortOrder): readonly Column[] {
  const runs = columns.filter((column) => column.type === 'run');
  const compositions = columns.filter((column) => column.type === 'composition');
  const sorted = order === 'order' ? runs : runs.toSorted((a, b) => figure(a, order) - figure(b, order));
  return [...sorted, ...compositions];
}

/** What is sorted by. Runs that are still going have no figure that stays, so they come last and don't jump about. */
function figure(column: RunColumn, order: Exclude<SortOrder, 'order'>): number {
  const { state } = column.run;
  const none = Number.MAX_VALUE;
  if (order === 'status') return statuses.indexOf(state.status);
  if (state.status === 'queued' || state.status === 'running') return none;
  switch (order) {
    case 'recommended':
      return column.evidence?.place ?? none;
    case 'size':
      return column.size.added + column.size.removed;
    case 'time':
      return state.startedAt === undefined ? none : state.endedAt - state.startedAt;
    case 'cost':
      if (column.cost === undefined) return none;
      return column.cost === 'local' ? 0 : column.cost.dollars;
    default:
      return order satisfies never;
  }
}
