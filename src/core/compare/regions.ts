import type { Alternative, LineEdit, Region } from '../comparison.ts';
import { atOnce } from './turns.ts';

/**
 * What is left of a text when its formatting is taken away; undefined where that can't be told, and only the very same text is the same.
 */
export type Unformatted = (lines: readonly string[]) => string | undefined;

/** After so many lines others may have a turn. */
const longText = 1000;

/** A region's range, and which of each column's edits are in it (from, to before). */
interface Stretch {
  start: number;
  end: number;
  readonly edits: readonly { readonly from: number; to: number }[];
}

/** Candidates were not made from one base, so nothing that is said of them side by side would be true. */
export class DifferentBases extends Error {
  override readonly name = 'DifferentBases';
}

/**
 * The regions of a file out of every column's edits of its base (none for a column that left it alone). Ranges that overlap or touch, over
 * all columns, are one region. Yields now and then, so that a large file can be done in turns.
 */
export function* findRegions(
  columns: readonly (readonly LineEdit[])[],
  unformatted?: Unformatted,
): Generator<undefined, readonly Region[]> {
  const regions: Region[] = [];
  const next = columns.map(() => 0);
  for (let stretch = nextStretch(columns, next); stretch; stretch = nextStretch(columns, next)) {
    regions.push(yield* regionOf(columns, stretch, unformatted));
    yield;
  }
  return regions;
}

/** The same, at once. */
export function regionsOf(columns: readonly (readonly LineEdit[])[], unformatted?: Unformatted): readonly Region[] {
  return atOnce(findRegions(columns, unformatted));
}

/** The first edits that are left and all that hang together with them; moves `next` behind them. */
function nextStretch(columns: readonly (readonly LineEdit[])[], next: number[]): Stretch | undefined {
  let start = Number.POSITIVE_INFINITY;
  for (const [column, edits] of columns.entries()) {
    start = Math.min(start, edits[next[column] ?? 0]?.start ?? start);
  }
  if (start === Number.POSITIVE_INFINITY) return undefined;
  const stretch: Stretch = { start, end: start, edits: next.map((from) => ({ from, to: from })) };
  for (let grew = true; grew; ) {
    grew = false;
    for (const [column, edits] of columns.entries()) {
      const range = stretch.edits[column];
      for (let edit = range && edits[range.to]; range && edit && edit.start <= stretch.end; edit = edits[range.to]) {
        stretch.end = Math.max(stretch.end, edit.start + edit.removed.length);
        next[column] = ++range.to;
        grew = true;
      }
    }
  }
  return stretch;
}

function* regionOf(
  columns: readonly (readonly LineEdit[])[],
  stretch: Stretch,
  unformatted: Unformatted | undefined,
): Generator<undefined, Region> {
  const { start, end } = stretch;
  const base = yield* baseOf(columns, stretch);
  const found: { readonly lines: readonly string[]; readonly columns: number[] }[] = [{ lines: base, columns: [] }];
  for (const [column, edits] of columns.entries()) {
    const { from, to } = stretch.edits[column] ?? { from: 0, to: 0 };
    const lines = textOf(base, start, edits.slice(from, to));
    const same = found.find((other) => isSameText(other.lines, lines));
    if (same) same.columns.push(column);
    else found.push({ lines, columns: [column] });
    if (lines.length > longText) yield;
  }
  const [first = { lines: base, columns: [] }, ...others] = found;
  const alternatives: readonly [Alternative, ...Alternative[]] = [first, ...others];
  return {
    start,
    length: end - start,
    alternatives: unformatted ? yield* linked(alternatives, unformatted) : alternatives,
  };
}

/** The base's lines of a stretch: each of them is removed by an edit. */
function* baseOf(
  columns: readonly (readonly LineEdit[])[],
  { start, end, edits }: Stretch,
): Generator<undefined, readonly string[]> {
  const base: string[] = new Array<string>(end - start);
  for (const [column, { from, to }] of edits.entries()) {
    for (let index = from; index < to; index++) {
      const edit = columns[column]?.[index];
      if (!edit) continue;
      for (const [offset, line] of edit.removed.entries()) {
        const at = edit.start - start + offset;
        base[at] ??= line;
        if (base[at] !== line) {
          throw new DifferentBases(`Candidates have different lines ${edit.start + offset + 1} in their base.`);
        }
      }
      if (edit.removed.length > longText) yield;
    }
  }
  return base;
}

function textOf(base: readonly string[], start: number, edits: readonly LineEdit[]): readonly string[] {
  const [only] = edits;
  if (!only) return base;
  if (edits.length === 1 && only.removed.length === base.length) return only.added;
  const parts: (readonly string[])[] = [];
  let at = 0;
  for (const edit of edits) {
    parts.push(base.slice(at, edit.start - start), edit.added);
    at = edit.start - start + edit.removed.length;
  }
  parts.push(base.slice(at));
  return parts.flat();
}

export function isSameText(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((line, index) => line === b[index]));
}

/** Marks the alternatives that are an earlier one but for formatting. */
function* linked(
  [base, ...others]: readonly [Alternative, ...Alternative[]],
  unformatted: Unformatted,
): Generator<undefined, readonly [Alternative, ...Alternative[]]> {
  const first = new Map([[unformatted(base.lines), 0]]);
  const marked: Alternative[] = [];
  for (const [index, alternative] of others.entries()) {
    if (alternative.lines.length > longText) yield;
    const key = unformatted(alternative.lines);
    const formattingOf = key === undefined ? undefined : first.get(key);
    if (formattingOf === undefined) first.set(key, index + 1);
    marked.push(formattingOf === undefined ? alternative : { ...alternative, formattingOf });
  }
  return [base, ...marked];
}
