import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { ObjectName } from '../domain.ts';
import { UserError } from '../problem.ts';
import { isThere } from './folderPaths.ts';
import { GitConversation } from './gitConversation.ts';
import { type GitOptions, type GitResult, runGit } from './gitProcess.ts';
import { Limit } from './limit.ts';
import { ObjectReader } from './objectReader.ts';
import { parseTree, type TreeEntry } from './treeObject.ts';

/** Ignored in a folder without Git, where nobody has said what is not the user's own work. */
const alwaysIgnored = ['node_modules/', '.venv/', '__pycache__/', '.DS_Store'];

/** Whether the objects of the user's repository can be seen, or only the task's own. */
export type Objects = 'all' | 'own';

/** Long paths are for Windows; the private objects are never packed or pruned behind our back. */
const settings = ['core.longPaths=true', 'gc.auto=0', 'core.attributesFile=/dev/null'].flatMap((setting) => [
  '-c',
  setting,
]);

/** Ignores the user's configuration, so that none of it (prefixes, colours, external tools) changes what git prints. */
export const plainConfig = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' } as const;

/**
 * The private git directory of one task. New objects go into it; those of the user's repository are borrowed for reading.
 * Objects that git finds in a borrowed store get a new modification time when they are "written" again. To leave the
 * user's `.git` untouched even in that, whatever may write something old runs with `objects: 'own'`.
 */
export class ObjectStore {
  readonly gitDir: string;
  readonly objects: string;
  readonly #reader = new ObjectReader(() => this.#startReading());
  readonly #ending: AbortSignal;
  readonly #borrowedFile: string;
  readonly #borrowing = new Limit(1);
  readonly #running = new Set<Promise<unknown>>();
  #borrowed: readonly string[] | undefined;
  #prepared: Promise<void> | undefined;
  #nameLength = 40;

  /** All work ends with `ending`. */
  constructor(directory: string, ending: AbortSignal) {
    this.#ending = ending;
    this.gitDir = join(directory, 'git');
    this.objects = join(this.gitDir, 'objects');
    this.#borrowedFile = join(directory, 'borrowed.json');
  }

  /** Makes the git directory when it is not there yet. */
  prepare(objectFormat: string): Promise<void> {
    this.#nameLength = objectFormat === 'sha256' ? 64 : 40;
    this.#prepared ??= this.#prepare(objectFormat).catch((error: unknown) => {
      this.#prepared = undefined;
      throw error;
    });
    return this.#prepared;
  }

  async #prepare(objectFormat: string): Promise<void> {
    if (await isThere(join(this.gitDir, 'HEAD'))) {
      return;
    }
    await mkdir(join(this.gitDir, 'info'), { recursive: true });
    await writeFile(join(this.gitDir, 'info', 'exclude'), alwaysIgnored.map((line) => `${line}\n`).join(''));
    const args = ['init', '--quiet', '--bare', '--template=', `--object-format=${objectFormat}`, this.gitDir];
    await runGit(args, { folder: this.gitDir, env: plainConfig });
  }

  /** Resolves when nothing has the objects open any more. `ending` is to be aborted before. */
  async close(): Promise<void> {
    await Promise.allSettled([this.#reader.close(), ...this.#running]);
  }

  /** When work stops that is done until this signal says so. */
  until(signal: AbortSignal | undefined): AbortSignal {
    return signal ? AbortSignal.any([signal, this.#ending]) : this.#ending;
  }

  /** What git writes where there is no object. */
  get noObject(): string {
    return '0'.repeat(this.#nameLength);
  }

  /** Remembers, beyond this session, that the objects of this folder may be read. */
  borrow(objects: string): Promise<void> {
    return this.#borrowing.run(async () => {
      const known = await this.borrowed();
      if (!known.includes(objects)) {
        const all = [...known, objects];
        await writeFile(`${this.#borrowedFile}.new`, JSON.stringify(all));
        await rename(`${this.#borrowedFile}.new`, this.#borrowedFile);
        this.#borrowed = all;
        await this.#reader.renew();
      }
    });
  }

  async borrowed(): Promise<readonly string[]> {
    this.#borrowed ??= await readFile(this.#borrowedFile, 'utf8').then(
      (text) => JSON.parse(text) as string[],
      () => [],
    );
    return this.#borrowed;
  }

  /** Runs git on the private git directory, free of the user's configuration. */
  async run(args: readonly string[], options: Partial<GitOptions> & { readonly objects: Objects }): Promise<GitResult> {
    const { objects, env, signal, ...rest } = options;
    const borrowed = objects === 'all' ? await this.borrowed() : [];
    const running = runGit([...settings, ...args], {
      folder: this.gitDir,
      ...rest,
      signal: this.until(signal),
      env: { ...this.environment(borrowed), ...env },
    });
    this.#running.add(running);
    return running.finally(() => this.#running.delete(running));
  }

  environment(borrowed: readonly string[]): Record<string, string> {
    return {
      ...plainConfig,
      GIT_ATTR_NOSYSTEM: '1',
      GIT_DIR: this.gitDir,
      ...objectEnvironment(this.objects, borrowed),
    };
  }

  /** Stores bytes as they are, without any filter. */
  async writeBlob(bytes: Uint8Array, signal?: AbortSignal): Promise<ObjectName> {
    const args = ['hash-object', '-w', '--no-filters', '--stdin'];
    const { stdout } = await this.run(args, { objects: 'own', stdin: bytes, signal });
    return stdout.toString('utf8').trim() as ObjectName;
  }

  async emptyTree(signal?: AbortSignal): Promise<ObjectName> {
    const { stdout } = await this.run(['mktree'], { objects: 'own', signal });
    return stdout.toString('utf8').trim() as ObjectName;
  }

  /** The names among these that are in no store that can be seen. */
  async missing(names: Iterable<ObjectName>, objects: Objects, signal?: AbortSignal): Promise<Set<ObjectName>> {
    const asked = [...new Set(names)];
    if (objects === 'all') {
      const ending = this.until(signal);
      const found = await Promise.all(asked.map((name) => this.#reader.info(name, ending)));
      return new Set(asked.filter((_, position) => !found[position]));
    }
    if (asked.length === 0) {
      return new Set();
    }
    const stdin = asked.map((name) => `${name}\n`).join('');
    const { stdout } = await this.run(['cat-file', '--batch-check=%(objectname)'], { objects, stdin, signal });
    const lines = stdout.toString('utf8').split('\n');
    return new Set(asked.filter((_, position) => lines[position]?.endsWith(' missing')));
  }

  /** The bytes of these blobs, in the same order. Throws `not-found` when one is gone. */
  readBlobs(names: readonly ObjectName[], signal?: AbortSignal): Promise<Uint8Array[]> {
    return Promise.all(names.map((name) => this.#readAs('blob', name, signal)));
  }

  /** What stands in these trees, in the same order. Throws `not-found` when one is gone. */
  async readTree(name: ObjectName, signal?: AbortSignal): Promise<readonly TreeEntry[]> {
    return parseTree(await this.#readAs('tree', name, signal), name.length / 2);
  }

  /** Bytes of a blob; undefined when it is not there. */
  async size(name: ObjectName, signal?: AbortSignal): Promise<number | undefined> {
    return (await this.#reader.info(name, this.until(signal)))?.size;
  }

  async #readAs(type: string, name: ObjectName, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const found = await this.#reader.read(name, this.until(signal));
    if (found?.type === type) {
      return found.bytes;
    }
    throw new UserError({
      code: 'not-found',
      message: 'The content of a file of this task is gone: Git has removed it from the repository. Start a new round.',
      detail: `object ${name}: ${found?.type ?? 'missing'}`,
    });
  }

  async #startReading(): Promise<GitConversation> {
    const env = this.environment(await this.borrowed());
    return new GitConversation(this.gitDir, [...settings, 'cat-file', '--batch-command'], env);
  }

  /** Copies borrowed objects into the private store, so that they survive the user's `gc`. */
  async own(names: Iterable<ObjectName>, signal?: AbortSignal): Promise<void> {
    const lacking = await this.missing(names, 'own', signal);
    if (lacking.size > 0) {
      const stdin = [...lacking].map((name) => `${name}\n`).join('');
      const args = ['pack-objects', '--quiet', join(this.objects, 'pack', 'pack')];
      await this.run(args, { objects: 'all', stdin, signal });
    }
  }
}

/** The variables that make git write objects to one folder and borrow those of others. */
export function objectEnvironment(objects: string, borrowed: readonly string[]): Record<string, string> {
  return {
    GIT_OBJECT_DIRECTORY: objects,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: borrowed.map(quoteInList).join(delimiter),
  };
}

/** Git unquotes an entry of a path list that begins with a double quote. */
function quoteInList(path: string): string {
  return path.includes(delimiter) || path.startsWith('"')
    ? `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`
    : path;
}
