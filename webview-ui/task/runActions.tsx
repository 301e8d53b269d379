import type { JSX } from 'preact';
import { ask } from '../host.ts';
import { Icon } from '../shared/icon.tsx';
import { PullRequestLink } from '../shared/pullRequestLink.tsx';
import { Button } from '../toolkit.ts';
import type { RunCardProps } from './runCard.tsx';
import { useTaskContext } from './taskContext.ts';

/** What can be done with the patch of a finished run. */
export function RunActions(props: RunCardProps): JSX.Element | null {
  const { run, pullRequest, updates } = props;
  const { host } = useTaskContext();
  const { label } = run.profile;
  if (run.changes.length === 0) return null;
  return (
    <>
      {pullRequest && (
        <PullRequestLink pullRequest={pullRequest} onOpen={() => ask(host.openPullRequest({ runId: run.id }))} />
      )}
      <div class="actions">
        <Button
          class="small"
          appearance="secondary"
          label={`Preview ${label}`}
          data-testid="preview-patch"
          onClick={() => ask(host.previewPatch({ runId: run.id }))}
        >
          Preview
        </Button>
        {updates && (
          <Button
            class="small"
            appearance="secondary"
            label={`Update #${updates.number} with ${label}`}
            title={`Put it as a new commit onto the branch of pull request #${updates.number}`}
            data-testid="update-pull-request"
            onClick={() => ask(host.updatePullRequest({ id: run.id }))}
          >
            Update #{updates.number}
          </Button>
        )}
        {!pullRequest && !updates && (
          <Button
            class="small"
            appearance="secondary"
            label={`Create Pull Request from ${label}`}
            data-testid="create-pull-request"
            onClick={() => ask(host.createPullRequest({ runId: run.id }))}
          >
            Pull Request
          </Button>
        )}
        <Button
          class="small"
          appearance="secondary"
          label={`Apply ${label} to Workspace`}
          title="Apply to Workspace"
          data-testid="apply"
          onClick={() => ask(host.applyRun({ runId: run.id }))}
        >
          Apply
        </Button>
        <button
          type="button"
          class="icon-button"
          aria-label={`Open ${label} in New Window`}
          title="Open in New Window"
          data-testid="open-run-folder"
          onClick={() => ask(host.openRunFolder({ runId: run.id }))}
        >
          <Icon name="empty-window" />
        </button>
      </div>
    </>
  );
}
