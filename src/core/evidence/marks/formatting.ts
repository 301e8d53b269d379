import { type Language, languageOf } from './languages.ts';
import { type Piece, scan } from './scan.ts';
import { maxSourceLength } from './syntaxProblem.ts';

/**
 * Whether two texts of a file say the same and differ in how they are laid out only: white space and, where the language has two ways to
 * write the same, quotes, commas and semicolons at the end. Told for files whose language is known; of others only trailing white space
 * and, where that says nothing, blank lines are layout. Pure.
 */
export function differInLayoutOnly(path: string, before: string, after: string): boolean {
  if (before === after) return true;
  if (Math.max(before.length, after.length) > maxSourceLength) return false;
  const language = languageOf(path);
  if (!language) return /\.(?:md|mdx|markdown|txt|rst|patch|diff)$/i.test(path) ? false : bare(before) === bare(after);
  return meaning(before, language) === meaning(after, language);
}

function bare(text: string): string {
  return text
    .replace(/[^\S\n]+$/gm, '')
    .replace(/\n{2,}/g, '\n')
    .trim();
}

const wordAtEnd = /[\p{L}\p{N}_$]$/u;
const wordAtStart = /^[\p{L}\p{N}_$]/u;
const sign = /^[+\-*/<>=&|!?:.%^~@#]$/;
/** What a line break ends in languages where it says little elsewhere. */
const endsByBreak = /^(?:return|break|continue|throw|yield|async|\+\+|--)$/;
/** What a line may begin with and, without a semicolon before, belong to the line before. */
const goesOn = /^[([`/+\-*.,]/;

/** The text without its layout. */
function meaning(text: string, language: Language): string {
  const pieces = scan(text, language);
  const kept: string[] = [];
  let depth = 0;
  for (const [index, piece] of pieces.entries()) {
    if (piece.kind === 'code' && /^[([{]$/.test(piece.text)) depth++;
    if (piece.kind === 'code' && /^[)\]}]$/.test(piece.text)) depth--;
    if (piece.kind === 'space') kept.push(meaningOfSpace(pieces, index, { depth, language }));
    else if (piece.kind === 'comment') kept.push(piece.text.replace(/\s+/g, ' ').trim());
    else if (piece.kind === 'literal') kept.push(sameQuotes(piece.text, language));
    else if (!isOptional(pieces, index, language)) kept.push(piece.text);
  }
  return kept.join('');
}

function meaningOfSpace(
  pieces: readonly Piece[],
  index: number,
  { depth, language }: { readonly depth: number; readonly language: Language },
): string {
  const { text = '' } = pieces[index] ?? {};
  const [before, after] = [pieces[index - 1], pieces[index + 1]];
  if (!before || !after) return '';
  const isBreak = text.includes('\n');
  if (isBreak && isLineBound(pieces, index, language)) return '\n';
  if (isBreak && language.id === 'python' && depth === 0 && after.kind !== 'comment') return indentationOf(text);
  if (isBreak && language.breaks === 'lines' && (depth === 0 || language.id === 'braces')) return '\n';
  if (isBreak && endsByBreak.test(before.text)) return '\n';
  // The text of an element has its spaces.
  if (language.id === 'jsx' && !isBreak) return ' ';
  if (wordAtEnd.test(before.text) && wordAtStart.test(after.text)) return ' ';
  return sign.test(before.text) && sign.test(after.text) && !isBreak ? ' ' : '';
}

/** Whether a break ends a line that counts as one: a comment, or one of a preprocessor. */
function isLineBound(pieces: readonly Piece[], index: number, language: Language): boolean {
  const before = pieces[index - 1];
  if (before?.kind === 'comment' && language.lineComments.some((mark) => before.text.startsWith(mark))) return true;
  if (!language.hasPreprocessor) return false;
  if (pieces[index + 1]?.text === '#') return true;
  let start = index;
  while (start > 0 && !(pieces[start - 1]?.kind === 'space' && pieces[start - 1]?.text.includes('\n'))) start--;
  return pieces[start]?.text === '#';
}

/** In steps of the text's own; how wide they are says nothing, but a change of all of them is rare enough to be taken for a change. */
function indentationOf(text: string): string {
  return `\n${text.slice(text.lastIndexOf('\n') + 1)}`;
}

function sameQuotes(text: string, { id }: Language): string {
  const quoted = /^(['"])([^'"\\`]*)\1$/.exec(text);
  return quoted && /^(?:javascript|typescript|jsx|python)$/.test(id) ? `"${quoted[2]}"` : text;
}

/** A comma before what closes a list, or a semicolon at the end of a line, that could as well not be there. */
function isOptional(pieces: readonly Piece[], index: number, { id }: Language): boolean {
  const { text } = pieces[index] ?? {};
  if (text !== ',' && text !== ';') return false;
  const next = pieces.slice(index + 1, index + 3).find(({ kind }) => kind !== 'space');
  const isAtEnd = next === undefined || pieces[index + 1]?.text.includes('\n') === true;
  if (text === ';') {
    const mayGo = isAtEnd && (next === undefined || !goesOn.test(next.text));
    return /^(?:javascript|typescript)$/.test(id) && (mayGo || next?.text === '}');
  }
  const closing = id === 'python' ? /^[\]}]$/ : /^[\]})]$/;
  return /^(?:javascript|typescript|python)$/.test(id) && next !== undefined && closing.test(next.text) && isAtEnd;
}
