/** Columns between tab stops; the style sheet's `tab-size`. */
const tabSize = 4;
/** How much of a line is shown; what is longer is nothing that people read. */
export const maxShownLength = 2000;
/** From where in a row on it breaks well, and from where on it still breaks better than within a word; as a part of its room. */
const well = 0.6;
const fairly = 0.25;
/** The most of a row that is given to the indentation of a line that goes on. */
const maxIndent = 0.4;

const plain = /^[\x20-\x7e\xa0-\u024f]*$/;
const punctuation = /[,;(){}[\].:=&|+\-/\\<>]/;
/** What belongs to the character before it, or holds it together with the next. */
const joined = /\p{M}|\p{Emoji_Modifier}|\p{Join_Control}/u;
/** What says in which direction text runs: it can make code look like other code. */
const directions = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const controls = /[\x00-\x08\x0a-\x1f\x7f]/g;
const nameWidth = '[U+2066]'.length;

/** A row of a line that is longer than its cell: where its text begins and ends, and by how many columns it is indented. */
export interface LineRow {
  readonly from: number;
  readonly to: number;
  readonly indent: number;
}

/** The text of a line as far as it is shown, and how many characters are left out. */
export function cutLine(text: string): { readonly text: string; readonly left: number } {
  if (text.length <= maxShownLength) return { text, left: 0 };
  const end = isHighSurrogate(text.charCodeAt(maxShownLength - 1)) ? maxShownLength - 1 : maxShownLength;
  return { text: text.slice(0, end), left: text.length - end };
}

/** How many rows of `columns` characters a line takes, with one for the note that it was cut. */
export function rowsOfLine(line: string, columns: number): number {
  if (line.length <= columns && plain.test(line)) return 1;
  const { text, left } = cutLine(line);
  return breakLine(text, columns).length + (left > 0 ? 1 : 0);
}

/**
 * Breaks a line into rows of `columns` characters: after a space or else after punctuation, near the end of a row if there is some there, and
 * where it is full if there is none. Characters that may be wider than a monospaced one count as more than one: a row too many does no harm, text cut off does.
 */
export function breakLine(text: string, columns: number): readonly LineRow[] {
  if (text.length <= columns && plain.test(text)) return [{ from: 0, to: text.length, indent: 0 }];
  const own = /^[ \t]*/.exec(text)?.[0] ?? '';
  const indent = Math.min(widthOfIndent(own) + 2, Math.floor(columns * maxIndent));
  const rows: LineRow[] = [];
  let from = 0;
  while (from < text.length) {
    const start = rows.length === 0 ? 0 : indent;
    const to = endOfRow(text, { from, start, columns, own: own.length });
    rows.push({ from, to, indent: start });
    from = to;
  }
  return rows;
}

/** The text as it is to be read: what has no look of its own, or changes that of the rest, by its name. */
export function visibleText(text: string): string {
  if (plain.test(text)) return text;
  return text
    .replace(controls, (control) => String.fromCharCode(control === '\x7f' ? 0x2421 : 0x2400 + control.charCodeAt(0)))
    .replace(directions, (mark) => `[U+${mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}]`);
}

interface RowStart {
  readonly from: number;
  /** The column that the row begins in. */
  readonly start: number;
  readonly columns: number;
  /** The length of the line's own indentation, in which no row ends well. */
  readonly own: number;
}

function endOfRow(text: string, { from, start, columns, own }: RowStart): number {
  const columnAt = (part: number) => start + (columns - start) * part;
  let at = start;
  let afterSpace = 0;
  let afterPunctuation = 0;
  let early = 0;
  let index = from;
  while (index < text.length) {
    const code = text.codePointAt(index) ?? 0;
    const next = index + (code > 0xffff ? 2 : 1);
    const width = widthOf(code, at);
    const isWithLast = index > from && isJoined(text, index, code);
    if (at + width > columns && index > from && !isWithLast) {
      // A single space is as good as not there at the end of a row.
      if (text[index] === ' ' && text[next] !== ' ') return next;
      return afterSpace || afterPunctuation || early || index;
    }
    at += width;
    index = next;
    if (at < columnAt(fairly) || index <= own) continue;
    const character = text[index - 1] ?? '';
    const isSpace = character === ' ' || character === '\t';
    if (!isSpace && (!punctuation.test(character) || punctuation.test(text[index] ?? ''))) continue;
    if (at < columnAt(well)) early = index;
    else if (isSpace) afterSpace = index;
    else afterPunctuation = index;
  }
  return text.length;
}

function isJoined(text: string, index: number, code: number): boolean {
  return code > 0x24f && (joined.test(String.fromCodePoint(code)) || text[index - 1] === '\u200d');
}

function widthOfIndent(indent: string): number {
  let at = 0;
  for (const character of indent) at += character === '\t' ? tabSize - (at % tabSize) : 1;
  return at;
}

/** The most columns that a character takes. */
function widthOf(code: number, at: number): number {
  if (code === 9) return tabSize - (at % tabSize);
  if ((code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0x24f)) return 1;
  // Greek and Cyrillic are in the fonts that people write code in, and so are quotes and dashes.
  if ((code >= 0x370 && code <= 0x52f) || (code >= 0x2010 && code <= 0x2027)) return 1;
  if (code > 0xffff) return 3;
  const character = String.fromCharCode(code);
  if (character.search(directions) >= 0) return nameWidth;
  return joined.test(character) ? 0 : 2;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
