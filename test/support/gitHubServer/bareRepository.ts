import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GitObjects } from './gitObjects.ts';

const quiet = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };

const config = `[core]
\trepositoryformatversion = 0
\tbare = true
[gc]
\tauto = 0
[transfer]
\tunpackLimit = 1000000
[receive]
\tautogc = false
[uploadpack]
\tallowAnySHA1InWant = true
\tallowFilter = true
[http]
\treceivepack = true
`;

/** A bare repository on disk that git itself can be pointed at. Everything in it is loose, so that it is read here without git. */
export class BareRepository {
  readonly folder: string;
  readonly objects: GitObjects;

  /** A fork has its objects where its parent has them, as on GitHub: each sees the other's. */
  constructor(folder: string, defaultBranch: string, parent?: BareRepository) {
    this.folder = folder;
    for (const part of ['refs/heads', 'refs/tags', 'info']) mkdirSync(join(folder, part), { recursive: true });
    if (parent) symlinkSync(join(parent.folder, 'objects'), join(folder, 'objects'));
    else for (const part of ['objects/info', 'objects/pack']) mkdirSync(join(folder, part), { recursive: true });
    writeFileSync(join(folder, 'HEAD'), `ref: refs/heads/${defaultBranch}\n`);
    writeFileSync(join(folder, 'config'), config);
    this.objects = parent?.objects ?? new GitObjects(join(folder, 'objects'));
  }

  /** Runs git here; throws what `execFileSync` throws. */
  git(...args: string[]): string {
    return execFileSync('git', ['-C', this.folder, ...args], {
      encoding: 'utf8',
      env: quiet,
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trimEnd();
  }

  /** Takes a revision of a local repository in, with its history, as a branch. Answers the commit. */
  take(directory: string, revision = 'HEAD', branch = 'main'): string {
    const target = `+${revision}^{commit}:refs/heads/${branch}`;
    execFileSync('git', ['-C', directory, 'push', '-q', this.folder, target], { env: quiet, stdio: 'pipe' });
    return this.ref(`heads/${branch}`) ?? '';
  }

  /** Takes everything of another bare repository that is all loose. */
  copy(folder: string): void {
    for (const part of ['objects', 'refs']) cpSync(join(folder, part), join(this.folder, part), { recursive: true });
  }

  /** What `heads/main` or `tags/v1` points at. */
  ref(name: string): string | undefined {
    const file = join(this.folder, 'refs', name);
    if (!isInside(name) || !existsSync(file)) return undefined;
    try {
      return readFileSync(file, 'utf8').trim();
    } catch {
      return undefined;
    }
  }

  /** Points a ref somewhere. Answers false where git can't have such a ref beside those that are there. */
  setRef(name: string, sha: string): boolean {
    const file = join(this.folder, 'refs', name);
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `${sha}\n`);
      return true;
    } catch {
      return false;
    }
  }

  deleteRef(name: string): void {
    rmSync(join(this.folder, 'refs', name));
    // A folder that is left empty would stand in the way of a branch of its name.
    for (let folder = dirname(name); folder.includes('/'); folder = dirname(folder)) {
      const full = join(this.folder, 'refs', folder);
      if (readdirSync(full).length > 0) return;
      rmSync(full, { recursive: true });
    }
  }

  /** All refs whose names begin so (`heads/`), in order. */
  refs(prefix: string): readonly (readonly [name: string, sha: string])[] {
    const found: (readonly [string, string])[] = [];
    const walk = (folder: string) => {
      for (const entry of readdirSync(join(this.folder, 'refs', folder), { withFileTypes: true })) {
        const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.isDirectory()) walk(name);
        else if (name.startsWith(prefix)) found.push([name, this.ref(name) ?? '']);
      }
    };
    walk('');
    return found.sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** The names of all branches. */
  branches(): readonly string[] {
    return this.refs('heads/').map(([name]) => name.slice('heads/'.length));
  }

  isEmpty(): boolean {
    return this.refs('heads/').length === 0;
  }

  isAncestor(older: string, newer: string): boolean {
    const seen = new Set<string>();
    const waiting = [newer];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (next === older) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      waiting.push(...(this.objects.commit(next)?.parents ?? []));
    }
    return false;
  }

  /** A commit by the name of a branch, a tag or itself. */
  resolve(revision: string): string | undefined {
    const named = revision.replace(/^refs\//, '');
    return (
      this.ref(`heads/${revision}`) ??
      this.ref(`tags/${revision}`) ??
      this.ref(named) ??
      (this.objects.is(revision, 'commit') ? revision : undefined)
    );
  }

  /** The tree of a merge, or undefined where there are conflicts. */
  merge(ours: string, theirs: string): string | undefined {
    try {
      return this.git('merge-tree', '--write-tree', ours, theirs).split('\n')[0];
    } catch {
      return undefined;
    }
  }
}

function isInside(name: string): boolean {
  return !name.split('/').some((part) => part === '..' || part === '');
}
