import type { Octokit } from '@octokit/rest';
import { isRequestFailure, pause } from './attempt.ts';
import type { RemoteRepository } from './remote.ts';

type ClientOptions = NonNullable<ConstructorParameters<typeof Octokit>[0]>;

/** Octokit would write warnings and deprecations to the console; what matters of them comes as errors anyway. */
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A client of the API at `apiUrl`. The package is only loaded here, so nobody waits for it before a first pull request. */
export async function createClient(apiUrl: string, options: ClientOptions): Promise<Octokit> {
  const { Octokit } = await import('@octokit/rest');
  return new Octokit({
    ...options,
    baseUrl: apiUrl.replace(/\/+$/, ''),
    userAgent: 'dursor',
    log: { ...silent },
    request: { log: silent },
  });
}

/** Owner and name as Octokit's methods take them. */
export function target(repository: RemoteRepository): { owner: string; repo: string } {
  return { owner: repository.owner, repo: repository.name };
}

/** Milliseconds in which GitHub may not know a new installation token everywhere (the figure is `@octokit/auth-app`'s). */
const settling = 5000;

/** Makes a client whose token is brand new repeat what GitHub answers with 401, for as long as the token may be settling. */
export function keepTrying401(octokit: Octokit): void {
  const made = Date.now();
  octokit.hook.wrap('request', async (request, options) => {
    for (let tried = 0; ; tried += 1) {
      try {
        return await request(options);
      } catch (error) {
        if (!isRequestFailure(error) || error.status !== 401 || Date.now() - made > settling || tried > 4) throw error;
        await pause(tried, options.request.signal ?? new AbortController().signal);
      }
    }
  });
}
