import type { JSX } from 'preact';
import type { Column } from '../../src/protocol/comparePanel.ts';
import { ask } from '../host.ts';
import { PullRequestLink } from '../shared/pullRequestLink.tsx';
import { SecretsInPatch } from '../shared/secretsInPatch.tsx';
import { useCompareHost } from './compareContext.ts';
import { placeText } from './evidence/evidenceTexts.ts';

/** What needs attention, where it went, and why it has its place among the others. */
export function HeadNote(props: {
  readonly column: Column;
  readonly onMore: (opener: HTMLElement) => void;
}): JSX.Element {
  const { column, onMore } = props;
  const host = useCompareHost();
  const candidate = column.type === 'run' ? column.run : column;
  const state = column.type === 'run' ? column.run.state : undefined;
  const problem = state?.status === 'failed' ? state.problem : undefined;
  const canceledBecause = state?.status === 'canceled' ? state.reason : undefined;
  return (
    <div class="note">
      {problem && (
        <p class={`head-problem ${column.size.files === 0 ? 'tall' : ''}`} title={problem.message}>
          {problem.message}
        </p>
      )}
      {canceledBecause !== undefined && (
        <p class={`quiet head-problem ${column.size.files === 0 ? 'tall' : ''}`} title={canceledBecause}>
          {canceledBecause}
        </p>
      )}
      <SecretsInPatch candidate={candidate} />
      {column.pullRequest && (
        <PullRequestLink pullRequest={column.pullRequest} onOpen={() => ask(host.openPullRequest({ id: column.id }))} />
      )}
      <Reason column={column} onMore={onMore} />
    </div>
  );
}

function Reason(props: {
  readonly column: Column;
  readonly onMore: (opener: HTMLElement) => void;
}): JSX.Element | null {
  const { column, onMore } = props;
  const { evidence } = column;
  const reason = evidence?.reason;
  if (!evidence || reason === undefined) return null;
  const place = placeText(evidence);
  return (
    <button
      type="button"
      class="reason"
      aria-haspopup="dialog"
      aria-label={`${place ? `${place}: ` : ''}${reason}. Show all evidence of ${column.label}`}
      title={reason}
      data-testid="reason"
      onClick={(event) => onMore(event.currentTarget)}
    >
      {place && <b>{place}</b>} <span class="quiet">{reason}</span>
    </button>
  );
}
