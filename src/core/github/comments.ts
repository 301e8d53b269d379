import type { GitHubComment } from '../pullRequest.ts';
import { attempt, isRequestFailure, once, onceUnlessThere } from './attempt.ts';
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
function mayBeOwn({ user, author_association }: Pick<Written, 'user' | 'author_association'>): boolean {
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
  const said = await listSaid(place, since, signal, reads);
  const reviewed = await listReviewed(place, since, signal, reads);
  return [...said, ...reviewed].sort((a, b) => a.createdAt - b.createdAt);
}

async function listSaid(
  place: PullPlace,
  since: number,
  signal: AbortSignal,
  reads = new StatusReads(),
): Promise<readonly SeenComment[]> {
  const query = { ...issueTarget(place), since: new Date(since).toISOString() };
  const said = await reads.readAll(
    `comments ${since}`,
    (page, options) => place.octokit.issues.listComments({ ...query, ...page, ...options }),
    signal,
  );
  return said.map((comment) => seen('conversation', comment));
}

async function listReviewed(
  place: PullPlace,
  since: number,
  signal: AbortSignal,
  reads = new StatusReads(),
): Promise<readonly SeenComment[]> {
  const query = { ...pullTarget(place), since: new Date(since).toISOString() };
  const reviewed = await reads.readAll(
    `review comments ${since}`,
    (page, options) => place.octokit.pulls.listReviewComments({ ...query, ...page, ...options }),
    signal,
  );
  return reviewed.map((comment) => ({
    ...seen('review', comment),
    thread: comment.in_reply_to_id ?? comment.id,
    path: comment.path,
    ...(comment.line && { line: comment.line }),
  }));
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

/** What is to be said once, whoever tries how often. */
export interface MarkedComment {
  /** What it begins with. */
  readonly mark: string;
  readonly text: string;
  /** When to look from whether it is there, in milliseconds. */
  readonly since: number;
  /** The first comment of the thread of a review that it goes into; absent for the conversation. */
  readonly thread?: number | undefined;
}

/**
 * Writes a comment, unless one of dursor's with its mark is there: an answer of GitHub's may have been lost, and a window or a job may have
 * ended in between. In the conversation of an issue or a pull request. Rejects with what Octokit threw.
 */
export async function sayOnce(
  place: PullPlace,
  { mark: begin, text, since, thread }: MarkedComment,
  signal: AbortSignal,
): Promise<void> {
  const list = thread === undefined ? listSaid : listReviewed;
  const isThere = async () =>
    (await list(place, since, signal)).some((each) => each.mayBeOwn && each.body.startsWith(begin));
  await onceUnlessThere(isThere, () => post(place, thread, `${begin}\n${text}`, signal), signal);
}

async function post(place: PullPlace, thread: number | undefined, body: string, signal: AbortSignal): Promise<void> {
  const { octokit } = place;
  if (thread === undefined) {
    await once((request) => octokit.issues.createComment({ ...issueTarget(place), body, request }), signal);
  } else {
    const reply = { ...pullTarget(place), comment_id: thread, body };
    await once((request) => octokit.pulls.createReplyForReviewComment({ ...reply, request }), signal);
  }
}
