import type { GitHubComment } from '../pullRequest.ts';
import { attempt, isOutage, isRequestFailure, once } from './attempt.ts';
import { target } from './client.ts';
import { issueTarget, type PullPlace, pullTarget } from './statusPlace.ts';
import { restAfter, StatusReads } from './statusReads.ts';

/** A comment of the conversation, or one of a review; numbers are unique among one kind only. */
export interface SeenComment extends GitHubComment {
  readonly kind: 'conversation' | 'review';
  /** Whether a program wrote it. */
  readonly isBot: boolean;
  /** Whether dursor may have written it. */
  readonly mayBeOwn: boolean;
  /** By GitHub's clock, in milliseconds. */
  readonly createdAt: number;
  /** Of a comment of a review: the first of its thread. */
  readonly thread?: number;
  /** Of a comment of a review: where it is. */
  readonly path?: string;
  readonly line?: number;
}

const nobody = 'ghost';
/** What dursor writes on GitHub begins so, that it knows its own comments. It doesn't show there. */
const mark = '<!-- dursor';

/** The mark of what answers a comment, or says something of a commit. */
export function markOf(about: string | number): string {
  return `${mark}: ${about} -->`;
}

/** Whether dursor may have written it: anybody can begin a comment with a mark, and would keep the answer from being told. */
export function mayBeOwn({ user, author_association }: Pick<Written, 'user' | 'author_association'>): boolean {
  return user?.type === 'Bot' || ['OWNER', 'MEMBER', 'COLLABORATOR'].includes(author_association ?? '');
}

export function isOwn(body: string): boolean {
  return body.startsWith(mark);
}

/** The comments that were written or edited since, oldest first, also dursor's own. Rejects with what Octokit threw. */
export async function listComments(
  place: PullPlace,
  since: number,
  signal: AbortSignal,
  reads = new StatusReads(),
): Promise<readonly SeenComment[]> {
  const { octokit } = place;
  const query = { since: new Date(since).toISOString() };
  const said = await reads.readAll(
    `comments ${since}`,
    (page, options) => octokit.issues.listComments({ ...issueTarget(place), ...query, ...page, ...options }),
    signal,
  );
  const reviewed = await reads.readAll(
    `review comments ${since}`,
    (page, options) => octokit.pulls.listReviewComments({ ...pullTarget(place), ...query, ...page, ...options }),
    signal,
  );
  return [
    ...said.map((comment) => seen('conversation', comment)),
    ...reviewed.map((comment) => ({
      ...seen('review', comment),
      thread: comment.in_reply_to_id ?? comment.id,
      path: comment.path,
      ...(comment.line && { line: comment.line }),
    })),
  ].sort((a, b) => a.createdAt - b.createdAt);
}

interface Written {
  readonly id: number;
  readonly user?: { readonly login: string; readonly type: string } | null;
  readonly body?: string | undefined;
  readonly html_url: string;
  readonly created_at: string;
  readonly author_association?: string;
}

function seen(kind: SeenComment['kind'], written: Written): SeenComment {
  const { id, user, body, html_url, created_at } = written;
  const author = user?.login ?? nobody;
  const isBot = user?.type === 'Bot' || author.endsWith('[bot]');
  const createdAt = Date.parse(created_at);
  return { kind, id, author, isBot, mayBeOwn: mayBeOwn(written), body: body ?? '', url: html_url, createdAt };
}

/**
 * Whether somebody may write to the repository: asked of GitHub, not read from the comment. Undefined where GitHub doesn't tell: somebody
 * who is no collaborator is told as one who may read or nothing, so that a 404 says no more than a 403.
 * https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user
 */
export async function mayWrite(
  { octokit, repository }: PullPlace,
  username: string,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  // Comments of accounts that are gone are shown as this one's.
  if (username === nobody) return false;
  try {
    const { data } = await attempt(
      (request) => octokit.repos.getCollaboratorPermissionLevel({ ...target(repository), username, request }),
      signal,
    );
    // The role "maintain" is told as "write", and a role of the organization's own as what it is based on.
    return data.permission === 'write' || data.permission === 'admin';
  } catch (error) {
    if (!isRequestFailure(error)) throw error;
    const isRefused = error.status === 404 || error.status === 403;
    if (isRefused && restAfter(error, Date.now()) === undefined) return undefined;
    throw error;
  }
}

/** Reacts to a comment. The same twice is once. Rejects with what Octokit threw. */
export async function react(
  { octokit, repository }: PullPlace,
  { kind, id }: Pick<SeenComment, 'kind' | 'id'>,
  content: 'eyes' | 'confused',
  signal: AbortSignal,
): Promise<void> {
  const about = { ...target(repository), comment_id: id, content };
  await attempt<{ readonly status: number; readonly data: unknown }>(
    (request) =>
      kind === 'review'
        ? octokit.reactions.createForPullRequestReviewComment({ ...about, request })
        : octokit.reactions.createForIssueComment({ ...about, request }),
    signal,
  );
}

/**
 * Answers a comment where it was written, with the mark of the comment's number. What is there with that mark counts as the answer, so that a
 * comment has one, also after an answer of GitHub's was lost. Rejects with what Octokit threw.
 */
export async function answerComment(
  place: PullPlace,
  comment: Pick<SeenComment, 'id' | 'kind' | 'thread' | 'createdAt'>,
  body: string,
  signal: AbortSignal,
): Promise<void> {
  const text = `${markOf(comment.id)}\n${body}`;
  for (let tried = 0; ; tried += 1) {
    const there = await listComments(place, comment.createdAt, signal);
    const own = there.filter((each) => each.kind === comment.kind && each.mayBeOwn);
    if (own.some((each) => each.body.startsWith(markOf(comment.id)))) return;
    try {
      await post(place, comment, text, signal);
      return;
    } catch (error) {
      if (!isOutage(error) || tried >= 2) throw error;
    }
  }
}

async function post(
  place: PullPlace,
  { kind, thread }: Pick<SeenComment, 'kind' | 'thread'>,
  body: string,
  signal: AbortSignal,
): Promise<void> {
  const { octokit } = place;
  if (kind === 'review' && thread !== undefined) {
    const reply = { ...pullTarget(place), comment_id: thread, body };
    await once((request) => octokit.pulls.createReplyForReviewComment({ ...reply, request }), signal);
  } else {
    await once((request) => octokit.issues.createComment({ ...issueTarget(place), body, request }), signal);
  }
}
