import { createHash } from 'node:crypto';
import type { Octokit } from '@octokit/rest';
import type { SignInOptions } from '../github/auth.ts';
import { UserError } from '../problem.ts';
import type { RepositoryName } from '../pullRequest.ts';
import type { EngineHost } from './engineHost.ts';

/** How a client is asked for. */
export interface ClientRequest extends SignInOptions {
  readonly signal: AbortSignal;
  /** Nobody is asked anything: work in the background. */
  readonly quiet?: boolean;
  /** The API that it must be of: where a pull request was opened. */
  readonly apiUrl?: string;
}

/** Clients are few: one for each repository that pull requests go to. */
const mostClients = 32;

/** Clients of GitHub's API, each signed in for one repository and kept for the next who asks. */
export class GitHubClients {
  readonly #host: Pick<EngineHost, 'settings' | 'gitHubAuth'>;
  /** By what they are for and whom they are signed in as, hashed. */
  readonly #clients = new Map<string, Octokit>();

  constructor(host: Pick<EngineHost, 'settings' | 'gitHubAuth'>) {
    this.#host = host;
  }

  /** A client that renews its tokens by itself. Its requests reject with Octokit's errors. Throws `UserError` where signing in fails. */
  async for(repository: RepositoryName & { readonly remote?: string }, request: ClientRequest): Promise<Octokit> {
    const { gitHubApiUrl } = this.#host.settings();
    const { signal, needs = [], wants = {}, quiet = false } = request;
    if (request.apiUrl !== undefined && trimmed(request.apiUrl) !== trimmed(gitHubApiUrl))
      throw elsewhere(request.apiUrl);
    const auth = await this.#host.gitHubAuth(signal, { needs, quiet });
    // Loaded with the first client, so that activation doesn't wait for it.
    const { connect, requireToken } = await import('../github/auth.ts');
    const secret = auth.type === 'app' ? [auth.appId, auth.privateKey] : [await requireToken(auth)];
    const { owner, name } = repository;
    const key = hash([trimmed(gitHubApiUrl), owner, name, ...secret, ...needs, JSON.stringify(wants)]);
    const known = this.#clients.get(key);
    if (known) return known;
    const made = await connect(auth, gitHubApiUrl, repository, signal, { needs, wants });
    const [oldest] = this.#clients.keys();
    if (oldest !== undefined && this.#clients.size >= mostClients) this.#clients.delete(oldest);
    this.#clients.set(key, made);
    return made;
  }
}

function trimmed(apiUrl: string): string {
  return apiUrl.replace(/\/+$/, '');
}

function hash(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function elsewhere(apiUrl: string): UserError {
  return new UserError({
    code: 'not-signed-in',
    message: `This pull request is at ${apiUrl}, and dursor is set up for another GitHub. Change the setting dursor.github.apiUrl, then try again.`,
    action: { type: 'open-settings', setting: 'dursor.github.apiUrl' },
  });
}
