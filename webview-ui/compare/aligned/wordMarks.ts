import { diffWordsWithSpace } from 'diff';

/** Longer lines are marked as a whole. */
const maxLength = 600;
/** Lines that share less than this of their words are different lines; marks all over them would say nothing. */
const leastShared = 0.25;
const maxKept = 4000;

/** A stretch of a line's characters, `to` not included. */
export interface Mark {
  readonly from: number;
  readonly to: number;
}

/** What changed from one line to another, in characters of each. */
export interface WordMarks {
  readonly removed: readonly Mark[];
  readonly added: readonly Mark[];
}

const none: WordMarks = { removed: [], added: [] };

/** Compares pairs of lines word by word, and remembers the latest. */
export class WordMarker {
  readonly #known = new Map<string, WordMarks>();

  /** The words that differ; none where the lines are too long or have too little in common. */
  compare(before: string, after: string): WordMarks {
    if (before === after || before.length > maxLength || after.length > maxLength) return none;
    const key = `${before}\n${after}`;
    const known = this.#known.get(key);
    if (known) return known;
    const marks = compareWords(before, after);
    if (this.#known.size >= maxKept) this.#known.clear();
    this.#known.set(key, marks);
    return marks;
  }
}

function compareWords(before: string, after: string): WordMarks {
  const removed: Mark[] = [];
  const added: Mark[] = [];
  let shared = 0;
  let fromBefore = 0;
  let fromAfter = 0;
  for (const change of diffWordsWithSpace(before, after)) {
    const { length } = change.value;
    if (change.removed) addMark(removed, before, fromBefore, fromBefore + length);
    else if (change.added) addMark(added, after, fromAfter, fromAfter + length);
    else shared += change.value.replace(/\s+/g, '').length;
    if (!change.added) fromBefore += length;
    if (!change.removed) fromAfter += length;
  }
  const size = Math.max(before.replace(/\s+/g, '').length, after.replace(/\s+/g, '').length);
  return size > 0 && shared / size < leastShared ? none : { removed, added };
}

/** Marks with nothing but spaces between them are one. */
function addMark(marks: Mark[], line: string, from: number, to: number): void {
  const last = marks.at(-1);
  if (last && line.slice(last.to, from).trim() === '') marks[marks.length - 1] = { from: last.from, to };
  else marks.push({ from, to });
}
