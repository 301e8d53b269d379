import type { JSX } from 'preact';
import type { FindingView } from '../../../src/protocol/compareEvidence.ts';
import { Icon } from '../../shared/icon.tsx';
import { useCandidates } from '../compareContext.ts';
import type { AlignedProps } from './alignedProps.ts';
import type { PlacedFinding } from './findings.ts';
import { useRegionActions } from './regionActions.ts';

const icons: Readonly<Record<FindingView['severity'], string>> = { blocker: 'error', major: 'warning', minor: 'info' };
const words: Readonly<Record<FindingView['severity'], string>> = {
  blocker: 'Blocker',
  major: 'Major',
  minor: 'Minor',
};

/** What reviewers found in a line, each in the column of the candidate that it is about. */
export function FindingRow(props: {
  readonly placed: readonly PlacedFinding[];
  readonly columns: AlignedProps['columns'];
  readonly lead: AlignedProps['lead'];
}): JSX.Element {
  const { placed, columns, lead } = props;
  return (
    <>
      {lead !== undefined && <Cell placed={placed} column="lead" />}
      {columns.map(({ id }, column) => (
        <Cell key={id} placed={placed} column={column} />
      ))}
    </>
  );
}

function Cell(props: {
  readonly placed: readonly PlacedFinding[];
  readonly column: PlacedFinding['column'];
}): JSX.Element {
  const { placed, column } = props;
  const here = placed.filter((one) => one.column === column);
  return (
    <div class={`finding-cell ${column === 'lead' ? 'lead' : ''}`}>
      {here.map(({ finding }) => (
        <Finding key={finding.id} finding={finding} />
      ))}
    </div>
  );
}

function Finding({ finding }: { readonly finding: FindingView }): JSX.Element {
  const { id, severity, reviewer, reason, candidate, line, isSent } = finding;
  const actions = useRegionActions();
  const { label, className } = useCandidates().get(candidate) ?? { label: '', className: '' };
  const isRun = className !== 'composition';
  return (
    <article
      class={`finding ${severity}`}
      aria-label={`${words[severity]} finding in line ${line} of ${label}, by ${reviewer}`}
      data-testid="finding"
    >
      <p class="finding-head">
        <Icon name={icons[severity]} />
        <b>{words[severity]}</b>
        <span class="quiet one-line" title={reviewer}>
          {reviewer}
        </span>
        {isRun && (
          <button
            type="button"
            class="quiet-button"
            title={isSent ? `Sent to ${label} already` : `Send it to ${label} as a follow-up message`}
            aria-label={isSent ? `Sent: this finding to ${label}` : `Send to Run: this finding to ${label}`}
            data-testid="send-finding"
            onClick={() => actions.sendFinding(id)}
          >
            <Icon name={isSent ? 'check' : 'reply'} /> {isSent ? 'Sent' : 'Send to Run'}
          </button>
        )}
      </p>
      <p class="finding-reason" title={reason}>
        {reason}
      </p>
    </article>
  );
}
