import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Candidate, DiffRow, FileDiff, SelectedFile } from '../../src/protocol/comparePanel.ts';
import { ask } from '../host.ts';
import { candidateClass } from '../shared/candidateDot.tsx';
import { countText } from '../shared/figures.ts';
import { useCompareHost } from './compareContext.ts';
import { SameAs } from './fileCell.tsx';

/** How many lines are laid out before the user asks for more. */
const shownAtFirst = 500;

interface FileDiffProps {
  readonly file: SelectedFile;
  readonly diff: FileDiff;
  readonly candidate: Candidate;
  readonly index: number;
  readonly candidates: readonly Candidate[];
}

/** The selected file in one candidate's column. */
export function FileDiffColumn(props: FileDiffProps): JSX.Element {
  const { file, candidate, index } = props;
  return (
    <section
      class={`diff ${candidateClass(index)}`}
      aria-label={`${file.path} of ${candidate.run.profile.label}`}
      data-testid="file-diff"
      data-run-id={candidate.run.id}
    >
      <DiffContent {...props} />
    </section>
  );
}

function DiffContent({ file, diff, candidate, candidates }: FileDiffProps): JSX.Element {
  const host = useCompareHost();
  const openInEditor = (
    <button type="button" class="link" onClick={() => ask(host.openDiff({ runId: candidate.run.id, fileId: file.id }))}>
      Open in Editor
    </button>
  );
  switch (diff.type) {
    case 'unchanged':
      return <p class="diff-note quiet">unchanged</p>;
    case 'same':
      return (
        <p class="diff-note">
          <SameAs runId={diff.as} candidates={candidates} />
        </p>
      );
    case 'binary':
      return <p class="diff-note quiet">binary file · {openInEditor}</p>;
    case 'too-large':
      return (
        <p class="diff-note quiet">
          {countText(diff.lines, 'line')}, too many to show here · {openInEditor}
        </p>
      );
    case 'diff':
      return <DiffRows rows={diff.rows} />;
    default:
      return diff satisfies never;
  }
}

function DiffRows(props: { readonly rows: readonly DiffRow[] }): JSX.Element {
  const [limit, setLimit] = useState(shownAtFirst);
  const left = props.rows.length - limit;
  return (
    <>
      {props.rows.slice(0, limit).map((row, index) => (
        <DiffLine key={index} row={row} />
      ))}
      {left > 0 && (
        <p class="diff-note">
          <button type="button" class="link" onClick={() => setLimit(limit + 4 * shownAtFirst)}>
            Show {countText(Math.min(left, 4 * shownAtFirst), 'More Line')}
          </button>
        </p>
      )}
    </>
  );
}

const signs = { context: ' ', added: '+', removed: '−' } as const;

function DiffLine({ row }: { readonly row: DiffRow }): JSX.Element {
  if (row.type === 'fold') return <div class="fold quiet number">{countText(row.lines, 'unchanged line')}</div>;
  return (
    <div class={`code-line ${row.type}`}>
      <span class="line-number number">{row.type === 'removed' ? row.oldLine : row.newLine}</span>
      <span class="sign">{signs[row.type]}</span>
      <span class="code">{row.text}</span>
    </div>
  );
}
