import type { Edit } from './applyEdits.ts';
import { cleanPath, type FileChange, type ParsedChanges, unreadable } from './fileChanges.ts';
import { changesBetween } from './lineChanges.ts';

const searchMark = /^(?:<{3,}|-{3,}) (?:SEARCH|ORIGINAL)>?\s*$/;
const middleMark = /^={3,}\s*$/;
const usualMiddle = /^={7}\s*$/;
const replaceMark = /^(?:>{3,}|\+{3,}) (?:REPLACE|UPDATED)\s*$/;
const anyMark = /^(?:[<>+-]{2,}) ?(?:SEARCH|REPLACE|ORIGINAL|UPDATED)>?\s*$/;

const form =
  'A block is a line "<<<<<<< SEARCH", the lines as they are in the file, a line "=======", the new lines, and a line ">>>>>>> REPLACE", with the file\'s path in front.';

export function looksLikeBlocks(lines: readonly string[]): boolean {
  return lines.some((line) => anyMark.test(line));
}

/** SEARCH/REPLACE blocks; each is for the file whose path is in front of it, or of the block before. */
export function readBlocks(lines: readonly string[], path?: string): ParsedChanges {
  const byFile = new Map<string, Edit[]>();
  let name = path;
  let row = 0;
  while (row < lines.length) {
    const start = lines.findIndex((line, index) => index >= row && anyMark.test(line));
    if (start === -1) break;
    if (!searchMark.test(lines[start] ?? ''))
      return unreadable(`"${lines[start]}" is out of place or misspelled. ${form}`);
    name = path ?? pathAbove(lines.slice(row, start)) ?? name;
    const block = readBlock(lines, start);
    if (typeof block === 'string') return unreadable(`${block} ${form}`);
    if (name === undefined) return unreadable(`A block does not say which file it is for. ${form}`);
    const earlier = byFile.get(name) ?? [];
    byFile.set(name, [...earlier, editOf(block, earlier.length === 0)]);
    row = block.end;
  }
  return {
    ok: true,
    changes: [...byFile].map(([file, edits]): FileChange => ({ kind: 'update', names: [file], edits })),
  };
}

/** A block's two parts; `row`: where the text is said to be. `end`: the line behind it. */
interface Block {
  readonly old: readonly string[];
  readonly now: readonly string[];
  readonly row?: number;
  readonly end: number;
}

function readBlock(lines: readonly string[], start: number): Block | string {
  const next = lines.findIndex((line, index) => index > start && (replaceMark.test(line) || anyMark.test(line)));
  const end = next === -1 ? lines.length : next;
  // At the end of the text the last mark may be missing.
  if (next !== -1 && !replaceMark.test(lines[next] ?? '')) return 'A block has no ">>>>>>> REPLACE" behind it.';
  const inside = lines.slice(start + 1, end);
  const middles = inside.flatMap((line, index) => (middleMark.test(line) ? [index] : []));
  const usual = middles.filter((index) => usualMiddle.test(inside[index] ?? ''));
  const [middle, ...others] = usual.length > 0 ? usual : middles;
  if (middle === undefined) return 'A block has no "=======" between its parts.';
  if (others.length > 0)
    return 'A block has several lines "=======", so its parts can\'t be told apart. Use edit_file for this change.';
  const { lines: old, ...where } = withoutDirections(inside.slice(0, middle));
  const now = inside.slice(middle + 1).map(withoutEscape);
  return { old: old.map(withoutEscape), now, ...where, end: end + 1 };
}

/** Only the first block of a file can be looked for at its line: those before a later one have moved it. */
function editOf({ old, now, row }: Block, isFirst: boolean): Edit {
  if (old.every((line) => line.trim() === '')) {
    return { kind: 'text', oldText: '', newText: now.map((line) => `${line}\n`).join('') };
  }
  const hunk = { changes: changesBetween(old, now), anchors: [], ...(isFirst && row !== undefined && { row }) };
  return { kind: 'block', lines: { kind: 'lines', hunks: [hunk] } };
}

/** Some models are trained to say at which line, in lines of their own on top of the text. */
function withoutDirections(lines: readonly string[]): { readonly row?: number; readonly lines: readonly string[] } {
  const first = lines.findIndex((line) => !/^:(?:start|end)_line: ?\d+\s*$/.test(line));
  if (first <= 0) return { lines };
  const line = /\d+/.exec(lines[0] ?? '')?.[0];
  const rest = lines.slice(/^-{3,}\s*$/.test(lines[first] ?? '') ? first + 1 : first);
  return { lines: rest, ...(line !== undefined && /start/.test(lines[0] ?? '') && { row: Number(line) - 1 }) };
}

/** A mark that belongs to the text has a backslash in front. */
function withoutEscape(line: string): string {
  return /^\\(?:<{3,}|-{3,}|={3,}|>{3,}|\+{3,})/.test(line) ? line.slice(1) : line;
}

/** The last line above a block that can be a path. */
function pathAbove(lines: readonly string[]): string | undefined {
  const line = lines.findLast((each) => each.trim() !== '' && !/^\s*(?:`{3,}|~{3,})[\w+-]*\s*$/.test(each));
  if (line === undefined) return undefined;
  const fenced = /^\s*`{3,}[\w+-]*\s+(\S.*)$/.exec(line)?.[1];
  const named = fenced ?? line.replace(/^\s*(?:#+|\/\/|[-*]|File(?:name)?:|Path:)\s*/i, '');
  const path = cleanPath(named);
  const isPath = path !== '' && (!/\s/.test(path) || /^[^:,;!?]*\.\w{1,8}$/.test(path));
  return isPath ? path : undefined;
}
