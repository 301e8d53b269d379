import { linesOf } from './fileText.ts';

/** Above this many comparisons the count is of whole changed stretches rather than of single lines. */
const maxComparisons = 250_000;

/** Lines added and removed between two texts, written as people read it: "+9 −2". */
export function lineDelta(before: string, after: string): string {
  const old = linesOf(before);
  const now = linesOf(after);
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  const most = Math.min(old.length, now.length) - start;
  while (end < most && old[old.length - 1 - end] === now[now.length - 1 - end]) end++;
  const oldMiddle = old.slice(start, old.length - end);
  const newMiddle = now.slice(start, now.length - end);
  const kept = commonLines(oldMiddle, newMiddle);
  return `+${newMiddle.length - kept} −${oldMiddle.length - kept}`;
}

/** The length of the longest common subsequence. */
function commonLines(a: readonly string[], b: readonly string[]): number {
  if (a.length * b.length > maxComparisons) return 0;
  let previous = new Array<number>(b.length + 1).fill(0);
  for (const line of a) {
    const row = [0];
    for (const [index, other] of b.entries()) {
      const value = line === other ? (previous[index] ?? 0) + 1 : Math.max(previous[index + 1] ?? 0, row[index] ?? 0);
      row.push(value);
    }
    previous = row;
  }
  return previous.at(-1) ?? 0;
}
