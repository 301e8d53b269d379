import * as vscode from 'vscode';
import type { CandidateId, Task } from '../core/domain.ts';
import { UserError } from '../core/problem.ts';
import type { PullRequest } from '../core/pullRequest.ts';
import { isOpenPull, pullRequestToUpdate } from '../protocol/pullRequestLine.ts';
import { openWebPage } from './actions.ts';
import type { FolderChoice } from './folderChoice.ts';
import type { PullRequestActions } from './pullRequestActions.ts';
import type { PeopleKind } from './pullRequestChoices.ts';
import { type PullRequestEditor, pullRequestScheme } from './pullRequestEditor.ts';

export interface PullRequestCommandParts {
  readonly editor: PullRequestEditor;
  readonly folders: FolderChoice;
  /** Loaded when it is asked for. */
  readonly actions: () => Promise<PullRequestActions>;
  /** The open task; throws `UserError` when there is none. */
  openTask(): Task;
  /** Lets the user pick a candidate of the open task's last round, where that is needed: one that is wanted, if there is any. */
  withCandidate(action: (id: CandidateId) => Promise<void>, isWanted: (id: CandidateId) => boolean): Promise<void>;
}

/** The commands about pull requests: of the text that is being written, and of those that are open. */
export function pullRequestCommands(
  parts: PullRequestCommandParts,
): Readonly<Record<string, (argument?: unknown) => unknown>> {
  const { editor, actions } = parts;
  const people = (kind: PeopleKind) => (argument: unknown) => {
    const uri = writtenIn(argument);
    return uri && editor.choosePeople(uri, kind);
  };
  const withPull = async (action: (pull: PullRequest) => unknown) => {
    const pull = await pickPull(parts.openTask().pullRequests);
    if (pull) await action(pull);
  };
  /** Of one that is closed, the action says so. */
  const withOpenPull = async (action: (id: CandidateId, actions: PullRequestActions) => unknown) => {
    const { pullRequests } = parts.openTask();
    const open = pullRequests.filter(isOpenPull);
    const pull = await pickPull(open.length > 0 ? open : pullRequests.slice(-1));
    if (pull) await action(pull.runId, await actions());
  };
  return {
    'dursor.submitPullRequest': (argument) => {
      const uri = writtenIn(argument);
      return uri && editor.create(uri);
    },
    'dursor.chooseBaseBranch': (argument) => {
      const uri = writtenIn(argument);
      return uri && editor.chooseBase(uri);
    },
    'dursor.chooseGitHubRemote': async (argument) => {
      const uri = writtenIn(argument);
      const folder = uri ? editor.folderOf(uri) : await parts.folders.pick();
      if (folder !== undefined) await editor.chooseRemote(folder);
    },
    'dursor.toggleDraft': (argument) => {
      const uri = writtenIn(argument);
      return uri && editor.toggleDraft(uri);
    },
    'dursor.setReviewers': people('reviewers'),
    'dursor.setLabels': people('labels'),
    'dursor.setAssignees': people('assignees'),
    'dursor.openPullRequest': () => withPull(({ url }) => openWebPage(url)),
    'dursor.openInGitHubPullRequests': () => withPull(async ({ runId }) => (await actions()).openInExtension(runId)),
    'dursor.refreshPullRequests': async () => {
      const pulls = parts.openTask().pullRequests;
      if (pulls.length === 0) throw noPull();
      await (await actions()).refresh(pulls.map(({ runId }) => runId));
    },
    'dursor.addressFeedback': () => withOpenPull((id, loaded) => loaded.address(id)),
    'dursor.updatePullRequest': () => {
      const task = parts.openTask();
      const round = task.rounds.at(-1);
      const isWanted = (id: CandidateId) => round !== undefined && pullRequestToUpdate(task, round, id) !== undefined;
      return parts.withCandidate(async (id) => (await actions()).update(id), isWanted);
    },
    'dursor.watchComments': () => withOpenPull((id, loaded) => loaded.toggleWatch(id)),
  };
}

/** The text of a pull request that a lens belongs to, or that the user is in. */
function writtenIn(argument: unknown): vscode.Uri | undefined {
  const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
  return uri?.scheme === pullRequestScheme ? uri : undefined;
}

/** The only one, else the one the user picks, newest first. Throws `UserError` (`not-found`) for none. */
async function pickPull(pulls: readonly PullRequest[]): Promise<PullRequest | undefined> {
  const [only, ...others] = pulls;
  if (!only) throw noPull();
  if (others.length === 0) return only;
  const items = pulls.toReversed().map((pull) => ({
    label: `#${pull.number} ${pull.title}`,
    description: pull.status?.state ?? '',
    pull,
  }));
  return (await vscode.window.showQuickPick(items, { title: 'Which pull request?' }))?.pull;
}

function noPull(): UserError {
  return new UserError({
    code: 'not-found',
    message: 'This task has no pull request yet. Create one from a candidate.',
  });
}
