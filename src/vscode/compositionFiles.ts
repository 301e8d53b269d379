import * as vscode from 'vscode';
import type { Composition } from '../core/composition.ts';
import type { CandidateId, CompositionId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import { UserError } from '../core/problem.ts';
import { FlatFiles } from './flatFiles.ts';

/** The scheme of composed files, which can be edited. */
export const compositionScheme = 'dursor-composition';

/** Where VS Code finds a file of a composition; `path` is what it is called there. */
export function compositionUri(id: CompositionId, key: string, path: string): vscode.Uri {
  const query = new URLSearchParams({ composition: id, key });
  return vscode.Uri.from({ scheme: compositionScheme, path: `/${path}`, query: query.toString() });
}

/** Which file of which composition a URI of this scheme shows; undefined for one that was not made here. */
export function composedFileOf(uri: vscode.Uri): { readonly id: CompositionId; readonly key: string } | undefined {
  const query = new URLSearchParams(uri.query);
  const [id, key] = [query.get('composition'), query.get('key')];
  return id && key !== null ? { id: id as CompositionId, key } : undefined;
}

/** Works in what was typed into a composition's files and not saved yet. Throws `UserError` (`patch-conflict`) where that fails. */
export async function saveTyped(id: CandidateId): Promise<void> {
  for (const document of vscode.workspace.textDocuments) {
    if (!document.isDirty || composedFileOf(document.uri)?.id !== id || (await document.save())) continue;
    throw new UserError({
      code: 'patch-conflict',
      message: `What you typed into ${document.uri.path.slice(1)} of your composition could not be saved. Save it or close its editor, then try again.`,
    });
  }
}

/** Composed files as text: what is saved is worked into the composition. */
export class CompositionFiles extends FlatFiles {
  readonly #engine: Engine;
  readonly #changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  /** What VS Code has seen of each file: when its composition was changed last, by URI. */
  readonly #seen = new Map<string, { readonly uri: vscode.Uri; readonly at: number }>();
  readonly #subscription: { dispose(): void };
  override readonly onDidChangeFile = this.#changes.event;

  constructor(engine: Engine) {
    super();
    this.#engine = engine;
    this.#subscription = engine.onDidChange(({ type }) => {
      if (type === 'task' || type === 'tasks') this.#tellChanges();
    });
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changes.dispose();
  }

  override async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { composition, isOpen } = this.#find(uri);
    const { length } = await this.readFile(uri);
    return {
      type: vscode.FileType.File,
      ctime: composition.createdAt,
      mtime: composition.updatedAt,
      size: length,
      ...(!isOpen && { permissions: vscode.FilePermission.Readonly }),
    };
  }

  override async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const { composition, key } = this.#find(uri);
    const text = await this.#engine.compositions.text(composition.id, key);
    this.#seen.set(uri.toString(), { uri, at: composition.updatedAt });
    return Buffer.from(text);
  }

  override async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const { composition, key, isOpen } = this.#find(uri);
    if (!isOpen) throw vscode.FileSystemError.NoPermissions(frozen);
    const { updatedAt } = await this.#engine.compositions.edit(
      composition.id,
      key,
      Buffer.from(content).toString('utf8'),
    );
    this.#seen.set(uri.toString(), { uri, at: updatedAt });
  }

  /** VS Code asks for this when it saves a file that isn't there any more, and shows the answer. */
  override createDirectory(): never {
    throw vscode.FileSystemError.Unavailable(discarded);
  }

  #find(uri: vscode.Uri): { readonly composition: Composition; readonly key: string; readonly isOpen: boolean } {
    const file = composedFileOf(uri);
    const composition = file && this.#compositionOf(file.id);
    if (!file || !composition) throw vscode.FileSystemError.FileNotFound(discarded);
    const isOpen = this.#engine.compositions.open(composition.roundId)?.id === composition.id;
    return { composition, key: file.key, isOpen };
  }

  #compositionOf(id: CompositionId): Composition | undefined {
    try {
      return this.#engine.candidate(id).round.compositions.find((composition) => composition.id === id);
    } catch {
      // Its round, or its task, is gone too.
      return undefined;
    }
  }

  /** For files that are still open: of the others VS Code remembers nothing. */
  #tellChanges(): void {
    const open = new Set(vscode.workspace.textDocuments.map(({ uri }) => uri.toString()));
    const events: vscode.FileChangeEvent[] = [];
    for (const [name, { uri, at }] of this.#seen) {
      const file = composedFileOf(uri);
      const composition = file && this.#compositionOf(file.id);
      if (composition?.updatedAt === at) continue;
      if (open.has(name)) {
        events.push({ uri, type: composition ? vscode.FileChangeType.Changed : vscode.FileChangeType.Deleted });
      }
      if (composition && open.has(name)) this.#seen.set(name, { uri, at: composition.updatedAt });
      else this.#seen.delete(name);
    }
    if (events.length > 0) this.#changes.fire(events);
  }
}

const frozen =
  'This composition has a pull request, or a round goes on from it, so it stays as it is. Choose something in the compare panel to begin a new one.';
const discarded =
  'This composition was discarded, so nothing of it can be read or saved. Copy what you typed if you still need it.';
