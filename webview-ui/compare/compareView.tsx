import type { JSX } from 'preact';
import type { Candidate, CompareState } from '../../src/protocol/comparePanel.ts';
import { countText } from '../shared/figures.ts';
import { StatusAnnouncer } from '../shared/statusAnnouncer.tsx';
import { CandidateHead } from './candidateHead.tsx';
import { FileGrid } from './fileGrid.tsx';
import { SelectedFileView } from './selectedFile.tsx';

/** The whole compare panel as a function of the host's state: one grid, a column per candidate, names on the left. */
export function CompareView(props: { readonly state: CompareState }): JSX.Element {
  const { state } = props;
  const { candidates, files } = state;
  const primary = primaryCandidate(candidates);
  return (
    <>
      <header>
        <h1 class="one-line" title={state.message}>
          {state.message}
        </h1>
        <span class="quiet number">{facts(state)}</span>
      </header>
      <main class="compare" style={{ '--columns': candidates.length }}>
        <div class="corner quiet number">{countText(files.length, 'file')}</div>
        {candidates.map((candidate, index) => (
          <CandidateHead key={candidate.run.id} candidate={candidate} index={index} isPrimary={candidate === primary} />
        ))}
        {files.length > 0 && <FileGrid state={state} />}
        <SelectedFileView state={state} />
      </main>
      <StatusAnnouncer runs={candidates.map(({ run }) => run)} />
    </>
  );
}

function primaryCandidate(candidates: readonly Candidate[]): Candidate | undefined {
  const ready = candidates.filter(({ run }) => run.state.status === 'succeeded' && run.changes.length > 0);
  return ready.find(({ isChosen }) => isChosen) ?? ready[0];
}

function facts({ candidates, files, start }: CompareState): string {
  const from = start === 'workspace' ? 'from workspace' : 'from an earlier result';
  return [countText(candidates.length, 'candidate'), countText(files.length, 'file'), from].join(' · ');
}
