import type { JSX } from 'preact';
import type { RunId } from '../../src/core/domain.ts';
import type { Candidate, FileCell } from '../../src/protocol/comparePanel.ts';
import { CandidateDot, candidateClass } from '../shared/candidateDot.tsx';
import { LineCount } from '../shared/lineCount.tsx';

type CellProps = { readonly cell: FileCell | null; readonly candidates: readonly Candidate[] };

/** What one candidate did to one file: "+9 −2", "new", "same as …". */
export function FileCellContent({ cell, candidates }: CellProps): JSX.Element {
  if (!cell) {
    return (
      <span class="quiet">
        –<span class="hidden-text"> unchanged</span>
      </span>
    );
  }
  return (
    <>
      {cell.lines ? <LineCount {...cell.lines} /> : <span>binary</span>}
      {cell.kind !== 'modified' && <span class="quiet">{cell.kind}</span>}
      {cell.sameAs && <SameAs runId={cell.sameAs} candidates={candidates} />}
    </>
  );
}

/** The mark for a result that another candidate, further left, has too. */
export function SameAs(props: { readonly runId: RunId; readonly candidates: readonly Candidate[] }): JSX.Element {
  const index = props.candidates.findIndex(({ run }) => run.id === props.runId);
  return (
    <span class={`same quiet ${candidateClass(Math.max(0, index))}`}>
      same as <CandidateDot />
      <span class="one-line">{labelOf(props.runId, props.candidates)}</span>
    </span>
  );
}

function labelOf(runId: RunId, candidates: readonly Candidate[]): string {
  return candidates.find(({ run }) => run.id === runId)?.run.profile.label ?? 'another candidate';
}
