import type { JSX } from 'preact';
import type { CandidateId } from '../../src/core/domain.ts';
import type { CompareState, FileId } from '../../src/protocol/comparePanel.ts';
import { ask } from '../host.ts';
import { ColumnHead } from './columnHead.tsx';
import { useCompareHost } from './compareContext.ts';
import type { EvidenceRoom } from './evidence/evidenceRoom.ts';

/** The head of the left-most column in the aligned view: the base, or the candidate that others are compared with. */
export function LeadHead(props: {
  readonly state: CompareState;
  readonly lead: 'base' | CandidateId;
  readonly fileId: FileId;
  readonly room: EvidenceRoom;
  /** Whether there is a composition that could take the base's text. */
  readonly canTake: boolean;
}): JSX.Element {
  const { state, lead, fileId, room, canTake } = props;
  const host = useCompareHost();
  const column = state.columns.find(({ id }) => id === lead);
  if (column) return <ColumnHead column={column} isPrimary={false} room={room} evidence={state.evidence} isLead />;
  return (
    <section class="head lead" aria-label="Base" data-testid="base-head">
      <div class="name">
        <h2>Base</h2>
      </div>
      <p class="facts quiet">{startText(state.start)}</p>
      {canTake && (
        <div class="actions">
          <button
            type="button"
            class="button secondary"
            title="Leave this file as it was in the composition"
            onClick={() => ask(host.take({ part: { type: 'file', fileId }, from: 'base' }))}
          >
            Take This File
          </button>
        </div>
      )}
    </section>
  );
}

/** What all candidates began with. */
export function startText(start: CompareState['start']): string {
  switch (start) {
    case 'workspace':
      return 'the workspace as it was';
    case 'run':
      return 'the earlier result it started from';
    case 'pull-request':
      return 'the branch of its pull request';
    default:
      return start satisfies never;
  }
}
