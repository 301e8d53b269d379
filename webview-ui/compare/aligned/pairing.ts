/** Pairs of more lines than this (one side times the other) are made in order, without looking at the texts. */
const maxComparisons = 900;
/** How much two lines must have in common to be taken for one line before and after. */
const enough = 0.45;

/**
 * Pairs lines that stand in place of others: for each of `added` the index in `removed` that it replaces, or -1. Pairs are in order. Lines
 * that are alike are paired first; what is left between them is paired from the top.
 */
export function pairLines(removed: readonly string[], added: readonly string[]): number[] {
  const pairs = new Array<number>(added.length).fill(-1);
  const isLooked = removed.length !== added.length && removed.length * added.length <= maxComparisons;
  let fromRemoved = 0;
  let fromAdded = 0;
  const pairUpTo = (toRemoved: number, toAdded: number) => {
    const count = Math.min(toRemoved - fromRemoved, toAdded - fromAdded);
    for (let index = 0; index < count; index += 1) pairs[fromAdded + index] = fromRemoved + index;
  };
  for (const [atRemoved, atAdded] of isLooked ? alikePairs(removed, added) : []) {
    pairUpTo(atRemoved, atAdded);
    pairs[atAdded] = atRemoved;
    fromRemoved = atRemoved + 1;
    fromAdded = atAdded + 1;
  }
  pairUpTo(removed.length, added.length);
  return pairs;
}

/** The pairs in order whose likeness is most in all. */
function alikePairs(removed: readonly string[], added: readonly string[]): [number, number][] {
  const [left, right] = [removed.map(wordsOf), added.map(wordsOf)];
  const width = right.length + 1;
  const best = new Float64Array((left.length + 1) * width);
  const likenesses = new Float64Array(left.length * right.length);
  const at = (row: number, column: number) => best[row * width + column] ?? 0;
  const likenessAt = (row: number, column: number) => likenesses[row * right.length + column] ?? 0;
  for (let row = left.length - 1; row >= 0; row -= 1) {
    for (let column = right.length - 1; column >= 0; column -= 1) {
      const value = likeness(left[row] ?? [], right[column] ?? []);
      likenesses[row * right.length + column] = value;
      const together = value >= enough ? value + at(row + 1, column + 1) : 0;
      best[row * width + column] = Math.max(together, at(row + 1, column), at(row, column + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let row = 0, column = 0; row < left.length && column < right.length; ) {
    const value = likenessAt(row, column);
    if (value >= enough && at(row, column) === value + at(row + 1, column + 1)) {
      pairs.push([row, column]);
      row += 1;
      column += 1;
    } else if (at(row, column) === at(row, column + 1)) column += 1;
    else row += 1;
  }
  return pairs;
}

function wordsOf(line: string): string[] {
  return line.slice(0, 400).match(/\w+|[^\s\w]/g) ?? [];
}

/** Words that both have, as a share of all of them: 0 to 1. */
function likeness(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0 || right.length === 0) return 0;
  const counts = new Map<string, number>();
  for (const word of left) counts.set(word, (counts.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of right) {
    const count = counts.get(word) ?? 0;
    if (count === 0) continue;
    counts.set(word, count - 1);
    common += 1;
  }
  return (2 * common) / (left.length + right.length);
}
