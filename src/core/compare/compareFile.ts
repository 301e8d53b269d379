import type { ComparedFile, FileCell, FilePlace, FileResult, PlaceGroup, Region } from '../comparison.ts';
import type { FileChange, FileVersion } from '../domain.ts';
import type { CandidateFile } from './candidateFiles.ts';
import { unformattedIn } from './formatting.ts';
import { DifferentBases, findRegions } from './regions.ts';

/** How candidates are compared. */
export interface CompareOptions {
  /** Alternatives that differ in formatting only are marked, and count as the same. */
  readonly ignoreFormatting: boolean;
}

/** One file over all columns (undefined where a column left it alone). Yields now and then. */
export function* compareFile(
  key: string,
  columns: readonly (CandidateFile | undefined)[],
  { ignoreFormatting }: CompareOptions,
): Generator<undefined, ComparedFile> {
  const base = columns.find((file) => file?.base)?.base;
  if (columns.some((file) => file?.base && file.base.blob !== base?.blob)) {
    throw new DifferentBases(`Candidates have different versions of ${key} in their base.`);
  }
  const isText = columns.every((file) => !file || file.edits);
  const results = columns.map((file) => (file ? resultOf(file, isText) : null));
  const edits = results.map((result) => (result?.type === 'lines' ? result.edits : []));
  const regions = isText ? yield* findRegions(edits, ignoreFormatting ? unformattedIn(key) : undefined) : [];
  const places = groupPlaces(base, columns, isText);
  const twins = signaturesOf({ regions, places }, columns.length);
  return {
    key,
    path: listedPath(key, places),
    ...(base && { base }),
    cells: columns.map((file, column) => (file ? cellOf(file, twinOf(column, { columns, twins })) : null)),
    results,
    type: isText ? 'lines' : 'whole',
    regions,
    places,
  };
}

/**
 * What each column has, as a text that is the same where all regions and the place are. `isSame`: whether alternatives that differ in
 * formatting only are the same.
 */
export function signaturesOf(
  { regions, places }: { readonly regions: readonly Region[]; readonly places: readonly PlaceGroup[] },
  columns: number,
  isSame = false,
): readonly string[] {
  const signatures = Array.from({ length: columns }, () => '');
  const note = (groups: readonly { readonly columns: readonly number[]; readonly formattingOf?: number }[]) => {
    for (const [index, group] of groups.entries()) {
      const name = isSame ? (group.formattingOf ?? index) : index;
      for (const column of group.columns) signatures[column] += `${name},`;
    }
  };
  note(places);
  for (const region of regions) note(region.alternatives);
  return signatures;
}

function twinOf(
  column: number,
  { columns, twins }: { readonly columns: readonly unknown[]; readonly twins: readonly string[] },
): number | undefined {
  const twin = twins.findIndex((signature, other) => columns[other] !== undefined && signature === twins[column]);
  return twin < column ? twin : undefined;
}

function resultOf({ after, edits }: CandidateFile, isText: boolean): FileResult {
  if (isText) return { type: 'lines', ...(after && { place: placeOf(after) }), edits: edits ?? [] };
  return { type: 'whole', ...(after && { version: after }) };
}

function placeOf({ path, mode }: FileVersion): FilePlace {
  return { path, mode };
}

function groupPlaces(
  base: FileVersion | undefined,
  columns: readonly (CandidateFile | undefined)[],
  isText: boolean,
): readonly [PlaceGroup, ...PlaceGroup[]] {
  const groups = new Map<string, PlaceGroup & { readonly columns: number[] }>();
  const groupOf = (version: FileVersion | undefined) => {
    const name = version ? [version.mode, isText ? '' : version.blob, version.path].join(' ') : '';
    const known = groups.get(name);
    if (known) return known;
    const made = { ...(version && { place: placeOf(version), ...(!isText && { version }) }), columns: [] };
    groups.set(name, made);
    return made;
  };
  const first = groupOf(base);
  for (const [column, file] of columns.entries()) groupOf(file ? file.after : base).columns.push(column);
  return [first, ...[...groups.values()].slice(1)];
}

/** The base's path, or where all that moved the file agree, the new one. */
function listedPath(key: string, places: readonly PlaceGroup[]): string {
  const paths = new Set(places.flatMap(({ place }) => (place && place.path !== key ? [place.path] : [])));
  const [moved] = paths;
  return paths.size === 1 && moved !== undefined ? moved : key;
}

function cellOf({ base, after, lines }: CandidateFile, sameAs: number | undefined): FileCell {
  return {
    kind: kindOf(base, after),
    ...(lines && { lines }),
    ...(sameAs !== undefined && { sameAs }),
    ...(base && after && base.path !== after.path && { from: base.path }),
    ...(base && after && base.mode !== after.mode && { mode: after.mode }),
  };
}

function kindOf(base: FileVersion | undefined, after: FileVersion | undefined): FileChange['kind'] {
  if (!base) return 'added';
  if (!after) return 'deleted';
  return base.path === after.path ? 'modified' : 'renamed';
}
