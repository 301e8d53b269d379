import type { TextRow } from './regionRows.ts';
import type { RegionLayout } from './rowModel.ts';
import { endingNote, shownText } from './textLines.ts';
import type { Mark, WordMarker } from './wordMarks.ts';

/** A line as a cell shows it. */
export interface CellLine {
  readonly look: 'kept' | 'added' | 'removed' | 'gap';
  readonly text: string;
  /** Counted from 1; absent for a line that the cell's candidate does not have. */
  readonly number?: number;
  readonly marks: readonly Mark[];
  /** What is to be said after the text: how the line ends, where that alone differs. */
  readonly note?: string;
  /** Which line it is, to find its syntax: of which alternative. */
  readonly source?: { readonly alternative: number; readonly line: number };
}

const gap: CellLine = { look: 'gap', text: '', marks: [] };

/** The lead's line in a row. Words are marked where only one other version stands beside it. */
export function leadLine(layout: RegionLayout, row: TextRow, marker: WordMarker): CellLine {
  const { reference } = row;
  if (reference < 0) return gap;
  const text = lineOf(layout, layout.reference, reference);
  const others = layout.rows.alignments;
  const isChanged = others.some(({ isKept }, index) => isKept[row.lines[index] ?? -1] !== true);
  const partner = others.length === 1 ? (row.lines[0] ?? -1) : -1;
  const other = partner >= 0 ? usedLine(layout, 0, partner) : undefined;
  return {
    look: isChanged ? 'removed' : 'kept',
    text: shownText(text),
    number: layout.leadStart + reference + 1,
    marks: isChanged && other !== undefined ? marker.compare(shownText(text), shownText(other)).removed : [],
    source: { alternative: layout.reference, line: reference },
  };
}

/** A column's line in a row, for one that shows its text. `isPaired`: what it replaces is in the lead, and not shown again. */
export function columnLine(
  layout: RegionLayout,
  row: TextRow,
  column: number,
  context: { isPaired: boolean; marker: WordMarker },
): CellLine {
  const used = layout.texts[column] ?? -1;
  const line = row.lines[used] ?? -1;
  const alignment = layout.rows.alignments[used];
  if (line < 0 && (context.isPaired || row.reference < 0)) return gap;
  if (line < 0) return removedLine(layout, row.reference, used, context.marker);
  const text = usedLine(layout, used, line);
  const pair = alignment?.pairs[line] ?? -1;
  const isKept = alignment?.isKept[line] === true;
  const before = pair >= 0 && !isKept ? lineOf(layout, layout.reference, pair) : undefined;
  const note = before === undefined ? undefined : endingNote(text, before);
  return {
    look: isKept ? 'kept' : 'added',
    text: shownText(text),
    number: (layout.starts[column] ?? 0) + line + 1,
    marks: before === undefined ? [] : context.marker.compare(shownText(before), shownText(text)).added,
    ...(note ? { note } : {}),
    source: { alternative: layout.alternatives[column] ?? 0, line },
  };
}

/** The reference's line in a column that lacks it. */
function removedLine(layout: RegionLayout, reference: number, used: number, marker: WordMarker): CellLine {
  const text = lineOf(layout, layout.reference, reference);
  const alignment = layout.rows.alignments[used];
  const partner = alignment?.pairs.findIndex((pair, line) => pair === reference && !alignment.isKept[line]) ?? -1;
  const after = partner >= 0 ? usedLine(layout, used, partner) : undefined;
  return {
    look: 'removed',
    text: shownText(text),
    marks: after === undefined ? [] : marker.compare(shownText(text), shownText(after)).removed,
    source: { alternative: layout.reference, line: reference },
  };
}

/** A line of an alternative. */
export function lineOf({ region }: RegionLayout, alternative: number, line: number): string {
  return region.alternatives[alternative]?.lines[line] ?? '';
}

function usedLine(layout: RegionLayout, used: number, line: number): string {
  return lineOf(layout, layout.alternatives[layout.texts.indexOf(used)] ?? 0, line);
}
