import { findingRows, type PlacedFinding, placeFindings } from './findings.ts';
import { hiddenRanges, type LineRange } from './folds.ts';
import { layOutRegion, type RegionRows, type TextRow } from './regionRows.ts';
import { codeKey, contextKey } from './rowKeys.ts';
import { type RegionVersions, type Sides, versionsOf } from './versions.ts';

/** A row of the aligned view. `region` is an index in `AlignedModel.regions`; `key` names the row as long as the file is open. */
export type Row =
  /** Says which shown columns have no result of this file yet. */
  | { readonly kind: 'waiting'; readonly key: string }
  /** The file as a whole: where it is, or which version of it there is. */
  | { readonly kind: 'places'; readonly key: string; readonly isWhole: boolean }
  | { readonly kind: 'fold'; readonly key: string; readonly range: LineRange; readonly edge?: 'first' | 'last' }
  /** An unchanged line; `after` so many regions. */
  | { readonly kind: 'context'; readonly key: string; readonly line: number; readonly after: number }
  | { readonly kind: 'head'; readonly key: string; readonly region: number }
  | {
      readonly kind: 'code';
      readonly key: string;
      readonly region: number;
      readonly row: TextRow;
      readonly isFirst: boolean;
    }
  /** A line that was changed by hand, where the composition has no column. */
  | { readonly kind: 'hand'; readonly key: string; readonly region: number; readonly line: number }
  | { readonly kind: 'take'; readonly key: string; readonly region: number }
  /** What reviewers found in the line of the row above, `under`. */
  | {
      readonly kind: 'finding';
      readonly key: string;
      readonly under: Row;
      readonly placed: readonly PlacedFinding[];
    };

/** The index of the region that a row belongs to; absent outside of regions. */
export function regionOf(row: Row): number | undefined {
  if (row.kind === 'finding') return regionOf(row.under);
  return 'region' in row ? row.region : undefined;
}

/** A region, laid out. */
export interface RegionLayout extends RegionVersions {
  readonly rows: RegionRows;
  /** For each shown column: which of the laid-out texts it shows; -1 where it shows none. */
  readonly texts: readonly number[];
  /** The first line in each shown column, and in the lead, counted from 0. */
  readonly starts: readonly number[];
  readonly leadStart: number;
}

/** All rows of a file, and what they show. */
export interface AlignedModel {
  readonly rows: readonly Row[];
  readonly regions: readonly RegionLayout[];
  readonly base: readonly string[];
  /** By how much line numbers of each shown column are ahead of the base's, after so many regions. */
  readonly shifts: readonly (readonly number[])[];
  /** The same for the lead. */
  readonly leadShifts: readonly number[];
}

/** Makes the rows. `revealed`: unchanged lines that the user wants to see; absent when all are shown. */
export function modelOf(
  sides: Sides,
  base: readonly string[],
  revealed: readonly LineRange[] | undefined,
): AlignedModel {
  const { file, columns } = sides;
  const regions: RegionLayout[] = [];
  const shifts = [columns.map(() => 0)];
  const leadShifts = [0];
  for (const versions of versionsOf(sides)) {
    const shift = shifts.at(-1) ?? [];
    const leadShift = leadShifts.at(-1) ?? 0;
    const region = layOut(versions, sides.lead !== undefined, shift, leadShift);
    regions.push(region);
    shifts.push(shift.map((before, column) => before + grownBy(region, region.alternatives[column] ?? 0)));
    leadShifts.push(leadShift + grownBy(region, region.reference));
  }
  const rows: Row[] = [];
  if (columns.some(({ id }) => !file.columns.includes(id))) rows.push({ kind: 'waiting', key: 'waiting' });
  if (file.type === 'whole' || file.places.length > 1)
    rows.push({ kind: 'places', key: 'places', isWhole: file.type === 'whole' });
  const found = placeFindings(sides, { regions, shifts, leadShifts, baseLength: base.length });
  const seen = found.flatMap(({ baseLine }) => (baseLine === undefined ? [] : rangeAround(baseLine)));
  if (file.type === 'lines') rows.push(...lineRows(regions, base.length, revealed && [...revealed, ...seen]));
  return { rows: findingRows(rows, found), regions, base, shifts, leadShifts };
}

function grownBy({ region }: RegionVersions, alternative: number): number {
  return alternative < 0 ? 0 : (region.alternatives[alternative]?.lines.length ?? 0) - region.length;
}

function layOut(
  versions: RegionVersions,
  isPaired: boolean,
  shift: readonly number[],
  leadShift: number,
): RegionLayout {
  const { region, contents, alternatives, reference } = versions;
  const used = [...new Set(alternatives.filter((_, column) => contents[column]?.type === 'text'))];
  const linesOfAlternative = (index: number) => region.alternatives[index]?.lines ?? [];
  return {
    ...versions,
    rows: layOutRegion(linesOfAlternative(reference), used.map(linesOfAlternative), isPaired),
    texts: alternatives.map((one, column) => (contents[column]?.type === 'text' ? used.indexOf(one) : -1)),
    starts: shift.map((by) => region.start + by),
    leadStart: region.start + leadShift,
  };
}

function lineRows(
  regions: readonly RegionLayout[],
  baseLength: number,
  revealed: readonly LineRange[] | undefined,
): Row[] {
  const rows: Row[] = [];
  let at = 0;
  for (const [index, layout] of [...regions, undefined].entries()) {
    const to = layout ? layout.region.start : baseLength;
    const stretch = { from: at, to, isFirst: index === 0, isLast: !layout };
    const hidden = revealed ? hiddenRanges(stretch, revealed) : [];
    for (const range of hidden) {
      for (let line = at; line < range.from; line += 1) rows.push(contextRow(line, index));
      rows.push({ kind: 'fold', key: `f${range.from}`, range, ...edgeOf(range, stretch) });
      at = range.to;
    }
    for (let line = at; line < to; line += 1) rows.push(contextRow(line, index));
    if (!layout) break;
    rows.push(...regionRows(layout, index));
    at = layout.region.start + layout.region.length;
  }
  return rows;
}

/** A line outside of regions is shown with those beside it. */
function rangeAround(line: number): LineRange {
  return { from: line - 1, to: line + 2 };
}

function contextRow(line: number, after: number): Row {
  return { kind: 'context', key: contextKey(line), line, after };
}

function edgeOf(
  range: LineRange,
  stretch: LineRange & { isFirst: boolean; isLast: boolean },
): { edge?: 'first' | 'last' } {
  if (stretch.isFirst && range.from === stretch.from) return { edge: 'first' };
  return stretch.isLast && range.to === stretch.to ? { edge: 'last' } : {};
}

function regionRows(layout: RegionLayout, region: number): Row[] {
  const { id } = layout.region;
  // A region is never without a row for what its columns have to say, not even where nobody has a line.
  const textRows = layout.rows.rows.length > 0 ? layout.rows.rows : [{ reference: -1, lines: [] }];
  const rows: Row[] = [{ kind: 'head', key: `h${id}`, region }];
  for (const [index, row] of textRows.entries()) {
    rows.push({ kind: 'code', key: codeKey(id, index), region, row, isFirst: index === 0 });
  }
  const handLines = layout.hasHandRows ? (layout.region.alternatives[layout.taken ?? 0]?.lines ?? []) : [];
  for (const line of handLines.keys()) rows.push({ kind: 'hand', key: `e${id}:${line}`, region, line });
  rows.push({ kind: 'take', key: `k${id}`, region });
  return rows;
}
