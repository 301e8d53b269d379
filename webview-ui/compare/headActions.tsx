import type { JSX } from 'preact';
import type { Column } from '../../src/protocol/comparePanel.ts';
import { ask } from '../host.ts';
import { useCompareHost } from './compareContext.ts';

/** What can be done with a patch: look at it, apply it, make a pull request of it. */
export function HeadActions(props: { readonly column: Column; readonly isPrimary: boolean }): JSX.Element {
  const { column, isPrimary } = props;
  const { id, label } = column;
  const host = useCompareHost();
  return (
    <div class="actions">
      {column.updates !== undefined && (
        <button
          type="button"
          class={`button ${isPrimary ? '' : 'secondary'}`}
          aria-label={`Update #${column.updates} with ${label}`}
          title={`Put it as a new commit onto the branch of pull request #${column.updates}`}
          data-testid="update-pull-request"
          onClick={() => ask(host.updatePullRequest({ id }))}
        >
          Update #{column.updates}
        </button>
      )}
      {!column.pullRequest && column.updates === undefined && (
        <button
          type="button"
          class={`button ${isPrimary ? '' : 'secondary'}`}
          aria-label={`Create Pull Request from ${label}`}
          title="Create Pull Request"
          data-testid="create-pull-request"
          onClick={() => ask(host.createPullRequest({ id }))}
        >
          Pull Request
        </button>
      )}
      <button
        type="button"
        class="button secondary"
        aria-label={`Preview ${label}`}
        title="Preview all its files in VS Code"
        data-testid="preview-patch"
        onClick={() => ask(host.previewPatch({ id }))}
      >
        Preview
      </button>
      <button
        type="button"
        class="button secondary"
        aria-label={`Apply ${label} to Workspace`}
        title="Apply to Workspace"
        data-testid="apply"
        onClick={() => ask(host.apply({ id }))}
      >
        Apply
      </button>
    </div>
  );
}
