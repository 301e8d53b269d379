import { assertMay, canSee } from './access.ts';
import type { Call } from './calls.ts';
import type { Resolved } from './graphQl.ts';
import type { CheckRun, Comment, CommitStatus, Pull, Repository, Review, ReviewComment, Thread } from './model.ts';
import { nameOf, pageOf } from './views.ts';

/** What is asked for isn't there, or isn't seen. */
export class NotResolved extends Error {}

/** It is seen, but this may not be done with it. */
export class Forbidden extends Error {}

type Args = Readonly<Record<string, unknown>>;

export function queries(call: Call): Resolved {
  return {
    __typename: 'Query',
    viewer: actor(call, 'account' in call.who ? call.who.account.login : 'ghost'),
    repository: ({ owner, name }: Args) => {
      const found = call.world.repository(String(owner), String(name));
      if (!found || !canSee(call.world, call.who, found)) {
        throw new NotResolved(`Could not resolve to a Repository with the name '${owner}/${name}'.`);
      }
      return repository(call, found);
    },
    node: ({ id }: Args) => {
      const { pull: found, thread: at } = find(call, String(id));
      return at ? thread(call, found, at) : pull(call, found);
    },
    rateLimit: { __typename: 'RateLimit', limit: 5000, cost: 1, remaining: call.world.remaining },
  };
}

export function mutations(call: Call): Resolved {
  const inThread = (id: unknown) => {
    const found = find(call, String(id));
    if (!found.thread) throw new NotResolved(`Could not resolve to a node with the global id of '${id}'`);
    mayWrite(call, found.pull);
    return { pull: found.pull, thread: found.thread };
  };
  const settle =
    (to: boolean, name: string) =>
    ({ input }: Args) => {
      const { threadId } = input as Args;
      const found = inThread(threadId);
      if (
        call.who.type === 'user' &&
        found.pull.author !== call.who.account.login &&
        !call.world.mayPush(call.who.account.login, found.pull.repository)
      ) {
        throw new Forbidden(`${call.who.account.login} does not have the correct permissions to execute \`${name}\``);
      }
      found.thread.isResolved = to;
      return { __typename: `${name}Payload`, clientMutationId: null, thread: thread(call, found.pull, found.thread) };
    };
  const draft =
    (to: boolean) =>
    ({ input }: Args) => {
      const { pull: found } = find(call, String((input as Args).pullRequestId));
      mayWrite(call, found);
      found.pull.draft = to;
      return { __typename: 'Payload', pullRequest: pull(call, found) };
    };
  return {
    __typename: 'Mutation',
    resolveReviewThread: settle(true, 'ResolveReviewThread'),
    unresolveReviewThread: settle(false, 'UnresolveReviewThread'),
    convertPullRequestToDraft: draft(true),
    markPullRequestReadyForReview: draft(false),
    addPullRequestReviewThreadReply: ({ input }: Args) => {
      const { pullRequestReviewThreadId, body } = input as Args;
      const found = inThread(pullRequestReviewThreadId);
      const [first] = found.thread.comments;
      if (!first || !('account' in call.who)) throw new NotResolved('Could not resolve to a thread');
      const made = { ...first, ...call.world.comment(call.who.account.login, String(body)), replyTo: first.id };
      found.thread.comments.push(made);
      return { __typename: 'AddPullRequestReviewThreadReplyPayload', comment: reviewComment(call, found.pull, made) };
    },
  };
}

function mayWrite(call: Call, { repository: where }: Pull): void {
  try {
    assertMay(call.world, call.who, where, { permission: 'pull_requests', level: 'write', byAnyUser: true });
  } catch {
    throw new Forbidden('Resource not accessible by integration');
  }
}

function find(call: Call, id: string): { pull: Pull; thread?: Thread } {
  for (const where of call.world.repositories.values()) {
    if (!canSee(call.world, call.who, where)) continue;
    for (const found of call.world.pulls(where)) {
      if (`PR_${found.id}` === id) return { pull: found };
      const inside = found.pull.threads.find((each) => each.id === id);
      if (inside) return { pull: found, thread: inside };
    }
  }
  throw new NotResolved(`Could not resolve to a node with the global id of '${id}'`);
}

function actor({ world }: Call, login: string): Resolved {
  const type = world.account(login)?.type ?? 'User';
  // GraphQL names a bot without its brackets.
  return { __typename: type, login: login.replace(/\[bot\]$/, ''), url: `https://github.com/${login}`, avatarUrl: '' };
}

/** One part of a list, as `first`, `last`, `after` and `before` say. */
function connection<T>(list: readonly T[], show: (each: T) => unknown) {
  return ({ first, last, after, before }: Args): Resolved => {
    if (typeof first !== 'number' && typeof last !== 'number') {
      throw new Error('You must provide a `first` or `last` value to properly paginate the connection.');
    }
    if (Number(first ?? last) > 100)
      throw new Error(
        `Requesting ${first ?? last} records on the connection exceeds the \`first\` limit of 100 records.`,
      );
    const start = typeof after === 'string' ? Number(Buffer.from(after, 'base64').toString()) : 0;
    const end = typeof before === 'string' ? Number(Buffer.from(before, 'base64').toString()) - 1 : list.length;
    const from = typeof first === 'number' ? start : Math.max(start, end - Number(last));
    const to = typeof first === 'number' ? Math.min(end, start + first) : end;
    const cursor = (at: number) => Buffer.from(String(at)).toString('base64');
    const nodes = list.slice(from, to).map(show);
    return {
      __typename: 'Connection',
      totalCount: list.length,
      nodes,
      edges: nodes.map((node, index) => ({ __typename: 'Edge', cursor: cursor(from + index + 1), node })),
      pageInfo: {
        __typename: 'PageInfo',
        hasNextPage: to < list.length,
        hasPreviousPage: from > 0,
        startCursor: cursor(from + 1),
        endCursor: cursor(to),
      },
    };
  };
}

function repository(call: Call, found: Repository): Resolved {
  return {
    __typename: 'Repository',
    id: `R_${found.id}`,
    name: found.name,
    nameWithOwner: nameOf(found),
    url: pageOf(call, found),
    isArchived: found.isArchived,
    viewerPermission: 'account' in call.who ? call.world.roleOf(call.who.account.login, found).toUpperCase() : null,
    pullRequest: ({ number }: Args) => {
      const issue = call.world.issue(found, Number(number));
      if (!issue?.pull) throw new NotResolved(`Could not resolve to a PullRequest with the number of ${number}.`);
      return pull(call, issue as Pull);
    },
  };
}

function pull(call: Call, found: Pull): Resolved {
  const { pull: part, repository: where } = found;
  return {
    __typename: 'PullRequest',
    id: `PR_${found.id}`,
    number: found.number,
    title: found.title,
    body: found.body,
    url: `${pageOf(call, where)}/pull/${found.number}`,
    state: part.merged ? 'MERGED' : found.state.toUpperCase(),
    closed: found.state === 'closed',
    merged: part.merged,
    isDraft: part.draft,
    author: actor(call, found.author),
    headRefName: part.head.branch,
    headRefOid: part.lastHead,
    baseRefName: part.base,
    mergeable: 'UNKNOWN',
    createdAt: time(found.createdAt),
    updatedAt: time(found.updatedAt),
    reviewDecision: decisionOf(found),
    reviewThreads: connection(part.threads, (each) => thread(call, found, each)),
    reviews: connection(part.reviews, (each) => review(call, found, each)),
    latestReviews: connection(latest(part.reviews), (each) => review(call, found, each)),
    comments: connection(found.comments, (each) => issueComment(call, found, each)),
    commits: connection([part.lastHead], (oid) => ({ __typename: 'PullRequestCommit', commit: commit(where, oid) })),
    isCrossRepository: part.head.repository !== where,
  };
}

function latest(reviews: readonly Review[]): readonly Review[] {
  return reviews.filter((each, index) => reviews.findLastIndex(({ author }) => author === each.author) === index);
}

function decisionOf({ pull: { reviews, reviewers } }: Pull): string | null {
  const states = latest(reviews.filter(({ state }) => state !== 'COMMENTED')).map(({ state }) => state);
  if (states.includes('CHANGES_REQUESTED')) return 'CHANGES_REQUESTED';
  if (states.includes('APPROVED')) return 'APPROVED';
  return reviewers.length > 0 ? 'REVIEW_REQUIRED' : null;
}

function commit(where: Repository, oid: string): Resolved {
  const runs = where.checkRuns.filter((each) => each.commit === oid);
  const statuses = where.statuses.filter((each) => each.commit === oid);
  const contexts = [...runs.map(checkRun), ...statuses.map(statusContext)];
  const failed =
    runs.some(({ conclusion }) => conclusion === 'failure') || statuses.some(({ state }) => state === 'failure');
  const rollup = {
    __typename: 'StatusCheckRollup',
    state: failed ? 'FAILURE' : 'SUCCESS',
    contexts: connection(contexts, (each) => each),
  };
  return { __typename: 'Commit', oid, statusCheckRollup: contexts.length === 0 ? null : rollup };
}

function checkRun({ id, name, status, conclusion, title, summary }: CheckRun): Resolved {
  const upper = { status: status.toUpperCase(), conclusion: conclusion?.toUpperCase() ?? null };
  return {
    __typename: 'CheckRun',
    id: `CR_${id}`,
    databaseId: id,
    name,
    ...upper,
    title: title ?? null,
    summary: summary ?? null,
    detailsUrl: null,
  };
}

function statusContext({ id, context, state, description }: CommitStatus): Resolved {
  return {
    __typename: 'StatusContext',
    id: `S_${id}`,
    context,
    state: state.toUpperCase(),
    description: description ?? null,
    targetUrl: null,
  };
}

function thread(call: Call, found: Pull, { id, path, line, isResolved, isOutdated, comments }: Thread): Resolved {
  return {
    __typename: 'PullRequestReviewThread',
    ...{ id, path, isResolved, isOutdated, isCollapsed: isResolved },
    line: isOutdated ? null : (line ?? null),
    originalLine: line ?? null,
    startLine: null,
    originalStartLine: null,
    diffSide: 'RIGHT',
    subjectType: line === undefined ? 'FILE' : 'LINE',
    resolvedBy: null,
    viewerCanResolve: !isResolved,
    viewerCanReply: true,
    comments: connection(comments, (each) => reviewComment(call, found, each)),
    pullRequest: () => pull(call, found),
  };
}

function reviewComment(call: Call, found: Pull, comment: ReviewComment): Resolved {
  const url = `${pageOf(call, found.repository)}/pull/${found.number}#discussion_r${comment.id}`;
  return {
    __typename: 'PullRequestReviewComment',
    id: `PRRC_${comment.id}`,
    path: comment.path,
    diffHunk: '@@ -1 +1 @@',
    ...said(call, comment, url),
  };
}

function issueComment(call: Call, found: Pull, comment: Comment): Resolved {
  const url = `${pageOf(call, found.repository)}/pull/${found.number}#issuecomment-${comment.id}`;
  return { __typename: 'IssueComment', id: `IC_${comment.id}`, ...said(call, comment, url) };
}

function review(call: Call, found: Pull, each: Review): Resolved {
  const url = `${pageOf(call, found.repository)}/pull/${found.number}#pullrequestreview-${each.id}`;
  return {
    __typename: 'PullRequestReview',
    id: `PRR_${each.id}`,
    state: each.state,
    submittedAt: time(each.createdAt),
    ...said(call, each, url),
  };
}

function said(call: Call, { id, author, body, createdAt, updatedAt }: Comment, url: string) {
  const viewerDidAuthor = 'account' in call.who && call.who.account.login === author;
  return {
    ...{ databaseId: id, fullDatabaseId: String(id), body, bodyText: body, url, viewerDidAuthor },
    ...{ author: actor(call, author), createdAt: time(createdAt), updatedAt: time(updatedAt), isMinimized: false },
    ...{ authorAssociation: 'NONE', outdated: false },
  };
}

function time(value: number): string {
  return new Date(value).toISOString().replace(/\.\d+Z$/, 'Z');
}
