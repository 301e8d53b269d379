import type { Piece } from './scan.ts';

/** One line of Python, from the first to the last of the lines that brackets and backslashes join. */
interface LogicalLine {
  readonly line: number;
  readonly indentation: string;
  readonly first: string;
  /** Whether there is a colon outside of brackets. */
  readonly hasColon: boolean;
  readonly last: string;
}

const compound = /^(?:def|class|if|elif|else|for|while|try|except|finally|with)$/;

/** What of a text's indentation, or of the colons of its statements, is no Python. Its brackets and literals have to be in order. Pure. */
export function pythonProblem(pieces: readonly Piece[]): { readonly line: number; readonly text: string } | undefined {
  const levels = [''];
  let opens = false;
  for (const { line, indentation, first, hasColon, last } of logicalLines(pieces)) {
    const level = levels.at(-1) ?? '';
    if (opens) {
      if (indentation.length <= level.length) return { line, text: 'an indented block is missing' };
      levels.push(indentation);
    } else if (indentation.length > level.length) return { line, text: 'it is indented for no reason' };
    else if (!levels.includes(indentation)) return { line, text: 'its indentation fits no line before it' };
    else levels.length = levels.indexOf(indentation) + 1;
    if (compound.test(first) && !hasColon) return { line, text: `the colon of ${first} is missing` };
    opens = last === ':';
  }
  return opens ? { line: pieces.at(-1)?.line ?? 1, text: 'an indented block is missing' } : undefined;
}

function logicalLines(pieces: readonly Piece[]): readonly LogicalLine[] {
  const lines: LogicalLine[] = [];
  let depth = 0;
  let indentation = '';
  let current: LogicalLine | undefined;
  for (const { kind, text, line } of pieces) {
    if (kind === 'comment') continue;
    if (kind === 'space') {
      if (!text.includes('\n') || depth > 0 || current?.last === '\\') continue;
      if (current) lines.push(current);
      current = undefined;
      indentation = text.slice(text.lastIndexOf('\n') + 1).replace(/\t/g, '        ');
      continue;
    }
    const isColon = kind === 'code' && text === ':' && depth === 0;
    current = current
      ? { ...current, last: text, hasColon: current.hasColon || isColon }
      : { line, indentation, first: text, hasColon: isColon, last: text };
    if (kind === 'code' && /^[([{]$/.test(text)) depth++;
    if (kind === 'code' && /^[)\]}]$/.test(text)) depth--;
  }
  return current ? [...lines, current] : lines;
}
