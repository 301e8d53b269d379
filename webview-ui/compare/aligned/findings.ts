import type { AlignedProps } from './alignedProps.ts';
import { codeKey, contextKey } from './rowKeys.ts';
import type { AlignedModel, RegionLayout, Row } from './rowModel.ts';
import type { Sides } from './versions.ts';

/** What a reviewer found, and in which of the shown columns. */
export interface PlacedFinding {
  readonly finding: AlignedProps['file']['findings'][number];
  readonly column: number | 'lead';
}

/** A finding, and the row that it belongs under. */
interface FoundRow extends PlacedFinding {
  readonly key: string;
  /** For one outside of regions: the base's line, counted from 0. */
  readonly baseLine?: number;
}

type LaidOut = Pick<AlignedModel, 'regions' | 'shifts' | 'leadShifts'> & { readonly baseLength: number };

/** Which row each finding of a shown candidate belongs under. */
export function placeFindings({ file, columns, lead }: Sides, laidOut: LaidOut): readonly FoundRow[] {
  return file.findings.flatMap((finding): readonly FoundRow[] => {
    const at = columns.findIndex(({ id }) => id === finding.candidate);
    if (at < 0 && finding.candidate !== lead) return [];
    const column = at < 0 ? 'lead' : at;
    if (file.type === 'whole') return [{ finding, column, key: 'places' }];
    return [{ finding, column, ...rowFor(laidOut, column, finding.line - 1) }];
  });
}

/** Puts rows of findings under the rows they belong to; a line that is nowhere (a reviewer may miscount) counts as the last. */
export function findingRows(rows: readonly Row[], found: readonly FoundRow[]): readonly Row[] {
  if (found.length === 0) return rows;
  const byKey = Map.groupBy(found, ({ key }) => key);
  const all = rows.flatMap((row): readonly Row[] => {
    const here = byKey.get(row.key);
    if (!here) return [row];
    byKey.delete(row.key);
    return [row, findingRow(row, here)];
  });
  const last = rows.at(-1);
  const lost = [...byKey.values()].flat();
  return last && lost.length > 0 ? [...all, findingRow({ ...last, key: 'end' }, lost)] : all;
}

function findingRow(row: Row, found: readonly FoundRow[]): Row {
  const placed = found.map(({ finding, column }) => ({ finding, column }));
  return { kind: 'finding', key: `n${row.key}`, under: row, placed };
}

/** The row of a column's line, counted from 0. */
function rowFor(laidOut: LaidOut, column: number | 'lead', line: number): Pick<FoundRow, 'key' | 'baseLine'> {
  const { regions, shifts, leadShifts, baseLength } = laidOut;
  let after = 0;
  for (const layout of regions) {
    const inside = line - (column === 'lead' ? layout.leadStart : (layout.starts[column] ?? 0));
    if (inside < 0) break;
    const alternative = column === 'lead' ? layout.reference : (layout.alternatives[column] ?? 0);
    if (inside < (layout.region.alternatives[alternative]?.lines.length ?? 0)) {
      return { key: codeKey(layout.region.id, rowInRegion(layout, column, inside)) };
    }
    after += 1;
  }
  const shift = column === 'lead' ? leadShifts[after] : shifts[after]?.[column];
  const baseLine = Math.min(line - (shift ?? 0), baseLength - 1);
  return { key: contextKey(baseLine), baseLine };
}

/** The row in which a column's text has a line; it may be shown further left, or be the reference's. */
function rowInRegion(layout: RegionLayout, column: number | 'lead', line: number): number {
  const content = column === 'lead' ? undefined : layout.contents[column];
  const shownIn = content?.type === 'same' ? content.as : content?.type === 'text' ? column : 'lead';
  const { rows } = layout.rows;
  const index =
    shownIn === 'lead'
      ? rows.findIndex(({ reference }) => reference === line)
      : rows.findIndex(({ lines }) => lines[layout.texts[shownIn] ?? -1] === line);
  return Math.max(0, index);
}
