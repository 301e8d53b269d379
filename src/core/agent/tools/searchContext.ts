import { UserError } from '../../problem.ts';
import type { Copy, SearchHit } from '../../workspace/copy.ts';
import { decodeFile, linesOf } from './fileText.ts';

/** Hits as lines, with a number of lines around each, which are taken from what may be read of the file. */
export async function searchContext(
  hits: readonly SearchHit[],
  around: number,
  copy: Copy,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (around === 0) return hits.map(hitLine);
  const shown: string[] = [];
  for (const [path, inFile] of Map.groupBy(hits, (hit) => hit.path)) {
    const lines = await linesIn(path, copy, signal);
    const byLine = new Map(inFile.map((hit) => [hit.line, hit]));
    let last = 0;
    for (const { line } of inFile) {
      const first = Math.max(last + 1, line - around);
      if (shown.length > 0 && (first > last + 1 || last === 0)) shown.push('--');
      for (let number = first; number <= Math.max(line, Math.min(line + around, lines.length)); number++) {
        const hit = byLine.get(number);
        shown.push(hit ? hitLine(hit) : `${path}-${number}- ${lines[number - 1] ?? ''}`);
        last = number;
      }
    }
  }
  return shown;
}

function hitLine({ path, line, text }: SearchHit): string {
  return `${path}:${line}: ${text}`;
}

/** None of a file that may not be read any more, or has no text. */
async function linesIn(path: string, copy: Copy, signal: AbortSignal): Promise<readonly string[]> {
  try {
    const file = await copy.read(path, signal);
    const decoded = file && decodeFile(file.bytes);
    return decoded === undefined || decoded.kind === 'binary' ? [] : linesOf(decoded.text);
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}
