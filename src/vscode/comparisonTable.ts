import type { Agreement, DisputedPlace, FileCell, RoundComparison } from '../core/comparison.ts';
import { type Candidate, candidatesOf, isComposition } from '../core/composition.ts';
import { type CandidateId, type FileChange, isEnded, pathOf, type Round } from '../core/domain.ts';
import type { FileRow, FilesState, Place } from '../protocol/comparePanel.ts';
import { type FileIds, keyOf } from './comparisonIds.ts';

/** As many places as a person would look through. */
const maxPlaces = 200;

/** What the table of files is made of. */
export interface TableInput {
  readonly round: Round;
  /** Of the candidates that ended; absent until they were compared, and perhaps from before one of them ended. */
  readonly comparison: RoundComparison | undefined;
  /** Candidates that say nothing about agreement. */
  readonly hidden: ReadonlySet<CandidateId>;
  readonly ids: FileIds;
  /** Over columns of the comparison. */
  agreement(comparison: RoundComparison, columns: readonly number[]): Agreement;
  /** The function or class around a line of a base file, where that is known already. */
  insideOf(key: string, line: number): string | undefined;
}

/** The files of all candidates, and the disputed places that are shown, for what they are inside of. */
export interface Table {
  readonly state: FilesState;
  readonly places: readonly DisputedPlace[];
}

/** Cells of ended candidates come from their comparison, those of the others from what they changed so far. */
export function tableOf(input: TableInput): Table {
  const { comparison, round } = input;
  const candidates = candidatesOf(round);
  const columns = candidates.map((candidate) => candidate.id as CandidateId);
  const agreement = comparison && agreementOf(input, comparison);
  const shown = agreement?.places.slice(0, maxPlaces) ?? [];
  const paths = new Map(comparison?.files.map((file) => [file.key, file.path]));
  const disputed = new Set(agreement?.places.map(({ key }) => key));
  return {
    state: {
      columns,
      rows: rowsOf(input, { candidates, paths, disputed }),
      ...(agreement && { agreement: figuresOf(agreement) }),
      places: shown.map((place) => placeOf(input, place, { columns, path: paths.get(place.key) ?? place.key })),
      placeCount: agreement?.places.length ?? 0,
    },
    places: shown,
  };
}

/**
 * Over the ended runs that are visible and changed something; compositions repeat what these have. Absent for fewer than two.
 */
function agreementOf({ round, hidden, agreement }: TableInput, comparison: RoundComparison): Agreement | undefined {
  const columns = round.runs
    .filter((run) => isEnded(run) && run.changes.length > 0 && !hidden.has(run.id))
    .map((run) => comparison.columns.indexOf(run.id))
    .filter((column) => column >= 0);
  return columns.length < 2 ? undefined : agreement(comparison, columns);
}

function figuresOf({ candidates, agreed, majority, disputed }: Agreement) {
  return { candidates, agreed, majority, disputed };
}

interface Line {
  readonly key: string;
  readonly path: string;
  readonly cells: (FileCell | null)[];
}

interface RowsInput {
  readonly candidates: readonly Candidate[];
  /** Those of compared files, by key. */
  readonly paths: ReadonlyMap<string, string>;
  /** Keys of the files that visible runs differ in. */
  readonly disputed: ReadonlySet<string>;
}

function rowsOf({ comparison, ids }: TableInput, { candidates, paths, disputed }: RowsInput): readonly FileRow[] {
  const lines = new Map<string, Line>();
  const lineOf = (key: string, path: string): Line => {
    const line = lines.get(key) ?? { key, path, cells: candidates.map(() => null) };
    lines.set(key, line);
    return line;
  };
  const places = candidates.map((candidate) => comparedColumn(comparison, candidate));
  for (const file of comparison?.files ?? []) {
    places.forEach((place, column) => {
      const cell = place === undefined ? null : file.cells[place];
      if (!cell) return;
      const { sameAs, ...own } = cell;
      const same = sameAs === undefined ? -1 : places.indexOf(sameAs);
      lineOf(file.key, file.path).cells[column] = same < 0 ? own : { ...own, sameAs: same };
    });
  }
  candidates.forEach((candidate, column) => {
    if (places[column] !== undefined) return;
    for (const change of candidate.changes) {
      const key = keyOf(change);
      lineOf(key, paths.get(key) ?? pathOf(change)).cells[column] = liveCell(change);
    }
  });
  return [...lines.values()]
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
    .map(({ key, path, cells }) => ({ id: ids.idOf(key), path, cells, isAgreed: !disputed.has(key) }));
}

/** The candidate's column in the comparison; undefined while the comparison lacks it, also for a run that was started again. */
function comparedColumn(comparison: RoundComparison | undefined, candidate: Candidate): number | undefined {
  if (!comparison || (!isComposition(candidate) && !isEnded(candidate))) return undefined;
  const column = comparison.columns.indexOf(candidate.id);
  return column < 0 ? undefined : column;
}

/** What a run that is still going did to a file; nobody has looked yet whether it is the same as another's. */
function liveCell({ kind, lines, base, after }: FileChange): FileCell {
  return {
    kind,
    ...(lines && { lines }),
    ...(kind === 'renamed' && base && { from: base.path }),
    ...(base && after && base.mode !== after.mode && { mode: after.mode }),
  };
}

function placeOf(
  { comparison, ids, insideOf }: TableInput,
  { key, groups, ...place }: DisputedPlace,
  { columns, path }: { readonly columns: readonly CandidateId[]; readonly path: string },
): Place {
  const inside = place.line === undefined ? undefined : insideOf(key, place.line);
  const columnOf = (compared: number) => columns.indexOf(comparison?.columns[compared] as CandidateId);
  return {
    ...place,
    groups: groups.map((group) => group.map(columnOf)),
    fileId: ids.idOf(key),
    path,
    ...(inside !== undefined && { inside }),
  };
}
