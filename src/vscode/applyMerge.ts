import * as vscode from 'vscode';
import type { Content } from '../core/engine/textVersions.ts';
import { UserError } from '../core/problem.ts';
import { documentAt } from './applyFiles.ts';
import { completeMerge, mergeResult, mergeSchemePrefix, tabsOf } from './applyMergeTabs.ts';
import { FlatFiles } from './flatFiles.ts';

const openMergeEditor = '_open.mergeEditor';
const opensWithinMs = 20_000;
const useIt = 'Use This Result';

/** The four files of a merge, none of them on disk. Only the result can be written. */
class MergeFiles extends FlatFiles {
  readonly #contents = new Map<string, Uint8Array>();
  readonly result: vscode.Uri;

  constructor(result: vscode.Uri) {
    super();
    this.result = result;
  }

  /** Makes a file that is shown in one of the merge editor's panes. */
  add(uri: vscode.Uri, content: Uint8Array): vscode.Uri {
    this.#contents.set(uri.toString(), content);
    return uri;
  }

  override stat(uri: vscode.Uri): vscode.FileStat {
    const isResult = uri.toString() === this.result.toString();
    return {
      type: vscode.FileType.File,
      ctime: 0,
      mtime: 0,
      size: this.readFile(uri).length,
      ...(!isResult && { permissions: vscode.FilePermission.Readonly }),
    };
  }

  override readFile(uri: vscode.Uri): Uint8Array {
    const content = this.#contents.get(uri.toString());
    if (!content) throw vscode.FileSystemError.FileNotFound(uri);
    return content;
  }

  override writeFile(uri: vscode.Uri, content: Uint8Array): void {
    if (uri.toString() !== this.result.toString()) throw vscode.FileSystemError.NoPermissions(uri);
    this.#contents.set(uri.toString(), content);
  }
}

/** What is merged. A side is undefined where it has no such file. */
export interface MergedTexts {
  readonly path: string;
  readonly base: Content;
  readonly mine: Content;
  readonly theirs: Content;
}

/** What people call it. */
export interface MergeWords {
  readonly mine: string;
  readonly theirs: string;
  /** What to do where VS Code has no merge editor, in a sentence. */
  readonly instead: string;
}

/** How far the user is: nothing of the result was saved, something was, or the merge was completed. */
type Progress = 'begun' | 'saved' | 'completed';

/**
 * Lets the user merge a text in VS Code's merge editor. The result is in no file, so nothing of it is in the folder before it is used. Undefined
 * when the editor was closed before the merge was complete. Throws `UserError` when there is no merge editor.
 */
export async function mergeByHand(texts: MergedTexts, words: MergeWords): Promise<Uint8Array | undefined> {
  const scheme = `${mergeSchemePrefix}${crypto.randomUUID().slice(0, 8)}`;
  const side = (query: string) => vscode.Uri.from({ scheme, path: `/${texts.path}`, query });
  const files = new MergeFiles(side(''));
  const { result } = files;
  let progress: Progress = 'begun';
  let completing = Promise.resolve();
  const complete = async () => {
    const before = progress;
    // Already here, since the editor closes before VS Code answers.
    progress = 'completed';
    const document = documentAt(result);
    // VS Code may close it, and forget what is in it, before it has saved that.
    const merged = document && (await encoded(document));
    const answer = await vscode.commands.executeCommand<{ readonly successful?: boolean }>('mergeEditor.acceptMerge');
    if (!answer?.successful) progress = before;
    else if (merged) files.writeFile(result, merged);
  };
  const parts = vscode.Disposable.from(
    vscode.workspace.registerFileSystemProvider(scheme, files, { isCaseSensitive: true }),
    vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      if (progress === 'begun' && uri.toString() === result.toString()) progress = 'saved';
    }),
    vscode.commands.registerCommand(completeMerge, () => {
      completing = complete();
      return completing;
    }),
  );
  const { base, mine, theirs } = texts;
  files.add(result, withMarkers(texts, words));
  const panes = {
    base: files.add(side('base'), base ?? new Uint8Array()),
    input1: { uri: files.add(side('mine'), mine ?? new Uint8Array()), title: words.mine },
    input2: { uri: files.add(side('theirs'), theirs ?? new Uint8Array()), title: words.theirs },
    output: result,
  };
  try {
    if (!(await openAndWait(result, panes))) throw noMergeEditor(words);
    await completing;
    return (await isAccepted(progress, texts.path)) ? files.readFile(result) : undefined;
  } finally {
    await vscode.window.tabGroups.close(tabsOf((uri) => uri.scheme === scheme));
    parts.dispose();
  }
}

/** What saving a document would leave. */
async function encoded(document: vscode.TextDocument): Promise<Uint8Array> {
  return vscode.workspace.encode(document.getText(), { encoding: document.encoding });
}

/** Opens the merge editor, and resolves when the user has closed it; false when it doesn't open. */
async function openAndWait(result: vscode.Uri, panes: object): Promise<boolean> {
  const isOpen = () => tabsOf((uri) => uri.toString() === result.toString()).some(({ input }) => mergeResult(input));
  if (!(await vscode.commands.getCommands()).includes(openMergeEditor)) return false;
  await vscode.commands.executeCommand(openMergeEditor, panes);
  const signal = AbortSignal.timeout(opensWithinMs);
  return (await tabsUntil(isOpen, signal)) && tabsUntil(() => !isOpen());
}

/** Whether a condition on tabs has come true; false when time is over before. */
function tabsUntil(condition: () => boolean, signal?: AbortSignal): Promise<boolean> {
  if (condition()) return Promise.resolve(true);
  return new Promise((resolve) => {
    const end = (answer: boolean) => {
      changes.dispose();
      resolve(answer);
    };
    const changes = vscode.window.tabGroups.onDidChangeTabs(() => condition() && end(true));
    signal?.addEventListener('abort', () => end(false), { once: true });
  });
}

/**
 * Whether the saved result is to be used. Auto save saves, and a person saves in between: so where the editor was closed without completing
 * the merge, the user is asked.
 */
async function isAccepted(progress: Progress, path: string): Promise<boolean> {
  if (progress !== 'saved') return progress === 'completed';
  const picked = await vscode.window.showWarningMessage(
    `Is the merge of ${path} complete?`,
    { modal: true, detail: 'Its editor was closed, and what was saved before may not be all of it.' },
    useIt,
  );
  return picked === useIt;
}

/** The merge editor begins anew, with everything that can be merged, where it finds markers of conflicts. */
function withMarkers({ mine, theirs }: MergedTexts, words: MergeWords): Uint8Array {
  const [upper, lower] = [mine, theirs].map((bytes) => Buffer.from(bytes ?? []).toString('utf8'));
  const eol = upper?.includes('\r\n') ? '\r\n' : '\n';
  return Buffer.from([`<<<<<<< ${words.mine}`, upper, '=======', lower, `>>>>>>> ${words.theirs}`, ''].join(eol));
}

function noMergeEditor({ instead }: MergeWords): UserError {
  return new UserError({ code: 'patch-conflict', message: `VS Code's merge editor did not open. ${instead}` });
}
