import type { FileLines } from './fileLines.ts';
import { type LineChange, oldLinesOf } from './lineChanges.ts';
import { type Place, placeAt, type Span } from './place.ts';

/** Share of characters that must be the same, and of lines. */
const enoughCharacters = 0.9;
const enoughLines = 0.5;
const maxLineLength = 1_000;
/** Above this many pairs of equal lines both texts say the same over and over, and no place can be told. */
const maxPairs = 500_000;
/** Pairs of characters to compare at all likely places together, above which it would take too long. */
const maxWork = 50_000_000;
/** Above this many ways to place the lines around left-out ones, no place can be told. */
const maxLeftOutPlaces = 100;

const trim = (line: string) => line.trim();
const trimEnd = (line: string) => line.trimEnd();

/** Where lines are that differ in little. Single lines are never similar enough: a twin with another name would be. */
export function similarPlaces(file: FileLines, changes: readonly LineChange[]): Place[] {
  const wanted = oldLinesOf(changes).map(trim);
  if (wanted.length < 2) return [];
  const keys = file.keys(trim);
  const likely = likelyRows(keys, wanted)
    .filter((row) => row >= 0 && row + wanted.length <= keys.length)
    .map((row) => ({ row, lines: keys.slice(row, row + wanted.length) }))
    .filter(({ lines }) => mayBeSimilar(lines, wanted));
  if (likely.reduce((sum, { lines }) => sum + workFor(lines, wanted), 0) > maxWork) return [];
  return likely
    .filter(({ lines }) => isSimilar(lines, wanted))
    .map(({ row }) => placeAt(row, wanted.length, changes))
    .filter((place) => staysBesideNew(keys, place));
}

/** Rows at which enough lines are equal, of which at least one says something about the place. */
function likelyRows(keys: readonly string[], wanted: readonly string[]): number[] {
  const offsets = new Map<string, number[]>();
  for (const [offset, line] of wanted.entries()) {
    const known = offsets.get(line);
    if (known) known.push(offset);
    else offsets.set(line, [offset]);
  }
  const pairs = keys.reduce((sum, key) => sum + (offsets.get(key)?.length ?? 0), 0);
  if (pairs > maxPairs) return [];
  const votes = new Map<number, { equal: number; telling: number }>();
  for (const [row, key] of keys.entries()) {
    for (const offset of offsets.get(key) ?? []) {
      const vote = votes.get(row - offset) ?? { equal: 0, telling: 0 };
      vote.equal++;
      if (/\w/.test(key)) vote.telling++;
      votes.set(row - offset, vote);
    }
  }
  return [...votes].flatMap(([row, { equal, telling }]) =>
    equal >= wanted.length * enoughLines && telling > 0 ? [row] : [],
  );
}

/** Whether enough characters can be the same, going by the lengths of the lines. */
function mayBeSimilar(lines: readonly string[], wanted: readonly string[]): boolean {
  let [all, same] = [0, 0];
  for (const [index, line] of wanted.entries()) {
    const length = lines[index]?.length ?? 0;
    all += Math.max(line.length, length);
    same += Math.min(line.length, length);
  }
  return same >= all * enoughCharacters;
}

/** How many pairs of characters there are to compare. */
function workFor(lines: readonly string[], wanted: readonly string[]): number {
  return wanted.reduce((sum, line, index) => {
    const other = lines[index] ?? '';
    return line === other || isTooLong(line, other) ? sum : sum + line.length * other.length;
  }, 0);
}

function isSimilar(lines: readonly string[], wanted: readonly string[]): boolean {
  let [all, same] = [0, 0];
  for (const [index, line] of wanted.entries()) {
    const other = lines[index] ?? '';
    const length = Math.max(line.length, other.length);
    all += length;
    same += line === other ? length : length - distance(line, other);
  }
  return same >= all * enoughCharacters;
}

/** Beside a line that comes in, a line that stays must be the very one: otherwise the new one may belong elsewhere. */
function staysBesideNew(keys: readonly string[], { start, changes }: Place): boolean {
  let row = start;
  return changes.every(({ kind, text }, index) => {
    if (kind === 'add') return true;
    const isBeside = changes[index - 1]?.kind === 'add' || changes[index + 1]?.kind === 'add';
    const isSame = keys[row++] === text.trim();
    return kind === 'remove' || !isBeside || isSame;
  });
}

/** How many characters to change, take out or put in to make one line the other. */
function distance(a: string, b: string): number {
  if (isTooLong(a, b)) return Math.max(a.length, b.length);
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const changed = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(changed, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

function isTooLong(a: string, b: string): boolean {
  return a.length > maxLineLength || b.length > maxLineLength;
}

const comment = /^(?:\/\/|#|--|;|%|\/\*|<!--|\.{3}|…)/;

/**
 * Where a single comment that is not in the file stands for lines between others that are. It may stand for no more lines than are
 * quoted, and the lines right before and behind it must be in the change.
 */
export function leftOutPlaces(file: FileLines, changes: readonly LineChange[]): Place[] {
  const wanted = oldLinesOf(changes).map(trimEnd);
  const keys = file.keys(trimEnd);
  const known = new Set(keys);
  const missing = wanted.flatMap((line, index) => (known.has(line) ? [] : [index]));
  const [gap] = missing;
  if (gap === undefined || missing.length > 1 || gap === 0 || gap === wanted.length - 1) return [];
  if (!comment.test(wanted[gap]?.trim() ?? '')) return [];
  const [before, behind] = [wanted.slice(0, gap), wanted.slice(gap + 1)];
  if (![before, behind].every((lines) => lines.some((line) => line.trim() !== ''))) return [];
  const places: Place[] = [];
  const isAt = (row: number, lines: readonly string[]) => lines.every((line, offset) => keys[row + offset] === line);
  for (let start = 0; start + before.length < keys.length; start++) {
    if (!isAt(start, before)) continue;
    const from = start + before.length;
    for (let to = from; to <= from + before.length + behind.length; to++) {
      if (!isAt(to, behind)) continue;
      if (places.length === maxLeftOutPlaces) return [];
      const spans: Span[] = [
        ...placeAt(start, before.length, changes).spans,
        { from, to },
        ...placeAt(to, behind.length, changes).spans,
      ];
      places.push({ start, end: to + behind.length, spans, changes });
    }
  }
  return places;
}
