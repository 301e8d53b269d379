import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { call, type Script } from '../support/testEngine.ts';

/** What the folder has at first. */
export const folderFiles = {
  'src/queue.ts': Array.from({ length: 30 }, (_, index) => `line ${index + 1}\n`).join(''),
  'src/old.ts': 'goes away\n',
  'docs/read me.md': '# Read me\n',
};

const named = folderFiles['src/queue.ts'].replace('line 3\n', 'line three\n');

/**
 * What candidates make of the folder; undefined for a file that goes. The second has another line besides, and knows nothing of the file
 * that goes: put onto the first, only that line is new.
 */
const results = {
  first: { 'src/queue.ts': named, 'src/new/added.ts': 'added\n', 'src/old.ts': undefined },
  second: { 'src/queue.ts': named.replace('line 15\n', 'line fifteen\n'), 'src/new/added.ts': 'added\n' },
} as const;

export type Result = keyof typeof results;

/** A model that makes one of the results. */
export function modelFor(result: Result): Script {
  return function* (request) {
    if (request.turns.some((turn) => turn.role === 'tool')) return yield call('finish', { summary: 'Names lines.' });
    for (const [path, content] of Object.entries(results[result])) {
      yield content === undefined ? call('delete_file', { path }) : call('write_file', { path, content });
    }
  };
}

/** A repository to fetch into, and what git itself makes of the results. */
export class PullRequestTrees {
  readonly #folder: string;
  readonly #known = new Map<string, string>();

  /** A clone of `from`, whose HEAD is what candidates begin with. */
  constructor(folder: string, from: string) {
    this.#folder = folder;
    git(dirname(folder), 'clone', '-q', from, folder);
    this.#git('update-ref', 'refs/local', 'HEAD');
    for (const [result, files] of Object.entries(results)) {
      this.#git('checkout', '-q', '--detach', 'refs/local');
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        if (content === undefined) rmSync(join(folder, path));
        else writeFileSync(join(folder, path), content);
      }
      commitAll(folder, result);
      this.#git('update-ref', `refs/results/${result}`, 'HEAD');
    }
  }

  /** Fetches all branches of a repository, each object looked at by git. Answers with a branch's commits, newest first. */
  fetch(folder: string, branch: string): readonly { commit: string; tree: string; parents: readonly string[] }[] {
    this.#git('-c', 'fetch.fsckObjects=true', 'fetch', '-q', '--prune', folder, '+refs/heads/*:refs/theirs/*');
    const lines = this.#git('log', '--format=%H %T %P', `refs/theirs/${branch}`).split('\n');
    return lines.map((line) => {
      const [commit = '', tree = '', ...parents] = line.split(' ');
      return { commit, tree, parents };
    });
  }

  /** The tree that git makes of a result on a commit that was fetched. */
  wanted(result: Result, onto: string): string {
    const key = `${result} ${onto}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    // As if it came after HEAD, so that HEAD is what the merge begins with.
    const after = this.#git('commit-tree', `${onto}^{tree}`, '-p', 'refs/local', '-m', 'Onto');
    const wanted = this.#git('merge-tree', '--write-tree', after, `refs/results/${result}`);
    this.#known.set(key, wanted);
    return wanted;
  }

  #git(...args: string[]): string {
    return git(this.#folder, ...args);
  }
}

export function commitAll(folder: string, message: string): void {
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', message);
}

export function git(folder: string, ...args: string[]): string {
  const who = { GIT_AUTHOR_NAME: 'Ann', GIT_AUTHOR_EMAIL: 'ann@example.com' };
  const committer = { GIT_COMMITTER_NAME: 'Ann', GIT_COMMITTER_EMAIL: 'ann@example.com' };
  const clean = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const env = { ...process.env, ...who, ...committer, ...clean };
  return execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8', env, stdio: 'pipe' }).trim();
}
