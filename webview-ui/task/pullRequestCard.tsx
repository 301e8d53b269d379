import type { JSX } from 'preact';
import type { PullRequest } from '../../src/core/pullRequest.ts';
import { isOpenPull } from '../../src/protocol/pullRequestLine.ts';
import { ask } from '../host.ts';
import { Icon } from '../shared/icon.tsx';
import { Menu, type MenuItem } from '../shared/menu.tsx';
import { pullRequestFacts, pullRequestState } from '../shared/pullRequestFacts.ts';
import { PullRequestLink } from '../shared/pullRequestLink.tsx';
import { Button } from '../toolkit.ts';
import { useTaskContext } from './taskContext.ts';

export interface PullRequestCardProps {
  readonly pull: PullRequest;
  readonly canOpenInExtension: boolean;
}

/** A pull request of the task: how it is on GitHub, and what can be done about that. */
export function PullRequestCard({ pull, canOpenInExtension }: PullRequestCardProps): JSX.Element {
  const { host } = useTaskContext();
  const { number, runId } = pull;
  const { id } = pullRequestState(pull);
  return (
    <article
      class="pull"
      aria-label={`Pull request #${number}`}
      data-testid="pull-request-card"
      data-number={number}
      data-state={id}
      data-watched={pull.isWatched ? 'true' : 'false'}
    >
      <div class="pull-head">
        <PullRequestLink
          testId="pull-request-title"
          pullRequest={pull}
          onOpen={() => ask(host.openPullRequest({ runId }))}
        />
        <button
          type="button"
          class="icon-button"
          aria-label={`Refresh #${number}`}
          title={seenText(pull)}
          data-testid="refresh-pull-request"
          onClick={() => ask(host.refreshPullRequest({ pull: runId }))}
        >
          <Icon name="refresh" />
        </button>
        <Menu
          label={`More Actions for #${number}`}
          title="More Actions"
          testId="pull-request-menu"
          items={menuItems(pull, canOpenInExtension, host)}
        />
      </div>
      <Facts pull={pull} />
      {isOpenPull(pull) && <OpenActions pull={pull} />}
    </article>
  );
}

/** Told to screen readers as it changes. */
function Facts({ pull }: { readonly pull: PullRequest }): JSX.Element {
  const { word } = pullRequestState(pull);
  return (
    <div class="pull-facts" role="status" data-testid="pull-request-facts">
      <span class="quiet">{word ? `${word}, into ${pull.base}` : `into ${pull.base}`}</span>
      {pullRequestFacts(pull).map(({ id, icon, text, tone, title }) => (
        <span key={text} class={`fact ${tone}`} title={title} data-fact={id}>
          <Icon name={icon} />
          <span class="one-line">{text}</span>
        </span>
      ))}
    </div>
  );
}

function OpenActions({ pull }: { readonly pull: PullRequest }): JSX.Element {
  const { host } = useTaskContext();
  const { number, runId, isWatched = false } = pull;
  return (
    <>
      <div class="actions">
        <Button
          class="small"
          appearance="secondary"
          label={`Address Feedback on #${number}`}
          title="Choose comments, review threads and failed checks to write the next message about"
          data-testid="address-feedback"
          onClick={() => ask(host.addressFeedback({ pull: runId }))}
        >
          Address Feedback…
        </Button>
        <button
          type="button"
          class="button ghost"
          aria-pressed={isWatched}
          aria-label={`Watch Comments on #${number}`}
          title={isWatched ? 'Stop watching its comments' : 'Let /dursor comments start rounds here'}
          data-testid="watch-comments"
          onClick={() => ask(host.toggleWatch({ pull: runId }))}
        >
          <Icon name={isWatched ? 'eye' : 'eye-closed'} />
          Watch Comments
        </button>
      </div>
      {isWatched && (
        <p class="quiet pull-watch" data-testid="watch-sentence">
          A new comment that begins with /dursor, by someone who may write to the repository, starts a round here while
          this folder is open.
        </p>
      )}
    </>
  );
}

function menuItems(
  { runId }: PullRequest,
  canOpenInExtension: boolean,
  host: ReturnType<typeof useTaskContext>['host'],
): readonly MenuItem[] {
  return [
    { id: 'browser', label: 'Open in Browser', onSelect: () => ask(host.openPullRequest({ runId })) },
    ...(canOpenInExtension
      ? [
          {
            id: 'extension',
            label: 'Open in GitHub Pull Requests',
            onSelect: () => ask(host.openInExtension({ pull: runId })),
          },
        ]
      : []),
  ];
}

function seenText({ status }: PullRequest): string {
  if (!status) return 'Refresh';
  const time = new Date(status.seenAt).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  return `Refresh (last change seen at ${time})`;
}
