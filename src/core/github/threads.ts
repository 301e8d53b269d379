import { UserError } from '../problem.ts';
import type { ReviewThread } from '../pullRequest.ts';
import { attempt, isRequestFailure, once } from './attempt.ts';
import { hideSecrets } from './secrets.ts';
import type { PullPlace } from './statusPlace.ts';
import { restAfter } from './statusReads.ts';

/** A thread, and whether it is resolved. */
export interface SeenThread extends ReviewThread {
  readonly isResolved: boolean;
}

/** GitHub's GraphQL answered that it doesn't do this, in its own words. */
export class GraphQlRefusal extends Error {
  override readonly name = 'GraphQlRefusal';
}

/** Of a hundred threads. */
const mostPages = 30;

/** How many threads are open, and what GitHub says that the reviews come to. Undefined where GraphQL isn't there, or not for this sign-in. */
export async function readOpenThreads(
  place: PullPlace,
  signal: AbortSignal,
): Promise<{ readonly count: number; readonly decision?: string } | undefined> {
  let decision: string | undefined;
  const pages = await readPages(place, 'isResolved', signal, (pull) => {
    if (typeof pull.reviewDecision === 'string') decision = pull.reviewDecision;
  });
  if (!pages) return undefined;
  const count = pages.filter((node) => node.isResolved !== true).length;
  return { count, ...(decision !== undefined && { decision }) };
}

/** The threads of review comments. Undefined where GraphQL isn't there, or not for this sign-in. */
export async function readThreads(place: PullPlace, signal: AbortSignal): Promise<readonly SeenThread[] | undefined> {
  const fields =
    'id isResolved isOutdated path line comments(first: 100) { nodes { databaseId body url author { login } } }';
  const nodes = await readPages(place, fields, signal);
  return nodes?.map((node): SeenThread => {
    const { line } = node;
    return {
      id: text(node.id),
      path: text(node.path),
      ...(typeof line === 'number' && { line }),
      isOutdated: node.isOutdated === true,
      isResolved: node.isResolved === true,
      comments: nodesOf(node.comments).map((comment) => ({
        id: Number(comment.databaseId),
        author: text(objectOf(comment.author).login) || 'ghost',
        body: text(comment.body),
        url: text(comment.url),
      })),
    };
  });
}

/** Says something in a thread. Throws `GraphQlRefusal` with GitHub's words, else rejects with what Octokit threw. */
export async function replyInThread(
  { octokit }: PullPlace,
  thread: string,
  body: string,
  signal: AbortSignal,
): Promise<void> {
  const mutation = `mutation ($thread: ID!, $body: String!) {
    addPullRequestReviewThreadReply(input: { pullRequestReviewThreadId: $thread, body: $body }) { comment { id } }
  }`;
  // Not made again after an outage: it may have been heard.
  await graphQl(octokit, mutation, { thread, body }, signal, false);
}

/** Resolves a thread; nothing happens to one that is. Fails like `replyInThread`. */
export async function resolveThread({ octokit }: PullPlace, thread: string, signal: AbortSignal): Promise<void> {
  const mutation = `mutation ($thread: ID!) { resolveReviewThread(input: { threadId: $thread }) { thread { id } } }`;
  await graphQl(octokit, mutation, { thread }, signal, true);
}

type Node = Readonly<Record<string, unknown>>;

async function readPages(
  { octokit, repository, number }: PullPlace,
  fields: string,
  signal: AbortSignal,
  onPull: (pull: Node) => void = () => {},
): Promise<readonly Node[] | undefined> {
  const query = `query ($owner: String!, $name: String!, $number: Int!, $after: String) {
    repository(owner: $owner, name: $name) { pullRequest(number: $number) {
      reviewDecision
      reviewThreads(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { ${fields} } }
    } }
  }`;
  const all: Node[] = [];
  let after: unknown = null;
  for (let page = 0; page < mostPages; page += 1) {
    const variables = { owner: repository.owner, name: repository.name, number, after };
    const answer = await orUndefined(graphQl(octokit, query, variables, signal, true));
    if (!answer) return undefined;
    const pull = objectOf(objectOf(answer.repository).pullRequest);
    onPull(pull);
    all.push(...nodesOf(pull.reviewThreads));
    const { hasNextPage, endCursor } = objectOf(objectOf(pull.reviewThreads).pageInfo);
    if (hasNextPage !== true) break;
    after = endCursor;
  }
  return all;
}

async function graphQl(
  octokit: PullPlace['octokit'],
  query: string,
  variables: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
  mayRepeat: boolean,
): Promise<Node> {
  const ask = async (request: object) => {
    const data: unknown = await octokit.graphql(query, { ...variables, request });
    return { status: 200, data };
  };
  try {
    return objectOf((await (mayRepeat ? attempt(ask, signal) : once(ask, signal))).data);
  } catch (error) {
    throw refusalOf(error) ?? error;
  }
}

/** What Octokit throws for an answer with errors in it, known by its shape: bundling may bring several copies of its class. */
function refusalOf(error: unknown): Error | undefined {
  if (!(error instanceof Error) || error.name !== 'GraphqlResponseError' || !('errors' in error)) return undefined;
  const errors = Array.isArray(error.errors) ? error.errors.map(objectOf) : [];
  if (errors.some(({ type }) => type === 'RATE_LIMITED')) {
    return new UserError({
      code: 'rate-limited',
      message: 'GitHub takes no more requests for now. Try again in an hour.',
      action: { type: 'retry' },
    });
  }
  const words = errors.map(({ message }) => text(message)).join(' ');
  // As it says instead of a 500.
  if (/something went wrong while executing your query/i.test(words)) {
    return new UserError({
      code: 'github-failed',
      message: 'GitHub has trouble right now. Try again in a moment.',
      action: { type: 'retry' },
      detail: hideSecrets(words).slice(0, 300),
    });
  }
  return new GraphQlRefusal(hideSecrets(words).replace(/\s+/g, ' ').slice(0, 300));
}

/** An older enterprise server lacks fields or all of GraphQL, and a sign-in may not have been given it. */
async function orUndefined(answer: Promise<Node>): Promise<Node | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof GraphQlRefusal) return undefined;
    const isMissing = isRequestFailure(error) && [400, 403, 404, 405, 410].includes(error.status);
    if (isMissing && restAfter(error, Date.now()) === undefined) return undefined;
    throw error;
  }
}

function nodesOf(connection: unknown): readonly Node[] {
  const { nodes } = objectOf(connection);
  return Array.isArray(nodes) ? nodes.map(objectOf) : [];
}

function objectOf(value: unknown): Node {
  return typeof value === 'object' && value !== null ? (value as Node) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
