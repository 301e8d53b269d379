import type { IncomingHttpHeaders } from 'node:http';
import type { Account, App, Level, Repository, Token } from './model.ts';
import type { World } from './world.ts';

export type Who =
  | { readonly type: 'nobody' }
  | { readonly type: 'user'; readonly account: Account; readonly token: Token & { type: 'user' } }
  | { readonly type: 'app'; readonly app: App }
  | { readonly type: 'installation'; readonly account: Account; readonly token: Token & { type: 'installation' } };

/** One request, once it is known who asks. */
export interface Call {
  readonly world: World;
  readonly method: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
  readonly who: Who;
  /** Where the server is, without a slash at its end. */
  readonly url: string;
  /** The repository that the path names. Throws where it names none. */
  readonly repository: Repository;
}

export interface Answer {
  readonly status: number;
  /** Sent as JSON, except text, which is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a request needs: an App its permission, a user the role that goes with it. */
export interface Need {
  readonly permission: string;
  readonly level: Level;
  /** Users need no more than to see the repository, as for comments. */
  readonly byAnyUser?: boolean;
}

export interface Route {
  readonly method: string;
  /** `/repos/:owner/:repo/git/ref/*ref`. */
  readonly path: string;
  readonly need?: Need;
  readonly run: (call: Call) => Answer | Promise<Answer>;
}

/** An answer in which GitHub refuses something. */
export class Refusal extends Error {
  readonly answer: Answer;

  constructor(status: number, message: string, errors?: readonly unknown[], headers?: Record<string, string>) {
    super(message);
    const documentation_url = 'https://docs.github.com/rest';
    this.answer = {
      status,
      body: { message, ...(errors && { errors }), documentation_url, status: String(status) },
      ...(headers && { headers }),
    };
  }
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });
export const done: Answer = { status: 204 };

export function notFound(): Refusal {
  return new Refusal(404, 'Not Found');
}

/** A validation that failed on one field. */
export function invalid(resource: string, field: string, message?: string): Refusal {
  const error = message === undefined ? { code: 'invalid' } : { code: 'custom', message };
  return new Refusal(422, 'Validation Failed', [{ resource, field, ...error }]);
}

/** A text of the body. Throws 422 where it is missing or something else. */
export function text(call: Call, name: string): string {
  const value = call.body[name];
  if (typeof value === 'string') return value;
  throw new Refusal(422, `Invalid request.\n\n"${name}" wasn't supplied.`);
}

export function optionalText(call: Call, name: string): string | undefined {
  return typeof call.body[name] === 'string' ? call.body[name] : undefined;
}

export function texts(call: Call, name: string): readonly string[] {
  const value = call.body[name];
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

/** One page of a list, with the links to the others. */
export function page(
  call: Call,
  list: readonly unknown[],
  path: string,
  wrap?: (part: readonly unknown[]) => unknown,
): Answer {
  const size = Math.min(100, Number(call.query.get('per_page') ?? 30) || 30);
  const number = Math.max(1, Number(call.query.get('page') ?? 1) || 1);
  const last = Math.max(1, Math.ceil(list.length / size));
  const link = (to: number, rel: string) => {
    const query = new URLSearchParams(call.query);
    query.set('page', String(to));
    return `<${call.url}${path}?${query}>; rel="${rel}"`;
  };
  const links = [
    ...(number > 1 ? [link(number - 1, 'prev'), link(1, 'first')] : []),
    ...(number < last ? [link(number + 1, 'next'), link(last, 'last')] : []),
  ];
  const part = list.slice((number - 1) * size, number * size);
  return {
    status: 200,
    body: wrap ? wrap(part) : part,
    ...(links.length > 0 && { headers: { link: links.join(', ') } }),
  };
}

/** Finds the route of a request, and what its path says. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; params: Record<string, string> } | undefined {
  for (const route of routes) {
    if (route.method !== method) continue;
    const found = patternOf(route.path).exec(path);
    if (!found) continue;
    const params = Object.entries(found.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]);
    return { route, params: Object.fromEntries(params) };
  }
  return undefined;
}

const patterns = new Map<string, RegExp>();

function patternOf(path: string): RegExp {
  const known = patterns.get(path);
  if (known) return known;
  const source = path.replace(/:(\w+)/g, '(?<$1>[^/]+)').replace(/\*(\w+)/g, '(?<$1>.+)');
  const pattern = new RegExp(`^${source}$`);
  patterns.set(path, pattern);
  return pattern;
}
