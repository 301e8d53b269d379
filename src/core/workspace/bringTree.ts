import type { ObjectName } from '../domain.ts';
import { UserError } from '../problem.ts';
import { childrenFirst, parseFetchedTree, refuseImpossibleNames } from './fetchedTree.ts';
import { Limit } from './limit.ts';
import { objectNameOf, writeLooseObject } from './looseObjects.ts';
import type { ObjectStore } from './objectStore.ts';
import { encodeTree, folderMode, type TreeEntry } from './treeObject.ts';
import type { TreeSource } from './workspace.ts';

/** Requests of one call: GitHub allows 5,000 in an hour. */
const mostObjects = 2000;
const mostBytes = 300 * 1024 * 1024;
/** How many requests are under way at once. GitHub's secondary limits punish more. */
const lanes = 4;

/** Brings what is lacking of a tree into the store, folders last, so that a tree that it brought is a whole one. */
export async function bringTree(
  store: ObjectStore,
  scratch: string,
  tree: ObjectName,
  source: TreeSource,
  signal: AbortSignal,
): Promise<void> {
  await store.prepare(tree.length === 64 ? 'sha256' : 'sha1');
  await new Bringing(store, scratch, source, signal).bring(tree);
}

class Bringing {
  readonly #store: ObjectStore;
  readonly #scratch: string;
  readonly #source: TreeSource;
  readonly #signal: AbortSignal;
  readonly #fetched = new Map<ObjectName, readonly TreeEntry[]>();
  /** Trees that are there, of which all is known that isn't. */
  readonly #searched = new Set<ObjectName>();
  readonly #blobs = new Set<ObjectName>();
  /** Blobs that are lacking below trees that are there. */
  readonly #leftOut = new Set<ObjectName>();
  #bytes = 0;

  constructor(store: ObjectStore, scratch: string, source: TreeSource, signal: AbortSignal) {
    this.#store = store;
    this.#scratch = scratch;
    this.#source = source;
    this.#signal = signal;
  }

  async bring(tree: ObjectName): Promise<void> {
    for (let open = new Set([tree]); open.size > 0; ) open = await this.#descend(open);
    const folders = childrenFirst(this.#fetched);
    // A partial clone may be without most of its files; then they are not here for anybody, and nothing changed them.
    const isFew = this.#fetched.size + this.#blobs.size + this.#leftOut.size <= mostObjects;
    if (isFew) for (const blob of this.#leftOut) this.#blobs.add(blob);
    await this.#inLanes(this.#blobs, (blob) => this.#fetchBlob(blob));
    for (const name of folders) {
      this.#signal.throwIfAborted();
      await writeLooseObject(this.#store.objects, name, 'tree', encodeTree(this.#fetched.get(name) ?? []));
    }
  }

  /** Looks into these trees. Answers with those that have to be looked into next. */
  async #descend(trees: ReadonlySet<ObjectName>): Promise<Set<ObjectName>> {
    const lacking = await this.#lacking(trees, 'tree');
    const next = await this.#searchKnown([...trees].filter((name) => !lacking.has(name)));
    const entries: TreeEntry[] = [];
    await this.#inLanes(lacking, async (name) => entries.push(...(await this.#fetchTree(name))));
    await refuseImpossibleNames(this.#store, this.#scratch, entries, this.#signal);
    const blobs = entries.filter(({ mode }) => mode !== folderMode && mode !== '160000').map(({ object }) => object);
    for (const blob of await this.#lacking(new Set(blobs), 'blob')) this.#blobs.add(blob);
    this.#assertFew();
    for (const { mode, object } of entries) if (mode === folderMode) next.add(object);
    for (const name of next) if (this.#fetched.has(name) || this.#searched.has(name)) next.delete(name);
    return next;
  }

  /** Those that are nowhere. Throws where one is there and is something else. */
  async #lacking(names: ReadonlySet<ObjectName>, type: 'tree' | 'blob'): Promise<ReadonlySet<ObjectName>> {
    const asked = [...names];
    const stdin = asked.map((name) => `${name}\n`).join('');
    const args = ['cat-file', '--batch-check=%(objecttype)'];
    const { stdout } = await this.#store.run(args, { objects: 'all', stdin, signal: this.#signal });
    const lines = stdout.toString('latin1').split('\n');
    const lacking = asked.filter((_, index) => lines[index]?.endsWith(' missing'));
    const wrong = asked.find((_, index) => lines[index] !== type && !lines[index]?.endsWith(' missing'));
    if (wrong !== undefined) throw notWhatItSays(`${wrong} is no ${type}`);
    return new Set(lacking);
  }

  /** Takes note of the blobs that are lacking somewhere below trees that are there, and answers with the trees that are. */
  async #searchKnown(trees: readonly ObjectName[]): Promise<Set<ObjectName>> {
    for (const tree of trees) this.#searched.add(tree);
    // A clone may be without a part of its objects, and the user's `gc` removes what snapshots had of it.
    const all = await this.#missingBelow(trees);
    if (all.size === 0) return all;
    const folders = await this.#missingBelow(trees, '--filter=blob:none');
    for (const name of all) if (!folders.has(name)) this.#leftOut.add(name);
    return folders;
  }

  async #missingBelow(trees: readonly ObjectName[], ...filter: readonly string[]): Promise<Set<ObjectName>> {
    if (trees.length === 0) return new Set();
    const args = ['rev-list', '--objects', '--no-object-names', '--missing=print', ...filter, '--stdin'];
    const stdin = trees.map((name) => `${name}\n`).join('');
    const { stdout } = await this.#store.run(args, { objects: 'all', stdin, signal: this.#signal });
    return new Set(stdout.toString('latin1').match(/(?<=^\?)[0-9a-f]+$/gm) as ObjectName[] | null);
  }

  async #fetchTree(name: ObjectName): Promise<readonly TreeEntry[]> {
    const entries = parseFetchedTree(await this.#source.readTree(name), name.length);
    const bytes = entries && encodeTree(entries);
    if (!bytes || objectNameOf('tree', bytes, name.length) !== name) throw notWhatItSays(`tree ${name}`);
    this.#fetched.set(name, entries);
    this.#count(bytes);
    return entries;
  }

  async #fetchBlob(name: ObjectName): Promise<void> {
    const bytes = await this.#source.readBlob(name);
    if (objectNameOf('blob', bytes, name.length) !== name) throw notWhatItSays(`blob ${name}`);
    this.#count(bytes);
    await writeLooseObject(this.#store.objects, name, 'blob', bytes);
  }

  #count(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    this.#assertFew();
  }

  #assertFew(): void {
    if (this.#fetched.size + this.#blobs.size > mostObjects || this.#bytes > mostBytes) throw tooMuch();
  }

  /** Does work on each, a few at once. After a failure, nothing more is begun, and what was is waited for. */
  async #inLanes<T>(items: ReadonlySet<T>, work: (item: T) => Promise<unknown>): Promise<void> {
    const halt = new AbortController();
    const signal = AbortSignal.any([this.#signal, halt.signal]);
    const limit = new Limit(lanes);
    const each = Array.from(items, (item) =>
      limit
        .run(() => unlessAborted(work(item), this.#signal), signal)
        .catch((error: unknown) => {
          halt.abort(error);
          throw error;
        }),
    );
    await Promise.allSettled(each);
    await Promise.all(each);
  }
}

/** A request ends by a signal of its own, which may not be ours. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason);
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

function notWhatItSays(detail: string): UserError {
  return new UserError({
    code: 'github-failed',
    message:
      'GitHub sent files that are not what their names say, so none of them was used. Fetch the branch in your repository, then try again.',
    detail,
  });
}

function tooMuch(): UserError {
  return new UserError({
    code: 'github-failed',
    message:
      'Too many files on GitHub differ from those on this computer to be taken over one by one. Fetch in your repository, then try again.',
  });
}
