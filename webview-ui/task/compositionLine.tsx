import type { JSX } from 'preact';
import type { Composition } from '../../src/core/composition.ts';
import type { PullRequest } from '../../src/core/pullRequest.ts';
import { ask } from '../host.ts';
import { Icon } from '../shared/icon.tsx';
import { PullRequestLink } from '../shared/pullRequestLink.tsx';
import { useTaskContext } from './taskContext.ts';

/** What the user put together from the round's runs, with the way to it and its pull request. Nothing while it is empty. */
export function CompositionLine(props: {
  readonly composition: Composition;
  readonly isChosen: boolean;
  /** The one that it opened, or whose branch it went onto. */
  readonly pullRequest: PullRequest | undefined;
  /** The one that it can be put onto. */
  readonly updates: PullRequest | undefined;
}): JSX.Element | null {
  const { composition, isChosen, pullRequest, updates } = props;
  const { host } = useTaskContext();
  if (composition.changes.length === 0) return null;
  return (
    <div class="composition" data-testid="composition-line">
      <p>
        <Icon name={isChosen ? 'pass-filled' : 'combine'} />
        <span>
          {isChosen ? 'Your composition, chosen: ' : 'Your composition: '}
          {composition.name}{' '}
          <button
            type="button"
            class="link"
            aria-label="Compare your composition with the runs"
            onClick={() => ask(host.openCompare({ roundId: composition.roundId }))}
          >
            Compare
          </button>
          {updates && (
            <>
              {' · '}
              <button
                type="button"
                class="link"
                aria-label={`Update #${updates.number} with your composition`}
                data-testid="update-pull-request"
                onClick={() => ask(host.updatePullRequest({ id: composition.id }))}
              >
                Update #{updates.number}
              </button>
            </>
          )}
        </span>
      </p>
      {pullRequest && (
        <PullRequestLink
          pullRequest={pullRequest}
          onOpen={() => ask(host.openPullRequest({ runId: composition.id }))}
        />
      )}
    </div>
  );
}
