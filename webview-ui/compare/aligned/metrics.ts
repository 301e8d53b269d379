import { type FindingRoom, findingHeight } from './findingHeight.ts';
import { rowsOfLine } from './lineBreaks.ts';
import type { AlignedModel, Row } from './rowModel.ts';
import { shownText } from './textLines.ts';

/** Heights of rows that hold no text of the file, in pixels; the style sheet's too. */
export const rowHeights = { waiting: 30, places: 72, whole: 106, fold: 26, head: 34, take: 32 } as const;

/** How many characters fit beside each other in a cell of the lead, of a column, and of all columns together. */
export interface Room {
  readonly leadFits: number;
  readonly columnFits: number;
  readonly spanFits: number;
}

/** What the heights of rows follow from. */
export interface Metrics extends Room, FindingRoom {
  /** Pixels. */
  readonly lineHeight: number;
}

/** How many characters of an unchanged line fit, which breaks alike in all cells. */
export function contextFits({ leadFits, columnFits }: Room): number {
  return Math.min(leadFits, columnFits);
}

/** The height of a row in pixels. */
export function heightOf(model: AlignedModel, row: Row, metrics: Metrics): number {
  switch (row.kind) {
    case 'context':
      return metrics.lineHeight * rowsOf(model.base[row.line], contextFits(metrics));
    case 'hand': {
      const layout = model.regions[row.region];
      const lines = layout?.region.alternatives[layout.taken ?? 0]?.lines;
      return metrics.lineHeight * rowsOf(lines?.[row.line], metrics.spanFits);
    }
    case 'code':
      return metrics.lineHeight * codeRows(model, row, metrics);
    case 'places':
      return row.isWhole ? rowHeights.whole : rowHeights.places;
    case 'finding':
      return findingHeight(row.placed, metrics);
    default:
      return rowHeights[row.kind];
  }
}

function codeRows(model: AlignedModel, { region, row }: Row & { kind: 'code' }, metrics: Metrics): number {
  const layout = model.regions[region];
  if (!layout) return 1;
  const columnFits = layout.isSpanning ? metrics.spanFits : metrics.columnFits;
  const reference = layout.region.alternatives[layout.reference]?.lines[row.reference];
  let rows = Math.max(1, rowsOf(reference, Math.min(metrics.leadFits, columnFits)));
  for (const [column, used] of layout.texts.entries()) {
    const line = row.lines[used] ?? -1;
    const text = layout.region.alternatives[layout.alternatives[column] ?? 0]?.lines[line];
    rows = Math.max(rows, rowsOf(text, columnFits));
  }
  return rows;
}

function rowsOf(line: string | undefined, fits: number): number {
  return line === undefined ? 1 : rowsOfLine(shownText(line), fits);
}
