import { type Answer, type Call, Refusal, type Route } from './calls.ts';
import { type Field, parseQuery } from './graphQlText.ts';
import { Forbidden, mutations, NotResolved, queries } from './graphQlTypes.ts';

/** What the fields of a GraphQL object are: values, or functions of the arguments. */
export type Resolved = { readonly __typename: string } & Readonly<Record<string, unknown>>;

/** https://docs.github.com/en/graphql: as much as pull requests need. An unknown field is refused, as GitHub does. */
export const graphQlRoute: Route = { method: 'POST', path: '/graphql', run: answerQuery };

function answerQuery(call: Call): Answer {
  const { query, variables } = call.body;
  if (call.who.type === 'nobody' || call.who.type === 'app')
    throw new Refusal(401, 'This endpoint requires you to be authenticated.');
  if (typeof query !== 'string') throw new Refusal(400, 'A query attribute must be specified and must be a string.');
  try {
    const fields = parseQuery(query, (variables ?? {}) as Record<string, unknown>);
    const root = /^\s*mutation\b/.test(query) ? mutations(call) : queries(call);
    return { status: 200, body: { data: resolveAll(root, fields, []) } };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const type = error instanceof NotResolved ? 'NOT_FOUND' : error instanceof Forbidden ? 'FORBIDDEN' : undefined;
    const errors = [{ ...(type && { type, path: [] }), message: error.message }];
    return { status: 200, body: { ...(type && { data: null }), errors } };
  }
}

function resolveAll(value: unknown, fields: readonly Field[], path: readonly string[]): unknown {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map((each) => resolveAll(each, fields, path));
  if (typeof value !== 'object') {
    if (fields.length > 0) throw new Error(`Selections can't be made on scalars (${path.join('.')})`);
    return value;
  }
  const object = value as Resolved;
  if (fields.length === 0)
    throw new Error(`Field must have selections (${path.join('.')} returns ${object.__typename})`);
  const resolved: Record<string, unknown> = {};
  for (const { name, alias, args, fields: inside, onType } of fields) {
    if (onType !== undefined && onType !== object.__typename) continue;
    if (!Object.hasOwn(object, name)) throw new Error(`Field '${name}' doesn't exist on type '${object.__typename}'`);
    const field = object[name];
    const found: unknown = typeof field === 'function' ? field(args) : field;
    resolved[alias] = merge(resolved[alias], resolveAll(found, inside, [...path, name]));
  }
  return resolved;
}

/** The same field may be asked for twice, for different parts of it. */
function merge(before: unknown, now: unknown): unknown {
  const areObjects = [before, now].every((each) => typeof each === 'object' && each !== null && !Array.isArray(each));
  return areObjects ? { ...(before as object), ...(now as object) } : now;
}
