import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createLogger } from '@stoplight/prism-core';
import { createInstance, getHttpOperationsFromSpec, type IHttpRequest } from '@stoplight/prism-http';
import { validateOutput } from '@stoplight/prism-http/dist/validator/index.js';

/** A request as it came, and what was answered. */
export interface Exchange {
  readonly method: string;
  /** Path and query, encoded. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface AnsweredExchange extends Exchange {
  readonly status: number;
  /** The answer's body, where it was JSON. */
  readonly answered: unknown;
}

type Json = { [name: string]: unknown };

/**
 * Checks requests against GitHub's own OpenAPI description with prism. The description is large, so only the operations of these
 * requests are handed to it. Answers with what is wrong, a line each.
 */
export async function checkRequests(exchanges: readonly Exchange[]): Promise<readonly string[]> {
  const description = readDescription();
  const known = new Map(exchanges.map((exchange) => [exchange, templateOf(description, exchange)]));
  const templates = new Set([...known.values()].filter((template) => template !== undefined));
  const operations = await getHttpOperationsFromSpec(pruned(description, templates));
  const prism = createInstance(
    {
      ...{ isProxy: false, checkSecurity: false, errors: false, validateRequest: true, validateResponse: false },
      mock: { dynamic: false },
      upstreamProxy: undefined,
    },
    { logger: createLogger('prism', { enabled: false }) },
  );
  const wrong: string[] = [];
  for (const [exchange, template] of known) {
    const name = `${exchange.method} ${exchange.url.split('?')[0]}`;
    if (template === undefined) {
      wrong.push(`${name}: GitHub has no such path`);
      continue;
    }
    wrong.push(...unknownNames(description, template, exchange).map((what) => `${name}: ${what}`));
    const checked = await prism.request(requestOf(exchange), operations)();
    // Whatever prism makes of the answer, what it says of the request stands beside it.
    if (checked._tag === 'Left') wrong.push(`${name}: ${checked.left.message}`);
    else
      wrong.push(
        ...checked.right.validations.input.map(({ path, message }) => `${name}: ${path?.join('.')} ${message}`),
      );
  }
  return [...new Set(wrong)];
}

/**
 * Checks answers of a stand-in against the same description: each status is one that GitHub has there, and every field is of the type
 * that GitHub gives it. Fields may be missing, as a stand-in shows only what somebody reads. Answers with what is wrong, a line each.
 */
export async function checkAnswers(exchanges: readonly AnsweredExchange[]): Promise<readonly string[]> {
  const description = readDescription();
  const known = new Map(exchanges.map((exchange) => [exchange, templateOf(description, exchange)]));
  const templates = new Set([...known.values()].filter((template) => template !== undefined));
  const operations = await getHttpOperationsFromSpec(pruned(description, templates));
  const wrong: string[] = [];
  for (const [{ method, url, status, answered }, template] of known) {
    const resource = operations.find((each) => each.path === template && each.method === method.toLowerCase());
    if (!resource) continue;
    const headers = answered === undefined ? {} : { 'content-type': 'application/json' };
    const checked = validateOutput({ resource, element: { statusCode: status, headers, body: answered } });
    if (checked._tag === 'Right') continue;
    // Where one of several forms is to be matched, a missing field makes all of them fail.
    const forms = checked.left.flatMap(({ code, path = [] }) =>
      code === 'oneOf' || code === 'anyOf' ? [path.join('.')] : [],
    );
    const isOfForm = (path: string) => forms.some((form) => path === form || path.startsWith(`${form}.`));
    const found = checked.left.filter(({ code, path }) => code !== 'required' && !isOfForm(path?.join('.') ?? ''));
    wrong.push(
      ...found.map(({ path, message }) => `${method} ${url.split('?')[0]} ${status}: ${path?.join('.')} ${message}`),
    );
  }
  return [...new Set(wrong)];
}

function readDescription(): Json {
  const file = createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json');
  return JSON.parse(readFileSync(file, 'utf8')) as Json;
}

/** The path of the description that a request is for, with as few placeholders as possible. */
function templateOf(description: Json, { url, method }: Exchange): string | undefined {
  const [path = ''] = url.split('?');
  const fits = Object.entries(description.paths as Json).filter(
    ([template, methods]) =>
      Object.hasOwn(methods as Json, method.toLowerCase()) &&
      new RegExp(`^${template.replace(/[.+]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path),
  );
  const placeholders = (template: string) => template.split('{').length;
  return fits.map(([template]) => template).sort((a, b) => placeholders(a) - placeholders(b))[0];
}

/** Filters and fields that GitHub would pass over without a word, and prism does. */
function unknownNames(description: Json, template: string, { url, method, body }: Exchange): readonly string[] {
  const follow = (value: unknown): Json => {
    const { $ref: ref } = value as Json;
    if (typeof ref !== 'string') return value as Json;
    return follow(
      ref
        .slice(2)
        .split('/')
        .reduce<unknown>((at, name) => (at as Json)[name], description),
    );
  };
  const methods = (description.paths as Json)[template] as Json;
  const operation = methods[method.toLowerCase()] as Json;
  const parameters = ((operation.parameters ?? []) as unknown[]).map(follow);
  const filters = [...new URLSearchParams(url.split('?')[1])].map(([name]) => name);
  const oddFilters = filters.filter((name) => !parameters.some((each) => each.in === 'query' && each.name === name));
  const content = operation.requestBody === undefined ? {} : (follow(operation.requestBody).content as Json);
  const { schema } = (content['application/json'] ?? {}) as Json;
  const properties = schema === undefined ? undefined : (follow(schema).properties as Json | undefined);
  const sent: unknown = body === '' ? {} : JSON.parse(body);
  const fields = typeof sent === 'object' && sent !== null && !Array.isArray(sent) ? Object.keys(sent) : [];
  const oddFields = properties === undefined ? [] : fields.filter((name) => !Object.hasOwn(properties, name));
  return [
    ...oddFilters.map((name) => `the filter ${name} is unknown`),
    ...oddFields.map((name) => `the field ${name} is unknown`),
  ];
}

/** The description with these paths only, and what they refer to. */
function pruned(description: Json, templates: ReadonlySet<string>): Json {
  const paths = Object.fromEntries(Object.entries(description.paths as Json).filter(([path]) => templates.has(path)));
  const components: Record<string, Json> = {};
  const waiting: unknown[] = [paths];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    const { $ref: ref } = next as Json;
    if (typeof ref === 'string') {
      const [, kind = '', name = ''] = /^#\/components\/([^/]+)\/(.+)$/.exec(ref) ?? [];
      components[kind] ??= {};
      if (Object.hasOwn(components[kind], name)) continue;
      const found = ((description.components as Json)[kind] as Json)[name];
      components[kind][name] = found;
      waiting.push(found);
    }
    waiting.push(...Object.values(next).filter((value) => value !== undefined));
  }
  const { openapi, info } = description;
  return { openapi, info, paths, components };
}

function requestOf({ method, url, headers, body }: Exchange): IHttpRequest {
  const [path = '', query] = url.split('?');
  const values: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(query)) values[name] = value;
  const sent = Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
  return {
    method: method.toLowerCase() as IHttpRequest['method'],
    url: { path, query: values },
    // Octokit asks for GitHub's own media type, of which the description knows nothing.
    headers: { ...Object.fromEntries(sent), accept: 'application/json' },
    ...(body !== '' && { body: JSON.parse(body) as unknown }),
  };
}
