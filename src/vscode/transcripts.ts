import * as vscode from 'vscode';
import type { RunId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import { FlatFiles } from './flatFiles.ts';
import { FrameTimer } from './frameTimer.ts';

/** The scheme of runs as documents. */
export const transcriptScheme = 'dursor-transcript';

/** Runs as read-only Markdown documents, which grow while the run works. */
export class Transcripts extends FlatFiles implements vscode.Disposable {
  readonly #engine: Engine;
  readonly #changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #frame = new FrameTimer(() => this.#announce());
  readonly #subscription: { dispose(): unknown };
  /** Grows with each change, since VS Code reads a file again only when it is newer. */
  #version = 1;
  override readonly onDidChangeFile = this.#changes.event;

  constructor(engine: Engine) {
    super();
    this.#engine = engine;
    this.#subscription = engine.onDidChange(({ type }) => {
      if (type === 'task') this.#frame.schedule();
    });
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#frame.dispose();
    this.#changes.dispose();
  }

  async show(id: RunId): Promise<void> {
    const { run } = this.#engine.run(id);
    const name = run.profile.label.replace(/[\\/:*?"<>|\p{C}]/gu, '-');
    const uri = vscode.Uri.from({ scheme: transcriptScheme, path: `/Transcript of ${name}.md`, query: id });
    await vscode.window.showTextDocument(uri);
  }

  override async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { length } = await this.readFile(uri);
    return {
      type: vscode.FileType.File,
      ctime: 0,
      mtime: this.#version,
      size: length,
      permissions: vscode.FilePermission.Readonly,
    };
  }

  override async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const { transcript } = await import('../core/engine/transcript.ts');
    try {
      return Buffer.from(transcript(this.#engine.run(uri.query as RunId)));
    } catch {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
  }

  override writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  #announce(): void {
    this.#version++;
    const open = vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === transcriptScheme);
    if (open.length > 0) this.#changes.fire(open.map(({ uri }) => ({ type: vscode.FileChangeType.Changed, uri })));
  }
}
