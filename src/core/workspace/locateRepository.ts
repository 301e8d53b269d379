import { readdir } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import type { ObjectName } from '../domain.ts';
import { UserError } from '../problem.ts';
import { GitError, runGit } from './gitProcess.ts';

/** Where a folder's repository is. All paths are absolute. */
export interface RepositoryLocation {
  /** The git directory; of a linked worktree its own one, below the main repository's. */
  readonly gitDir: string;
  /** The top folder of the work tree. */
  readonly top: string;
  /** The folder inside the work tree, with a trailing slash; empty at the top. */
  readonly prefix: string;
  readonly objects: string;
  readonly index: string;
  readonly objectFormat: string;
  /** Absent before the first commit. */
  readonly head?: ObjectName;
  /** The folder's tree in HEAD; absent where HEAD has none of it. */
  readonly headTree?: ObjectName;
  /** Some objects are only at a remote (a partial clone). */
  readonly isPartial: boolean;
}

/** Finds the repository that a folder is in; undefined when it is in none. Only reads. */
export async function locateRepository(folder: string, signal?: AbortSignal): Promise<RepositoryLocation | undefined> {
  try {
    const [facts, head] = await Promise.all([findFacts(folder, signal), findHead(folder, signal)]);
    const [gitDir = '', top = '', prefix = '', objects = '', index = '', objectFormat = '', isInside = ''] = facts;
    // The repository is about another folder, by `core.worktree`.
    if (isInside === 'false') return undefined;
    return {
      gitDir,
      top,
      prefix,
      objects: resolve(folder, objects),
      index: resolve(folder, index),
      objectFormat,
      ...head,
      isPartial: await isPartial(resolve(folder, objects)),
    };
  } catch (error) {
    if (error instanceof GitError && /^fatal: not a git repository \(or any/m.test(error.stderr)) {
      return undefined;
    }
    throw asUserError(error, folder);
  }
}

const questions = [
  ['--absolute-git-dir'],
  ['--show-toplevel'],
  ['--show-prefix'],
  ['--git-path', 'objects'],
  ['--git-path', 'index'],
  ['--show-object-format'],
  ['--is-inside-work-tree'],
] as const;

async function findFacts(folder: string, signal: AbortSignal | undefined): Promise<readonly string[]> {
  const ask = async (args: readonly string[]) => {
    const { stdout } = await runGit(['rev-parse', ...args], { folder, signal });
    return stdout.toString('utf8').replace(/\n$/, '');
  };
  const facts = (await ask(questions.flat())).split('\n');
  // A path with a line break in it makes two lines of one answer; then each question gets a process of its own.
  return facts.length === questions.length ? facts : Promise.all(questions.map(ask));
}

/** HEAD's commit and the folder's tree in it. */
async function findHead(
  folder: string,
  signal: AbortSignal | undefined,
): Promise<Pick<RepositoryLocation, 'head' | 'headTree'>> {
  const args = ['cat-file', '--batch-check=%(objecttype) %(objectname)'];
  const { stdout } = await runGit(args, { folder, signal, stdin: 'HEAD^{commit}\nHEAD:./\n' });
  const found = new Map(
    stdout
      .toString('utf8')
      .split('\n')
      .map((line) => line.split(' ') as [string, ObjectName]),
  );
  const [head, headTree] = [found.get('commit'), found.get('tree')];
  return { ...(head !== undefined && { head }), ...(headTree !== undefined && { headTree }) };
}

/** Git marks the packs that came from a remote which keeps the rest. https://git-scm.com/docs/partial-clone */
async function isPartial(objects: string): Promise<boolean> {
  const packs = await readdir(join(objects, 'pack')).catch(() => []);
  return packs.some((name) => name.endsWith('.promisor'));
}

function asUserError(error: unknown, folder: string): unknown {
  if (!(error instanceof GitError)) {
    return error;
  }
  return new UserError({ code: 'snapshot-failed', message: adviceFor(error.stderr, folder), detail: error.stderr });
}

function adviceFor(stderr: string, folder: string): string {
  if (stderr.includes('dubious ownership') || stderr.includes('safe.directory')) {
    return `Git does not trust the repository of ${folder} because it belongs to another user. If you trust it, run "git config --global --add safe.directory ${folder}" (with the repository's top folder) and try again.`;
  }
  if (stderr.includes('must be run in a work tree')) {
    return 'The open folder is the inside of a Git repository, not a work tree. Open the folder with your files in it.';
  }
  if (stderr.includes('cannot change to')) {
    return `The folder ${folder} can't be opened. Check that it still exists and that you may read it.`;
  }
  const reason = stderr.split('\n').find((line) => line.startsWith('fatal:')) ?? stderr;
  return `Git can't read the repository of ${isAbsolute(folder) ? folder : join('.', folder)}: ${reason.replace(/^fatal: /, '')}. Repair the repository and try again.`;
}
