/**
 * Ranges in order, those that overlap made one. `end` is not in the range any more.
 * @param {readonly {start: number, end: number}[]} ranges
 */
export function merge(ranges) {
  const merged = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && range.start < last.end) {
      merged[merged.length - 1] = { start: last.start, end: range.end };
    } else {
      merged.push(range);
    }
  }
  return merged;
}
