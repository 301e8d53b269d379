import { diffArrays } from 'diff';
import type { ComparedFile, FilePlace, LineEdit } from '../comparison.ts';
import type { ComposedFile } from '../composition.ts';
import { isAsBefore } from './compose.ts';
import { isSameText } from './regions.ts';

/** Beyond so many edited lines, or milliseconds, what was typed is one edit, so that a rewritten file can't block the host. */
const limits = { maxEditLength: 500, timeout: 200 };

/** A stretch of lines and what it became, both as ranges: `start` to before `end`. */
interface Change {
  readonly start: number;
  readonly end: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/** The lines of a text with their ends. Only `\n` ends a line, as in git. */
export function linesOfText(text: string): string[] {
  const lines: string[] = [];
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at) + 1 || text.length;
    lines.push(text.slice(at, end));
    at = end;
  }
  return lines;
}

/** A text with edits in it. Throws where the edits are of another text. */
export function composedText(base: string, edits: readonly LineEdit[]): string {
  const parts: string[] = [];
  let [line, at] = [0, 0];
  for (const { start, removed, added } of edits) {
    const from = at;
    for (; line < start && at < base.length; line++) at = base.indexOf('\n', at) + 1 || base.length;
    const gone = removed.join('');
    const endsLine = gone === '' || gone.endsWith('\n') || at + gone.length === base.length;
    if (line < start || !base.startsWith(gone, at) || !endsLine) {
      throw new RangeError(`What is replaced at line ${start + 1} is not in the file.`);
    }
    parts.push(base.slice(from, at), added.join(''));
    at += gone.length;
    line += removed.length;
  }
  parts.push(base.slice(at));
  return parts.join('');
}

/**
 * A file as a person typed it, as edits of the base's text. Edits of `composed` keep their boundaries where they weren't touched. A file that
 * wasn't there is, where it was in the base or under its key. Undefined where it came out as it was in the base.
 */
export function editText(
  file: ComparedFile,
  composed: ComposedFile | undefined,
  { base, typed }: { readonly base: string; readonly typed: string },
): ComposedFile | undefined {
  const before = composed?.result.type === 'lines' ? composed.result : undefined;
  if (composed && !before) throw new TypeError(`${file.key} can only be taken as a whole.`);
  const place: FilePlace = before?.place ??
    (file.base && { path: file.base.path, mode: file.base.mode }) ?? { path: file.key, mode: '100644' };
  const edits = before?.edits ?? [];
  const result = { type: 'lines', place, edits: withTyped(base, edits, typed) } as const;
  return isAsBefore(result, file.base) ? undefined : { key: file.key, result };
}

function withTyped(base: string, edits: readonly LineEdit[], typed: string): readonly LineEdit[] {
  // Edits that cancel each other out, with lines that come more than once, would stay as they are below.
  if (typed === base) return [];
  const [baseLines, typedLines] = [linesOfText(base), linesOfText(typed)];
  const composed = linesOfText(composedText(base, edits));
  const changes = joined(changesOf(edits), changesBetween(composed, typedLines));
  return changes.flatMap(({ start, end, newStart, newEnd }) => {
    const [removed, added] = [baseLines.slice(start, end), typedLines.slice(newStart, newEnd)];
    return isSameText(removed, added) ? [] : { start, removed, added };
  });
}

function changesOf(edits: readonly LineEdit[]): readonly Change[] {
  let shift = 0;
  return edits.map(({ start, removed, added }) => {
    const newStart = start + shift;
    shift += added.length - removed.length;
    return { start, end: start + removed.length, newStart, newEnd: newStart + added.length };
  });
}

function changesBetween(before: readonly string[], after: readonly string[]): readonly Change[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const [end, newEnd] = [before.length - tail, after.length - tail];
  if (head === end && head === newEnd) return [];
  const parts = diffArrays(before.slice(head, end), after.slice(head, newEnd), limits);
  if (!parts) return [{ start: head, end, newStart: head, newEnd }];
  const changes: Change[] = [];
  let [line, newLine] = [head, head];
  let open: { start: number; newStart: number } | undefined;
  const close = () => {
    if (open) changes.push({ ...open, end: line, newEnd: newLine });
    open = undefined;
  };
  for (const { added, removed, count } of parts) {
    if (added || removed) open ??= { start: line, newStart: newLine };
    else close();
    if (!added) line += count;
    if (!removed) newLine += count;
  }
  close();
  return changes;
}

/** Changes from a first text to a second, and from that to a third, as changes from the first to the third. */
function joined(first: readonly Change[], second: readonly Change[]): readonly Change[] {
  const changes: Change[] = [];
  let [shift, newShift] = [0, 0];
  let [a, b] = [0, 0];
  for (;;) {
    // Ends of the cluster in the second text.
    const from = Math.min(first[a]?.newStart ?? Infinity, second[b]?.start ?? Infinity);
    if (from === Infinity) return changes;
    const before = { start: from - shift, newStart: from + newShift };
    let to = from;
    for (;;) {
      const [earlier, later] = [first[a], second[b]];
      if (earlier && earlier.newStart <= to) {
        to = Math.max(to, earlier.newEnd);
        shift += earlier.newEnd - earlier.newStart - (earlier.end - earlier.start);
        a++;
      } else if (later && later.start <= to) {
        to = Math.max(to, later.end);
        newShift += later.newEnd - later.newStart - (later.end - later.start);
        b++;
      } else break;
    }
    changes.push({ ...before, end: to - shift, newEnd: to + newShift });
  }
}
