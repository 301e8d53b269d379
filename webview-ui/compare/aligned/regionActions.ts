import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { CompareHost } from '../../../src/protocol/comparePanel.ts';
import type { Remote } from '../../../src/protocol/rpc.ts';
import { ask } from '../../host.ts';
import type { AlignedProps } from './alignedProps.ts';
import type { Choice } from './choices.ts';
import type { LineRange } from './folds.ts';
import type { RegionLayout } from './rowModel.ts';

/** What the user can do with the rows. Columns are meant by their index among the shown ones. */
export interface RegionActions {
  /** Takes a column's version of a region, or of the whole file, into the composition. */
  take(region: RegionLayout | undefined, from: Choice['from']): void;
  /** Opens VS Code's diff editor: the lead on the left, a column on the right. */
  openDiff(region: RegionLayout | undefined, column: number): void;
  editByHand(region: RegionLayout): void;
  /** Sends a finding to its run as a follow-up message. */
  sendFinding(findingId: string): void;
  reveal(range: LineRange): void;
}

export const RegionActionsContext = createContext<RegionActions | undefined>(undefined);

/** What can be done in the aligned view around. Must be used inside one. */
export function useRegionActions(): RegionActions {
  const actions = useContext(RegionActionsContext);
  if (!actions) throw new Error('This part of the aligned view is not inside it.');
  return actions;
}

/** The actions as requests to the host. */
export function hostActions(
  host: Remote<CompareHost>,
  { file, columns, lead, composition }: Pick<AlignedProps, 'file' | 'columns' | 'lead' | 'composition'>,
  reveal: RegionActions['reveal'],
): RegionActions {
  const fileId = file.id;
  const idOf = (from: Choice['from']) => (from === 'base' ? from : from === 'lead' ? lead : columns[from]?.id);
  return {
    reveal,
    take(region, from) {
      const id = idOf(from);
      if (id === undefined || id === composition?.id || (id !== 'base' && !file.columns.includes(id))) return;
      const part = region
        ? { type: 'region' as const, fileId, regionId: region.region.id }
        : { type: 'file' as const, fileId };
      ask(host.take({ part, from: id }));
    },
    openDiff(region, index) {
      const column = columns[index];
      if (!column || !file.columns.includes(column.id)) return;
      const line = region && { line: (region.starts[index] ?? 0) + 1 };
      ask(host.openDiff({ left: lead ?? 'base', right: column.id, fileId, ...line }));
    },
    sendFinding: (findingId) => ask(host.sendFinding({ findingId })),
    editByHand: (region) => ask(host.editByHand({ fileId, regionId: region.region.id })),
  };
}
