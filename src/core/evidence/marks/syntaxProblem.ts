import * as nodeModule from 'node:module';
import { Script } from 'node:vm';
import { type Language, languageOf } from './languages.ts';
import { pythonProblem } from './pythonProblem.ts';
import { type Piece, scan } from './scan.ts';

/** Why a file doesn't parse: `line` counts from 1 and is absent where it isn't known; `text` goes on "doesn't parse: …". */
export interface SyntaxProblem {
  readonly line?: number;
  readonly text: string;
}

/** Longer texts are not looked at, so that none can block the host. */
export const maxSourceLength = 500_000;

/**
 * What keeps a file from parsing; undefined for nothing, or where it can't be told. JavaScript, TypeScript and JSON are parsed by what
 * Node brings; for other languages brackets, literals and, in Python, indentation have to add up. Told for a file that has no such
 * problem without the patch only: then it's the patch's.
 */
export function syntaxProblem(path: string, text: string): SyntaxProblem | undefined {
  const language = languageOf(path);
  if (!language?.isChecked || text.length > maxSourceLength || isBeyondUs(text, language)) return undefined;
  if (language.id === 'json') return jsonProblem(path, text, language);
  if (language.id === 'javascript' || language.id === 'typescript') {
    const parsed = parseScript(text, language);
    // Elements may stand in any script, and then it is not one that we can parse.
    if (parsed !== 'unknown' && parsed && hasElements.test(text)) return elementsProblem(text, language);
    if (parsed !== 'unknown') return parsed && { ...parsed, ...lineOf(scannedProblem(text, language), parsed) };
  }
  return language.id === 'jsx' ? elementsProblem(text, language) : scannedProblem(text, language);
}

const hasElements = /<[A-Za-z][\w.]*(?:\s[^<>]*)?\/?>|<>/;

/** The text of an element holds quotes and apostrophes as it likes, so only brackets that don't add up however they are read. */
function elementsProblem(text: string, language: Language): SyntaxProblem | undefined {
  const problem = unbalanced(scan(text, language));
  const count = (sign: string) => text.split(sign).length;
  const addsUp = Object.entries(closers).every(([open, close]) => count(open) === count(close));
  return addsUp ? undefined : problem;
}

/** What is in the text that we can't read: a gate that is wrong is worse than none. */
function isBeyondUs(text: string, { hasPreprocessor, unread }: Language): boolean {
  return unread?.test(text) === true || (hasPreprocessor === true && /^\s*#\s*(?:else|elif)/m.test(text));
}

function lineOf(scanned: SyntaxProblem | undefined, { line }: SyntaxProblem) {
  const known = line ?? scanned?.line;
  return known === undefined ? {} : { line: known };
}

function jsonProblem(path: string, text: string, language: Language): SyntaxProblem | undefined {
  try {
    const whole = text.replace(/^\uFEFF/, '');
    // Configurations have comments and commas at the end of a list, but not those that package managers read.
    const isStrict = /(?:^|\/)(?:package|package-lock|composer)\.json$/.test(path);
    const bare = scan(whole, language).map((piece) => (piece.kind === 'comment' ? ' ' : piece.text));
    JSON.parse(isStrict ? whole : bare.join('').replace(/,(\s*[\]}])/g, '$1'));
    return undefined;
  } catch (error) {
    return scannedProblem(text, language) ?? { text: error instanceof Error ? error.message : String(error) };
  }
}

/** `unknown` where this Node has no parser for it. */
function parseScript(text: string, { id }: Language): SyntaxProblem | undefined | 'unknown' {
  const problem = id === 'javascript' ? scriptProblem(text) : { text: '' };
  if (!problem || !canStripTypes()) return problem && isModule(text) ? 'unknown' : problem;
  try {
    nodeModule.stripTypeScriptTypes(text.replace(/^#!.*/, ''));
    return undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // Enums and the like parse, but can't be stripped.
    if (code !== 'ERR_INVALID_TYPESCRIPT_SYNTAX') return undefined;
    return problem.text !== '' && !isModule(text) ? problem : { text: error instanceof Error ? error.message : '' };
  }
}

function isModule(text: string): boolean {
  return /^\s*(?:import|export)\b/m.test(text);
}

function scriptProblem(text: string): SyntaxProblem | undefined {
  try {
    // Only compiled, as the body of a function, as a CommonJS module is.
    new Script(`(function () {${text.replace(/^#!.*/, '')}\n})`, { filename: 'patched' });
    return undefined;
  } catch (error) {
    const line = Number(/^patched:(\d+)/.exec(error instanceof Error ? (error.stack ?? '') : '')?.[1]);
    return { text: error instanceof Error ? error.message : String(error), ...(line > 0 && { line }) };
  }
}

/** Older Nodes, and editors built without it, have no such function. */
function canStripTypes(): boolean {
  try {
    return nodeModule.stripTypeScriptTypes('let a: 1').startsWith('let a');
  } catch {
    return false;
  }
}

function scannedProblem(text: string, language: Language): SyntaxProblem | undefined {
  const pieces = scan(text, language);
  const open = pieces.find(({ isOpen }) => isOpen);
  if (open) return { line: open.line, text: `a ${open.kind === 'comment' ? 'comment' : 'text'} is not closed` };
  return unbalanced(pieces) ?? (language.id === 'python' ? pythonProblem(pieces) : undefined);
}

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

function unbalanced(pieces: readonly Piece[]): SyntaxProblem | undefined {
  const open: Piece[] = [];
  for (const piece of pieces) {
    if (piece.kind !== 'code') continue;
    if (Object.hasOwn(closers, piece.text)) open.push(piece);
    if (!/^[)\]}]$/.test(piece.text)) continue;
    const opener = open.pop();
    if (opener === undefined || closers[opener.text] !== piece.text) {
      return { line: piece.line, text: `nothing opens the ${piece.text}` };
    }
  }
  const last = open.at(-1);
  return last && { line: last.line, text: `nothing closes the ${last.text}` };
}
