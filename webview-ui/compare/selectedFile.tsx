import type { JSX } from 'preact';
import type { CompareState } from '../../src/protocol/comparePanel.ts';
import { ProgressRing } from '../toolkit.ts';
import { FileDiffColumn } from './fileDiff.tsx';

/** The selected file's diffs, one column per candidate, or what stands in their place. */
export function SelectedFileView(props: { readonly state: CompareState }): JSX.Element {
  const { candidates, files, selected } = props.state;
  if (files.length === 0) return <p class="panel-note wide quiet">{emptyText(props.state)}</p>;
  if (!selected) return <p class="panel-note wide quiet">Choose a file above to see what each candidate did to it.</p>;
  return (
    <>
      <h2 class="diff-title">
        <span class="path">{selected.path}</span>
      </h2>
      {selected.diffs ? (
        candidates.map((candidate, index) => (
          <FileDiffColumn
            key={`${selected.id} ${candidate.run.id}`}
            file={selected}
            diff={selected.diffs?.[index] ?? { type: 'unchanged' }}
            candidate={candidate}
            index={index}
            candidates={candidates}
          />
        ))
      ) : selected.failure !== undefined ? (
        <p class="panel-note" role="alert">
          {selected.failure}
        </p>
      ) : (
        <p class="panel-note quiet">
          <ProgressRing /> Reading {selected.path}
        </p>
      )}
    </>
  );
}

function emptyText({ candidates }: CompareState): string {
  const isActive = candidates.some(({ run }) => run.state.status === 'queued' || run.state.status === 'running');
  return isActive ? 'No candidate has changed a file yet.' : 'No candidate changed a file.';
}
