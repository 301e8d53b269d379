import type { FileLines } from './fileLines.ts';
import { type LineChange, oldLinesOf } from './lineChanges.ts';
import type { Place } from './place.ts';

/** So short a text is found by accident when its spaces don't count. */
const minCharacters = 10;
const maxCharacters = 200_000;

/** Where whole lines hold the same but for any space and line breaks. All that is there goes, and all that is new comes. */
export function spacelessPlaces(file: FileLines, changes: readonly LineChange[]): Place[] {
  const wanted = withoutSpace(oldLinesOf(changes).join(''));
  if (wanted.length < minCharacters || wanted.length > maxCharacters) return [];
  const keys = file.keys(withoutSpace);
  const joined = keys.join('');
  const rowAtOffset = new Map<number, number>();
  const rowEndingAt = new Map<number, number>();
  let offset = 0;
  for (const [row, key] of keys.entries()) {
    if (key === '') continue;
    rowAtOffset.set(offset, row);
    offset += key.length;
    rowEndingAt.set(offset, row);
  }
  const places: Place[] = [];
  for (let at = joined.indexOf(wanted); at !== -1; at = joined.indexOf(wanted, at + 1)) {
    const first = rowAtOffset.get(at);
    const last = rowEndingAt.get(at + wanted.length);
    if (first === undefined || last === undefined) continue;
    const end = last + 1;
    const spans = oldLinesOf(changes).map((_, index) =>
      index === 0 ? { from: first, to: end } : { from: end, to: end },
    );
    places.push({ start: first, end, spans, changes });
  }
  return places;
}

function withoutSpace(line: string): string {
  return line.replace(/\s+/g, '');
}
