import { tmpdir } from 'node:os';
import { UserError } from '../problem.ts';
import { GitError, gitMissing, runGit } from './gitProcess.ts';

/** The oldest git with everything used here: `merge-tree --write-tree` came with 2.38. */
const oldest = [2, 38] as const;

/** A git that was good enough once in this session; it is not asked again. */
let isGoodEnough = false;

/** Throws `git-missing` or `git-too-old` unless a git that can do the work is installed. */
export async function requireGit(signal?: AbortSignal): Promise<void> {
  if (!isGoodEnough) {
    await checkVersion(signal);
    isGoodEnough = true;
  }
}

/** The same, whatever was found before. */
export async function checkVersion(signal?: AbortSignal): Promise<void> {
  const found = await findVersion(signal);
  const [major = 0, minor = 0] = found.split('.').map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    throw new UserError({
      code: 'git-too-old',
      message: `Git ${found} is installed, and dursor needs ${oldest.join('.')} or newer. Update Git, then reload the window.`,
      action: { type: 'open-url', label: 'Get Git', url: 'https://git-scm.com/downloads' },
    });
  }
}

async function findVersion(signal: AbortSignal | undefined): Promise<string> {
  try {
    const { stdout } = await runGit(['--version'], { folder: tmpdir(), signal });
    const version = /git version (\d+\.\d+(?:\.\d+)*)/.exec(stdout.toString('utf8'));
    if (version?.[1] === undefined) {
      throw gitMissing(`git --version answered ${JSON.stringify(stdout.toString('utf8').slice(0, 200))}`);
    }
    return version[1];
  } catch (error) {
    // macOS has a git that only says that the developer tools are not installed.
    throw error instanceof GitError ? gitMissing(error.message) : error;
  }
}
