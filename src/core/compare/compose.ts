import type { ComparedFile, FileResult, LineEdit, RoundComparison } from '../comparison.ts';
import type { ComposedFile } from '../composition.ts';

/** Where a part is taken from: a column of the comparison, or what was there before. */
export type TakenFrom = number | 'base';

/** What a composition has of a file; undefined where it leaves it as it was. */
type Composed = ComposedFile | undefined;

type Lines = Extract<FileResult, { type: 'lines' }>;

/** A file as a candidate has it, or as it was. */
export function takeFile(file: ComparedFile, from: TakenFrom): Composed {
  const result = from === 'base' ? null : (file.results[from] ?? null);
  return result ? composedOf(file, result) : undefined;
}

/** Everything as a candidate has it, or as it was (then nothing). */
export function takeAll(comparison: RoundComparison, from: TakenFrom): readonly ComposedFile[] {
  return comparison.files.flatMap((file) => takeFile(file, from) ?? []);
}

/**
 * The file with one of its regions as a candidate has it, or as it was, and everything else as in `composed`. Where candidates add or delete
 * the file, whether it is there goes with its content. Throws where `region` is none of the comparison that `composed` is part of.
 */
export function takeRegion(
  file: ComparedFile,
  composed: Composed,
  region: { readonly start: number; readonly length: number },
  from: TakenFrom,
): Composed {
  if (!file.regions.some(({ start, length }) => start === region.start && length === region.length)) {
    throw new RangeError(`There is no region of ${region.length} lines at line ${region.start + 1} of ${file.key}.`);
  }
  if (comesOrGoes(file)) return takeFile(file, from);
  const current = linesOf(file, composed?.result);
  const source = linesOf(file, from === 'base' ? null : file.results[from]);
  const edits = [
    ...current.edits.filter((edit) => !isWithin(edit, region)),
    ...source.edits.filter((edit) => isWithin(edit, region)),
  ].sort((a, b) => a.start - b.start);
  return composedOf(file, { ...current, edits });
}

/** Whether some candidate adds or deletes the file. */
export function comesOrGoes({ places }: ComparedFile): boolean {
  return places.some(({ place }) => !place);
}

function linesOf(file: ComparedFile, result: FileResult | null | undefined): Lines {
  const [{ place }] = file.places;
  const lines = result ?? { type: 'lines' as const, ...(place && { place }), edits: [] };
  if (lines.type !== 'lines') throw new TypeError(`${file.key} can only be taken as a whole.`);
  return lines;
}

/** Throws for an edit that is partly in the region, or touches it. */
function isWithin({ start, removed }: LineEdit, region: { readonly start: number; readonly length: number }): boolean {
  const [end, regionEnd] = [start + removed.length, region.start + region.length];
  if (start >= region.start && end <= regionEnd) return true;
  if (end < region.start || start > regionEnd) return false;
  throw new RangeError(`The region at line ${region.start + 1} is no longer one: there is a change across its ends.`);
}

function composedOf({ key, base }: ComparedFile, result: FileResult): Composed {
  return isAsBefore(result, base) ? undefined : { key, result };
}

/** Whether a file comes out exactly as it was. */
export function isAsBefore(result: FileResult, base: ComparedFile['base']): boolean {
  const place = result.type === 'lines' ? result.place : result.version;
  if (place?.path !== base?.path || place?.mode !== base?.mode) return false;
  return result.type === 'lines' ? result.edits.length === 0 : result.version?.blob === base?.blob;
}
