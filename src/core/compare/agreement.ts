import type { Agreement, ComparedFile, DisputedPlace, LineEdit, Region, RoundComparison } from '../comparison.ts';
import { signaturesOf } from './compareFile.ts';
import { unformattedIn } from './formatting.ts';
import { regionsOf } from './regions.ts';

/** Regions that are so many of the base's lines apart, and in which the same candidates agree, are read as one place. */
const nearbyLines = 3;

/** A file with the regions that it would have if only some of the columns were compared; columns keep their numbers. */
interface Selection {
  readonly file: ComparedFile;
  readonly columns: readonly number[];
  readonly regions: readonly Region[];
}

/**
 * How far these columns agree, as if there were no others. A stretch counts as many changed lines (added and removed) as it has in the
 * column that changes most there; what a column leaves as it was is its version, too. Disputed places come in this order: where the
 * largest group is the smaller share of the columns; where there are more groups; where more lines are changed; by path; by line.
 */
export function agreementOf(comparison: RoundComparison, columns: readonly number[]): Agreement {
  const sums = { agreed: 0, majority: 0, disputed: 0 };
  const places: DisputedPlace[] = [];
  const paths = new Map<string, string>();
  for (const file of comparison.files) {
    if (columns.every((column) => !file.results[column])) continue;
    paths.set(file.key, file.path);
    const regions = regionsAmong(file, columns, comparison.ignoresFormatting);
    for (const place of placesOf({ file, columns, regions })) {
      const largest = place.groups[0]?.length ?? 0;
      if (largest === columns.length) sums.agreed += place.changedLines;
      else if (largest * 2 > columns.length) sums.majority += place.changedLines;
      else sums.disputed += place.changedLines;
      if (largest < columns.length) places.push(place);
    }
  }
  places.sort((a, b) => byDispute(a, b) || byPosition(a, b, paths));
  return { candidates: columns.length, files: paths.size, ...sums, places };
}

function byDispute(a: DisputedPlace, b: DisputedPlace): number {
  return (
    (a.groups[0]?.length ?? 0) - (b.groups[0]?.length ?? 0) ||
    b.groups.length - a.groups.length ||
    b.changedLines - a.changedLines
  );
}

function byPosition(a: DisputedPlace, b: DisputedPlace, paths: ReadonlyMap<string, string>): number {
  const [first, second] = [paths.get(a.key) ?? '', paths.get(b.key) ?? ''];
  if (first !== second) return first < second ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0);
}

/** Another column may have changed so much that regions of these hang together only through it. Most don't, and are as they were. */
function regionsAmong(file: ComparedFile, columns: readonly number[], ignoresFormatting: boolean): readonly Region[] {
  if (file.type === 'whole' || file.results.every((result, column) => !result || columns.includes(column))) {
    return file.regions;
  }
  const parts = columns.map((column) => byRegion(editsOf(file, column), file.regions));
  return file.regions.flatMap((region, index) => {
    const edits = parts.map((ofColumn) => ofColumn[index] ?? []);
    if (edits.every((own) => own.length === 0)) return [];
    if (edits.every((own) => own.length === 0 || isAllOf(region, own))) return region;
    const among = file.results.map((_result, column) => edits[columns.indexOf(column)] ?? []);
    return regionsOf(among, ignoresFormatting ? unformattedIn(file.key) : undefined);
  });
}

/** A column's edits by the region that they are in. */
function byRegion(edits: readonly LineEdit[], regions: readonly Region[]): readonly (readonly LineEdit[])[] {
  let next = 0;
  return regions.map((region) => {
    const from = next;
    for (let edit = edits[next]; edit && edit.start <= endOf(region); edit = edits[++next]);
    return edits.slice(from, next);
  });
}

function isAllOf({ start, length }: Region, [edit, ...others]: readonly LineEdit[]): boolean {
  return others.length === 0 && edit?.start === start && edit.removed.length === length;
}

function editsOf({ results }: ComparedFile, column: number): readonly LineEdit[] {
  const result = results[column];
  return result?.type === 'lines' ? result.edits : [];
}

/** All places of a file, those that are agreed on among them. */
function placesOf(selection: Selection): readonly DisputedPlace[] {
  const { file, columns, regions } = selection;
  const sizes = sizesOf(selection);
  if (isOnePlace(selection)) {
    const changedLines = Math.max(0, ...sizes.map((ofColumn) => ofColumn.reduce((sum, size) => sum + size, 0)));
    const signatures = signaturesOf({ regions, places: file.places }, file.cells.length, true);
    return [{ key: file.key, groups: grouped(columns, signatures), changedLines }];
  }
  const places: DisputedPlace[] = [];
  let shown = 0;
  let lastEnd = Number.NEGATIVE_INFINITY;
  for (const [index, region] of regions.entries()) {
    const groups = grouped(columns, alternativesOf(region));
    const changedLines = Math.max(...sizes.map((ofColumn) => ofColumn[index] ?? 0));
    const last = places.at(-1);
    if (last && region.start - lastEnd <= nearbyLines && isSameGrouping(last.groups, groups)) {
      places[places.length - 1] = { ...last, changedLines: last.changedLines + changedLines };
    } else {
      while (endOf(file.regions[shown]) < endOf(region)) shown++;
      places.push({ key: file.key, region: shown, line: region.start + 1, groups, changedLines });
    }
    lastEnd = endOf(region);
  }
  return places;
}

/** Whether it takes one look at the file as a whole: only one has another version, or it comes, goes or moves. */
function isOnePlace({ file, columns }: Selection): boolean {
  const changing = columns.filter((column) => file.results[column]);
  const places = file.places.filter((place) => place.columns.some((column) => columns.includes(column)));
  return file.type === 'whole' || !file.base || places.length > 1 || (changing.length === 1 && columns.length > 1);
}

/** How many lines each of the columns changes in each region. */
function sizesOf({ file, columns, regions }: Selection): readonly (readonly number[])[] {
  const sizeOf = ({ removed, added }: LineEdit) => removed.length + added.length;
  return columns.map((column) =>
    byRegion(editsOf(file, column), regions).map((edits) => edits.reduce((sum, edit) => sum + sizeOf(edit), 0)),
  );
}

function endOf(region: Region | undefined): number {
  return region ? region.start + region.length : Number.POSITIVE_INFINITY;
}

/** The columns by what they have there (the same signature is the same), the largest group first. */
function grouped(columns: readonly number[], signatures: readonly (string | number)[]): readonly (readonly number[])[] {
  const groups = Map.groupBy(columns, (column) => signatures[column]);
  return [...groups.values()].sort((a, b) => b.length - a.length || (a[0] ?? 0) - (b[0] ?? 0));
}

/** For each column which of a region's alternatives it has. */
function alternativesOf({ alternatives }: Region): readonly number[] {
  const found: number[] = [];
  for (const [index, { columns, formattingOf }] of alternatives.entries()) {
    for (const column of columns) found[column] = formattingOf ?? index;
  }
  return found;
}

function isSameGrouping(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): boolean {
  return a.join(';') === b.join(';');
}
