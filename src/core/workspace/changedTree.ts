import type { ObjectName } from '../domain.ts';
import type { FileChanges, FileEntry } from './files.ts';
import { GitConversation, readLine } from './gitConversation.ts';
import type { RawName } from './gitNames.ts';
import { inTurn } from './gitProcess.ts';
import type { ObjectStore } from './objectStore.ts';
import { folderMode, type TreeEntry } from './treeObject.ts';

/** The changes of one folder: its own files by name, and those of the folders in it. */
interface FolderChanges {
  readonly files: Map<RawName, FileEntry | undefined>;
  readonly folders: Map<RawName, FolderChanges>;
}

/**
 * Writes the tree that `base` (undefined: nothing) becomes by these changes, and answers its name. Only the folders on the way
 * to a change are read and written, so the work doesn't grow with the number of files; and because the new trees go to the
 * task's own store without looking at others, nothing in the user's repository is written again.
 */
export async function writeChangedTree(
  store: ObjectStore,
  base: ObjectName | undefined,
  changes: FileChanges,
  signal?: AbortSignal,
): Promise<ObjectName> {
  if (base !== undefined && changes.size === 0) return base;
  const ending = store.until(signal);
  return inTurn(async () => {
    const writer = new TreeWriter(store, ending);
    try {
      return await writer.write(base, group(changes));
    } finally {
      await writer.close();
    }
  }, ending);
}

class TreeWriter {
  readonly #store: ObjectStore;
  readonly #signal: AbortSignal | undefined;
  readonly #mktree: GitConversation;

  constructor(store: ObjectStore, signal: AbortSignal | undefined) {
    this.#store = store;
    this.#signal = signal;
    // Objects of the user's repository are named here without being looked for.
    const args = ['mktree', '-z', '--batch', '--missing'];
    this.#mktree = new GitConversation(store.gitDir, args, store.environment([]));
  }

  async write(base: ObjectName | undefined, changes: FolderChanges): Promise<ObjectName> {
    return this.#make(await this.#changed(base, changes));
  }

  close(): Promise<void> {
    return this.#mktree.close();
  }

  async #changed(base: ObjectName | undefined, changes: FolderChanges): Promise<readonly TreeEntry[]> {
    const read = base === undefined ? [] : await this.#store.readTree(base, this.#signal);
    const entries = new Map(read.map((entry) => [entry.name, entry]));
    for (const [name, file] of changes.files) {
      if (!file && entries.get(name)?.mode !== folderMode) entries.delete(name);
    }
    for (const [name, folder] of changes.folders) {
      const old = entries.get(name);
      const inside = await this.#changed(old?.mode === folderMode ? old.object : undefined, folder);
      // A folder that never was, or that becomes empty, doesn't take the place of a file.
      if (inside.length > 0) entries.set(name, { mode: folderMode, name, object: await this.#make(inside) });
      else if (old?.mode === folderMode) entries.delete(name);
    }
    for (const [name, file] of changes.files) {
      if (file) entries.set(name, { mode: file.mode, name, object: file.blob });
    }
    return [...entries.values()];
  }

  async #make(entries: readonly TreeEntry[]): Promise<ObjectName> {
    const lines = entries.map(({ mode, name, object }) => `${mode} ${typeOf(mode)} ${object}\t${name}\0`);
    const input = Buffer.from(`${lines.join('')}\0`, 'latin1');
    return (await this.#mktree.ask(input, readLine, this.#signal)) as ObjectName;
  }
}

function typeOf(mode: string): string {
  return mode === folderMode ? 'tree' : mode === '160000' ? 'commit' : 'blob';
}

function group(changes: FileChanges): FolderChanges {
  const top: FolderChanges = { files: new Map(), folders: new Map() };
  for (const [name, entry] of changes) {
    const parts = name.split('/');
    const file = parts.pop() ?? '';
    let folder = top;
    for (const part of parts) {
      let next = folder.folders.get(part);
      if (!next) {
        next = { files: new Map(), folders: new Map() };
        folder.folders.set(part, next);
      }
      folder = next;
    }
    folder.files.set(file, entry);
  }
  return top;
}
