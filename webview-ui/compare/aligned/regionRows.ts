import { diffArrays } from 'diff';
import { type Alignment, alignLines } from './alignLines.ts';

/** Put-in lines of more than this in one place are put beside each other from the top, which bounds the work. */
const maxInserted = 400;

/** One row of a region: the reference's line in it, and for each text the line in it; -1 where there is none. */
export interface TextRow {
  readonly reference: number;
  readonly lines: readonly number[];
}

/** How several texts of one region stand beside each other. */
export interface RegionRows {
  readonly rows: readonly TextRow[];
  readonly alignments: readonly Alignment[];
}

/**
 * Lays texts out beside a reference. Each line of the reference and of every text is in exactly one row, in order; lines of a text that are
 * the reference's own are in its row. With `isPaired` so are those that replace it, otherwise they are in rows below.
 */
export function layOutRegion(
  reference: readonly string[],
  texts: readonly (readonly string[])[],
  isPaired: boolean,
): RegionRows {
  const alignments = texts.map((text) => alignLines(reference, text, isPaired));
  const besides = texts.map(() => new Array<number>(reference.length).fill(-1));
  const inserted = texts.map(() => new Map<number, number[]>());
  for (const [index, { pairs, isKept, places }] of alignments.entries()) {
    for (const [line, pair] of pairs.entries()) {
      const place = places[line] ?? 0;
      const beside = besides[index];
      if (beside && pair >= 0 && (isPaired || isKept[line])) beside[pair] = line;
      else addTo(inserted[index], place, line);
    }
  }
  const rows: TextRow[] = [];
  for (let place = 0; place <= reference.length; place += 1) {
    const lists = inserted.map((places) => places.get(place) ?? []);
    rows.push(...insertedRows(lists, texts));
    if (place < reference.length) rows.push({ reference: place, lines: besides.map((lines) => lines[place] ?? -1) });
  }
  return { rows, alignments };
}

function addTo(places: Map<number, number[]> | undefined, place: number, line: number): void {
  const list = places?.get(place);
  if (list) list.push(line);
  else places?.set(place, [line]);
}

/** Rows for what texts put in at one place: equal lines share one, others do as long as that keeps the order. */
function insertedRows(lists: readonly (readonly number[])[], texts: readonly (readonly string[])[]): TextRow[] {
  let rows: { readonly text: string; readonly lines: number[] }[] = [];
  // The longest first: it makes the rows, and the others find their place in it.
  const order = lists.map((_, index) => index).sort((a, b) => (lists[b]?.length ?? 0) - (lists[a]?.length ?? 0));
  for (const index of order) {
    const list = lists[index] ?? [];
    const lineTexts = list.map((line) => texts[index]?.[line] ?? '');
    const placed = placeAmong(
      rows.map(({ text }) => text),
      lineTexts,
    );
    const next: typeof rows = [];
    for (const { row, line } of placed) {
      const lines = rows[row]?.lines ?? lists.map(() => -1);
      if (line >= 0) lines[index] = list[line] ?? -1;
      next.push({ text: rows[row]?.text ?? lineTexts[line] ?? '', lines });
    }
    rows = next;
  }
  return rows.map(({ lines }) => ({ reference: -1, lines }));
}

/** Merges lines into rows: each row and each line comes once, in order, and together where they can. */
function placeAmong(rows: readonly string[], lines: readonly string[]): { row: number; line: number }[] {
  const placed: { row: number; line: number }[] = [];
  let row = 0;
  let line = 0;
  const pass = (rowEnd: number, lineEnd: number) => {
    while (row < rowEnd || line < lineEnd) {
      placed.push({ row: row < rowEnd ? row++ : -1, line: line < lineEnd ? line++ : -1 });
    }
  };
  const isSmall = rows.length + lines.length <= maxInserted && rows.length > 0 && lines.length > 0;
  let pendingRows = 0;
  let pendingLines = 0;
  for (const change of isSmall ? diffArrays([...rows], [...lines]) : []) {
    if (change.removed) pendingRows += change.value.length;
    else if (change.added) pendingLines += change.value.length;
    else {
      pass(row + pendingRows, line + pendingLines);
      pass(row + change.value.length, line + change.value.length);
      pendingRows = 0;
      pendingLines = 0;
    }
  }
  pass(rows.length, lines.length);
  return placed;
}
