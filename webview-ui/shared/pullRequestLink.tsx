import type { JSX } from 'preact';
import type { PullRequest } from '../../src/core/domain.ts';
import { Icon } from './icon.tsx';

/** A pull request that was made: "#12 Retry failed uploads". The host opens it. */
export function PullRequestLink(props: {
  readonly pullRequest: PullRequest;
  readonly onOpen: () => void;
}): JSX.Element {
  const { number, title, url, branch } = props.pullRequest;
  return (
    <button
      type="button"
      class="link pull-request"
      title={`Open pull request #${number} (${branch})`}
      data-testid="pull-request"
      data-number={number}
      data-url={url}
      data-branch={branch}
      onClick={props.onOpen}
    >
      <Icon name="git-pull-request" />
      <span class="one-line">
        #{number} {title}
      </span>
    </button>
  );
}
