import type { Language, TextRule } from './languages.ts';

/** A stretch of a text. Its `line` is where it begins, counted from 1. */
export interface Piece {
  readonly kind: 'code' | 'space' | 'literal' | 'comment';
  readonly text: string;
  readonly line: number;
  /** A literal or a comment that nothing closes. */
  readonly isOpen?: boolean;
}

const word = /[\p{L}\p{N}_$]+/uy;
const space = /\s+/y;
const regex = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
const quotedCharacter = /'(?:\\(?:[^u]|u\{?[0-9a-fA-F]+\}?)|[^'\\\n])'/y;
/** What a regular expression, and not a division, may follow. */
const beforeRegex = /^(?:[([{,;:=!&|?+\-*%^~]|return|typeof|case|in|of|delete|void|throw|new|do|else|await|yield)$/;

/** Cuts a text into code (words and single signs), white space, literals and comments. Joined, the pieces are the text. Pure. */
export function scan(text: string, language: Language): readonly Piece[] {
  const pieces: Piece[] = [];
  let line = 1;
  let before = '';
  for (let at = 0; at < text.length; ) {
    const piece = { ...pieceAt(text, at, language, before), line };
    pieces.push(piece);
    if (piece.kind === 'code' || piece.kind === 'literal') before = piece.text;
    at += piece.text.length;
    line += countBreaks(piece.text);
  }
  return pieces;
}

function pieceAt(text: string, at: number, language: Language, before: string): Omit<Piece, 'line'> {
  const blank = match(space, text, at);
  if (blank !== undefined) return { kind: 'space', text: blank };
  if (language.lineComments.some((mark) => text.startsWith(mark, at))) {
    return { kind: 'comment', text: text.slice(at, endOfLine(text, at)) };
  }
  const [open, close] = language.blockComment ?? [];
  if (open !== undefined && close !== undefined && text.startsWith(open, at)) {
    const end = text.indexOf(close, at + open.length);
    return end < 0
      ? { kind: 'comment', text: text.slice(at), isOpen: true }
      : { kind: 'comment', text: text.slice(at, end + close.length) };
  }
  const rule = language.texts.find((each) => text.startsWith(each.open, at));
  if (rule) return literalAt(text, at, rule, language);
  const pattern = language.hasRegex && (before === '' || beforeRegex.test(before)) ? match(regex, text, at) : undefined;
  if (pattern !== undefined) return { kind: 'literal', text: pattern };
  return { kind: 'code', text: match(word, text, at) ?? String.fromCodePoint(text.codePointAt(at) ?? 0) };
}

function literalAt(text: string, at: number, rule: TextRule, language: Language): Omit<Piece, 'line'> {
  if (rule.open === "'" && language.hasLifetimes) {
    const character = match(quotedCharacter, text, at);
    if (character === undefined) return { kind: 'code', text: "'" };
    return { kind: 'literal', text: character };
  }
  // An apostrophe in the text of an element.
  if (language.id === 'jsx' && rule.open === "'" && /\w/.test(text[at - 1] ?? '')) return { kind: 'code', text: "'" };
  const end = rule.open === '`' && !rule.raw ? endOfTemplate(text, at) : endOfLiteral(text, at, rule);
  if (end !== undefined) return { kind: 'literal', text: text.slice(at, end) };
  return { kind: 'literal', text: text.slice(at, rule.multiline ? text.length : endOfLine(text, at)), isOpen: true };
}

/** Where the literal that begins at `at` ends; undefined where it isn't closed. */
function endOfLiteral(text: string, at: number, { open, close, multiline, raw }: TextRule): number | undefined {
  for (let index = at + open.length; index < text.length; index++) {
    if (text[index] === '\\' && !raw) index++;
    else if (text.startsWith(close, index)) return index + close.length;
    else if (text[index] === '\n' && !multiline) return undefined;
  }
  return undefined;
}

/** The same for a template of JavaScript, which may hold code that holds templates. */
function endOfTemplate(text: string, at: number): number | undefined {
  const open: ('`' | '{')[] = ['`'];
  for (let index = at + 1; index < text.length; index++) {
    const sign = text[index];
    if (sign === '\\') index++;
    else if (open.at(-1) === '{') {
      if (sign === '{' || sign === '`') open.push(sign);
      else if (sign === '}') open.pop();
    } else if (sign === '`') {
      open.pop();
      if (open.length === 0) return index + 1;
    } else if (sign === '$' && text[index + 1] === '{') {
      open.push('{');
      index++;
    }
  }
  return undefined;
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

function countBreaks(text: string): number {
  return text.split('\n').length - 1;
}
