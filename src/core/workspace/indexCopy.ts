import { rm } from 'node:fs/promises';
import type { ObjectName, Patch } from '../domain.ts';
import type { Gate, Policy } from '../policy/policy.ts';
import { UserError } from '../problem.ts';
import type { Copy, CopyEntry, CopyFile, SearchHit, SearchQuery } from './copy.ts';
import { type BaseEntries, CopyEntries, type CopyFileEntry } from './copyEntries.ts';
import { encodeName, joinFields } from './gitNames.ts';
import { diffIndex } from './indexPatch.ts';
import { searchIndex } from './indexSearch.ts';
import { Limit } from './limit.ts';
import type { ObjectStore } from './objectStore.ts';
import { writeTree } from './treeWriter.ts';

interface Parts {
  readonly store: ObjectStore;
  /** The copy's own index; nothing else uses it. */
  readonly indexFile: string;
  readonly entries: BaseEntries;
  /** What the patch is a difference against. */
  readonly base: ObjectName;
  readonly policy: Policy;
  /** An empty folder: git wants a work tree for some of what it does to an index, and looks at no file in it. */
  readonly noWorkTree: string;
}

/** A copy that is an index over the task's objects: no file of it is on disk. */
export class IndexCopy implements Copy {
  readonly #parts: Parts;
  readonly #entries: CopyEntries;
  readonly #turns = new Limit(1);

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#entries = new CopyEntries(parts.entries);
  }

  list(signal?: AbortSignal): Promise<readonly CopyEntry[]> {
    return this.#turns.run(async () => {
      const listed: CopyEntry[] = [];
      for (const [path, { mode }] of this.#entries.all()) {
        if (this.#isVisible(path)) {
          listed.push({ path, mode });
        }
      }
      return listed.sort((a, b) => (a.path < b.path ? -1 : 1));
    }, signal);
  }

  async read(path: string, signal?: AbortSignal): Promise<CopyFile | undefined> {
    const allowed = this.#check(path, 'read');
    return this.#turns.run(async () => {
      const entry = this.#entries.get(allowed);
      if (!entry) {
        return undefined;
      }
      const [bytes] = entry.mode === '160000' ? [] : await this.#parts.store.readBlobs([entry.blob], signal);
      return { path: allowed, mode: entry.mode, bytes: bytes ?? new Uint8Array() };
    }, signal);
  }

  search(query: SearchQuery, signal?: AbortSignal): Promise<readonly SearchHit[]> {
    const { store, indexFile } = this.#parts;
    const isVisible = (path: string) => this.#isVisible(path);
    return this.#turns.run(() => searchIndex(store, indexFile, query, isVisible, signal), signal);
  }

  async write(path: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    const allowed = this.#check(path, 'write');
    await this.#turns.run(async () => {
      const obstacle = this.#entries.obstacleTo(allowed);
      if (obstacle !== undefined) {
        throw refused(`${JSON.stringify(allowed)} ${obstacle}; write to another path.`);
      }
      const blob = await this.#parts.store.writeBlob(bytes, signal);
      await this.#set(allowed, { mode: this.#entries.get(allowed)?.mode ?? '100644', blob });
    }, signal);
  }

  async delete(path: string, signal?: AbortSignal): Promise<boolean> {
    const allowed = this.#check(path, 'write');
    return this.#turns.run(async () => {
      const entry = this.#entries.get(allowed);
      if (entry?.mode === '160000') {
        throw refused(`${JSON.stringify(allowed)} is another repository; it can't be deleted from here.`);
      }
      if (entry) {
        await this.#set(allowed, undefined);
      }
      return entry !== undefined;
    }, signal);
  }

  patch(signal?: AbortSignal): Promise<Patch> {
    const { store, indexFile, base, noWorkTree } = this.#parts;
    return this.#turns.run(async () => {
      const { text, changes } = await diffIndex(store, indexFile, base, signal);
      if (changes.length === 0) {
        return { text, changes, tree: base };
      }
      const env = { GIT_INDEX_FILE: indexFile, GIT_WORK_TREE: noWorkTree };
      const empty = await store.emptyTree(signal);
      signal?.throwIfAborted();
      const tree = await writeTree((args) => store.run(args, { objects: 'all', env }), empty);
      return { text, changes, tree };
    }, signal);
  }

  dispose(): Promise<void> {
    return this.#turns.run(() => rm(this.#parts.indexFile, { force: true }));
  }

  /** Not ended by a signal: it takes a moment, and git ended halfway may leave the index locked. */
  async #set(path: string, entry: CopyFileEntry | undefined): Promise<void> {
    const { store, indexFile } = this.#parts;
    const value = entry ? `${entry.mode} ${entry.blob}` : `0 ${store.noObject}`;
    await store.run(['update-index', '-z', '--index-info'], {
      objects: 'all',
      env: { GIT_INDEX_FILE: indexFile },
      stdin: joinFields([`${value}\t${encodeName(path)}`]),
    });
    this.#entries.set(path, entry);
  }

  #check(path: string, gate: Gate): string {
    const verdict = this.#parts.policy.check(path, gate);
    if (!verdict.allowed) {
      throw refused(verdict.reason);
    }
    return verdict.path;
  }

  /** A tree from an earlier round may hold what has become forbidden since. */
  #isVisible(path: string): boolean {
    return this.#parts.policy.check(path, 'snapshot').allowed;
  }
}

function refused(message: string): UserError {
  return new UserError({ code: 'refused-by-policy', message });
}
