import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { ObjectName } from '../domain.ts';
import { UserError } from '../problem.ts';
import { type GitOptions, type GitResult, runGit } from './gitProcess.ts';

/** Whether the objects of the user's repository can be seen, or only the task's own. */
export type Objects = 'all' | 'own';

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
  readonly #borrowedFile: string;
  #borrowed: readonly string[] | undefined;
  #prepared: Promise<void> | undefined;
  #nameLength = 40;

  constructor(directory: string) {
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
    await mkdir(this.gitDir, { recursive: true });
    // Does nothing to a git directory that is already there.
    const args = ['init', '--quiet', '--bare', '--template=', `--object-format=${objectFormat}`, this.gitDir];
    await runGit(args, { folder: this.gitDir, env: plainConfig });
    for (const [name, value] of [
      ['core.longPaths', 'true'],
      ['gc.auto', '0'],
    ] as const) {
      await runGit(['config', name, value], { folder: this.gitDir, env: this.environment([]) });
    }
  }

  /** What git writes where there is no object. */
  get noObject(): string {
    return '0'.repeat(this.#nameLength);
  }

  /** Remembers, beyond this session, that the objects of this folder may be read. */
  async borrow(objects: string): Promise<void> {
    const known = await this.borrowed();
    if (!known.includes(objects)) {
      this.#borrowed = [...known, objects];
      await writeFile(`${this.#borrowedFile}.new`, JSON.stringify(this.#borrowed));
      await rename(`${this.#borrowedFile}.new`, this.#borrowedFile);
    }
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
    const { objects, env, ...rest } = options;
    const borrowed = objects === 'all' ? await this.borrowed() : [];
    return runGit(args, { folder: this.gitDir, ...rest, env: { ...this.environment(borrowed), ...env } });
  }

  environment(borrowed: readonly string[]): Record<string, string> {
    return { ...plainConfig, GIT_DIR: this.gitDir, ...objectEnvironment(this.objects, borrowed) };
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
  async missing(names: Iterable<string>, objects: Objects, signal?: AbortSignal): Promise<Set<string>> {
    const asked = [...new Set(names)];
    if (asked.length === 0) {
      return new Set();
    }
    const stdin = asked.map((name) => `${name}\n`).join('');
    const { stdout } = await this.run(['cat-file', '--batch-check=%(objectname)'], { objects, stdin, signal });
    const lines = stdout.toString('utf8').split('\n');
    return new Set(asked.filter((_, position) => lines[position]?.endsWith(' missing')));
  }

  /** The bytes of these blobs, in the same order. Throws `not-found` when one is gone. */
  async readBlobs(names: readonly ObjectName[], signal?: AbortSignal): Promise<Uint8Array[]> {
    if (names.length === 0) {
      return [];
    }
    const stdin = names.map((name) => `${name}\n`).join('');
    const { stdout } = await this.run(['cat-file', '--batch'], { objects: 'all', stdin, signal });
    const blobs: Uint8Array[] = [];
    let at = 0;
    for (const name of names) {
      const end = stdout.indexOf(0x0a, at);
      const [, type, size] = stdout.toString('utf8', at, end).split(' ');
      if (type !== 'blob' || size === undefined) {
        throw new UserError({
          code: 'not-found',
          message:
            'The content of a file of this task is gone: Git has removed it from the repository. Start a new round.',
          detail: `object ${name}: ${type}`,
        });
      }
      blobs.push(stdout.subarray(end + 1, end + 1 + Number(size)));
      at = end + 1 + Number(size) + 1;
    }
    return blobs;
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
