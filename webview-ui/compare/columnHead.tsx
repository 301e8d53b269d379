import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { isEnded } from '../../src/core/domain.ts';
import type { EvidenceState } from '../../src/protocol/compareEvidence.ts';
import type { Column } from '../../src/protocol/comparePanel.ts';
import { ask } from '../host.ts';
import { CandidateDot } from '../shared/candidateDot.tsx';
import { ChooseRun } from '../shared/chooseRun.tsx';
import { Icon } from '../shared/icon.tsx';
import { useCandidates, useCompareHost } from './compareContext.ts';
import { EvidencePopup } from './evidence/evidencePopup.tsx';
import type { EvidenceRoom } from './evidence/evidenceRoom.ts';
import { HeadEvidence } from './evidence/headEvidence.tsx';
import { HeadActions } from './headActions.tsx';
import { HeadFacts } from './headFacts.tsx';
import { HeadMenu } from './headMenu.tsx';
import { HeadNote } from './headNote.tsx';
import { canShip } from './shownColumns.ts';

export interface HeadProps {
  readonly column: Column;
  /** The one whose pull request is the suggested next step. */
  readonly isPrimary: boolean;
  /** What all heads have room for. */
  readonly room: EvidenceRoom;
  readonly evidence: EvidenceState;
  /** Whether it is what others are compared with. */
  readonly isLead?: boolean;
}

/** The head of a column: who made it, how it went, how much it changes, and what can be done with it. */
export function ColumnHead(props: HeadProps): JSX.Element {
  const { column, isPrimary, room, evidence, isLead = false } = props;
  const host = useCompareHost();
  const { className = '' } = useCandidates().get(column.id) ?? {};
  const isRun = column.type === 'run';
  const [isMoreShown, showMore] = useState(false);
  const opener = useRef<HTMLElement>(null);
  const onMore = (button: HTMLElement) => {
    opener.current = button;
    showMore(!isMoreShown);
  };
  const name = isRun ? column.label : `${column.label}: ${column.name}`;
  return (
    <section
      class={`head ${className} ${isLead ? 'lead' : ''}`}
      aria-label={isLead ? `${name}, compared with the others` : name}
      data-testid={isRun ? 'candidate' : 'composition'}
      data-candidate-id={column.id}
      {...(isRun && { 'data-run-id': column.id, 'data-status': column.run.state.status })}
    >
      <div class="name">
        <CandidateDot />
        <h2 class="one-line" title={isRun ? `${column.label} (${column.run.profile.model})` : column.name}>
          {column.label}
        </h2>
        {column.evidence?.isRecommended && <Recommended reason={column.evidence.reason} />}
        <span class="name-actions">
          {canShip(column) && (
            <ChooseRun
              isChosen={column.isChosen}
              name={column.label}
              label="Choose"
              onChoose={() => ask(host.chooseCandidate({ id: column.id }))}
            />
          )}
          <HeadMenu column={column} isLead={isLead} evidence={evidence} />
        </span>
      </div>
      <HeadFacts column={column} />
      <HeadEvidence column={column} room={room} isReviewing={evidence.isReviewing} onMore={onMore} />
      <HeadNote column={column} onMore={onMore} />
      {isRun && !isEnded(column.run) ? (
        <div class="actions">
          <button
            type="button"
            class="button secondary"
            aria-label={`Cancel ${column.label}`}
            data-testid="cancel-run"
            onClick={() => ask(host.cancelRun({ id: column.id }))}
          >
            Cancel
          </button>
        </div>
      ) : (
        canShip(column) && <HeadActions column={column} isPrimary={isPrimary} />
      )}
      {isMoreShown && column.evidence && (
        <EvidencePopup
          column={column}
          evidence={column.evidence}
          isolation={evidence.isolation}
          opener={opener}
          onClose={() => showMore(false)}
        />
      )}
    </section>
  );
}

function Recommended(props: { readonly reason: string | undefined }): JSX.Element {
  return (
    <span class="recommended-place">
      <span
        class="recommended"
        title={['Recommended', props.reason].filter(Boolean).join(': ')}
        data-testid="recommended"
      >
        <Icon name="star-full" />
        <span class="word">recommended</span>
      </span>
    </span>
  );
}
