import type { ObjectName, Patch } from '../domain.ts';
import type { Gate, Policy, Verdict } from '../policy/policy.ts';
import { type RefusalKind, UserError } from '../problem.ts';
import { writeChangedTree } from './changedTree.ts';
import type { Copy, CopyEntry, CopyFile, SearchHit, SearchQuery } from './copy.ts';
import { ChangedFiles, type FileEntry, type Files, obstacleTo } from './files.ts';
import { decodeExactName, encodeName, type RawName } from './gitNames.ts';
import { Limit } from './limit.ts';
import type { ObjectStore } from './objectStore.ts';
import { diffTrees } from './treePatch.ts';
import { searchTree } from './treeSearch.ts';

interface Parts {
  readonly store: ObjectStore;
  /** What the copy starts as, and the files in it. */
  readonly start: ObjectName;
  readonly files: Files;
  /** What the patch is a difference against. */
  readonly base: ObjectName;
  readonly policy: Policy;
}

/** A copy that is a tree of the task's objects and the changes made to it: no file of it is on disk. */
export class TreeCopy implements Copy {
  readonly #parts: Parts;
  readonly #files: Files;
  readonly #changes = new Map<RawName, FileEntry | undefined>();
  readonly #turns = new Limit(1);
  /** The tree with the changes in it, until there are others. */
  #tree: ObjectName | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#files = new ChangedFiles(parts.files, this.#changes);
    this.#tree = parts.start;
  }

  list(signal?: AbortSignal): Promise<readonly CopyEntry[]> {
    return this.#turns.run(async () => {
      const listed: CopyEntry[] = [];
      for (const [name, { mode }] of this.#files.below('')) {
        const path = decodeExactName(name);
        if (path !== undefined && this.#isVisible(path)) {
          listed.push({ path, mode });
        }
      }
      return listed.sort((a, b) => (a.path < b.path ? -1 : 1));
    }, signal);
  }

  async read(path: string, signal?: AbortSignal): Promise<CopyFile | undefined> {
    const allowed = this.#check(path, 'read');
    return this.#turns.run(async () => {
      const entry = this.#files.get(encodeName(allowed));
      if (!entry) {
        return undefined;
      }
      if (entry.mode === '160000') {
        return { path: allowed, mode: entry.mode, bytes: new Uint8Array() };
      }
      assertAllowed(await this.#checkSize(allowed, entry, signal));
      const [bytes] = await this.#parts.store.readBlobs([entry.blob], signal);
      return { path: allowed, mode: entry.mode, bytes: bytes ?? new Uint8Array() };
    }, signal);
  }

  search(query: SearchQuery, signal?: AbortSignal): Promise<readonly SearchHit[]> {
    return this.#turns.run(async () => {
      const tree = await this.#writeTree(signal);
      const isVisible = (path: string) => this.#isVisible(path);
      return searchTree(this.#parts.store, tree, query, isVisible, (path) => this.#fits(path, signal), signal);
    }, signal);
  }

  async write(path: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    const allowed = this.#check(path, 'write');
    assertAllowed(this.#parts.policy.checkSize(allowed, bytes.length));
    await this.#turns.run(async () => {
      const name = encodeName(allowed);
      const obstacle = obstacleTo(this.#files, name);
      if (obstacle !== undefined) {
        throw refused('in the way', `${JSON.stringify(allowed)} ${obstacle}; write to another path.`);
      }
      const blob = await this.#parts.store.writeBlob(bytes, signal);
      this.#set(name, { mode: this.#files.get(name)?.mode ?? '100644', blob });
    }, signal);
  }

  async delete(path: string, signal?: AbortSignal): Promise<boolean> {
    const allowed = this.#check(path, 'write');
    return this.#turns.run(async () => {
      const name = encodeName(allowed);
      const entry = this.#files.get(name);
      if (entry) {
        this.#assertNotARepository(allowed, entry);
        this.#set(name, undefined);
      }
      return entry !== undefined;
    }, signal);
  }

  async move(from: string, to: string, signal?: AbortSignal): Promise<boolean> {
    const [source, target] = [this.#check(from, 'write'), this.#check(to, 'write')];
    return this.#turns.run(async () => {
      const [name, newName] = [encodeName(source), encodeName(target)];
      const entry = this.#files.get(name);
      if (!entry || name === newName) {
        return entry !== undefined;
      }
      this.#assertNotARepository(source, entry);
      if (this.#files.get(newName)) {
        throw refused('in the way', `${JSON.stringify(target)} exists; delete it first, or move to another path.`);
      }
      const left = new ChangedFiles(this.#files, new Map([[name, undefined]]));
      const obstacle = obstacleTo(left, newName);
      if (obstacle !== undefined) {
        throw refused('in the way', `${JSON.stringify(target)} ${obstacle}; move to another path.`);
      }
      await this.#assertLinkMayMove(entry, source, target, signal);
      this.#set(name, undefined);
      this.#set(newName, entry);
      return true;
    }, signal);
  }

  patch(signal?: AbortSignal): Promise<Patch> {
    const { store, base } = this.#parts;
    return this.#turns.run(async () => {
      const tree = await this.#writeTree(signal);
      return { ...(await diffTrees(store, base, tree, signal)), tree };
    }, signal);
  }

  dispose(): Promise<void> {
    return this.#turns.run(async () => {
      this.#changes.clear();
      this.#tree = this.#parts.start;
    });
  }

  #set(name: RawName, entry: FileEntry | undefined): void {
    this.#changes.set(name, entry);
    this.#tree = undefined;
  }

  async #writeTree(signal: AbortSignal | undefined): Promise<ObjectName> {
    const { store, start } = this.#parts;
    this.#tree ??= await writeChangedTree(store, start, this.#changes, signal);
    return this.#tree;
  }

  #check(path: string, gate: Gate): string {
    return assertAllowed(this.#parts.policy.check(path, gate));
  }

  async #checkSize(path: string, entry: FileEntry, signal: AbortSignal | undefined): Promise<Verdict> {
    const size = await this.#parts.store.size(entry.blob, signal);
    return this.#parts.policy.checkSize(path, size ?? 0);
  }

  /** A tree from an earlier round may hold what has become forbidden since. */
  #isVisible(path: string): boolean {
    return this.#parts.policy.check(path, 'snapshot').allowed;
  }

  /** A large file that was committed is in the snapshot, but no model reads it. */
  async #fits(path: string, signal: AbortSignal | undefined): Promise<boolean> {
    const entry = this.#files.get(encodeName(path));
    return entry !== undefined && (await this.#checkSize(path, entry, signal)).allowed;
  }

  /** What a link leads to depends on where it is. */
  async #assertLinkMayMove({ mode, blob }: FileEntry, from: string, to: string, signal?: AbortSignal): Promise<void> {
    if (mode === '120000') {
      const [target] = await this.#parts.store.readBlobs([blob], signal);
      const after = { path: to, mode, linkTarget: Buffer.from(target ?? []).toString() };
      assertAllowed(this.#parts.policy.checkChange({ base: { path: from, mode }, after }));
    }
  }

  #assertNotARepository(path: string, entry: FileEntry): void {
    if (entry.mode === '160000') {
      const message = `${JSON.stringify(path)} is another repository; it can't be deleted or moved from here.`;
      throw refused('another repository', message);
    }
  }
}

function assertAllowed(verdict: Verdict): string {
  if (!verdict.allowed) {
    throw refused(verdict.kind, verdict.reason);
  }
  return verdict.path;
}

function refused(refusal: RefusalKind, message: string): UserError {
  return new UserError({ code: 'refused-by-policy', refusal, message });
}
