import { diffArrays } from 'diff';
import { pairLines } from './pairing.ts';

/** How many lines may differ before a text counts as replaced from end to end, which bounds the work. */
const maxDifferences = 500;

/** How the lines of a text stand beside those of a reference. */
export interface Alignment {
  /** For each line of the text: the line of the reference that it is or stands in for, ascending; -1 for one that is put in. */
  readonly pairs: readonly number[];
  /** For each line of the text: whether it is the reference's own. */
  readonly isKept: readonly boolean[];
  /** For each line of the text: before which of the reference's lines it is; where it has one of its own, that. */
  readonly places: readonly number[];
}

/**
 * Aligns a text with a reference. `isPaired`: lines that replace others stand beside them; otherwise they come after all that they
 * replace. Either way `pairs` says which line they are to be compared with.
 */
export function alignLines(reference: readonly string[], text: readonly string[], isPaired: boolean): Alignment {
  const pairs: number[] = [];
  const isKept: boolean[] = [];
  const places: number[] = [];
  let at = 0;
  for (const hunk of hunksOf(reference, text)) {
    for (; at < hunk.start; at += 1) {
      pairs.push(at);
      isKept.push(true);
      places.push(at);
    }
    const end = hunk.start + hunk.removed.length;
    const partners = pairLines(hunk.removed, hunk.added);
    let next = end;
    const own = partners.map((partner) => (partner < 0 ? -1 : hunk.start + partner));
    // From the end, so that a line without a partner comes right before the next one that has one.
    const before = own.map(() => end);
    for (let index = own.length - 1; isPaired && index >= 0; index -= 1) {
      const partner = own[index] ?? -1;
      if (partner >= 0) next = partner;
      before[index] = next;
    }
    for (const [index, partner] of own.entries()) {
      pairs.push(partner);
      isKept.push(false);
      places.push(before[index] ?? end);
    }
    at = end;
  }
  for (; at < reference.length; at += 1) {
    pairs.push(at);
    isKept.push(true);
    places.push(at);
  }
  return { pairs, isKept, places };
}

interface Hunk {
  readonly start: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

function hunksOf(reference: readonly string[], text: readonly string[]): Hunk[] {
  let top = 0;
  let bottom = 0;
  const shorter = Math.min(reference.length, text.length);
  while (top < shorter && reference[top] === text[top]) top += 1;
  while (bottom < shorter - top && reference.at(-1 - bottom) === text.at(-1 - bottom)) bottom += 1;
  const before = reference.slice(top, reference.length - bottom);
  const after = text.slice(top, text.length - bottom);
  if (before.length === 0 && after.length === 0) return [];
  const whole = [{ start: top, removed: before, added: after }];
  if (before.length === 0 || after.length === 0) return whole;
  const changes = diffArrays(before, after, { maxEditLength: maxDifferences });
  if (!changes) return whole;
  const hunks: Hunk[] = [];
  let at = top;
  let removed: readonly string[] = [];
  let added: readonly string[] = [];
  const close = () => {
    if (removed.length + added.length > 0) hunks.push({ start: at, removed, added });
    at += removed.length;
    removed = [];
    added = [];
  };
  for (const change of changes) {
    if (change.removed) removed = [...removed, ...change.value];
    else if (change.added) added = [...added, ...change.value];
    else {
      close();
      at += change.value.length;
    }
  }
  close();
  return hunks;
}
