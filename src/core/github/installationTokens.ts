import type { Octokit } from '@octokit/rest';
import { once } from './attempt.ts';
import type { TokenSource } from './renewal.ts';

/** Permissions as GitHub's API names them. */
export type AppPermissions = Readonly<Record<string, 'read' | 'write'>>;

/** What the tokens of an installation are to be good for. */
export interface InstallationGrant {
  readonly installation: number;
  /** The name of the only repository. */
  readonly repository: string;
  /** Its number, where it has another name by now. */
  readonly repositoryId?: number;
  readonly permissions: AppPermissions;
}

interface Made {
  readonly token: string;
  readonly madeAt: number;
  /** By this machine's clock. */
  readonly renewAt: number;
}

/** Milliseconds in which GitHub may not know a new installation token everywhere (the figure is `@octokit/auth-app`'s). */
const settling = 5000;
/** A token is renewed these milliseconds before it ends: longer than any request may take. */
const reserve = 5 * 60_000;

/** Tokens of a GitHub App's installation, each good for an hour and then followed by the next. */
export class InstallationTokens implements TokenSource {
  readonly type = 'installation';
  readonly #app: Octokit;
  readonly #grant: InstallationGrant;
  #made: Made | undefined;
  #making: { readonly made: Promise<Made>; readonly signal: AbortSignal } | undefined;

  /** `app` is signed in as the App itself. */
  constructor(app: Octokit, grant: InstallationGrant) {
    this.#app = app;
    this.#grant = grant;
  }

  async current(signal: AbortSignal): Promise<string> {
    for (;;) {
      signal.throwIfAborted();
      if (this.#made && Date.now() < this.#made.renewAt) return this.#made.token;
      this.#making ??= { made: this.#make(signal), signal };
      const making = this.#making;
      try {
        this.#made = await making.made;
        return this.#made.token;
      } catch (error) {
        // It was made for somebody who has left.
        if (!making.signal.aborted || signal.aborted) throw error;
      } finally {
        if (this.#making === making) this.#making = undefined;
      }
    }
  }

  forget(token: string): void {
    if (this.#made?.token === token) this.#made = undefined;
  }

  isSettling(token: string): boolean {
    return this.#made?.token === token && Date.now() - this.#made.madeAt < settling;
  }

  async #make(signal: AbortSignal): Promise<Made> {
    const { installation, repository, repositoryId, permissions } = this.#grant;
    const only = repositoryId === undefined ? { repositories: [repository] } : { repository_ids: [repositoryId] };
    const made = await once(
      (request) =>
        this.#app.apps.createInstallationAccessToken({
          installation_id: installation,
          ...only,
          permissions,
          request,
        }),
      signal,
    );
    const now = Date.now();
    // How long it is good for is GitHub's to say; this machine's clock may be wrong.
    const theirs = Date.parse(String(made.headers.date ?? ''));
    const lifetime = Date.parse(made.data.expires_at) - (Number.isNaN(theirs) ? now : theirs);
    const renewAt = now + (Number.isFinite(lifetime) ? Math.max(lifetime - reserve, lifetime / 2) : 0);
    return { token: made.data.token, madeAt: now, renewAt };
  }
}
