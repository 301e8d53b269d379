/** How many unchanged lines stay visible beside a change. */
export const contextLines = 3;
/** Fewer hidden lines than this aren't worth a fold. */
const leastFold = 3;

/** A stretch of the base's lines, `to` not included. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** Unchanged lines between two changes; `isFirst` and `isLast` where the file begins or ends there instead. */
export interface Stretch extends LineRange {
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** What of a stretch is folded away, in order: not the lines beside a change, nor what the user revealed. */
export function hiddenRanges(stretch: Stretch, revealed: readonly LineRange[]): LineRange[] {
  const { from, to, isFirst, isLast } = stretch;
  let hidden: LineRange[] = [{ from: isFirst ? from : from + contextLines, to: isLast ? to : to - contextLines }];
  for (const seen of revealed) {
    hidden = hidden.flatMap((range) => [
      { from: range.from, to: Math.min(range.to, seen.from) },
      { from: Math.max(range.from, seen.to), to: range.to },
    ]);
    hidden = hidden.filter((range) => range.from < range.to);
  }
  return hidden.filter((range) => range.to - range.from >= leastFold);
}
