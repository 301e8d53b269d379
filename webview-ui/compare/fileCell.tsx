import type { JSX } from 'preact';
import type { PatchSecret, RunId } from '../../src/core/domain.ts';
import type { Candidate, FileCell } from '../../src/protocol/comparePanel.ts';
import { CandidateDot, candidateClass } from '../shared/candidateDot.tsx';
import { Icon } from '../shared/icon.tsx';
import { LineCount } from '../shared/lineCount.tsx';
import { secretPlaces } from '../shared/secretTexts.ts';

interface CellProps {
  readonly cell: FileCell | null;
  /** Those that the candidate's patch adds to this file. */
  readonly secrets: readonly PatchSecret[];
  readonly candidates: readonly Candidate[];
}

/** What one candidate did to one file: "+9 −2", "new", "same as …". */
export function FileCellContent({ cell, secrets, candidates }: CellProps): JSX.Element {
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
      {secrets.length > 0 && (
        <span class="secret-mark warning" title={secretPlaces(secrets)} data-testid="secret-in-file">
          <Icon name="warning" />
          <span class="hidden-text">secret in the patch: {secretPlaces(secrets)}</span>
        </span>
      )}
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
