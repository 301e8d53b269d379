import { createPrivateKey } from 'node:crypto';
import * as vscode from 'vscode';
import type { GitHubAuth } from '../core/github/auth.ts';
import { UserError } from '../core/problem.ts';
import type { SignInNeed } from '../core/pullRequest.ts';
import type { Secrets } from './secrets.ts';
import type { Settings } from './settings.ts';

/** What every pull request takes. */
const usualScopes: readonly string[] = ['repo'];

/** What else a sign-in may have to be good for, and why. */
const extraScopes: Readonly<Record<SignInNeed, { readonly scope: string; readonly reason: string }>> = {
  workflow: {
    scope: 'workflow',
    reason:
      'The patch changes files under .github/workflows. GitHub takes those only from a sign-in with the scope "workflow".',
  },
};

/** How a sign-in is asked for. */
interface SignInRequest {
  readonly needs?: readonly SignInNeed[];
  /** Nobody is asked: work in the background. */
  readonly quiet?: boolean;
}

/** Authentication at GitHub: the App when one is set up, else VS Code's own sign-in; asked for at first use. */
export class GitHubSession {
  readonly #secrets: Pick<Secrets, 'gitHubPrivateKey' | 'setGitHubPrivateKey'>;
  readonly #settings: Pick<Settings, 'engine' | 'gitHubAppId' | 'setGitHubAppId'>;

  constructor(
    secrets: Pick<Secrets, 'gitHubPrivateKey' | 'setGitHubPrivateKey'>,
    settings: Pick<Settings, 'engine' | 'gitHubAppId' | 'setGitHubAppId'>,
  ) {
    this.#secrets = secrets;
    this.#settings = settings;
  }

  /** Throws `UserError` (`not-signed-in`) when the user declines, or would have to be asked though it is `quiet`. */
  async auth({ needs = [], quiet = false }: SignInRequest = {}): Promise<GitHubAuth> {
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
    const wanted = scopesFor(needs);
    // VS Code finds a session by exactly the scopes it was made with, and one that may do more will do.
    const session = (await this.#silent(wanted)) ?? (await this.#silent(everyScope));
    if (session) return this.#tokenOf(session);
    if (quiet) throw notSignedIn();
    const isSignedIn = needs.length > 0 && (await this.#silent(usualScopes)) !== undefined;
    return isSignedIn ? this.#signIn(needs) : this.#ask(needs);
  }

  /**
   * Signs in with VS Code's GitHub account. Where there is a sign-in already, GitHub has refused it, so it is made anew. False when the user
   * left it.
   */
  async signIn(): Promise<boolean> {
    const present = (await this.#silent(usualScopes)) ?? (await this.#silent(everyScope));
    const how = present
      ? { forceNewSession: { detail: 'GitHub did not accept the sign-in that VS Code has.' } }
      : { createIfNone: true };
    return (await this.#session(present?.scopes ?? usualScopes, how)) !== undefined;
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

  async #ask(needs: readonly SignInNeed[]): Promise<GitHubAuth> {
    const signIn = { label: '$(github) Sign In to GitHub', description: "with VS Code's own account" };
    const app = { label: '$(key) Use a GitHub App', description: 'with its App ID and private key' };
    const picked = await vscode.window.showQuickPick([signIn, app], {
      title: 'How should dursor create pull requests?',
      ignoreFocusOut: true,
    });
    if (picked === app && (await this.setUpApp())) return this.auth({ needs });
    if (picked === signIn) return this.#signIn(needs);
    throw notSignedIn();
  }

  async #signIn(needs: readonly SignInNeed[]): Promise<GitHubAuth> {
    const detail = needs.map((need) => extraScopes[need].reason).join(' ');
    const session = await this.#session(scopesFor(needs), { createIfNone: detail ? { detail } : true });
    if (session) return this.#tokenOf(session);
    throw notSignedIn();
  }

  /** Asked again each time: VS Code may have a newer one by then. */
  #tokenOf({ scopes, accessToken }: vscode.AuthenticationSession): GitHubAuth {
    return { type: 'token', token: async () => (await this.#silent(scopes))?.accessToken ?? accessToken };
  }

  #silent(scopes: readonly string[]): Promise<vscode.AuthenticationSession | undefined> {
    return this.#session(scopes, { silent: true });
  }

  async #session(
    scopes: readonly string[],
    options: vscode.AuthenticationGetSessionOptions,
  ): Promise<vscode.AuthenticationSession | undefined> {
    const provider = this.#provider();
    try {
      return await vscode.authentication.getSession(provider, scopes, options);
    } catch {
      // The user closed the dialog, or there is no such provider.
      return undefined;
    }
  }

  /** Which of VS Code's sign-ins is for the API's host. Throws `UserError` where it would be another host's, whose token must not go there. */
  #provider(): string {
    const server = serverBehind(this.#settings.engine.gitHubApiUrl);
    if (server === 'github.com') return 'github';
    const uri = vscode.workspace.getConfiguration('github-enterprise').get<unknown>('uri');
    if (typeof uri === 'string' && URL.parse(uri)?.host === server) return 'github-enterprise';
    throw new UserError({
      code: 'not-signed-in',
      message: `VS Code signs in to ${server ?? 'that GitHub'} only where its setting github-enterprise.uri says so. Set it to https://${server ?? 'HOST'}, or set up a GitHub App, then try again.`,
      action: { type: 'open-settings', setting: 'github-enterprise.uri' },
    });
  }
}

const everyScope = scopesFor(['workflow']);

function scopesFor(needs: readonly SignInNeed[]): readonly string[] {
  return [...usualScopes, ...needs.map((need) => extraScopes[need].scope)];
}

/** The server whose API this is: `https://api.SUB.ghe.com` is of `SUB.ghe.com`, and a GitHub Enterprise Server's is its own. */
function serverBehind(apiUrl: string): string | undefined {
  const host = URL.parse(apiUrl)?.host;
  return host === 'api.github.com' || host?.endsWith('.ghe.com') ? host.replace(/^api\./, '') : host;
}

function notSignedIn(): UserError {
  return new UserError({
    code: 'not-signed-in',
    message: 'dursor is not signed in to GitHub, so nothing was sent there. Sign in and try again.',
    action: { type: 'sign-in' },
  });
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).type === 'private';
  } catch {
    return false;
  }
}
