/** One line of a change, as a diff has it: it stays, goes, or comes. */
export interface LineChange {
  readonly kind: 'keep' | 'remove' | 'add';
  readonly text: string;
}

/** Above this many comparisons all that is between the first and the last difference counts as replaced. */
const maxComparisons = 1_000_000;

/** What makes one list of lines another, by the longest common subsequence; removed lines come before added ones. */
export function changesBetween(old: readonly string[], now: readonly string[]): LineChange[] {
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  const most = Math.min(old.length, now.length) - start;
  while (end < most && old[old.length - 1 - end] === now[now.length - 1 - end]) end++;
  return [
    ...old.slice(0, start).map(keep),
    ...middleChanges(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...old.slice(old.length - end).map(keep),
  ];
}

/** The lines that must be in the file: those that stay and those that go. */
export function oldLinesOf(changes: readonly LineChange[]): string[] {
  return changes.filter(({ kind }) => kind !== 'add').map(({ text }) => text);
}

/** The lines there are afterwards. */
export function newLinesOf(changes: readonly LineChange[]): string[] {
  return changes.filter(({ kind }) => kind !== 'remove').map(({ text }) => text);
}

/** Every old line goes, every new one comes. */
export function replaceAllLines(changes: readonly LineChange[]): LineChange[] {
  return [...oldLinesOf(changes).map(remove), ...newLinesOf(changes).map(add)];
}

function middleChanges(old: readonly string[], now: readonly string[]): LineChange[] {
  if (old.length === 0 || now.length === 0 || old.length * now.length > maxComparisons) {
    return [...old.map(remove), ...now.map(add)];
  }
  const lengths = commonLengths(old, now);
  const at = (row: number, column: number) => lengths[row * (now.length + 1) + column] ?? 0;
  const changes: LineChange[] = [];
  let [row, column] = [0, 0];
  let added: LineChange[] = [];
  while (row < old.length || column < now.length) {
    const [before = '', after = ''] = [old[row], now[column]];
    if (row < old.length && column < now.length && before === after) {
      changes.push(...added, keep(before));
      added = [];
      row++;
      column++;
    } else if (row < old.length && (column === now.length || at(row + 1, column) >= at(row, column + 1))) {
      changes.push(remove(before));
      row++;
    } else {
      added.push(add(after));
      column++;
    }
  }
  return [...changes, ...added];
}

/** For each pair of positions, how many lines the rests from there on have in common. */
function commonLengths(old: readonly string[], now: readonly string[]): Uint32Array {
  const width = now.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  for (let row = old.length - 1; row >= 0; row--) {
    for (let column = now.length - 1; column >= 0; column--) {
      const below = (row + 1) * width + column;
      lengths[row * width + column] =
        old[row] === now[column]
          ? (lengths[below + 1] ?? 0) + 1
          : Math.max(lengths[below] ?? 0, lengths[row * width + column + 1] ?? 0);
    }
  }
  return lengths;
}

const keep = (text: string): LineChange => ({ kind: 'keep', text });
const remove = (text: string): LineChange => ({ kind: 'remove', text });
const add = (text: string): LineChange => ({ kind: 'add', text });
