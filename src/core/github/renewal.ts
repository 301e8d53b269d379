import { isRequestFailure, pause } from './attempt.ts';

/** Where a client's tokens come from. They are kept in memory only. */
export interface TokenSource {
  readonly type: 'installation' | 'user';
  /** A token that is good now. Rejects with what keeps it from being made. */
  current(signal: AbortSignal): Promise<string>;
  /** GitHub has refused this token, so the next `current` is to find another one. */
  forget(token: string): void;
  /** Whether the token is so new that GitHub may not know it everywhere yet. */
  isSettling(token: string): boolean;
}

/** The part of a request of Octokit's that matters here. */
interface Endpoint {
  readonly headers: Record<string, unknown>;
  readonly request?: { readonly signal?: AbortSignal };
}

type Hook = (request: (options: Endpoint) => Promise<unknown>, options: Endpoint) => Promise<unknown>;

/** How often a request is made again with a token that is settling, before another token is got. */
const patience = 3;

/**
 * An Octokit authentication strategy that puts a good token on every request, and makes a request again that was refused because its
 * token was not known yet, or had ended in between.
 */
export function renewing(source: TokenSource) {
  const hook: Hook = async (request, options) => {
    const signal = options.request?.signal ?? new AbortController().signal;
    let token = await source.current(signal);
    let isRenewed = false;
    for (let tried = 0; ; tried += 1) {
      options.headers.authorization = `token ${token}`;
      try {
        return await request(options);
      } catch (error) {
        if (!isRequestFailure(error) || error.status !== 401) throw error;
        if (!source.isSettling(token) || tried >= patience) {
          if (isRenewed) throw error;
          isRenewed = true;
          const refused = token;
          source.forget(refused);
          token = await source.current(signal);
          if (token === refused) throw error;
          tried = -1;
          continue;
        }
      }
      await pause(tried, signal);
    }
  };
  const auth = async () => ({ type: 'token', tokenType: source.type });
  return () => Object.assign(auth, { hook });
}

/** A user's own tokens: the same until GitHub refuses it, then asked for once more. */
export async function userTokens(ask: () => Promise<string>): Promise<TokenSource> {
  let known: string | undefined = await ask();
  return {
    type: 'user',
    current: async () => {
      known ??= await ask();
      return known;
    },
    forget: (token) => {
      if (known === token) known = undefined;
    },
    isSettling: () => false,
  };
}
