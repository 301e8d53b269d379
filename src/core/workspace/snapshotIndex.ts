import { copyFile, stat, utimes } from 'node:fs/promises';
import { joinFields, type RawName, splitFields } from './gitNames.ts';
import { type GitOptions, type GitResult, runGit } from './gitProcess.ts';
import { type ObjectStore, objectEnvironment } from './objectStore.ts';

/** One line of an index. */
export interface IndexEntry {
  readonly name: RawName;
  readonly mode: string;
  readonly blob: string;
  /** Not 0 in the middle of a merge. */
  readonly stage: number;
}

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
  readonly indexFile: string;
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

/** A private index over the user's files. Names are relative to the top of the work tree. */
export class SnapshotIndex {
  readonly #store: ObjectStore;
  readonly #place: Place;
  readonly #signal: AbortSignal | undefined;

  constructor(store: ObjectStore, place: Place, signal: AbortSignal | undefined) {
    this.#store = store;
    this.#place = place;
    this.#signal = signal;
  }

  /** The same index over other files, or other entries over the same files. */
  with(change: Partial<Pick<Place, 'workTree' | 'indexFile'>>): SnapshotIndex {
    return new SnapshotIndex(this.#store, { ...this.#place, ...change }, this.#signal);
  }

  async run(args: readonly string[], options: Partial<GitOptions> = {}): Promise<GitResult> {
    return runGit([...settings, ...args], {
      folder: this.#place.workTree,
      signal: this.#signal,
      ...options,
      env: {
        GIT_DIR: this.#place.gitDir,
        GIT_WORK_TREE: this.#place.workTree,
        GIT_INDEX_FILE: this.#place.indexFile,
        GIT_LITERAL_PATHSPECS: '1',
        ...objectEnvironment(this.#store.objects, await this.#store.borrowed()),
        ...options.env,
      },
    });
  }

  /** The entries below these paths; all of them without any. */
  async entries(...paths: readonly string[]): Promise<IndexEntry[]> {
    const { stdout } = await this.run(['ls-files', '--stage', '-z', '--full-name', '--', ...paths]);
    return parseEntries(stdout);
  }

  /** Compares with the files below `paths` by git's stat cache, without writing anything. */
  async changes(...paths: readonly string[]): Promise<WorkTreeChanges> {
    const [tracked, others] = await Promise.all([
      this.run(['diff-files', '-z', '--name-status', '--no-renames', '--ignore-submodules=dirty', '--', ...paths]),
      this.run(['ls-files', '-z', '--others', '--exclude-standard', '--full-name', '--', ...paths]),
    ]);
    const gone: RawName[] = [];
    const changed = new Set<RawName>();
    const fields = splitFields(tracked.stdout);
    for (let at = 0; at + 1 < fields.length; at += 2) {
      const name = fields[at + 1] ?? '';
      if (fields[at] === 'D') {
        gone.push(name);
      } else {
        changed.add(name);
      }
    }
    const untracked = splitFields(others.stdout);
    return {
      gone,
      changed: [...changed],
      untracked: untracked.filter((name) => !name.endsWith('/')),
      nested: untracked.filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1)),
    };
  }

  async remove(names: readonly RawName[]): Promise<void> {
    if (names.length > 0) {
      await this.#update(names.map((name) => `0 ${this.#store.noObject}\t${name}`));
    }
  }

  /** Sets entries to objects that exist. */
  async set(entries: readonly IndexEntry[]): Promise<void> {
    if (entries.length > 0) {
      await this.#update(entries.map(({ mode, blob, name }) => `${mode} ${blob}\t${name}`));
    }
  }

  /** Hashes files into the index; with `store` false without storing their content. A file that is gone leaves the index. */
  async add(names: readonly RawName[], store = true): Promise<void> {
    if (names.length > 0) {
      const args = ['update-index', ...(store ? [] : ['--info-only'])];
      await this.run([...args, '--add', '--replace', '--remove', '-z', '--stdin'], { stdin: joinFields(names) });
    }
  }

  async #update(lines: readonly string[]): Promise<void> {
    await this.run(['update-index', '-z', '--index-info'], { stdin: joinFields(lines) });
  }
}

/** Parses `ls-files --stage -z`. */
export function parseEntries(output: Buffer): IndexEntry[] {
  return splitFields(output).map((line) => {
    const tab = line.indexOf('\t');
    const [mode = '', blob = '', stage = ''] = line.slice(0, tab).split(' ');
    return { name: line.slice(tab + 1), mode, blob, stage: Number(stage) };
  });
}

/**
 * Copies an index file; one that does not exist is an empty index and stays away.
 * Git looks again at a file whose modification time is not older than its index's ("racily clean"), so the copy must
 * not look younger than the original. Rounded down, because JavaScript can't set nanoseconds.
 */
export async function copyIndex(from: string, to: string): Promise<void> {
  try {
    const { mtimeMs } = await stat(from);
    await copyFile(from, to);
    const seconds = Math.floor(mtimeMs / 1000);
    await utimes(to, seconds, seconds);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
      throw error;
    }
  }
}
