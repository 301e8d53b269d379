/** Somebody else's text made fit to be shown, and bounded. */

import { cut } from '../../words.ts';

/** What doesn't show, or makes text show otherwise than it is: control characters, and marks of direction and of no width. */
const hidden = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu;

/** All of these but the tab, each for itself. */
const hiddenInLine = /[\p{Cf}\u2028\u2029]|(?!\t)\p{Cc}/gu;

/** A line in which every character that doesn't show stands as its number: `‹U+202E›`. */
export function withVisibleCharacters(line: string): string {
  return line.replace(hiddenInLine, (character) => {
    const number = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
    return `‹U+${number.padStart(4, '0')}›`;
  });
}

/** One paragraph of plain text, cut to a number of characters. */
export function plainParagraph(text: string, maxCharacters: number): string {
  return cut(text.replace(hidden, ' ').replace(/\s+/g, ' ').trim(), maxCharacters);
}
