import * as vscode from 'vscode';
import type { GitPushRequest } from '../core/engine/engineHost.ts';
import { UserError } from '../core/problem.ts';

/** What is used of the API of VS Code's Git extension: https://github.com/microsoft/vscode/blob/main/extensions/git/src/api/git.d.ts */
interface GitExtension {
  readonly enabled: boolean;
  getAPI(version: 1): GitApi;
}

interface GitApi {
  /** The repository that has the folder, if it is open there. */
  getRepository(folder: vscode.Uri): GitRepository | null;
  openRepository(folder: vscode.Uri): Promise<GitRepository | null>;
}

interface GitRepository {
  push(remote: string, branch: string, setUpstream: boolean): Promise<void>;
}

/** Pushes a branch with VS Code's Git extension, which asks for what Git wants to know. Throws `UserError` (`github-failed`). */
export async function pushWithGit({ folder, remote, branch, signal }: GitPushRequest): Promise<void> {
  const repository = await repositoryOf(vscode.Uri.file(folder));
  if (!repository) {
    throw new UserError({
      code: 'github-failed',
      message:
        "VS Code's Git extension does not have this folder's repository open, so nothing was pushed. Enable Git in the settings (git.enabled), open the repository in the Source Control view, then try again.",
    });
  }
  signal.throwIfAborted();
  try {
    // In full: of "+main" alone Git would force main onto the remote's, and "heads/main" could be main too.
    const name = `refs/heads/${branch}`;
    await repository.push(remote, `${name}:${name}`, true);
  } catch (error) {
    const words = await wordsOf(error);
    throw new UserError({
      code: 'github-failed',
      message: `Git could not push the branch ${branch} to ${remote}: ${reasonIn(words)} See the Git output for more, then try again.`,
      detail: words,
    });
  }
}

async function repositoryOf(folder: vscode.Uri): Promise<GitRepository | null> {
  const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
  const git = await extension?.activate();
  if (!git?.enabled) return null;
  const api = git.getAPI(1);
  return api.getRepository(folder) ?? (await api.openRepository(folder));
}

/** The line of Git's own words that tells most, as a sentence. */
function reasonIn(words: string): string {
  const lines = words.split('\n').map((line) => line.trim());
  const isTelling = (line: string) => /^(?:remote: )?(?:error|fatal): |^! /i.test(line);
  const telling = lines.find(isTelling) ?? lines.find((line) => line !== '') ?? 'it says no more';
  return `${telling.slice(0, 300).replace(/[.\s]+$/, '')}.`;
}

/** What Git has printed, which the extension's errors carry, without a password that is in the remote's address. */
async function wordsOf(error: unknown): Promise<string> {
  const { hideSecrets } = await import('../core/github/secrets.ts');
  if (!(error instanceof Error)) return hideSecrets(String(error));
  const { message, stderr } = error as Error & { readonly stderr?: unknown };
  return hideSecrets(typeof stderr === 'string' && stderr.trim() !== '' ? stderr : message);
}
