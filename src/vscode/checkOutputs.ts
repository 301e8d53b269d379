import * as vscode from 'vscode';
import { labelOf } from '../core/composition.ts';
import type { Engine } from '../core/engine.ts';
import type { CheckRun } from '../core/evidence.ts';
import { type CheckOutput, checkOutputOf, checkOutputUri } from './checkOutputUri.ts';
import { FlatFiles } from './flatFiles.ts';
import { FrameTimer } from './frameTimer.ts';

/** What checks printed as read-only documents, which are read again when their check has run again. */
export class CheckOutputs extends FlatFiles implements vscode.Disposable {
  readonly #engine: Pick<Engine, 'evidence' | 'candidate' | 'onDidChange'>;
  readonly #changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #frame = new FrameTimer(() => this.#announce());
  readonly #subscription: { dispose(): unknown };
  /** When the check that VS Code has read had ended, by URI. */
  readonly #seen = new Map<string, number>();
  override readonly onDidChangeFile = this.#changes.event;

  constructor(engine: Pick<Engine, 'evidence' | 'candidate' | 'onDidChange'>) {
    super();
    this.#engine = engine;
    this.#subscription = engine.onDidChange(({ type }) => {
      if (type === 'task' && this.#seen.size > 0) this.#frame.schedule();
    });
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#frame.dispose();
    this.#changes.dispose();
  }

  async show(output: CheckOutput): Promise<void> {
    await vscode.window.showTextDocument(checkOutputUri(output, this.#labelOf(output.subject)));
  }

  override async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { length } = await this.readFile(uri);
    const mtime = this.#find(uri)?.run.endedAt ?? 0;
    return { type: vscode.FileType.File, ctime: 0, mtime, size: length, permissions: vscode.FilePermission.Readonly };
  }

  override async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const { checkOutputText } = await import('./checkOutputText.ts');
    const found = await this.#read(uri);
    if (!found) throw vscode.FileSystemError.FileNotFound(uri);
    this.#seen.set(uri.toString(), found.run.endedAt);
    return Buffer.from(checkOutputText(found.label, found.run));
  }

  override writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  /** After a reload of the window nothing is known yet. */
  async #read(uri: vscode.Uri) {
    const output = checkOutputOf(uri);
    if (!output) return undefined;
    // Rejects where its task is gone, which is found out again right below.
    await this.#engine.evidence.ready(output.roundId).catch(() => {});
    return this.#find(uri);
  }

  #find(uri: vscode.Uri): { readonly label: string; readonly run: CheckRun } | undefined {
    const output = checkOutputOf(uri);
    if (!output) return undefined;
    const { roundId, subject, check } = output;
    try {
      const run = this.#engine.evidence.checkRun(roundId, subject, check);
      return run && { label: this.#labelOf(subject), run };
    } catch {
      // Its round, or its task, is gone.
      return undefined;
    }
  }

  #labelOf(subject: CheckOutput['subject']): string {
    return subject === 'base' ? 'the base' : labelOf(this.#engine.candidate(subject).candidate);
  }

  /** For documents that are still open: of the others VS Code remembers nothing. */
  #announce(): void {
    const open = new Map(vscode.workspace.textDocuments.map(({ uri }) => [uri.toString(), uri]));
    const changed: vscode.Uri[] = [];
    for (const [name, endedAt] of this.#seen) {
      const uri = open.get(name);
      const now = uri && this.#find(uri)?.run.endedAt;
      if (!uri) this.#seen.delete(name);
      else if (now !== undefined && now !== endedAt) changed.push(uri);
    }
    if (changed.length > 0) this.#changes.fire(changed.map((uri) => ({ type: vscode.FileChangeType.Changed, uri })));
  }
}
