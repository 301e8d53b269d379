import { cut } from '../../words.ts';
import { isWrittenByTools } from './generatedFiles.ts';
import { withVisibleCharacters } from './plainText.ts';
import type { ReviewedGroup, ReviewMaterial } from './readCandidates.ts';

/** How much of the base a reviewer sees: files of up to so many lines as a whole, of others so many lines around each change. */
const widths = [
  { whole: 400, around: 60 },
  { whole: 150, around: 30 },
  { whole: 40, around: 10 },
];
const maxLine = 1_000;

/** One file of the base as a reviewer sees it. */
export interface BaseFile {
  readonly path: string;
  readonly text: string;
}

/**
 * The surroundings of all candidates' changes in the base, as wide as fits into a number of bytes. Undefined where not even the
 * narrowest does. Files that tools write are left out.
 */
export function baseContext(material: ReviewMaterial, maxBytes: number): readonly BaseFile[] | undefined {
  const changed = changedLines(material.groups);
  const paths = [...material.base.keys()].filter((path) => !isWrittenByTools(path)).sort();
  for (const width of widths) {
    const files = paths.map((path) => {
      const lines = material.base.get(path) ?? [];
      const around = lines.length <= width.whole ? lines.length : width.around;
      return { path, text: excerpt(lines, changed.get(path) ?? [], around) };
    });
    if (files.reduce((sum, { path, text }) => sum + Buffer.byteLength(path + text), 0) <= maxBytes) return files;
  }
  return undefined;
}

/** The base's lines that a candidate removes, or behind which it adds some, by path. Counted from 1; 0 is in front of the first. */
function changedLines(groups: readonly ReviewedGroup[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const { path, basePath = path, lines } of groups.flatMap(({ files }) => files)) {
    const changed = found.get(basePath) ?? [];
    let last = 0;
    for (const { type, oldLine } of lines) {
      last = oldLine ?? last;
      if (type !== 'same') changed.push(last);
    }
    found.set(basePath, changed);
  }
  return found;
}

function excerpt(lines: readonly string[], changed: readonly number[], around: number): string {
  const isShown = new Uint8Array(lines.length + 1);
  for (const line of new Set(changed)) isShown.fill(1, Math.max(1, line - around), line + around + 1);
  const shown: string[] = [];
  let left = 0;
  const tellLeft = () => {
    if (left > 0) shown.push(`      … ${left} ${left === 1 ? 'line' : 'lines'} left out`);
    left = 0;
  };
  for (const [index, text] of lines.entries()) {
    if (isShown[index + 1] === 0) {
      left++;
      continue;
    }
    tellLeft();
    shown.push(`${String(index + 1).padStart(5)} | ${withVisibleCharacters(cut(text, maxLine))}`);
  }
  tellLeft();
  return shown.join('\n');
}
