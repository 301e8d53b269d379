import { FileLines } from './fileLines.ts';
import { indentOf } from './indentation.ts';
import { type LineChange, oldLinesOf } from './lineChanges.ts';
import { changeAt, changedRows, type Place } from './place.ts';
import { noMatch, type Refusal, refuse, severalMatches } from './refusal.ts';
import { type Found, findClose, findFar, type StageName } from './stages.ts';
import type { Edited } from './textEdit.ts';
import { howOf } from './textEdit.ts';
import { hasMixedEnds, joinLines, type TextLine } from './textLines.ts';

/** Whole lines that stay, go and come at one place. */
export interface Hunk {
  readonly changes: readonly LineChange[];
  /** The same lines taken as they are, where a patch has no space in front of those that stay. */
  readonly bare?: readonly LineChange[];
  /** Lines that stand above the place, outermost first. */
  readonly anchors: readonly string[];
  /** Where the place is said to be: the row, counted from 0, in the file before any hunk of the edit. */
  readonly row?: number;
  /** The place is at the end of the file. */
  readonly isAtEnd?: boolean;
  /** Written with Windows line ends. */
  readonly hasWindowsEnds?: boolean;
}

/** Changes whole lines at several places of a file, in the file's order. */
export interface LinesEdit {
  readonly kind: 'lines';
  readonly hunks: readonly Hunk[];
  /** Whether the file ends with a line end afterwards, where the edit says so; as it was when absent. */
  readonly finalLineEnd?: boolean;
}

const theText = 'The text to replace';

/** Makes all changes, each where it fits; the places are looked for in the file as it was before. */
export function applyLines(text: string, edit: LinesEdit): Edited | Refusal {
  const file = new FileLines(text);
  const found: Found[] = [];
  for (const [index, hunk] of edit.hunks.entries()) {
    const places = placesOf(file, hunk);
    if (!('places' in places)) return inHunk(places, index, edit.hunks.length);
    found.push(places);
  }
  const chosen = choose(found.map(({ places }) => places));
  if (chosen.kind === 'several') {
    const { places = [], stage = 'exact' } = found[chosen.hunk] ?? {};
    const rows = places.map(({ start }) => start);
    return inHunk(severalMatches(theText, rows, rows.length, howOf(stage)), chosen.hunk, edit.hunks.length);
  }
  if (chosen.kind === 'none') {
    return refuse(
      'overlapping',
      'The hunks overlap, so none was made. Write them in the order of the file, each line in one hunk.',
    );
  }
  const lines = changeAt(file.lines, chosen.places, edit.finalLineEnd);
  const stage = found.reduce<StageName>((worst, each) => (each.stage === 'exact' ? worst : each.stage), 'exact');
  return { ok: true, text: joinLines(lines), stage };
}

function inHunk(refusal: Refusal, index: number, count: number): Refusal {
  return count === 1 ? refusal : { ...refusal, message: `Hunk ${index + 1} of ${count}: ${refusal.message}` };
}

/** Where a hunk can be, as far as it says itself. */
function placesOf(file: FileLines, hunk: Hunk): Found | Refusal {
  const wanted = oldLinesOf(hunk.changes);
  const regions = regionsOf(file, hunk.anchors);
  if (regions.length === 0) {
    const anchor = hunk.anchors.join(' / ');
    return noMatch(`The line "${anchor}", after which the change is to be,`, file.text, hunk.anchors.at(-1) ?? '');
  }
  if (wanted.length === 0) return insertionPlace(file, hunk, regions);
  const isOfItsEnds = (place: Place) =>
    !hunk.hasWindowsEnds ||
    !hasMixedEnds(file.text) ||
    file.lines.slice(place.start, place.end).every(({ end }) => end === '\r\n');
  for (const find of [findClose, findFar]) {
    const found = find(file, hunk);
    const inside = found?.places.filter(
      (place) => isOfItsEnds(place) && regions.some(({ from }) => place.start >= from),
    );
    if (found && inside && inside.length > 0)
      return { stage: found.stage, places: narrowed(inside, hunk, regions, file) };
  }
  return noMatch(theText, file.text, wanted.join('\n'));
}

/** The only ones that the end of the file, a line number, or the anchors' blocks leave, where they leave one. */
function narrowed(
  places: readonly Place[],
  { isAtEnd, row }: Hunk,
  regions: readonly Region[],
  { lines }: FileLines,
): readonly Place[] {
  if (places.length === 1) return places;
  const ways: ((place: Place) => boolean)[] = [
    ({ end }) => isAtEnd === true && lines.slice(end).every(({ text }) => text.trim() === ''),
    ({ start }) => start === row,
    ({ start, end }) =>
      regions.some((region) => region.anchor !== undefined && start >= region.from && end <= region.blockEnd),
    ({ start }) => regions.some((region) => region.anchor !== undefined && start === region.anchor + 1),
  ];
  for (const fits of ways) {
    const left = places.filter(fits);
    if (left.length === 1) return left;
  }
  return places;
}

/** The part of a file below an anchor: from its line to the end of the file, with the end of what is indented below it. */
interface Region {
  readonly anchor?: number;
  readonly from: number;
  readonly blockEnd: number;
}

/** All regions below the anchors, each anchor within the block of the one before where it is there. */
function regionsOf(file: FileLines, anchors: readonly string[]): readonly Region[] {
  let regions: readonly Region[] = [{ from: 0, blockEnd: file.lines.length }];
  for (const anchor of anchors) {
    const rows = anchorRows(file, anchor);
    const within = (isIn: (row: number, region: Region) => boolean) =>
      rows
        .filter((row) => regions.some((region) => isIn(row, region)))
        .map((row) => ({ anchor: row, from: row, blockEnd: blockEnd(file.lines, row) }));
    const inBlock = within((row, { from, blockEnd: end }) => row >= from && row < end);
    regions = inBlock.length > 0 ? inBlock : within((row, { from }) => row >= from);
  }
  return regions;
}

/** Rows of the line an anchor names: the same line, or the same but for indentation, or one that has it in it. */
function anchorRows({ lines }: FileLines, anchor: string): number[] {
  const plain = anchor.trim();
  const ways: ((line: string) => boolean)[] = [
    (line) => line === anchor,
    (line) => line.trim() === plain,
    (line) => line.includes(plain),
  ];
  for (const fits of ways) {
    const rows = lines.flatMap(({ text }, row) => (fits(text) ? [row] : []));
    if (rows.length > 0) return rows;
  }
  return [];
}

function blockEnd(lines: readonly TextLine[], row: number): number {
  const indent = indentOf(lines[row]?.text ?? '').length;
  const end = lines.findIndex(
    ({ text }, index) => index > row && text.trim() !== '' && indentOf(text).length <= indent,
  );
  return end === -1 ? lines.length : end;
}

/** Lines that only come in: below the anchor, at the line that is named, or else at the end of the file. */
function insertionPlace({ lines, text }: FileLines, hunk: Hunk, regions: readonly Region[]): Found | Refusal {
  const at = (row: number): Found => ({
    stage: 'exact',
    places: [{ start: row, end: row, spans: [], changes: hunk.changes }],
  });
  const below = regions.flatMap(({ anchor }) => (anchor === undefined ? [] : [anchor + 1]));
  const [row] = below;
  if (below.length > 1) {
    const anchors = below.map((each) => each - 1);
    return severalMatches(`The line "${hunk.anchors.at(-1)}"`, anchors, anchors.length, '');
  }
  if (row !== undefined && !hunk.isAtEnd) return at(row);
  if (hunk.row === undefined) return at(lines.length);
  if (hunk.row <= lines.length) return at(hunk.row);
  return noMatch(`Line ${hunk.row}, after which lines are to come in,`, text, '');
}

type Choice =
  | { readonly kind: 'one'; readonly places: readonly Place[] }
  | { readonly kind: 'several'; readonly hunk: number }
  | { readonly kind: 'none' };

/** Takes the only way in which all hunks fit in their order. Hunks that have one place each may be in any order. */
function choose(options: readonly (readonly Place[])[]): Choice {
  const ways = waysFrom(options);
  const places: Place[] = [];
  let row = 0;
  for (const [index, here] of options.entries()) {
    const fitting = here.filter((place, nth) => changedRows(place).from >= row && (ways[index]?.[nth] ?? 0) > 0);
    const [place, other] = fitting;
    if (place === undefined) return anyOrder(options);
    if (other !== undefined) return { kind: 'several', hunk: index };
    places.push(place);
    row = changedRows(place).to;
  }
  return { kind: 'one', places };
}

/** For each place of each hunk, in how many ways the hunks after it fit behind it; more than one is as good as two. */
function waysFrom(options: readonly (readonly Place[])[]): number[][] {
  const ways: number[][] = options.map(() => []);
  for (let index = options.length - 1; index >= 0; index--) {
    const here = options[index] ?? [];
    const next = options[index + 1];
    if (next === undefined) {
      ways[index] = here.map(() => 1);
      continue;
    }
    // From the last place to the first, each with the ways of all those behind it added up: a file may have thousands of them.
    let sum = 0;
    const behind = next
      .map((place, nth) => ({ from: changedRows(place).from, ways: ways[index + 1]?.[nth] ?? 0 }))
      .sort((a, b) => b.from - a.from)
      .map(({ from, ways: own }) => {
        sum = Math.min(2, sum + own);
        return { from, sum };
      });
    ways[index] = here.map((place) => {
      const end = changedRows(place).to;
      return behind[lastIndexWhere(behind.length, (nth) => (behind[nth]?.from ?? 0) >= end)]?.sum ?? 0;
    });
  }
  return ways;
}

/** The last of so many indices for which something is so that is so for all before it; -1 for none. */
function lastIndexWhere(length: number, isSo: (index: number) => boolean): number {
  let [low, high] = [-1, length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (isSo(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function anyOrder(options: readonly (readonly Place[])[]): Choice {
  const hunk = options.findIndex((places) => places.length > 1);
  if (hunk !== -1) return { kind: 'several', hunk };
  const rows = options
    .flat()
    .map(changedRows)
    .sort((a, b) => a.from - b.from || a.to - b.to);
  const overlap = rows.some(({ from }, index) => from < (rows[index - 1]?.to ?? 0));
  return overlap ? { kind: 'none' } : { kind: 'one', places: options.flat() };
}
