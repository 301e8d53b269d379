import type { ComparedFile, FileResult, LineEdit, RoundComparison } from '../comparison.ts';
import type { ComposedFile } from '../composition.ts';
import { comesOrGoes } from './compose.ts';
import { isSameText, regionsOf } from './regions.ts';

/** A place where a run, or the composition, differs from the base. */
interface Place {
  /** The runs that have there what the composition has. */
  readonly runs: readonly number[];
  /** Whether the composition has what was there before. */
  readonly isBase: boolean;
}

/**
 * What a composition is made of, for people: "Claude's, with 2 places from GPT and 1 by hand". `labels` are those of the runs, which are the
 * first columns of the comparison; other compositions are nobody's source.
 */
export function nameOf(comparison: RoundComparison, files: readonly ComposedFile[], labels: readonly string[]): string {
  const composed = new Map(files.map(({ key, result }) => [key, result]));
  const places = comparison.files.flatMap((file) => placesOf(file, composed.get(file.key) ?? null, labels.length));
  const changed = places.filter(({ isBase }) => !isBase);
  if (changed.length === 0) return 'No changes';
  const all = labels.map((_label, run) => run);
  const main = likeliest(all, countByRun(changed));
  if (main === undefined) return 'By hand';

  const others = changed.filter(({ runs }) => !runs.includes(main));
  const possible = countByRun(others);
  const bySource = Map.groupBy(others, ({ runs }) => likeliest(runs, possible));
  const sources = [...bySource].map(([run, { length }]) => ({ run, length }));
  // What was done by hand comes last.
  sources.sort(
    (a, b) =>
      Number(a.run === undefined) - Number(b.run === undefined) || b.length - a.length || (a.run ?? 0) - (b.run ?? 0),
  );
  const left = places.filter(({ isBase, runs }) => isBase && !runs.includes(main)).length;

  const [first] = sources;
  if (first?.run !== undefined && sources.length === 1 && left === 0) {
    const second = first.run;
    const own = changed.filter(({ runs }) => runs.includes(main) && !runs.includes(second)).length;
    if (own === first.length) return `${labels[main]}'s and ${labels[second]}'s, half each`;
  }
  const taken = sources.map(({ run, length }, index) => {
    const count = index === 0 ? counted(length) : String(length);
    return run === undefined ? `${count} by hand` : `${count} from ${labels[run]}`;
  });
  return [
    `${labels[main]}'s`,
    ...(taken.length > 0 ? [`with ${listed(taken)}`] : []),
    ...(left > 0 ? [`without ${counted(left)}`] : []),
  ].join(', ');
}

function countByRun(places: readonly Place[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { runs } of places) for (const run of runs) counts.set(run, (counts.get(run) ?? 0) + 1);
  return counts;
}

/** Of some runs the first that most places could be from; undefined where none could be from any. */
function likeliest(runs: readonly number[], counts: ReadonlyMap<number, number>): number | undefined {
  let best: number | undefined;
  for (const run of runs) {
    if ((counts.get(run) ?? 0) > (best === undefined ? 0 : (counts.get(best) ?? 0))) best = run;
  }
  return best;
}

/** The places of a file; one, where it comes, goes, or is taken as a whole. The composition's result stands behind those of the runs. */
function placesOf(file: ComparedFile, result: FileResult | null, runs: number): readonly Place[] {
  const results = [...file.results.slice(0, runs), result];
  if (results.every((other) => other === null)) return [];
  const signs = results.map((other) => signOf(other, file));
  const places: Place[] = [placeOf(signs, signOf(null, file))];
  const isMoved = signs.some((sign) => sign !== signOf(null, file));
  if (file.type === 'whole') return places;
  const known = twinIn(file, result, runs);
  const [found, twin] = known === undefined ? [regionsOf(results.map(editsOf)), runs] : [file.regions, known];
  const regions = found.map(({ alternatives }): Place => {
    const own = twin === null ? 0 : alternatives.findIndex(({ columns }) => columns.includes(twin));
    return { runs: alternatives[own]?.columns.filter((column) => column < runs) ?? [], isBase: own === 0 };
  });
  if (!comesOrGoes(file)) return isMoved ? [...places, ...regions] : regions;
  const together = [...places, ...regions];
  const same = results.flatMap((_result, run) => (together.every((place) => place.runs.includes(run)) ? [run] : []));
  return [{ runs: same, isBase: together.every(({ isBase }) => isBase) }];
}

function placeOf(signs: readonly string[], base: string): Place {
  const own = signs.at(-1);
  return {
    runs: signs.slice(0, -1).flatMap((sign, run) => (sign === own ? [run] : [])),
    isBase: own === base,
  };
}

/**
 * The column that has these very edits (null: the base has them), where the comparison's regions are those of the runs and this result alone.
 * Most files are so, and their regions need not be found again.
 */
function twinIn({ results, cells }: ComparedFile, result: FileResult | null, runs: number): number | null | undefined {
  const edits = editsOf(result);
  const twin = edits.length === 0 ? null : results.findIndex((other) => areSame(editsOf(other), edits));
  const isStrange = (column: number) => column >= runs && column !== twin && (cells[column]?.sameAs ?? runs) >= runs;
  return twin === -1 || results.some((other, column) => other && isStrange(column)) ? undefined : twin;
}

function areSame(some: readonly LineEdit[], others: readonly LineEdit[]): boolean {
  if (some === others) return true;
  const isSame = (edit: LineEdit, other: LineEdit | undefined) =>
    edit.start === other?.start && isSameText(edit.removed, other.removed) && isSameText(edit.added, other.added);
  return some.length === others.length && some.every((edit, index) => isSame(edit, others[index]));
}

/** Where a file is and what it is, and for one without lines its content. */
function signOf(result: FileResult | null, { base, type }: ComparedFile): string {
  const place = result ? (result.type === 'lines' ? result.place : result.version) : base;
  if (!place) return '';
  const blob = type === 'whole' && 'blob' in place ? place.blob : '';
  return [place.mode, blob, place.path].join(' ');
}

function editsOf(result: FileResult | null): readonly LineEdit[] {
  return result?.type === 'lines' ? result.edits : [];
}

function counted(places: number): string {
  return `${places} ${places === 1 ? 'place' : 'places'}`;
}

function listed(phrases: readonly string[]): string {
  return phrases.length < 2 ? phrases.join('') : `${phrases.slice(0, -1).join(', ')} and ${phrases.at(-1)}`;
}
