import { withLineEnds } from './fileText.ts';
import { nearestText } from './nearestText.ts';

/** One replacement: `oldText` must be in the file exactly once. */
export interface Edit {
  readonly oldText: string;
  readonly newText: string;
}

/** The edited text, or why there is none: `detail` for people, `message` for the model. */
export type EditResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly detail: string; readonly message: string };

/** A stretch of the file's text; `atEnd` when it took in a final line end the file doesn't have. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly atEnd: boolean;
}

/** Makes the edits one after another, each on the result of the one before. All of them, or none. */
export function applyEdits(original: string, edits: readonly Edit[]): EditResult {
  let text = original;
  for (const [index, edit] of edits.entries()) {
    const result = applyEdit(text, edit);
    if (!result.ok) {
      if (edits.length === 1) return result;
      const which = `Edit ${index + 1} of ${edits.length}`;
      return { ...result, message: `${which} can't be made, so none was. ${result.message}` };
    }
    text = result.text;
  }
  if (original.endsWith('\n') && text !== '' && !text.endsWith('\n')) text += original.endsWith('\r\n') ? '\r\n' : '\n';
  if (text === original)
    return refuse('no change', 'The edit leaves the file as it was: newText equals what is there.');
  return { ok: true, text };
}

function applyEdit(text: string, { oldText, newText }: Edit): EditResult {
  if (oldText === '') {
    return refuse('empty oldText', 'oldText is empty. Give the text to replace, or use write_file for a whole file.');
  }
  const exact = exactMatches(text, oldText);
  const matches = exact.length > 0 ? exact : tolerantMatches(text, oldText);
  const [match, ...others] = matches;
  if (match === undefined) {
    const nearest = nearestText(text, oldText);
    const hint = nearest === undefined ? 'Nothing in the file is like it. Read the file again.' : nearest;
    return refuse('no match', `oldText is not in the file (0 matches). ${hint}`);
  }
  if (others.length > 0) {
    const lines = matches.slice(0, 10).map(({ start }) => lineNumber(text, start));
    const more = matches.length > lines.length ? ', …' : '';
    return refuse(
      `${matches.length} matches`,
      `oldText is in the file ${matches.length} times, beginning at lines ${lines.join(', ')}${more}. Take in more of the lines around the place you mean, so that it is there once.`,
    );
  }
  return { ok: true, text: splice(text, match, newText) };
}

function splice(text: string, { start, end, atEnd }: Stretch, newText: string): string {
  let inserted = withLineEnds(newText, lineEndAround(text, start, end));
  if (atEnd) inserted = inserted.replace(/\r?\n$/, '');
  // A match that begins with the second half of a line end takes in the first, or the file would get it twice.
  const from = text[start] === '\n' && text[start - 1] === '\r' ? start - 1 : start;
  return text.slice(0, from) + inserted + text.slice(end);
}

/** The line end used inside the stretch, or else after it, or else before it. */
function lineEndAround(text: string, start: number, end: number): '\n' | '\r\n' {
  const inOrAfter = text.indexOf('\n', start);
  const position = inOrAfter >= 0 ? inOrAfter : text.lastIndexOf('\n', end);
  return position > 0 && text[position - 1] === '\r' ? '\r\n' : '\n';
}

/** Every place the text is at, overlapping ones too: both of them are what the model could have meant. */
function positionsOf(text: string, wanted: string): number[] {
  const positions: number[] = [];
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) positions.push(at);
  return positions;
}

function exactMatches(text: string, oldText: string): Stretch[] {
  return positionsOf(text, oldText).map((start) => ({ start, end: start + oldText.length, atEnd: false }));
}

/** Matches where line ends and whitespace at the ends of lines may differ. */
function tolerantMatches(text: string, oldText: string): Stretch[] {
  if (oldText.trim() === '') return [];
  const wanted = withoutTrailing(oldText).text;
  const lostItsEnd = !oldText.endsWith('\n') && /[ \t\r]$/.test(oldText);
  const { text: plain, origin } = withoutTrailing(text.endsWith('\n') ? text : `${text}\n`);
  return positionsOf(plain, wanted)
    .filter((at) => !lostItsEnd || plain[at + wanted.length] === '\n')
    .map((at) => {
      const end = (origin[at + wanted.length - 1] ?? 0) + 1;
      return { start: origin[at] ?? 0, end: Math.min(end, text.length), atEnd: end > text.length };
    });
}

/** The text without whitespace at the ends of lines, and where each of its characters was. */
function withoutTrailing(text: string): { readonly text: string; readonly origin: readonly number[] } {
  const origin: number[] = [];
  const lines: string[] = [];
  let lineStart = 0;
  for (const line of text.split('\n')) {
    const kept = line.trimEnd();
    lines.push(kept);
    for (let index = 0; index < kept.length; index++) origin.push(lineStart + index);
    lineStart += line.length + 1;
    origin.push(lineStart - 1);
  }
  return { text: lines.join('\n'), origin };
}

function lineNumber(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}

function refuse(detail: string, message: string): EditResult {
  return { ok: false, detail, message };
}
