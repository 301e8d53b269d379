import { createHash } from 'node:crypto';

/** Letters that neither count nor grade anything, and that no two of look alike. */
const letters = [...'FGHJKLMPRTVW'];

/** Items in an order by chance that is the same for the same seed. */
export function shuffled<T>(items: readonly T[], seed: string): readonly T[] {
  return items
    .map((item, index) => ({ item, key: digest(`${seed} ${index}`) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ item }) => item);
}

/** So many different names that say nothing of a place: letters, doubled where they don't suffice. */
export function aliasesFor(count: number, seed: string): readonly string[] {
  const rounds = Math.ceil(count / letters.length);
  const names = Array.from({ length: rounds }, (_, round) => letters.map((letter) => letter.repeat(round + 1)));
  return shuffled(names.flat(), seed).slice(0, count);
}

/** The orders in which a reviewer sees the items: each of them is followed by its reverse. One item has one order. */
export function ordersFor<T>(items: readonly T[], count: number, seed: string): readonly (readonly T[])[] {
  if (items.length < 2) return [items];
  return Array.from({ length: count }, (_, index) => {
    const order = shuffled(items, `${seed} ${Math.floor(index / 2)}`);
    return index % 2 === 0 ? order : order.toReversed();
  });
}

/** A mark that is in none of the texts, so that none of them can end its own section. */
export function boundaryFor(texts: readonly string[], seed: string): string {
  for (let attempt = 0; ; attempt++) {
    const boundary = digest(`${seed} boundary ${attempt}`).slice(0, 20);
    if (!texts.some((text) => text.includes(boundary))) return boundary;
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
