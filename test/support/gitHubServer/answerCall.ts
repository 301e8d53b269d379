import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { assertMay, whoAsks } from './access.ts';
import { appRoutes } from './appRoutes.ts';
import { type Answer, type Call, findRoute, notFound, Refusal, type Route, type Who } from './calls.ts';
import { checkRoutes } from './checkRoutes.ts';
import { commentRoutes, permissionRoute } from './commentRoutes.ts';
import { gitRoutes } from './gitRoutes.ts';
import { graphQlRoute } from './graphQl.ts';
import type { Repository } from './model.ts';
import { pullRoutes } from './pullRoutes.ts';
import { accountRoutes, repositoryRoutes } from './repositoryRoutes.ts';
import type { World } from './world.ts';

const routes: readonly Route[] = [
  ...gitRoutes,
  ...commentRoutes,
  permissionRoute,
  ...pullRoutes,
  ...checkRoutes,
  ...appRoutes,
  ...repositoryRoutes,
  ...accountRoutes,
  graphQlRoute,
];

/** Answers one request to the API as GitHub would. */
export async function answerCall(world: World, url: string, request: IncomingMessage, body: Buffer): Promise<Answer> {
  const sent = new URL(request.url ?? '', url);
  const path = sent.pathname.replace(/^\/api\/v3(?=\/)/, '').replace(/^\/api\/graphql$/, '/graphql');
  const method = request.method ?? '';
  let who: Who = { type: 'nobody' };
  const answer = await refusing(async () => {
    const log = /^\/_logs\/([^/]+)\/([^/]+)\/(\d+)$/.exec(path);
    if (log) return logOf(world, log);
    who = whoAsks(world, request.headers.authorization);
    if (path !== '/rate_limit' && world.remaining <= 0) throw rateLimit();
    const found = findRoute(routes, method, path);
    if (!found) throw notFound();
    const { route, params } = found;
    const call = new ReceivedCall({
      world,
      method,
      params,
      query: sent.searchParams,
      headers: request.headers,
      body: parse(body),
      who,
      url,
    });
    if (route.need) assertMay(world, who, call.repository, route.need);
    return route.run(call);
  });
  const tag = `W/"${createHash('sha256')
    .update(JSON.stringify(answer.body ?? ''))
    .digest('hex')}"`;
  const isSame = method === 'GET' && answer.status === 200 && request.headers['if-none-match'] === tag;
  // An answer that hasn't changed doesn't count.
  if (!isSame) world.remaining -= 1;
  const headers = {
    ...limits(world),
    ...scopes(who),
    ...(answer.status === 200 && method === 'GET' && { etag: tag }),
    ...answer.headers,
  };
  return isSame ? { status: 304, headers } : { ...answer, headers };
}

async function refusing(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    return {
      status: 500,
      body: { message: `the test server failed: ${error instanceof Error ? error.stack : String(error)}` },
    };
  }
}

class ReceivedCall implements Call {
  readonly world: World;
  readonly method: string;
  readonly params: Call['params'];
  readonly query: URLSearchParams;
  readonly headers: Call['headers'];
  readonly body: Call['body'];
  readonly who: Who;
  readonly url: string;

  constructor(call: Omit<Call, 'repository'>) {
    this.world = call.world;
    this.method = call.method;
    this.params = call.params;
    this.query = call.query;
    this.headers = call.headers;
    this.body = call.body;
    this.who = call.who;
    this.url = call.url;
  }

  get repository(): Repository {
    const found = this.world.repository(this.params.owner ?? '', this.params.repo ?? '');
    if (!found) throw notFound();
    return found;
  }
}

function parse(body: Buffer): Readonly<Record<string, unknown>> {
  if (body.length === 0) return {};
  try {
    const parsed: unknown = JSON.parse(body.toString());
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch {}
  throw new Refusal(400, 'Problems parsing JSON');
}

function logOf(world: World, [, owner = '', name = '', id]: RegExpExecArray): Answer {
  const found = world.repository(owner, name)?.checkRuns.find((run) => run.id === Number(id));
  return found?.log === undefined ? { status: 404 } : { status: 200, body: found.log };
}

function rateLimit(): Refusal {
  return new Refusal(403, 'API rate limit exceeded for user ID 1.');
}

function limits(world: World): Record<string, string> {
  return {
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': String(Math.max(0, world.remaining)),
    'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 3600),
    'x-ratelimit-used': String(5000 - world.remaining),
    'x-ratelimit-resource': 'core',
  };
}

function scopes(who: Who): Record<string, string> {
  return who.type === 'user' ? { 'x-oauth-scopes': who.token.scopes.join(', ') } : {};
}
