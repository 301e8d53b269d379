import { createPrivateKey } from 'node:crypto';
import * as vscode from 'vscode';
import type { GitHubAuth } from '../core/github/auth.ts';
import { UserError } from '../core/problem.ts';
import type { Secrets } from './secrets.ts';
import type { Settings } from './settings.ts';

const scopes = ['repo'];

/** Authentication at GitHub: the App when one is set up, else VS Code's own sign-in; asked for at first use. */
export class GitHubSession {
  readonly #secrets: Secrets;
  readonly #settings: Settings;

  constructor(secrets: Secrets, settings: Settings) {
    this.#secrets = secrets;
    this.#settings = settings;
  }

  /** Throws `UserError` (`not-signed-in`) when the user declines. */
  async auth(): Promise<GitHubAuth> {
    const appId = this.#settings.gitHubAppId;
    const privateKey = appId ? await this.#secrets.gitHubPrivateKey() : undefined;
    if (appId && privateKey) return { type: 'app', appId, privateKey };
    if (appId) {
      throw new UserError({
        code: 'not-signed-in',
        message: `The GitHub App ${appId} has no private key here. Set up the App again, or clear the setting dursor.github.appId to sign in with your own account.`,
        action: { type: 'set-up-github-app' },
      });
    }
    const session = await this.#session({ silent: true });
    if (session) return tokenAuth(session);
    return this.#ask();
  }

  /** Signs in with VS Code's GitHub account. False when the user left it. */
  async signIn(): Promise<boolean> {
    return (await this.#session({ createIfNone: true })) !== undefined;
  }

  /** Asks for a GitHub App's id and private key, and keeps them. False when the user left it. */
  async setUpApp(): Promise<boolean> {
    const appId = await vscode.window.showInputBox({
      title: 'Set Up GitHub App (1/2)',
      prompt: "The App ID, from the App's settings page",
      value: this.#settings.gitHubAppId,
      ignoreFocusOut: true,
      validateInput: (value) =>
        /^\s*(\d+|Iv\w+)\s*$/.test(value) ? undefined : 'An App ID is a number, or a client ID that begins with Iv',
    });
    if (!appId) return false;
    const [file] =
      (await vscode.window.showOpenDialog({
        title: "Set Up GitHub App (2/2): choose the App's private key",
        openLabel: 'Use This Key',
        filters: { 'Private key': ['pem'] },
      })) ?? [];
    if (!file) return false;
    const pem = Buffer.from(await vscode.workspace.fs.readFile(file)).toString('utf8');
    if (!isPrivateKey(pem)) {
      throw new UserError({
        code: 'not-signed-in',
        message:
          "That file is not a private key in PEM format. Generate one on the App's settings page and choose it again.",
        action: { type: 'set-up-github-app' },
      });
    }
    await this.#secrets.setGitHubPrivateKey(pem);
    await this.#settings.setGitHubAppId(appId.trim());
    void vscode.window.showInformationMessage(
      `GitHub App ${appId.trim()} is set up. Its key is in VS Code's secret storage; you can delete the file.`,
    );
    return true;
  }

  async #ask(): Promise<GitHubAuth> {
    const signIn = { label: '$(github) Sign In to GitHub', description: "with VS Code's own account" };
    const app = { label: '$(key) Use a GitHub App', description: 'with its App ID and private key' };
    const picked = await vscode.window.showQuickPick([signIn, app], {
      title: 'How should dursor create pull requests?',
      ignoreFocusOut: true,
    });
    if (picked === app && (await this.setUpApp())) return this.auth();
    const session = picked === signIn ? await this.#session({ createIfNone: true }) : undefined;
    if (session) return tokenAuth(session);
    throw new UserError({
      code: 'not-signed-in',
      message: 'dursor is not signed in to GitHub, so no pull request was created. Sign in and try again.',
      action: { type: 'sign-in' },
    });
  }

  async #session(options: vscode.AuthenticationGetSessionOptions): Promise<vscode.AuthenticationSession | undefined> {
    const host = URL.parse(this.#settings.engine.gitHubApiUrl)?.host;
    const provider = host === 'api.github.com' ? 'github' : 'github-enterprise';
    try {
      return await vscode.authentication.getSession(provider, scopes, options);
    } catch {
      // The user closed the dialog, or there is no such provider.
      return undefined;
    }
  }
}

function tokenAuth(session: vscode.AuthenticationSession): GitHubAuth {
  return { type: 'token', token: async () => session.accessToken };
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).type === 'private';
  } catch {
    return false;
  }
}
