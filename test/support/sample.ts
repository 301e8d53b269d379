import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A key that stands in the sample's ignored `.env`; wherever else it is found, it leaked. */
export const markedKey = 'sk-dursor-marked-key-that-must-never-leak';

/** A copy of the sample project as a Git repository, in a temporary folder. */
export interface Sample {
  readonly folder: string;
  remove(): void;
}

/**
 * Makes the sample: two commits and a remote on GitHub; then one uncommitted change, one untracked file and an ignored `.env`.
 * Dates and author are fixed, so the commits have the same names each time.
 */
export function makeSample(): Sample {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'dursor-sample-')));
  const folder = join(root, 'upload-queue');
  cpSync(join(import.meta.dirname, 'sample'), folder, { recursive: true });
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, env: identity(), stdio: 'pipe' });
  git('init', '--quiet', '--initial-branch=main');
  git('remote', 'add', 'origin', 'https://github.com/octocat/upload-queue.git');
  git('add', 'README.md', 'AGENTS.md', 'package.json', '.gitignore');
  git('commit', '--quiet', '-m', 'Describe the upload queue');
  git('add', '.');
  git('commit', '--quiet', '-m', 'Upload files one after another');
  appendFileSync(join(folder, 'README.md'), '\n## Plans\n\n- Uploads survive a bad connection.\n');
  mkdirSync(join(folder, 'docs'));
  writeFileSync(join(folder, 'docs/ideas.md'), '# Ideas\n\n- Show the speed of an upload.\n');
  writeFileSync(join(folder, '.env'), `UPLOAD_KEY=${markedKey}\n`);
  return { folder, remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }) };
}

function identity(): NodeJS.ProcessEnv {
  const date = '2025-01-15T10:00:00Z';
  return {
    ...{ PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
    ...{ GIT_AUTHOR_NAME: 'Mona Lisa', GIT_AUTHOR_EMAIL: 'octocat@example.com', GIT_AUTHOR_DATE: date },
    ...{ GIT_COMMITTER_NAME: 'Mona Lisa', GIT_COMMITTER_EMAIL: 'octocat@example.com', GIT_COMMITTER_DATE: date },
  };
}
