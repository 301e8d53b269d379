import { plainLines } from './textLines.ts';

/** A part of a text, by its first character and the one behind its last. `atEnd`: it took in a final line end the text doesn't have. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly atEnd: boolean;
}

/** Every place the text is at, overlapping ones too: both of them are what could have been meant. */
export function positionsOf(text: string, wanted: string): Stretch[] {
  const found: Stretch[] = [];
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    found.push({ start: at, end: at + wanted.length, atEnd: false });
  }
  return found;
}

/** Characters of the text times those of the pattern, above which a text that repeats itself would take too long. */
const maxWork = 500_000_000;

/** Every place a pattern is at, overlapping ones too; none where looking for it is too much work. */
export function positionsOfPattern(text: string, pattern: RegExp): Stretch[] {
  const found: Stretch[] = [];
  if (text.length * pattern.source.length > maxWork) return found;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const end = match.index + match[0].length;
    const lastsToEnd = end === text.length && pattern.source.endsWith('|$)') && !/[\r\n]$/.test(match[0]);
    found.push({ start: match.index, end, atEnd: lastsToEnd });
    pattern.lastIndex = match.index + 1;
  }
  return found;
}

export type Looseness = 'line ends' | 'trailing space' | 'spacing' | 'characters';

const space = '[^\\S\\r\\n]';
const lineEnd = '(?:\\r\\n|\\n|\\r)';
/** The end of the file counts for the last line's end. */
const lastLineEnd = '(?:\\r\\n|\\n|\\r|$)';

/** Finds a text that may begin and end within a line, in a looser way than as it is written; each way includes those before it. */
export function loosePattern(wanted: string, looseness: Looseness): RegExp {
  const lines = plainLines(wanted);
  const endsWithLine = /[\r\n]$/.test(wanted);
  const trailing = looseness === 'line ends' ? '' : `${space}*`;
  const parts = lines.map((line, index) => {
    const isLast = index === lines.length - 1;
    const kept =
      looseness === 'line ends' || (isLast && !endsWithLine && line.trimEnd() === line) ? line : line.trimEnd();
    const body = patternOf(kept, looseness);
    if (!isLast) return body + trailing + lineEnd;
    if (endsWithLine) return body + trailing + lastLineEnd;
    // Space at the end of what is looked for stands for the end of the line.
    return kept === line ? body : `${body}${trailing}(?=[\\r\\n]|$)`;
  });
  const pattern = parts.join('');
  // A run of space is tried from its beginning only, or a long one would be walked from each of its characters.
  return new RegExp(pattern.startsWith(space) ? `(?<!${space})${pattern}` : pattern, 'gu');
}

function patternOf(line: string, looseness: Looseness): string {
  if (looseness === 'line ends' || looseness === 'trailing space') return escapePattern(line);
  const pieces = line.match(/[^\S\r\n]+|\S/gu) ?? [];
  return pieces
    .map((piece) => {
      if (/^\s/.test(piece)) return `${space}+`;
      return looseness === 'characters' ? lookAlikesOf(piece) : escapePattern(piece);
    })
    .join('');
}

const lookAlikes = [
  "'\u2018\u2019\u201A\u201B\u2032",
  '"\u201C\u201D\u201E\u201F\u2033',
  '\\-\u2010\u2011\u2012\u2013\u2014\u2015\u2212',
];

function lookAlikesOf(character: string): string {
  const group = lookAlikes.find((each) => each.includes(character) && character !== '\\');
  return group === undefined ? escapePattern(character) : `[${group}]`;
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

/** The text with something else at the stretches, which are in order and don't overlap. Line ends become those of each place. */
export function splice(text: string, stretches: readonly Stretch[], newText: string): string {
  let result = '';
  let position = 0;
  for (const { start, end, atEnd } of stretches) {
    let inserted = newText.replace(/\r\n|\n|\r(?!\n)/g, lineEndAround(text, start));
    if (atEnd) inserted = inserted.replace(/(?:\r\n|\n|\r)$/, '');
    // A stretch that begins with the second half of a line end takes in the first, or the file would get it twice.
    const from = text[start] === '\n' && text[start - 1] === '\r' ? start - 1 : start;
    result += text.slice(position, from) + inserted;
    position = end;
  }
  return result + text.slice(position);
}

/** The line end used inside the stretch or after it, or else before it. */
function lineEndAround(text: string, start: number): string {
  const inOrAfter = text.indexOf('\n', start);
  const position = inOrAfter >= 0 ? inOrAfter : text.lastIndexOf('\n', start);
  if (position < 0) return text.includes('\r') ? '\r' : '\n';
  return text[position - 1] === '\r' ? '\r\n' : '\n';
}
