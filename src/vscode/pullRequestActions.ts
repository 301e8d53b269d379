import * as vscode from 'vscode';
import { labelOf } from '../core/composition.ts';
import type { CandidateId, Task, TaskId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import { UserError } from '../core/problem.ts';
import type { FeedbackChoice, PullRequest } from '../core/pullRequest.ts';
import { isOpenPull, pullRequestBehind } from '../protocol/pullRequestLine.ts';
import { signalOf } from './abort.ts';
import { openWebPage } from './actions.ts';
import { saveTyped } from './compositionFiles.ts';
import { choiceOf, type FeedbackItem, feedbackItems } from './feedbackItems.ts';
import type { FolderChoice } from './folderChoice.ts';
import { hasGitHubPullRequests, openInGitHubPullRequests } from './gitHubPullRequests.ts';
import { plainNotice } from './plainNotice.ts';
import { nameOf, withPullRequestTalk } from './pullRequestTalk.ts';
import type { RememberedRemotes } from './rememberedRemotes.ts';
import { acceptsSecrets } from './secretsQuestion.ts';
import type { Settings } from './settings.ts';

/** A message that is ready to be looked at and sent. */
export interface WrittenMessage {
  readonly taskId: TaskId;
  readonly text: string;
  readonly pull: CandidateId;
  /** The review threads that it is about. */
  readonly threads: readonly string[];
}

export interface PullRequestActionParts {
  readonly engine: Engine;
  readonly folders: FolderChoice;
  readonly settings: Pick<Settings, 'engine'>;
  readonly remotes: RememberedRemotes;
  /** Shows a message in the composer of its task, where the user sends it. */
  write(message: WrittenMessage): Promise<void>;
}

/** What the user can do with pull requests that are open. Each is named by its candidate. Throws `UserError`. */
export class PullRequestActions {
  readonly #parts: PullRequestActionParts;

  constructor(parts: PullRequestActionParts) {
    this.#parts = parts;
  }

  /** Looks at GitHub now. */
  async refresh(pulls: readonly CandidateId[]): Promise<void> {
    const { following } = this.#parts.engine;
    await withProgress('Looking at GitHub', (signal) => Promise.all(pulls.map((id) => following.look(id, signal))));
  }

  /** In GitHub's own extension. */
  async openInExtension(id: CandidateId): Promise<void> {
    const { repository, number } = this.#find(id).pull;
    if (!repository || !hasGitHubPullRequests()) throw noExtension();
    await openInGitHubPullRequests(repository.owner, repository.name, number);
  }

  /** Lets the user choose of what people and checks said, and writes a message of it. */
  async address(id: CandidateId): Promise<void> {
    const { engine } = this.#parts;
    const { task, pull } = this.#find(id);
    this.#parts.folders.requireOpen(task.folder);
    const { following } = engine;
    const feedback = await withProgress(`Reading the feedback on #${pull.number}`, async (signal) => {
      // One after the other: only one of them may ask to sign in.
      assertOpen(await following.look(id, signal), 'no message was written about it');
      return following.feedback(id, signal);
    });
    const items = feedbackItems(feedback);
    if (items.length === 0) {
      const text = `Pull request #${pull.number} has no open threads, no comments and no failed checks.`;
      void vscode.window.showInformationMessage(text);
      return;
    }
    const choice = await pickFeedback(items, pull);
    if (!choice) return;
    const text = following.messageOf(id, choice);
    await this.#parts.write({ taskId: task.id, text, pull: id, threads: choice.threads });
  }

  /** Puts a candidate onto the pull request that its round goes on from, then offers to answer the threads that it is about. */
  async update(candidate: CandidateId): Promise<void> {
    const { engine, folders, remotes } = this.#parts;
    await saveTyped(candidate);
    const { task, round, candidate: found } = engine.candidate(candidate);
    const pull = pullRequestBehind(task, round);
    if (!pull) throw nothingBehind();
    folders.requireOpen(task.folder);
    const secrets = await engine.secretsInPatch(candidate);
    if (secrets.length > 0 && !(await acceptsSecrets(secrets, 'Update Anyway'))) return;
    const subject = { folder: task.folder, label: labelOf(found), remotes };
    const options = { acceptSecrets: secrets.length > 0 };
    const updated = await withPullRequestTalk(`Updating pull request #${pull.number}`, subject, (talk) =>
      engine.following.update(candidate, pull.runId, talk, options),
    );
    await this.#offerAnswers(updated);
  }

  /** Turns the watch for `/dursor` comments on, after telling what that means, or off. */
  async toggleWatch(id: CandidateId): Promise<void> {
    const { engine, settings } = this.#parts;
    const { following } = engine;
    const { pull } = this.#find(id);
    if (pull.isWatched) {
      await withProgress('Ending the watch', (signal) => following.setWatched(id, false, signal));
      return;
    }
    const seen = await withProgress('Looking at GitHub', (signal) => following.look(id, signal));
    assertOpen(seen, 'its comments are not watched');
    if (!(await this.#agreesToWatch(seen, settings.engine.gitHub.pushVerified))) return;
    await withProgress('Beginning to watch', (signal) => following.setWatched(id, true, signal));
  }

  async #agreesToWatch(pull: PullRequest, pushVerified: boolean): Promise<boolean> {
    const watch = 'Watch Comments';
    const picked = await vscode.window.showInformationMessage(
      `Watch the comments on pull request #${pull.number}?`,
      { modal: true, detail: watchSentence(pull, pushVerified) },
      watch,
    );
    return picked === watch;
  }

  async #offerAnswers(pull: PullRequest): Promise<void> {
    const { following } = this.#parts.engine;
    const threads = following.addressed(pull.runId);
    const commit = pull.updates?.at(-1)?.commit.slice(0, 7) ?? '';
    const open = 'Open in Browser';
    const done = `Pull request #${pull.number} has the changes, as commit ${commit}.`;
    if (threads.length === 0) {
      void vscode.window.showInformationMessage(done, open).then((picked) => picked && openWebPage(pull.url));
      return;
    }
    const answer = 'Answer and Resolve';
    const which = threads.length === 1 ? 'the thread that it is' : `the ${threads.length} threads that they are`;
    const question = `Answer ${which} about with “Addressed in ${commit}.” and resolve ${threads.length === 1 ? 'it' : 'them'}?`;
    const picked = await vscode.window.showInformationMessage(`${done} ${question}`, answer, open);
    if (picked === open) await openWebPage(pull.url);
    if (picked !== answer) return;
    const refused = await withProgress('Answering', (signal) => following.answer(pull.runId, threads, { signal }));
    if (refused.length > 0) void vscode.window.showWarningMessage(plainNotice(refused.join(' ')));
  }

  #find(id: CandidateId): { readonly task: Task; readonly pull: PullRequest } {
    const { task } = this.#parts.engine.candidate(id);
    const pull = task.pullRequests.find(({ runId }) => runId === id);
    if (pull) return { task, pull };
    throw new UserError({ code: 'not-found', message: 'This candidate has no pull request. Create one first.' });
  }
}

/** What watching a pull request means, who may start rounds by it, and what that can't do. Pure. */
export function watchSentence({ repository }: PullRequest, pushVerified: boolean): string {
  const where = repository ? ` to ${nameOf(repository)}` : '';
  const push = pushVerified
    ? 'The best candidate is pushed to its branch by itself where it passes all checks, and something that failed before (dursor.github.pushVerified).'
    : 'Nothing is pushed before you do it.';
  return [
    `While this folder is open in VS Code, a new comment that begins with /dursor, by someone who may write${where}, starts a round in this task with its text, on the models of the last message and at your cost.`,
    'A comment can change no model, check, rule or setting.',
    `dursor shows on GitHub that it has seen the comment, and replies with the result and what it cost. ${push}`,
  ].join('\n\n');
}

/** All ticked; undefined where the user left it or unticked everything. */
async function pickFeedback(items: readonly FeedbackItem[], pull: PullRequest): Promise<FeedbackChoice | undefined> {
  const rows = items.map((item) =>
    item.part ? { ...item, picked: true } : { ...item, kind: vscode.QuickPickItemKind.Separator },
  );
  const picked = await vscode.window.showQuickPick(rows, {
    title: `What should be addressed on #${pull.number}?`,
    placeHolder: 'The message is written for you, and you send it',
    canPickMany: true,
    ignoreFocusOut: true,
    matchOnDetail: true,
  });
  return picked && picked.length > 0 ? choiceOf(picked) : undefined;
}

async function withProgress<Result>(title: string, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, (_, token) => work(signalOf(token)));
}

function noExtension(): UserError {
  return new UserError({
    code: 'not-found',
    message:
      'The extension GitHub Pull Requests is not installed here, or does not know this pull request. Open it in the browser instead.',
  });
}

/** Throws `UserError` where it takes no commits any more; `consequence` is what follows of that. */
function assertOpen(pull: PullRequest, consequence: string): void {
  if (isOpenPull(pull)) return;
  const [how, next] =
    pull.status?.state === 'merged'
      ? ['merged', 'Send the task a message from the workspace, and create a new pull request from its result.']
      : ['closed', 'Reopen it on GitHub and try again, or create a new pull request from a candidate.'];
  throw new UserError({
    code: 'not-found',
    message: `Pull request #${pull.number} is ${how}, so ${consequence}. ${next}`,
  });
}

function nothingBehind(): UserError {
  return new UserError({
    code: 'not-found',
    message:
      'No pull request is behind this candidate. Start a round from a pull request, then update that with its result.',
  });
}
