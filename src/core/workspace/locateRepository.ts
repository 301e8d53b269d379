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
}

/** Finds the repository that a folder is in; undefined when it is in none. Only reads. */
export async function locateRepository(folder: string, signal?: AbortSignal): Promise<RepositoryLocation | undefined> {
  const ask = async (...args: string[]) => {
    const { stdout } = await runGit(['rev-parse', ...args], { folder, signal });
    return stdout.toString('utf8').replace(/\n$/, '');
  };
  let gitDir: string;
  try {
    gitDir = await ask('--absolute-git-dir');
  } catch (error) {
    if (error instanceof GitError && /^fatal: not a git repository \(or any/m.test(error.stderr)) {
      return undefined;
    }
    throw asUserError(error, folder);
  }
  try {
    // One question per process: a path may have a line break in it.
    const [top, prefix, objects, index, objectFormat, head] = await Promise.all([
      ask('--show-toplevel'),
      ask('--show-prefix'),
      ask('--git-path', 'objects'),
      ask('--git-path', 'index'),
      ask('--show-object-format'),
      findHead(folder, signal),
    ]);
    const location = {
      gitDir,
      top,
      prefix,
      objects: resolve(folder, objects),
      index: resolve(folder, index),
      objectFormat,
    };
    return head === undefined ? location : { ...location, head };
  } catch (error) {
    throw asUserError(error, folder);
  }
}

/** HEAD's commit; undefined before the first one. */
async function findHead(folder: string, signal: AbortSignal | undefined): Promise<ObjectName | undefined> {
  const { code, stdout } = await runGit(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], {
    folder,
    signal,
    okCodes: [1],
  });
  return code === 0 ? (stdout.toString('utf8').trim() as ObjectName) : undefined;
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
