import type { JSX } from 'preact';
import type { Round } from '../../src/core/domain.ts';
import { ask } from '../host.ts';
import { Button } from '../toolkit.ts';
import { roundSentence } from './roundSentence.ts';
import { useTaskContext } from './taskContext.ts';

/** How far a round is, with the way to its comparison. */
export function RoundSummary(props: { readonly round: Round; readonly isLast: boolean }): JSX.Element {
  const { round, isLast } = props;
  const { host } = useTaskContext();
  const isActive = round.runs.some(({ state }) => state.status === 'queued' || state.status === 'running');
  const canCompare = round.runs.some(({ state }) => state.status === 'succeeded');
  return (
    <div class="summary">
      <p class="number">{roundSentence(round)}</p>
      <div class="actions">
        {isActive && (
          <Button
            class="small"
            appearance="secondary"
            data-testid="cancel-all"
            onClick={() => ask(host.cancelRound({ roundId: round.id }))}
          >
            Cancel All
          </Button>
        )}
        {canCompare && (
          <Button
            class="small"
            appearance={isLast ? 'primary' : 'secondary'}
            data-testid="open-compare"
            onClick={() => ask(host.openCompare({ roundId: round.id }))}
          >
            Compare
          </Button>
        )}
      </div>
    </div>
  );
}
