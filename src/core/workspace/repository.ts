import type { SimpleGit } from 'simple-git';
import type { ObjectName } from '../domain.ts';
import { cleanEnvironment } from './gitProcess.ts';
import { requireGit } from './gitVersion.ts';
import { locateRepository } from './locateRepository.ts';

export interface Remote {
  readonly name: string;
  readonly url: string;
}

/** What a pull request needs to know of the user's repository. Only reads. */
export interface RepositoryFacts {
  readonly remotes: readonly Remote[];
  /** The checked-out branch; absent on a detached HEAD. */
  readonly branch?: string;
  /** The branch's upstream, split: `origin` and `main`. */
  readonly upstream?: { readonly remote: string; readonly branch: string };
  /** Commits of HEAD's first-parent history, newest first, bounded. */
  readonly history: readonly ObjectName[];
}

/** Enough to find the last commit that a remote has too, on a branch somebody works on. */
const historyLength = 200;

/** Reads the facts about a folder's repository; undefined when the folder is in none. */
export async function readRepositoryFacts(folder: string, signal?: AbortSignal): Promise<RepositoryFacts | undefined> {
  await requireGit(signal);
  const location = await locateRepository(folder, signal);
  if (!location) {
    return undefined;
  }
  // Loaded when it is first needed: it would be a good part of the time the extension takes to start.
  const { simpleGit } = await import('simple-git');
  const environment = readingEnvironment();
  const allowEnvironment = Object.keys(environment);
  const git = simpleGit({ baseDir: location.top, allowEnvironment, ...(signal && { abort: signal }) });
  git.env(environment);
  try {
    const [remotes, branch, history] = await Promise.all([
      git.getRemotes(true),
      currentBranch(git),
      location.head === undefined ? '' : git.raw('rev-list', '--first-parent', `--max-count=${historyLength}`, 'HEAD'),
    ]);
    const upstream = branch === undefined ? undefined : await upstreamOf(git, branch);
    return {
      remotes: remotes.map(({ name, refs }) => ({ name, url: refs.fetch })),
      ...(branch !== undefined && { branch }),
      ...(upstream && { upstream }),
      history: history.split('\n').filter((line) => line !== '') as ObjectName[],
    };
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/** simple-git refuses to run where a variable names a program that git might start (EDITOR, PAGER …), and reading needs none. */
function readingEnvironment(): Record<string, string> {
  const needed =
    /^(PATH|PATHEXT|HOME|USERPROFILE|HOMEDRIVE|HOMEPATH|SYSTEMROOT|APPDATA|LOCALAPPDATA|PROGRAMDATA|XDG_CONFIG_HOME|TE?MP|TMPDIR|LC_ALL)$/i;
  const ours = /^GIT_(TERMINAL_PROMPT|OPTIONAL_LOCKS)$/;
  return Object.fromEntries(
    Object.entries(cleanEnvironment()).filter(([name]) => needed.test(name) || ours.test(name)),
  );
}

async function currentBranch(git: SimpleGit): Promise<string | undefined> {
  // Without --quiet this fails on a detached HEAD; with it git says nothing, which is an answer.
  const name = await git.raw('symbolic-ref', '--quiet', '--short', 'HEAD').catch(() => '');
  return name.trim() === '' ? undefined : name.trim();
}

/** Asked of git in two parts, because a slash may be part of a remote's name as well as of a branch's. */
async function upstreamOf(git: SimpleGit, branch: string): Promise<RepositoryFacts['upstream']> {
  const format = '%(upstream:remotename)%00%(upstream:remoteref)';
  const line = await git.raw('for-each-ref', `--format=${format}`, `refs/heads/${branch}`);
  const [remote = '', ref = ''] = line.trim().split('\0');
  const name = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
  return remote === '' || remote === '.' || name === undefined ? undefined : { remote, branch: name };
}
