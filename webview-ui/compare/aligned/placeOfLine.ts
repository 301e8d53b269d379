import type { CandidateId } from '../../../src/core/domain.ts';
import type { OpenFile } from '../../../src/protocol/comparePanel.ts';

/** Where a line of a candidate's file is: in a region, or else at a line of the base. Lines are counted from 1. */
export function placeOfLine(
  { columns, regions }: Pick<OpenFile, 'columns' | 'regions'>,
  candidate: CandidateId,
  line: number,
): { readonly regionId?: string; readonly line: number } {
  const at = columns.indexOf(candidate);
  let shift = 0;
  for (const { id, start, length, alternatives } of regions) {
    const own = alternatives.find((alternative) => alternative.columns.includes(at)) ?? alternatives[0];
    const lines = own?.lines.length ?? length;
    const inside = line - 1 - start - shift;
    if (inside < 0) break;
    if (inside < lines) return { regionId: id, line: start + 1 };
    shift += lines - length;
  }
  return { line: Math.max(1, line - shift) };
}
