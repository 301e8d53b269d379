import { type FileChange, type ParsedChanges, unreadable } from './fileChanges.ts';
import { looksLikeBlocks, readBlocks } from './readBlocks.ts';
import { looksLikeDiff, readDiff } from './readDiff.ts';
import { looksLikePatch, readHunks, readPatch } from './readPatch.ts';
import { plainLines } from './textLines.ts';

const forms =
  'Write "*** Begin Patch", then "*** Update File: PATH" with "@@" and lines that begin with a space, "-" or "+", or "*** Add File: PATH" with "+" lines, or "*** Delete File: PATH", and last "*** End Patch". Search/replace blocks and unified diffs are read too.';

/**
 * Reads changes of files in any form models are trained to write: the `*** Begin Patch` envelope, SEARCH/REPLACE blocks, unified diffs.
 * `path` is the file they are for, whatever the text says, where that is known.
 */
export function readChanges(text: string, path?: string): ParsedChanges {
  const hasWindowsEnds = text.includes('\r\n');
  const lines = withoutWrapping(plainLines(text));
  const read = readLines(lines, hasWindowsEnds, path);
  if (!read.ok) return read;
  if (read.changes.length === 0) return unreadable(`There is no change in the text. ${forms}`);
  return path === undefined ? read : forPath(read.changes, path);
}

function readLines(lines: readonly string[], hasWindowsEnds: boolean, path: string | undefined): ParsedChanges {
  if (looksLikePatch(lines)) return readPatch(lines, hasWindowsEnds);
  if (looksLikeBlocks(lines)) return readBlocks(lines, path);
  if (looksLikeDiff(lines)) return readDiff(lines, hasWindowsEnds, path);
  if (path !== undefined && lines.some((line) => line.startsWith('@@'))) {
    const hunks = readHunks(lines, hasWindowsEnds);
    return typeof hunks === 'string'
      ? unreadable(hunks)
      : { ok: true, changes: [{ kind: 'update', names: [path], edits: [{ kind: 'lines', hunks }] }] };
  }
  return unreadable(`There is no change that can be read in the text. ${forms}`);
}

/** Without the code fence, the shell's here-document, or the call of a program that models put around a patch. */
function withoutWrapping(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line.trim() !== '');
  const last = lines.findLastIndex((line) => line.trim() !== '');
  const [top = '', bottom = ''] = [lines[first]?.trim(), lines[last]?.trim()];
  if (last <= first) return lines;
  const inner = lines.slice(first + 1, last);
  const document = /(?<!<)<<[-~]?\s*['"]?(\w+)['"]?\s*$/.exec(top)?.[1];
  if (document !== undefined)
    return withoutWrapping(bottom.replace(/["')]+$/, '') === document ? inner : lines.slice(first + 1));
  if (/^(`{3,}|~{3,})[\w-]*$/.test(top) && top.startsWith(bottom) && /^(`{3,}|~{3,})$/.test(bottom))
    return withoutWrapping(inner);
  return lines;
}

/** The changes of the one file that is named beside the text. */
function forPath(changes: readonly FileChange[], path: string): ParsedChanges {
  const [change, ...others] = changes;
  if (change === undefined || others.some(({ names }) => names[0] !== change.names[0])) {
    return unreadable(`The text changes several files, but is for ${path}. Use apply_patch for several files.`);
  }
  const updates = changes.flatMap((each) => (each.kind === 'update' ? each.edits : []));
  const names = [path];
  return {
    ok: true,
    changes: change.kind === 'update' ? [{ ...change, names, edits: updates }] : [{ ...change, names }],
  };
}
