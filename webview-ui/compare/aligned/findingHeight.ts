import type { PlacedFinding } from './findings.ts';

/** Parts of a finding, in pixels; the style sheet's too. */
const parts = { head: 22, line: 17, around: 18, beside: 38 } as const;
/** Longer reasons are cut, as the style sheet does. */
const maxLines = 12;

/** What the height of findings follows from. */
export interface FindingRoom {
  /** Of the lead's cells and of the columns', in pixels. */
  readonly leadWidth: number;
  readonly columnWidth: number;
  /** The width of a text as findings are written, in pixels. */
  readonly widthOf: (text: string) => number;
}

/** The height of a row of findings in pixels: that of its highest cell, in which they are below each other. */
export function findingHeight(placed: readonly PlacedFinding[], room: FindingRoom): number {
  const heights = new Map<PlacedFinding['column'], number>();
  for (const { column, finding } of placed) {
    const width = (column === 'lead' ? room.leadWidth : room.columnWidth) - parts.beside;
    const lines = Math.min(maxLines, wrappedLines(finding.reason, width, room.widthOf));
    heights.set(column, (heights.get(column) ?? 0) + parts.head + parts.around + lines * parts.line);
  }
  return Math.max(0, ...heights.values());
}

/** How many lines a text takes at a width, broken between words and inside those that are too long. */
export function wrappedLines(text: string, width: number, widthOf: FindingRoom['widthOf']): number {
  const least = Math.max(40, width);
  const space = widthOf(' ');
  let lines = 1;
  let at = 0;
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const length = widthOf(word);
    const start = at === 0 ? 0 : at + space;
    if (start + length <= least) {
      at = start + length;
      continue;
    }
    if (at > 0) lines += 1;
    const rows = Math.max(1, Math.ceil(length / least));
    lines += rows - 1;
    at = rows === 1 ? length : length - (rows - 1) * least;
  }
  return lines;
}
