import * as vscode from 'vscode';
import { type CandidateId, type PatchSecret, placeOf } from '../core/domain.ts';
import type { PullRequestDraft } from '../core/engine/pullRequests.ts';
import type { Engine } from '../core/engine.ts';
import { UserError } from '../core/problem.ts';
import { signalOf } from './abort.ts';
import { openWebPage } from './actions.ts';
import { saveTyped } from './compositionFiles.ts';
import { FlatFiles } from './flatFiles.ts';

/** The scheme of pull requests that are being written. */
export const pullRequestScheme = 'dursor-pull-request';

const openAnyway = 'Open Anyway';
const maxSecretsShown = 10;

/**
 * A pull request is written like a commit message: an editor whose first line is the title and whose rest is the body.
 * Saving keeps the text with the workspace's state; no file is written.
 */
export class PullRequestEditor extends FlatFiles implements vscode.CodeLensProvider {
  readonly #engine: Engine;
  readonly #drafts: vscode.Memento;

  /** `drafts` keeps what the user saved, also over a reload. */
  constructor(engine: Engine, drafts: vscode.Memento) {
    super();
    this.#engine = engine;
    this.#drafts = drafts;
  }

  /** Opens the proposed text of a candidate. Throws `UserError` (`nothing-to-ship`). */
  async open(id: CandidateId): Promise<void> {
    await saveTyped(id);
    await this.#engine.evidence.ready(this.#engine.candidate(id).round.id);
    this.#engine.proposePullRequest(id);
    const uri = vscode.Uri.from({ scheme: pullRequestScheme, path: '/Pull Request.md', query: id });
    await vscode.window.showTextDocument(uri, { preview: false });
  }

  /** Creates the pull request whose text is in `uri`, with progress, and closes the editor. Throws `UserError`. */
  async create(uri: vscode.Uri): Promise<void> {
    const document = await vscode.workspace.openTextDocument(uri);
    const draft = parseDraft(document.getText());
    const id = candidateOf(uri);
    await saveTyped(id);
    const secrets = await this.#engine.secretsInPatch(id);
    if (secrets.length > 0 && !(await acceptSecrets(secrets))) return;
    const pull = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: 'Creating the pull request', cancellable: true },
      (progress, token) =>
        this.#engine.createPullRequest(
          id,
          { ...draft, acceptSecrets: secrets.length > 0 },
          (stage) => progress.report({ message: stage }),
          signalOf(token),
        ),
    );
    await document.save();
    await closeTabs(uri);
    await this.#drafts.update(draftKey(id), undefined);
    const picked = vscode.window.showInformationMessage(`Pull request #${pull.number} is open.`, 'Open in Browser');
    void picked.then((answer) => answer && openWebPage(pull.url));
  }

  /** The way on, where the eye is. */
  provideCodeLenses(): vscode.CodeLens[] {
    const top = new vscode.Range(0, 0, 0, 0);
    return [
      new vscode.CodeLens(top, {
        title: '$(git-pull-request-create) Submit Pull Request',
        command: 'dursor.submitPullRequest',
      }),
      new vscode.CodeLens(top, { title: 'The first line is the title, the rest is the body', command: '' }),
    ];
  }

  override stat(uri: vscode.Uri): vscode.FileStat {
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: this.readFile(uri).length };
  }

  /** What the user saved, or a fresh proposal. */
  override readFile(uri: vscode.Uri): Uint8Array {
    const saved = this.#drafts.get<string>(draftKey(candidateOf(uri)));
    if (saved !== undefined) return Buffer.from(saved);
    try {
      const { title, body } = this.#engine.proposePullRequest(candidateOf(uri));
      return Buffer.from(`${title}\n\n${body}`);
    } catch {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
  }

  override async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    await this.#drafts.update(draftKey(candidateOf(uri)), Buffer.from(content).toString('utf8'));
  }
}

function draftKey(id: CandidateId): string {
  return `dursor.pullRequestDraft.${id}`;
}

function candidateOf(uri: vscode.Uri): CandidateId {
  return uri.query as CandidateId;
}

/** The first line that isn't blank is the title (a leading `#` is not part of it); what follows is the body. */
function parseDraft(text: string): PullRequestDraft {
  const [first = '', ...rest] = text.replace(/\r\n/g, '\n').trimStart().split('\n');
  const title = first.replace(/^#+\s*/, '').trim();
  if (!title) {
    throw new UserError({
      code: 'nothing-to-ship',
      message: 'A pull request needs a title. Write one on the first line, then create it again.',
    });
  }
  return { title, body: rest.join('\n').trim() };
}

/** Tells the user where the secrets are. False when they are not to be pushed. */
async function acceptSecrets(secrets: readonly PatchSecret[]): Promise<boolean> {
  const shown = secrets.slice(0, maxSecretsShown).map(placeOf);
  const more = secrets.length > shown.length ? [`and ${secrets.length - shown.length} more`] : [];
  const consequence = 'Whoever can read the repository will be able to read it, also after it is removed again.';
  const picked = await vscode.window.showWarningMessage(
    `The patch has ${secrets.length === 1 ? 'a secret' : `${secrets.length} secrets`} in it.`,
    { modal: true, detail: [...shown, ...more, '', consequence].join('\n') },
    openAnyway,
  );
  return picked === openAnyway;
}

async function closeTabs(uri: vscode.Uri): Promise<void> {
  const tabs = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter((tab) => tab.input instanceof vscode.TabInputText && tab.input.uri.toString() === uri.toString());
  await vscode.window.tabGroups.close(tabs);
}
