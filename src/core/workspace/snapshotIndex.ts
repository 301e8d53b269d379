import { copyFile, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileMode, ObjectName } from '../domain.ts';
import { codeOf } from '../problem.ts';
import type { FileEntry } from './files.ts';
import { encodeName, joinFields, type RawName, splitFields } from './gitNames.ts';
import { type GitOptions, type GitResult, runGit } from './gitProcess.ts';
import { type ObjectStore, objectEnvironment } from './objectStore.ts';

/** What differs between an index and the files it is about. */
export interface WorkTreeChanges {
  readonly gone: readonly RawName[];
  readonly changed: readonly RawName[];
  /** Not in the index and not ignored. */
  readonly untracked: readonly RawName[];
  /** Folders, not in the index, that are repositories of their own. */
  readonly nested: readonly RawName[];
}

interface Place {
  readonly gitDir: string;
  readonly workTree: string;
  /** The folder inside the work tree, with a trailing slash; empty at the top. */
  readonly prefix: string;
  readonly indexFile: string;
  /** More arguments for every git. */
  readonly settings?: readonly string[];
}

/** The user's configuration counts (filters, line endings, ignores), but nothing in it may start a helper or write to their repository. */
const settings = [
  'core.splitIndex=false',
  'core.untrackedCache=false',
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.safecrlf=false',
].flatMap((setting) => ['-c', setting]);

/** For `check-ignore`, which takes no literal pathspecs; a name behind `./` is one anyway. */
export const notLiteral = { GIT_LITERAL_PATHSPECS: '0' } as const;

/** A private index over the files of a folder. Names are relative to the folder. */
export class SnapshotIndex {
  readonly #store: ObjectStore;
  readonly #place: Place;
  readonly #signal: AbortSignal | undefined;

  constructor(store: ObjectStore, place: Place, signal: AbortSignal | undefined) {
    this.#store = store;
    this.#place = place;
    this.#signal = signal;
  }

  /** The same index over other files, other entries over the same files, or the same with other settings. */
  with(change: Partial<Pick<Place, 'workTree' | 'indexFile' | 'settings'>>): SnapshotIndex {
    return new SnapshotIndex(this.#store, { ...this.#place, ...change }, this.#signal);
  }

  /** The folder inside the work tree, with a trailing slash; empty at the top. */
  get prefix(): string {
    return this.#place.prefix;
  }

  /** Where the files are. */
  get folder(): string {
    return join(this.#place.workTree, this.#place.prefix);
  }

  async run(args: readonly string[], options: Partial<GitOptions> = {}): Promise<GitResult> {
    return runGit([...settings, ...(this.#place.settings ?? []), ...args], {
      folder: this.folder,
      signal: this.#signal,
      ...options,
      env: {
        GIT_DIR: this.#place.gitDir,
        GIT_WORK_TREE: this.#place.workTree,
        GIT_INDEX_FILE: this.#place.indexFile,
        GIT_LITERAL_PATHSPECS: '1',
        // A blob that a partial clone left out stays out: fetching it is the user's to decide.
        GIT_NO_LAZY_FETCH: '1',
        ...objectEnvironment(this.#store.objects, await this.#store.borrowed()),
        ...options.env,
      },
    });
  }

  /** The output of `ls-files --stage -z`. */
  async list(): Promise<Buffer> {
    return (await this.run(['ls-files', '--stage', '-z'])).stdout;
  }

  /** How the index differs from a commit: undefined for a file that isn't in the index. */
  async changesSince(commit: ObjectName): Promise<ReadonlyMap<RawName, FileEntry | undefined>> {
    const fields = await this.#diff('diff-index', '--cached', '--raw', '--no-abbrev', commit);
    const changes = new Map<RawName, FileEntry | undefined>();
    for (let at = 0; at + 1 < fields.length; at += 2) {
      const [, mode = '', , blob = ''] = (fields[at] ?? '').split(' ');
      const isGone = mode === '000000';
      changes.set(
        this.#inFolder(fields[at + 1]),
        isGone ? undefined : { mode: mode as FileMode, blob: blob as ObjectName },
      );
    }
    return changes;
  }

  /** Compares with the files by git's stat cache, without writing anything. */
  async changes(): Promise<WorkTreeChanges> {
    const [fields, others] = await Promise.all([
      this.#diff('diff-files', '--raw', '--ignore-submodules=dirty'),
      this.run(['ls-files', '-z', '--others', '--exclude-standard']),
    ]);
    const gone = new Set<RawName>();
    const changed = new Set<RawName>();
    for (let at = 0; at + 1 < fields.length; at += 2) {
      const [, mode] = (fields[at] ?? '').split(' ');
      // An unmerged file may be there twice, which says the same twice.
      (mode === '000000' ? gone : changed).add(this.#inFolder(fields[at + 1]));
    }
    const untracked = splitFields(others.stdout);
    return {
      gone: [...gone],
      changed: [...changed],
      untracked: untracked.filter((name) => !name.endsWith('/')),
      nested: untracked.filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1)),
    };
  }

  /** With names from the top of the work tree: `--relative` crashes git 2.39 where a file outside of the folder is unmerged. */
  async #diff(command: string, ...args: readonly string[]): Promise<readonly RawName[]> {
    return splitFields((await this.run([command, '-z', '--no-renames', ...args, '--', '.'])).stdout);
  }

  #inFolder(name = ''): RawName {
    return name.slice(encodeName(this.#place.prefix).length);
  }

  /** Sets entries to objects that exist. */
  async set(entries: Iterable<readonly [RawName, FileEntry]>): Promise<void> {
    const prefix = encodeName(this.#place.prefix);
    const lines = [...entries].map(([name, { mode, blob }]) => `${mode} ${blob}\t${prefix}${name}`);
    if (lines.length > 0) {
      await this.run(['update-index', '-z', '--index-info'], { stdin: joinFields(lines) });
    }
  }

  /** Hashes files into the index; with `store` false without storing their content. A file that is gone leaves the index. */
  async add(names: readonly RawName[], store = true): Promise<void> {
    if (names.length > 0) {
      const args = ['update-index', ...(store ? [] : ['--info-only'])];
      await this.run([...args, '--add', '--replace', '--remove', '-z', '--stdin'], { stdin: joinFields(names) });
    }
  }
}

/**
 * Copies an index file; one that does not exist is an empty index and stays away.
 * Git looks again at a file whose modification time is not older than its index's ("racily clean"), so the copy must not look
 * younger than the original, nor much older: a fresh clone's files would all be looked at. JavaScript sets microseconds.
 */
export async function copyIndex(from: string, to: string): Promise<void> {
  try {
    const { mtimeNs } = await stat(from, { bigint: true });
    await copyFile(from, to);
    const seconds = Number(mtimeNs / 1000n - 1n) / 1e6;
    await utimes(to, seconds, seconds);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') {
      throw error;
    }
  }
}
