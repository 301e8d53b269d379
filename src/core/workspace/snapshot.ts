import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectName, Snapshot } from '../domain.ts';
import { UserError } from '../problem.ts';
import { writeChangedTree } from './changedTree.ts';
import { ChangedFiles, type FileEntry, type Files } from './files.ts';
import { decodeName, encodeName, foldersOf, type RawName } from './gitNames.ts';
import { GitError } from './gitProcess.ts';
import { type HashTarget, hashFiles } from './hashFiles.ts';
import { isContentOf, lfsFilesAmong, lfsFilters, pointerTo, switchedOff } from './lfsContent.ts';
import { ListedFiles } from './listedFiles.ts';
import { locateRepository, type RepositoryLocation } from './locateRepository.ts';
import type { ObjectStore } from './objectStore.ts';
import { copyIndex, notLiteral, SnapshotIndex } from './snapshotIndex.ts';
import { layOutUnsaved } from './unsavedTexts.ts';
import type { SnapshotRequest } from './workspace.ts';

/** A snapshot, and the files in it as a copy needs them. */
export interface TakenSnapshot {
  readonly snapshot: Snapshot;
  readonly files: Files;
}

/** Records the folder as it is. `scratch` is an empty folder of ours; nothing outside it and `store` is written. */
export async function takeSnapshot(
  store: ObjectStore,
  scratch: string,
  request: SnapshotRequest,
  signal?: AbortSignal,
): Promise<TakenSnapshot> {
  const { folder } = request;
  const found = await locateRepository(folder, signal);
  await store.prepare(found?.objectFormat ?? 'sha1');
  const repository = found && (await isIgnoredFolder(store, found, signal)) ? undefined : found;
  try {
    return await new Recording(store, scratch, request, repository, signal).record();
  } catch (error) {
    if (error instanceof GitError) {
      throw new UserError({
        code: 'snapshot-failed',
        message: `The state of ${folder} could not be recorded: ${reasonIn(error.stderr)}. Nothing was changed. Repair this and try again.`,
        action: { type: 'show-log' },
        detail: error.message,
      });
    }
    throw error;
  }
}

/** One snapshot in the making. */
class Recording {
  readonly #store: ObjectStore;
  readonly #scratch: string;
  readonly #request: SnapshotRequest;
  readonly #repository: RepositoryLocation | undefined;
  readonly #signal: AbortSignal | undefined;
  #index: SnapshotIndex;
  readonly #indexFile: string;
  readonly #leftOut = new Set<string>();
  readonly #tooLarge = new Set<string>();
  readonly #notHere = new Set<string>();
  /** How the folder differs from the index. */
  readonly #changes = new Map<RawName, FileEntry | undefined>();
  #listed = new ListedFiles(Buffer.alloc(0));
  #attributes: readonly RawName[] = [];
  #lfs: readonly string[] = [];

  constructor(
    store: ObjectStore,
    scratch: string,
    request: SnapshotRequest,
    repository: RepositoryLocation | undefined,
    signal: AbortSignal | undefined,
  ) {
    this.#store = store;
    this.#scratch = scratch;
    this.#request = request;
    this.#repository = repository;
    this.#signal = signal;
    this.#indexFile = join(scratch, 'index');
    const place = {
      gitDir: repository?.gitDir ?? store.gitDir,
      workTree: repository?.top ?? request.folder,
      prefix: repository?.prefix ?? '',
      indexFile: this.#indexFile,
    };
    this.#index = new SnapshotIndex(store, place, signal);
  }

  async record(): Promise<TakenSnapshot> {
    const repository = this.#repository;
    if (repository) {
      await this.#store.borrow(repository.objects);
      await copyIndex(repository.index, this.#indexFile);
    }
    this.#lfs = await lfsFilters(this.#index);
    this.#index = this.#index.with({ settings: switchedOff(this.#lfs) });
    const { head, headTree } = repository ?? {};
    const [staged, changes] = await Promise.all([
      head !== undefined && headTree !== undefined ? this.#index.changesSince(head) : undefined,
      this.#index.changes(),
      this.#readIndex(),
    ]);
    // Everything is asked about before anything is hashed, so that forbidden content never gets into the store.
    for (const name of changes.gone) this.#changes.set(name, undefined);
    await this.#hash(this.#index, [...changes.changed, ...changes.untracked].filter(this.#isAllowed));
    const nested = changes.nested.filter(this.#isAllowed);
    await this.#addNested(nested);
    if (repository?.isPartial) await this.#leaveOutMissing();
    this.#makeWay();
    const unsaved = await this.#addUnsaved(nested);

    const since = staged ?? new Map(this.#listed.below(''));
    const tree = await writeChangedTree(
      this.#store,
      staged && headTree,
      new Map([...since, ...this.#changes]),
      this.#signal,
    );
    return { snapshot: this.#describe(tree, unsaved), files: new ChangedFiles(this.#listed, this.#changes) };
  }

  #describe(tree: ObjectName, unsaved: readonly string[]): Snapshot {
    const repository = this.#repository;
    return {
      tree,
      folder: this.#request.folder,
      prefix: repository?.prefix ?? '',
      ...(repository && { gitDir: repository.gitDir }),
      ...(repository?.head !== undefined && { head: repository.head }),
      unsaved,
      leftOut: [...this.#leftOut].sort(),
      tooLarge: [...this.#tooLarge].sort(),
      ...(this.#notHere.size > 0 && { notHere: [...this.#notHere].sort() }),
      takenAt: Date.now(),
    };
  }

  readonly #isAllowed = (name: RawName): boolean => {
    const path = decodeName(name);
    const { allowed } = this.#request.policy.check(path, 'snapshot');
    if (!allowed) this.#leftOut.add(path);
    return allowed;
  };

  async #readIndex(): Promise<void> {
    this.#listed = new ListedFiles(await this.#index.list());
    const attributes: RawName[] = [];
    for (let at = 0; at < this.#listed.length; at++) {
      const name = this.#listed.name(at);
      if (!this.#isAllowed(name)) this.#changes.set(name, undefined);
      else if (name.endsWith('.gitattributes')) attributes.push(name);
    }
    this.#attributes = attributes;
  }

  /** Takes files of an index as they are now; whatever can't be taken or is gone leaves the snapshot. */
  async #hash(index: SnapshotIndex, names: readonly RawName[]): Promise<void> {
    const target: HashTarget = {
      store: this.#store,
      index,
      indexFile: this.#indexFile,
      before: new ChangedFiles(this.#listed, this.#changes),
      attributes: this.#attributes,
      isFitting: (name, bytes) => this.#request.policy.checkSize(decodeName(name), bytes).allowed,
    };
    const { entries, tooLarge, unreadable } = await hashFiles(target, names);
    const lfsFiles = await lfsFilesAmong(index, this.#lfs, names);
    // An unsaved text may be smaller than what is on disk.
    for (const name of names) this.#tooLarge.delete(decodeName(name));
    const kept = new Set<RawName>();
    for (const name of tooLarge) {
      if (lfsFiles.has(name) && (await this.#isStillPointedTo(name, index))) kept.add(name);
      else this.#tooLarge.add(decodeName(name));
    }
    for (const name of names) {
      if (kept.has(name)) continue;
      const entry = entries.get(name);
      this.#changes.set(name, entry && lfsFiles.has(name) ? await this.#asPointer(entry) : entry);
    }
    for (const name of unreadable) this.#leftOut.add(decodeName(name));
  }

  /** Git LFS itself is not run, for it would write into the user's `.git`. */
  async #asPointer(entry: FileEntry): Promise<FileEntry> {
    if (entry.mode === '120000' || entry.mode === '160000') return entry;
    const [content = new Uint8Array()] = await this.#store.readBlobs([entry.blob], this.#signal);
    return { ...entry, blob: await this.#store.writeBlob(pointerTo(content), this.#signal) };
  }

  /** Without Git LFS, git takes a file for changed when it may have changed within a tick of the clock. */
  async #isStillPointedTo(name: RawName, index: SnapshotIndex): Promise<boolean> {
    const entry = this.#listed.get(name);
    if (!entry || ((await this.#store.size(entry.blob, this.#signal)) ?? Infinity) > 1024) return false;
    const [pointed = new Uint8Array()] = await this.#store.readBlobs([entry.blob], this.#signal);
    return isContentOf(pointed, Buffer.from(`${encodeName(index.folder)}/${name}`, 'latin1'));
  }

  /** What git was told not to look at (`--assume-unchanged`, `--skip-worktree`) is gone where something else has taken its place. */
  #makeWay(): void {
    for (const [name, entry] of this.#changes) {
      if (!entry) continue;
      const below = [...this.#listed.below(name)].map(([inside]) => inside);
      for (const other of [...foldersOf(name), ...below]) {
        if (!this.#changes.has(other) && this.#listed.get(other)) this.#changes.set(other, undefined);
      }
    }
  }

  /** Nested repositories become links that are not entered. One without a commit has nothing to link to. */
  async #addNested(names: readonly RawName[]): Promise<void> {
    for (const name of names) {
      try {
        await this.#hash(this.#index, [name]);
      } catch (error) {
        if (!(error instanceof GitError)) throw error;
        this.#leftOut.add(decodeName(name));
      }
    }
  }

  /** The texts of unsaved editors in place of what is on disk. Answers the files that have one. */
  async #addUnsaved(nested: readonly RawName[]): Promise<readonly string[]> {
    const { folder, unsaved: texts } = this.#request;
    if (texts.length === 0) return [];
    const files = new ChangedFiles(this.#listed, this.#changes);
    const workTree = join(this.#scratch, 'unsaved');
    const index = this.#index.with({ workTree });
    await mkdir(index.folder, { recursive: true });
    const { paths, unplaced } = await layOutUnsaved(
      {
        index: this.#index,
        files,
        folder,
        nested,
        isAllowed: (path) => this.#isAllowed(encodeName(path)),
        scratch: index.folder,
      },
      texts,
    );
    for (const path of unplaced) this.#leftOut.add(path);
    await this.#hash(index, paths.map(encodeName));
    return paths.filter((path) => !this.#tooLarge.has(path));
  }

  /** A partial clone lacks content, which nobody fetches here. */
  async #leaveOutMissing(): Promise<void> {
    const entries = [...new ChangedFiles(this.#listed, this.#changes).below('')];
    const blobs = entries.filter(([, { mode }]) => mode !== '160000').map(([, { blob }]) => blob);
    const missing = await this.#store.missing(blobs, 'all', this.#signal);
    for (const [name, { blob }] of entries) {
      if (missing.has(blob)) {
        this.#changes.set(name, undefined);
        this.#notHere.add(decodeName(name));
      }
    }
  }
}

/** True for a folder which a repository further up ignores, such as any folder in a home directory kept in Git. It has no history there. */
async function isIgnoredFolder(
  store: ObjectStore,
  repository: RepositoryLocation,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (repository.prefix === '') {
    return false;
  }
  const { gitDir, top: workTree, prefix, index: indexFile } = repository;
  const index = new SnapshotIndex(store, { gitDir, workTree, prefix: '', indexFile }, signal);
  const { code } = await index.run(['check-ignore', '--quiet', '--', `./${prefix.slice(0, -1)}`], {
    okCodes: [1],
    env: notLiteral,
  });
  return code === 0 && (await index.run(['ls-files', '--', prefix])).stdout.length === 0;
}

/** Git's own words without its prefixes, on one line: the last one is what it gave up on. */
function reasonIn(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => /^(error|fatal):/.test(line));
  const reasons = new Set((lines.length > 0 ? lines : [stderr]).map((line) => line.replace(/^(error|fatal): /, '')));
  return [...reasons].slice(-2).join('; ');
}
