import type { JSX } from 'preact';
import type { PullRequest } from '../../src/core/pullRequest.ts';
import { Icon } from './icon.tsx';
import { pullRequestState } from './pullRequestFacts.ts';

/** A pull request that was made: "#12 Retry failed uploads". The host opens it. */
export function PullRequestLink(props: {
  readonly pullRequest: PullRequest;
  readonly testId?: string;
  readonly onOpen: () => void;
}): JSX.Element {
  const { number, title, url, branch } = props.pullRequest;
  const { word, icon, id } = pullRequestState(props.pullRequest);
  return (
    <button
      type="button"
      class="link pull-request"
      title={`Open pull request #${number} (${branch})${word && `, ${word.toLowerCase()}`}`}
      data-testid={props.testId ?? 'pull-request'}
      data-number={number}
      data-url={url}
      data-branch={branch}
      onClick={props.onOpen}
    >
      <Icon name={icon} class={`pull-${id}`} />
      <span class="one-line">
        #{number} {title}
      </span>
      {word && <span class="hidden-text">{word}</span>}
    </button>
  );
}
