import { isLoopback } from '../network.ts';
import type { RepositoryFacts } from '../workspace/repository.ts';

/** Where a remote's URL leads, as far as GitHub's API needs to know. */
export interface RemoteAddress {
  /** Lower case, without port. */
  readonly host: string;
  readonly owner: string;
  readonly name: string;
  /** The host is a `Host` entry of the user's ssh configuration, so only ssh knows the real one. */
  readonly isAlias: boolean;
}

/** A repository on GitHub, and the local name of the remote that led to it. */
export interface RemoteRepository {
  readonly remote: string;
  readonly owner: string;
  readonly name: string;
}

const protocols = new Set(['https:', 'http:', 'ssh:', 'git:', 'git+ssh:', 'git+https:']);

/** Reads a remote's URL in any form git takes; `undefined` for local paths and for what can't be a repository on GitHub. */
export function parseRemote(url: string): RemoteAddress | undefined {
  const text = url.trim();
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return parseUrl(text);
  // git's own rule: a colon before the first slash makes it host:path. One letter before it is a Windows drive.
  const scp = /^(?:[^@/\\:]+@)?([^@/\\:[\]]{2,}):(?!\/\/)([^\\]+)$/.exec(text);
  return scp === null ? undefined : address(scp[1] ?? '', scp[2] ?? '', true);
}

/**
 * The folder's repositories of the GitHub at `apiUrl`, each once: the one behind the branch's upstream first, then `origin`, then the others.
 * A remote only ever supplies the owner and the name. Requests, and with them the token, go to `apiUrl` whatever the remote says.
 */
export function gitHubRemotes(facts: RepositoryFacts, apiUrl: string): readonly RemoteRepository[] {
  const host = hostBehind(apiUrl);
  if (host === undefined) return [];
  const preferred = [facts.upstream?.remote, 'origin'];
  const rank = (name: string) => (preferred.includes(name) ? preferred.indexOf(name) : preferred.length);
  const known = new Map<string, RemoteRepository>();
  for (const remote of facts.remotes.toSorted((a, b) => rank(a.name) - rank(b.name))) {
    const found = parseRemote(remote.url);
    if (found === undefined) continue;
    if (host !== 'any' && !found.isAlias && found.host !== host) continue;
    const key = `${found.owner}/${found.name}`.toLowerCase();
    if (!known.has(key)) known.set(key, { remote: remote.name, owner: found.owner, name: found.name });
  }
  return [...known.values()];
}

/** The host whose repositories an API address serves. Addresses of no known form (a stand-in, a proxy) serve any. */
export function hostBehind(apiUrl: string): string | undefined {
  if (!URL.canParse(apiUrl)) return undefined;
  const { hostname, pathname } = new URL(apiUrl);
  const host = hostname.toLowerCase();
  if (host === 'api.github.com') return 'github.com';
  if (/^api\.[^.]+\.ghe\.com$/.test(host)) return host.slice('api.'.length);
  // A stand-in on this machine may imitate an enterprise server too, so this comes before the path.
  if (isLoopback(host)) return 'any';
  return /^\/api\/v3\/?$/.test(pathname) ? host : 'any';
}

function parseUrl(text: string): RemoteAddress | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!protocols.has(url.protocol)) return undefined;
  return address(url.hostname, url.pathname, url.protocol.includes('ssh'));
}

function address(rawHost: string, path: string, overSsh: boolean): RemoteAddress | undefined {
  const parts = path.replace(/^\/+|\/+$/g, '').split('/');
  const [owner = '', rawName = ''] = parts;
  const name = rawName.replace(/\.git$/, '');
  if (parts.length !== 2 || !/^[\w-]+$/.test(owner) || !/^[\w.-]+$/.test(name) || /^\.{1,2}$/.test(name))
    return undefined;
  const host = canonicalHost(rawHost.toLowerCase());
  if (host === '') return undefined;
  return { host, owner, name, isAlias: overSsh && !host.includes('.') && host !== 'localhost' };
}

/** `ssh.github.com` is GitHub's ssh on port 443: https://docs.github.com/en/authentication/troubleshooting-ssh/using-ssh-over-the-https-port */
function canonicalHost(host: string): string {
  return host === 'ssh.github.com' || host === 'www.github.com' ? 'github.com' : host;
}
