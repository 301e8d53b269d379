import type { FileResult, LineEdit } from '../core/comparison.ts';

/** Where a line of the base (counted from 1) is in a text that is the base with these edits, or what stands in its place. */
export function lineAfter(edits: readonly LineEdit[], baseLine: number): number {
  let line = baseLine;
  for (const { start, removed, added } of edits) {
    if (start + 1 >= baseLine) break;
    if (start + removed.length < baseLine) line += added.length - removed.length;
    // Inside of what was removed: as far into what stands there now, as far as that goes.
    else line += Math.min(0, Math.max(0, added.length - 1) - (baseLine - 1 - start));
  }
  return Math.max(1, line);
}

/** Which line of the base (counted from 1) a line of a text is that is the base with these edits, or is put in after. */
export function lineBefore(edits: readonly LineEdit[], line: number): number {
  let shift = 0;
  for (const { start, removed, added } of edits) {
    const first = start + 1 + shift;
    if (line < first) break;
    if (line < first + added.length) return start + Math.max(1, Math.min(removed.length, line - first + 1));
    shift += added.length - removed.length;
  }
  return Math.max(1, line - shift);
}

/** The edits of a result; none for a file that was left alone, or that has no lines. */
export function editsOf(result: FileResult | null | undefined): readonly LineEdit[] {
  return result?.type === 'lines' ? result.edits : [];
}
