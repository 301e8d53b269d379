import { type FileChange, type Patch, pathOf } from '../domain.ts';

const wanted =
  /\b(?:re)?format|white\s*space|indent|lint|prettier|biome|black\b|gofmt|rustfmt|\btabs?\b|\bspaces?\b|line (?:end|break|length)|\bstyle\b|\bwrap|trailing|newline|\bEOL\b|CRLF/i;

/** The files in which a patch changes nothing but white space; none when the instruction is about such things. */
export function reformattedOnly({ text, changes }: Patch, instruction: string): readonly string[] {
  if (wanted.test(instruction)) return [];
  const parts = text.split(/^(?=diff --git )/m).filter((part) => part.startsWith('diff --git '));
  // Git lists the files of a patch in one order everywhere.
  if (parts.length !== changes.length) return [];
  return changes.filter((change, index) => isSpaceOnly(change, parts[index] ?? '')).map(pathOf);
}

function isSpaceOnly({ kind, base, after }: FileChange, part: string): boolean {
  if (kind !== 'modified' || base?.mode !== after?.mode) return false;
  const hunks = part.split(/^@@ .*$/m).slice(1);
  return hunks.length > 0 && hunks.every((hunk) => inkOf(hunk, '-') === inkOf(hunk, '+'));
}

/** All characters of the lines with a mark but white space. */
function inkOf(hunk: string, mark: '-' | '+'): string {
  return hunk
    .split('\n')
    .filter((line) => line.startsWith(mark))
    .map((line) => line.slice(1).replace(/\s+/g, ''))
    .join('');
}
