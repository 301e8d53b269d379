import type { Octokit } from '@octokit/rest';
import type { RepositoryName } from '../pullRequest.ts';

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
    request: { log: silent, fetch: fetchSafely },
  });
}

/** A repository that was renamed takes one redirect. */
const mostRedirects = 3;

/**
 * `fetch` that takes nothing of what is written to another server: GitHub redirects to itself only. What is read may be elsewhere, as logs
 * are; there the token doesn't go, by the rules of `fetch`.
 */
const fetchSafely: typeof fetch = async (input, options) => {
  if (['GET', 'HEAD'].includes(options?.method ?? 'GET')) return fetch(input, options);
  let url = new URL(input instanceof Request ? input.url : input);
  for (let redirects = 0; ; redirects += 1) {
    const response = await fetch(url, { ...options, redirect: 'manual' });
    const location = [307, 308].includes(response.status) ? response.headers.get('location') : null;
    const next = location === null ? null : URL.parse(location, url);
    if (next?.origin !== url.origin || redirects >= mostRedirects) return response;
    await response.body?.cancel();
    url = next;
  }
};

/** Owner and name as Octokit's methods take them. */
export function target(repository: RepositoryName): { owner: string; repo: string } {
  return { owner: repository.owner, repo: repository.name };
}
