import { splitLines, type TextLine } from './textLines.ts';

/** What two lines must have in common to be called the same. */
export type LineKey = (line: string) => string;

/** A file's lines, and what each way of comparing makes of them, worked out once. */
export class FileLines {
  readonly text: string;
  readonly lines: readonly TextLine[];
  readonly #keys = new Map<LineKey, readonly string[]>();

  constructor(text: string) {
    this.text = text;
    this.lines = splitLines(text);
  }

  keys(key: LineKey): readonly string[] {
    const known = this.#keys.get(key);
    if (known) return known;
    const keys = this.lines.map((line) => key(line.text));
    this.#keys.set(key, keys);
    return keys;
  }

  /** Rows, counted from 0, at which the lines begin, overlapping places too. */
  rowsOf(wanted: readonly string[], key: LineKey): number[] {
    const keys = this.keys(key);
    const keyed = wanted.map(key);
    const [first] = keyed;
    const rows: number[] = [];
    if (first === undefined) return rows;
    for (
      let row = keys.indexOf(first);
      row !== -1 && row + keyed.length <= keys.length;
      row = keys.indexOf(first, row + 1)
    ) {
      if (keyed.every((each, offset) => keys[row + offset] === each)) rows.push(row);
    }
    return rows;
  }
}
