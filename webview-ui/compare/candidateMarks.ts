import type { CandidateId } from '../../src/core/domain.ts';
import type { Column } from '../../src/protocol/comparePanel.ts';
import { candidateClass } from '../shared/candidateDot.tsx';
import type { CandidateMark } from './compareContext.ts';

/** Labels and colours; a run's colour is by its place in the round, whatever the order. */
export function marksOf(columns: readonly Column[]): ReadonlyMap<CandidateId, CandidateMark> {
  return new Map(
    columns.map(({ id, type, label }, index) => [
      id,
      { label, className: type === 'composition' ? 'composition' : candidateClass(index) },
    ]),
  );
}
