import { attempt, isRequestFailure, type RequestFailure } from './attempt.ts';

/** What one call of Octokit's is given. */
export interface ReadOptions {
  readonly request: { readonly signal: AbortSignal };
  readonly headers: { readonly 'if-none-match'?: string };
}

interface Answer<T> {
  readonly status: number;
  readonly data: T;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
}

/** How many answers are kept: those of one pull request, with the checks of its last commits. */
const mostKept = 100;
const perPage = 100;
/** GitHub takes 2,500 comments on a pull request. */
const mostPages = 30;
/** GitHub's limits are for an hour; what is longer is the difference of two clocks. In milliseconds. */
const longestRest = 3_600_000;

/** Reads of one pull request. What hasn't changed since is not sent again, and doesn't count towards GitHub's limits. */
export class StatusReads {
  readonly #kept = new Map<string, { readonly etag: string; readonly data: object }>();
  /** The part of GitHub's limit that is left, from 0 to 1, as far as it is known. */
  share = 1;

  /** `key` tells the request from others. Rejects like `attempt`. */
  async read<T extends object>(
    key: string,
    call: (options: ReadOptions) => Promise<Answer<T>>,
    signal: AbortSignal,
  ): Promise<T> {
    const known = this.#kept.get(key);
    const headers = known ? { 'if-none-match': known.etag } : {};
    try {
      const answer = await attempt((request) => call({ request, headers }), signal);
      this.#note(answer.headers);
      this.#keep(key, answer);
      return answer.data;
    } catch (error) {
      if (!known || !isRequestFailure(error) || error.status !== 304) throw error;
      this.#note(error.response?.headers ?? {});
      return known.data as T;
    }
  }

  /** All entries of a list that comes in pages of a hundred; at most three thousand. */
  async readAll<T>(
    key: string,
    call: (page: { readonly page: number; readonly per_page: number }, options: ReadOptions) => Promise<Answer<T[]>>,
    signal: AbortSignal,
  ): Promise<readonly T[]> {
    const all: T[] = [];
    for (let page = 1; page <= mostPages; page += 1) {
      const part = await this.read(`${key} ${page}`, (options) => call({ page, per_page: perPage }, options), signal);
      all.push(...part);
      if (part.length < perPage) break;
    }
    return all;
  }

  #keep(key: string, { headers, data }: Answer<object>): void {
    this.#kept.delete(key);
    if (typeof headers.etag !== 'string') return;
    this.#kept.set(key, { etag: headers.etag, data });
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && this.#kept.size > mostKept) this.#kept.delete(oldest);
  }

  #note(headers: Answer<object>['headers']): void {
    const [remaining, limit] = [Number(headers['x-ratelimit-remaining']), Number(headers['x-ratelimit-limit'])];
    if (remaining >= 0 && limit > 0) this.share = remaining / limit;
  }
}

/**
 * How many milliseconds GitHub wants to be left alone after this failure; undefined where it said nothing of the kind.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
export function restAfter(error: unknown, now: number): number | undefined {
  if (!isRequestFailure(error) || !isLimit(error)) return undefined;
  const headers = error.response?.headers ?? {};
  const after = Number(headers['retry-after']) * 1000;
  if (after > 0) return after;
  const reset = Number(headers['x-ratelimit-reset']) * 1000 - now;
  return String(headers['x-ratelimit-remaining']) === '0' && reset > 0 ? Math.min(reset, longestRest) : 60_000;
}

function isLimit({ status, message, response }: RequestFailure): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  const { 'x-ratelimit-remaining': remaining, 'retry-after': after } = response?.headers ?? {};
  return String(remaining) === '0' || after !== undefined || /rate limit|abuse detection/i.test(message);
}
