import { changesBetween, type LineChange, newLinesOf, oldLinesOf } from './lineChanges.ts';
import { plainLines } from './textLines.ts';

/** Characters that models and word processors put in the place of plain ones. */
const plainCharacters: readonly (readonly [RegExp, string])[] = [
  [/[\u2018\u2019\u201A\u201B\u2032]/g, "'"],
  [/[\u201C\u201D\u201E\u201F\u2033]/g, '"'],
  [/[\u2010-\u2015\u2212]/g, '-'],
  [/[\u00A0\u2002-\u200A\u202F\u205F\u3000]/g, ' '],
  [/\u2026/g, '...'],
];

/** The line with plain quotes, dashes, spaces and dots. */
export function foldCharacters(line: string): string {
  // Nothing to fold in what is ASCII, as nearly all lines are.
  if (!/[\u0080-\uffff]/.test(line)) return line;
  return plainCharacters.reduce((text, [pattern, plain]) => text.replace(pattern, plain), line.normalize('NFC'));
}

/** What a model may have meant by text that is not in the file. */
export interface Rewriting {
  text(written: string): string;
  changes(changes: readonly LineChange[]): LineChange[];
}

const escapes: Readonly<Record<string, string>> = {
  '\\n': '\n',
  '\\r': '\r',
  '\\t': '\t',
  '\\"': '"',
  "\\'": "'",
  '\\`': '`',
  '\\$': '$',
  '\\\\': '\\',
  '\\/': '/',
};
const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&#39;': "'",
  '&amp;': '&',
};
const anyEscape = /\\[nrt"'`$\\/]/g;
const anyEntity = /&(?:lt|gt|quot|apos|amp|#39);/g;
/** A number as read_file and others put it in front of lines. */
const numberedLine = /^\s*(\d+)(?:\t| ?[|→] ?|: )/;

/** The ways to read the old text otherwise that make a difference, the likelier first. */
export function rewritings(oldText: string): readonly Rewriting[] {
  const ways: Rewriting[] = [];
  if (isNumbered(oldText)) ways.push(rewriting((text) => (isNumbered(text) ? withoutNumbers(text) : text)));
  const usedEscapes = new Set(oldText.match(anyEscape));
  const hasEntities = oldText.search(anyEntity) !== -1;
  // Of escapes, only those of the old text are taken off the new one: `\t` in there may be part of a path.
  const withoutEscapes = (text: string, used: ReadonlySet<string>) =>
    text.replace(anyEscape, (found) => (used.has(found) ? (escapes[found] ?? found) : found));
  const decode = (text: string) => text.replace(anyEntity, (found) => entities[found] ?? found);
  if (hasEntities) ways.push(rewriting(decode));
  if (usedEscapes.size > 0) {
    const withinLines = new Set([...usedEscapes].filter((found) => found !== '\\n' && found !== '\\r'));
    ways.push(rewriting((text) => withoutEscapes(text, usedEscapes)));
    if (withinLines.size > 0 && withinLines.size < usedEscapes.size)
      ways.push(rewriting((text) => withoutEscapes(text, withinLines)));
    if (hasEntities) ways.push(rewriting((text) => decode(withoutEscapes(text, usedEscapes))));
  }
  return ways;
}

function rewriting(text: (written: string) => string): Rewriting {
  const lines = (written: readonly string[]) =>
    written.length === 0 ? [] : plainLines(text(`${written.join('\n')}\n`));
  return {
    text,
    changes(changes) {
      return changesBetween(lines(oldLinesOf(changes)), lines(newLinesOf(changes)));
    },
  };
}

/** Every line has a number, each one more than the one before. */
function isNumbered(text: string): boolean {
  const numbers = plainLines(text).map((line) => Number(numberedLine.exec(line)?.[1] ?? Number.NaN));
  return numbers.length > 0 && numbers.every((number, index) => number === (numbers[0] ?? 0) + index);
}

function withoutNumbers(text: string): string {
  return plainLines(text)
    .map((line) => line.replace(numberedLine, ''))
    .join('\n')
    .concat(text.endsWith('\n') ? '\n' : '');
}
