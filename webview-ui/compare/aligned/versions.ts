import type { CandidateId } from '../../../src/core/domain.ts';
import type { AlignedProps } from './alignedProps.ts';

type RegionView = AlignedProps['file']['regions'][number];

/** The parts of the props that say whose text is shown where. */
export interface Sides extends Pick<AlignedProps, 'file' | 'columns' | 'composition' | 'lead'> {
  /** What the lead is called, where it is a candidate. */
  readonly leadLabel?: string | undefined;
}

/** A column that is shown, and where the file has it. */
export interface ShownColumn {
  readonly id: CandidateId;
  readonly label: string;
  readonly isRun: boolean;
  /** Whether it is a run that is not over yet. */
  readonly isWorking: boolean;
  /** Its index in `OpenFile.columns`; -1 where the file knows nothing of it. */
  readonly at: number;
}

/** What a column's cells show in a region. `same`: the text is further left, in the column of that index, or in the lead. */
export type CellContent =
  | { readonly type: 'text' }
  | { readonly type: 'same'; readonly as: number | 'lead' }
  | { readonly type: 'unchanged' }
  | { readonly type: 'absent' };

/** Whose text a region shows in which column. Alternatives are meant by their index in the region. */
export interface RegionVersions {
  readonly region: RegionView;
  readonly columns: readonly ShownColumn[];
  /** The lead, where it is a candidate that has the file. It counts as a run: it is what the others are compared with. */
  readonly leadColumn: ShownColumn | undefined;
  /** The alternative that the others are marked against. */
  readonly reference: number;
  /** One per shown column; -1 where it is not there yet. */
  readonly alternatives: readonly number[];
  readonly contents: readonly CellContent[];
  /** All columns have one text, which is shown once across them. */
  readonly isSpanning: boolean;
  /** What the open composition has; absent without one. */
  readonly taken: number | undefined;
  /** The open composition has a text that nobody else has. */
  readonly isByHand: boolean;
  /** It has no column to show that in. */
  readonly hasHandRows: boolean;
}

/** The columns as this file has them. */
export function shownColumns({ file, columns }: Sides): ShownColumn[] {
  return columns.map((column) => ({
    id: column.id,
    label: column.label,
    isRun: column.type === 'run',
    isWorking: column.type === 'run' && ['queued', 'running'].includes(column.run.state.status),
    at: file.columns.indexOf(column.id),
  }));
}

/** Whose text is shown where, for each region that a shown column, the lead or the open composition changes. */
export function versionsOf(sides: Sides): RegionVersions[] {
  const { file, composition, lead } = sides;
  const columns = shownColumns(sides);
  const leadColumn = leadOf(sides);
  const composedAt = composition ? file.columns.indexOf(composition.id) : -1;
  const versions: RegionVersions[] = [];
  for (const region of file.regions) {
    const alternatives = columns.map(({ at }) => (at < 0 ? -1 : alternativeOf(region, at)));
    const reference = leadColumn ? alternativeOf(region, leadColumn.at) : 0;
    const taken = composedAt < 0 ? undefined : alternativeOf(region, composedAt);
    if ([...alternatives, reference, taken ?? 0].every((alternative) => alternative <= 0)) continue;
    const isByHand = taken !== undefined && taken > 0 && isOnlyOf(region, taken, composedAt);
    const isComposedShown = columns.some(({ at }) => at >= 0 && at === composedAt);
    versions.push({
      region,
      columns,
      leadColumn,
      reference,
      alternatives,
      taken,
      ...cellsOf(alternatives, reference, lead),
      isByHand,
      hasHandRows: isByHand && !isComposedShown,
    });
  }
  return versions;
}

function leadOf({ file, lead, leadLabel }: Sides): ShownColumn | undefined {
  if (lead === undefined || lead === 'base') return undefined;
  const at = file.columns.indexOf(lead);
  return at < 0 ? undefined : { id: lead, label: leadLabel ?? '', isRun: true, isWorking: false, at };
}

function alternativeOf(region: RegionView, at: number): number {
  return Math.max(
    0,
    region.alternatives.findIndex(({ columns }) => columns.includes(at)),
  );
}

function isOnlyOf(region: RegionView, alternative: number, at: number): boolean {
  return region.alternatives[alternative]?.columns.every((column) => column === at) ?? false;
}

function cellsOf(
  alternatives: readonly number[],
  reference: number,
  lead: Sides['lead'],
): Pick<RegionVersions, 'contents' | 'isSpanning'> {
  const contents = alternatives.map((alternative, index): CellContent => {
    if (alternative < 0) return { type: 'absent' };
    if (lead !== undefined && alternative === reference) {
      return lead === 'base' ? { type: 'unchanged' } : { type: 'same', as: 'lead' };
    }
    const first = alternatives.indexOf(alternative);
    return first < index ? { type: 'same', as: first } : { type: 'text' };
  });
  const isSpanning = alternatives.length > 1 && alternatives.every((one) => one >= 0 && one === alternatives[0]);
  return { contents, isSpanning };
}
