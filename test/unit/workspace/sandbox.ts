import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ObjectName, Snapshot } from '../../../src/core/domain.ts';
import { createPolicy } from '../../../src/core/policy/createPolicy.ts';
import type { Copy } from '../../../src/core/workspace/copy.ts';
import { cleanEnvironment } from '../../../src/core/workspace/gitProcess.ts';
import { openTaskStorage } from '../../../src/core/workspace/taskStorage.ts';
import type { TaskStorage, UnsavedText } from '../../../src/core/workspace/workspace.ts';

export const policy = createPolicy({});

/** A temporary home with a folder to work in and a task's storage, on a machine where git knows nobody. */
export class Sandbox {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'dursor-')));
  readonly folder = join(this.root, 'ws');
  readonly storage = join(this.root, 'task');
  readonly #before = { HOME: process.env.HOME, XDG_CONFIG_HOME: process.env.XDG_CONFIG_HOME };
  #task: TaskStorage | undefined;

  constructor() {
    process.env.HOME = join(this.root, 'home');
    process.env.XDG_CONFIG_HOME = join(this.root, 'home', '.config');
    mkdirSync(join(this.root, 'home'));
    mkdirSync(this.folder);
    this.userConfig('[init]\n\tdefaultBranch = main\n');
  }

  get task(): TaskStorage {
    this.#task ??= openTaskStorage(this.storage);
    return this.#task;
  }

  userConfig(text: string): void {
    writeFileSync(join(this.root, 'home', '.gitconfig'), `[user]\n\tname = A\n\temail = a@example.com\n${text}`);
  }

  git(...args: readonly string[]): string {
    return this.gitIn(this.folder, ...args);
  }

  gitIn(folder: string, ...args: readonly string[]): string {
    return execFileSync('git', args, {
      cwd: folder,
      env: cleanEnvironment(),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  }

  write(files: Readonly<Record<string, string | Uint8Array>>): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), content);
    }
  }

  /** A repository with one commit of these files. */
  commit(files: Readonly<Record<string, string | Uint8Array>>): void {
    this.git('init', '-q');
    this.write(files);
    this.git('add', '-A');
    this.git('commit', '-qm', 'first');
  }

  snapshot(
    unsaved: Readonly<Record<string, string>> = {},
    folder = this.folder,
    signal?: AbortSignal,
  ): Promise<Snapshot> {
    const texts = Object.entries(unsaved).map(([path, text]): UnsavedText => ({ path, bytes: Buffer.from(text) }));
    return this.task.takeSnapshot({ folder, unsaved: texts, policy }, signal);
  }

  async copy(snapshot: Snapshot, startTree: ObjectName = snapshot.tree): Promise<Copy> {
    return this.task.openCopy(snapshot, startTree, policy);
  }

  /** Everything below a folder: type, mode, content and, to the nanosecond, when it was changed. */
  fingerprint(folder = this.folder): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    const visit = (path: string) => {
      const stats = lstatSync(path, { bigint: true });
      const content = stats.isFile() ? createHash('sha1').update(readFileSync(path)).digest('hex') : '';
      found.set(
        path,
        `${stats.mode} ${stats.mtimeNs} ${stats.ino} ${stats.isSymbolicLink() ? readlinkSync(path) : content}`,
      );
      if (stats.isDirectory()) {
        for (const name of readdirSync(path)) {
          visit(join(path, name));
        }
      }
    };
    visit(folder);
    return found;
  }

  async dispose(): Promise<void> {
    this.#task?.dispose();
    for (const [name, value] of Object.entries(this.#before)) {
      if (value === undefined) {
        delete process.env[name];
      } else {
        process.env[name] = value;
      }
    }
    rmSync(this.root, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The content of every file of a copy, by path. */
export async function contentsOf(copy: Copy): Promise<Record<string, string>> {
  const contents: Record<string, string> = {};
  for (const { path } of await copy.list()) {
    const file = await copy.read(path);
    contents[path] = Buffer.from(file?.bytes ?? []).toString('utf8');
  }
  return contents;
}

/** A function for `assert.rejects`: an expected failure with this code, whose words match. */
export function problem(code: string, words = /./): (error: unknown) => boolean {
  return (error) => {
    const found = (error as { problem?: { code: string; message: string } }).problem;
    if (found?.code !== code || !words.test(found.message)) {
      throw error;
    }
    return true;
  };
}
