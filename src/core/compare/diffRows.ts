import { structuredPatch } from 'diff';
import type { DiffRow, FileDiff } from '../comparison.ts';

/** Unchanged lines shown around a change. */
const contextLines = 3;
/** A column with more rows than this is left to VS Code's own diff editor. */
const maxRows = 4000;
/** Beyond this many edited lines the line diff gives up, so that a rewritten file can't block the host. Its time grows with the square. */
const maxEditLength = 1000;
/** Git's own rule: a NUL byte near the beginning makes a file binary. */
const binaryProbeBytes = 8000;

/** The diff of two versions of a file as rows to show; undefined stands for a file that isn't there. Pure. */
export function diffFile(base: Uint8Array | undefined, after: Uint8Array | undefined): FileDiff {
  if (isBinary(base) || isBinary(after)) return { type: 'binary' };
  const [oldText, newText] = [decode(base), decode(after)];
  const patch = structuredPatch('', '', oldText, newText, '', '', { context: contextLines, maxEditLength });
  const totalLines = Math.max(countLines(oldText), countLines(newText));
  if (!patch) return { type: 'too-large', lines: totalLines };

  const rows: DiffRow[] = [];
  let nextOld = 1;
  for (const hunk of patch.hunks) {
    pushFold(rows, hunk.oldStart - nextOld);
    let [oldLine, newLine] = [hunk.oldStart, hunk.newStart];
    for (const line of hunk.lines) {
      const text = line.slice(1);
      if (line[0] === '+') rows.push({ type: 'added', newLine: newLine++, text });
      else if (line[0] === '-') rows.push({ type: 'removed', oldLine: oldLine++, text });
      else if (line[0] === ' ') rows.push({ type: 'context', oldLine: oldLine++, newLine: newLine++, text });
    }
    nextOld = oldLine;
  }
  pushFold(rows, countLines(oldText) + 1 - nextOld);
  return rows.length > maxRows ? { type: 'too-large', lines: totalLines } : { type: 'diff', rows };
}

function pushFold(rows: DiffRow[], lines: number): void {
  if (lines > 0) rows.push({ type: 'fold', lines });
}

function isBinary(bytes: Uint8Array | undefined): boolean {
  return bytes?.subarray(0, binaryProbeBytes).includes(0) ?? false;
}

function decode(bytes: Uint8Array | undefined): string {
  return bytes ? new TextDecoder().decode(bytes) : '';
}

function countLines(text: string): number {
  if (text === '') return 0;
  const breaks = text.split('\n').length;
  return text.endsWith('\n') ? breaks - 1 : breaks;
}
