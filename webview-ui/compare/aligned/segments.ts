import type { LineTokens } from '../syntax/lineTokens.ts';
import type { Mark } from './wordMarks.ts';

/** A piece of a line with one look. */
export interface Segment {
  readonly text: string;
  /** Its syntax style; 0 for plain text. */
  readonly style: number;
  readonly isMarked: boolean;
}

/** Cuts a line where its syntax or its marks change. */
export function segmentsOf(text: string, tokens: LineTokens | undefined, marks: readonly Mark[]): Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  let token = 0;
  let mark = 0;
  while (at < text.length) {
    while (tokens && token + 2 < tokens.length && (tokens[token + 2] ?? 0) <= at) token += 2;
    while ((marks[mark]?.to ?? Number.POSITIVE_INFINITY) <= at) mark += 1;
    const next = marks[mark];
    const isMarked = next !== undefined && next.from <= at;
    const markEnd = next === undefined ? text.length : isMarked ? next.to : next.from;
    const tokenEnd = tokens?.[token + 2] ?? text.length;
    const end = Math.min(text.length, markEnd, tokenEnd);
    segments.push({ text: text.slice(at, end), style: tokens?.[token + 1] ?? 0, isMarked });
    at = end;
  }
  return segments;
}

/** Cuts the pieces of a line where its rows end; the pieces of each row. */
export function segmentsOfRows(segments: readonly Segment[], ends: readonly number[]): readonly (readonly Segment[])[] {
  const rows: Segment[][] = [];
  let index = 0;
  /** Where the piece at `index` goes on, and where that is in the line. */
  let inside = 0;
  let at = 0;
  for (const end of ends) {
    const row: Segment[] = [];
    while (at < end) {
      const segment = segments[index];
      if (!segment) break;
      const text = segment.text.slice(inside, inside + end - at);
      row.push(text.length === segment.text.length ? segment : { ...segment, text });
      at += text.length;
      inside += text.length;
      if (inside < segment.text.length) break;
      index += 1;
      inside = 0;
    }
    rows.push(row);
  }
  return rows;
}
