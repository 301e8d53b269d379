import * as vscode from 'vscode';
import { labelOf } from '../core/composition.ts';
import type { CandidateId } from '../core/domain.ts';
import type { LocalDestination } from '../core/engine/pullRequestDestinations.ts';
import type { Engine } from '../core/engine.ts';
import { UserError } from '../core/problem.ts';
import type { PullRequestDraft } from '../core/pullRequest.ts';
import { openWebPage } from './actions.ts';
import { saveTyped } from './compositionFiles.ts';
import { FlatFiles } from './flatFiles.ts';
import type { PeopleKind } from './pullRequestChoices.ts';
import { DetailsMemory, type PullRequestDetails } from './pullRequestDetails.ts';
import { lensesOf } from './pullRequestLenses.ts';
import { RememberedRemotes } from './rememberedRemotes.ts';
import type { Settings } from './settings.ts';

/** The scheme of pull requests that are being written. */
export const pullRequestScheme = 'dursor-pull-request';

/**
 * A pull request is written like a commit message: an editor whose first line is the title and whose rest is the body.
 * Saving keeps the text with the workspace's state; no file is written.
 */
export class PullRequestEditor extends FlatFiles implements vscode.CodeLensProvider {
  readonly #engine: Engine;
  readonly #drafts: vscode.Memento;
  readonly #settings: Pick<Settings, 'engine'>;
  readonly #details: DetailsMemory;
  readonly #lensNews = new vscode.EventEmitter<void>();
  /** By folder. */
  readonly #destinations = new Map<string, LocalDestination>();
  readonly onDidChangeCodeLenses = this.#lensNews.event;
  /** Which remote each folder's pull requests go to. */
  readonly remotes: RememberedRemotes;

  /** `drafts` keeps what the user saved and chose, also over a reload. */
  constructor(engine: Engine, drafts: vscode.Memento, settings: Pick<Settings, 'engine'>) {
    super();
    this.#engine = engine;
    this.#drafts = drafts;
    this.#settings = settings;
    this.#details = new DetailsMemory(drafts);
    this.remotes = new RememberedRemotes(drafts);
  }

  /** To be called when what the lenses tell may have changed elsewhere. */
  refresh(): void {
    this.#lensNews.fire();
  }

  /** Opens the proposed text of a candidate. Throws `UserError` (`nothing-to-ship`). */
  async open(id: CandidateId): Promise<void> {
    await saveTyped(id);
    await this.#engine.evidence.ready(this.#engine.candidate(id).round.id);
    await this.#engine.proposePullRequest(id);
    const uri = vscode.Uri.from({ scheme: pullRequestScheme, path: '/Pull Request.md', query: id });
    await vscode.window.showTextDocument(uri, { preview: false });
  }

  /** Creates the pull request whose text is in `uri`, with progress, and closes the editor. Throws `UserError`. */
  async create(uri: vscode.Uri): Promise<void> {
    const document = await vscode.workspace.openTextDocument(uri);
    const draft = parseDraft(document.getText());
    const id = candidateOf(uri);
    // Loaded with the first one, so that activation doesn't wait for it.
    const [{ withPullRequestTalk }, { acceptsSecrets }] = await Promise.all([
      import('./pullRequestTalk.ts'),
      import('./secretsQuestion.ts'),
    ]);
    await saveTyped(id);
    const secrets = await this.#engine.secretsInPatch(id);
    if (secrets.length > 0 && !(await acceptsSecrets(secrets, 'Open Anyway'))) return;
    const { task, candidate } = this.#engine.candidate(id);
    const remote = this.remotes.of(task.folder);
    const chosen = { ...this.#details.of(id), ...(remote !== undefined && { remote }) };
    const subject = { folder: task.folder, label: labelOf(candidate), remotes: this.remotes };
    const pull = await withPullRequestTalk('Creating the pull request', subject, (talk) =>
      this.#engine.createPullRequest(id, { ...draft, ...chosen, acceptSecrets: secrets.length > 0 }, talk),
    );
    await document.save();
    await closeTabs(uri);
    await this.#drafts.update(draftKey(id), undefined);
    await this.#details.forget(id);
    const picked = vscode.window.showInformationMessage(`Pull request #${pull.number} is open.`, 'Open in Browser');
    void picked.then((answer) => answer && openWebPage(pull.url));
  }

  /** Lets the user choose the base branch of the pull request in `uri`. Throws `UserError`. */
  async chooseBase(uri: vscode.Uri): Promise<void> {
    const { chooseBase } = await import('./pullRequestChoices.ts');
    await chooseBase({ engine: this.#engine, details: this.#details, remotes: this.remotes }, candidateOf(uri));
    this.refresh();
  }

  /** Lets the user choose the remote that the pull requests of a folder go to. Throws `UserError`. */
  async chooseRemote(folder: string): Promise<void> {
    const { chooseRemote } = await import('./pullRequestChoices.ts');
    const before = this.remotes.of(folder);
    await chooseRemote({ engine: this.#engine, remotes: this.remotes }, folder);
    if (this.remotes.of(folder) !== before) await this.#details.forgetBases();
    this.refresh();
  }

  async choosePeople(uri: vscode.Uri, kind: PeopleKind): Promise<void> {
    const { choosePeople } = await import('./pullRequestChoices.ts');
    const id = candidateOf(uri);
    await choosePeople(this.#details, id, kind, this.#detailsOf(id)[kind] ?? []);
    this.refresh();
  }

  async toggleDraft(uri: vscode.Uri): Promise<void> {
    const id = candidateOf(uri);
    await this.#details.change(id, { isDraft: !this.#detailsOf(id).isDraft });
    this.refresh();
  }

  /** The folder of the task whose pull request is in `uri`. Throws `UserError` (`not-found`) where the task is gone. */
  folderOf(uri: vscode.Uri): string {
    return this.#engine.candidate(candidateOf(uri)).task.folder;
  }

  /** The way on, where the eye is. What the folder tells of where it goes follows as soon as it is read. */
  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const id = candidateOf(document.uri);
    const folder = this.folderOf(document.uri);
    const destination = this.#destinations.get(folder);
    void this.#readDestination(folder);
    const lenses = lensesOf({
      lines: document.lineCount,
      destination,
      chosenRemote: this.remotes.of(folder),
      details: this.#detailsOf(id),
    });
    return lenses.map(({ line, title, command, tooltip }) => {
      const more = { ...(command && { arguments: [document.uri] }), ...(tooltip && { tooltip }) };
      return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), { title, command, ...more });
    });
  }

  override async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { length } = await this.readFile(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: length };
  }

  /** What the user saved, or a fresh proposal. */
  override async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const saved = this.#drafts.get<string>(draftKey(candidateOf(uri)));
    if (saved !== undefined) return Buffer.from(saved);
    try {
      const { title, body } = await this.#engine.proposePullRequest(candidateOf(uri));
      return Buffer.from(`${title}\n\n${body}`);
    } catch {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
  }

  override async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    await this.#drafts.update(draftKey(candidateOf(uri)), Buffer.from(content).toString('utf8'));
  }

  /** What the user chose, else the settings' own. */
  #detailsOf(id: CandidateId): PullRequestDetails {
    const { draft, reviewers, labels, assignees } = this.#settings.engine.gitHub;
    return { isDraft: draft, reviewers, labels, assignees, ...this.#details.of(id) };
  }

  async #readDestination(folder: string): Promise<void> {
    try {
      const read = await this.#engine.destinations.of(folder);
      if (JSON.stringify(read) === JSON.stringify(this.#destinations.get(folder))) return;
      this.#destinations.set(folder, read);
      this.refresh();
    } catch {
      // Submitting meets the same and tells it; until then the lens is not there.
    }
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

async function closeTabs(uri: vscode.Uri): Promise<void> {
  const tabs = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter((tab) => tab.input instanceof vscode.TabInputText && tab.input.uri.toString() === uri.toString());
  await vscode.window.tabGroups.close(tabs);
}
