import { isLoopback, isOwnNetwork } from './network.ts';

/** Why a text can't be the base URL of a service, in words for people; undefined for one that can. */
export function addressProblem(text: string): string | undefined {
  const address = text.trim();
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) {
    return 'A base URL looks like https://example.com/v1 or http://localhost:11434/v1';
  }
  const url = new URL(address);
  if (url.username || url.password) return 'A base URL has no user name or password; the key is asked for next';
  if (url.hash) return 'A base URL has no #';
  if (url.protocol === 'http:' && !isOwnNetwork(url.hostname)) {
    return 'Over http your code and key could be read on the way: use https, or a server on this machine or network';
  }
  return undefined;
}

/** What to know of an address that can be used; undefined where there is nothing to. */
export function addressWarning(text: string): string | undefined {
  const url = new URL(text.trim());
  if (url.protocol !== 'http:' || isLoopback(url.hostname)) return undefined;
  return 'This address is not encrypted: whoever shares the network can read your code and key.';
}

/** The address as a profile has it: without a slash at the end, which SDKs would double. */
export function tidyAddress(text: string): string {
  const url = new URL(text.trim());
  return url.origin + url.pathname.replace(/\/+$/, '') + url.search;
}
