import type { CandidateId, Round, RoundId, Task } from '../domain.ts';
import { isEnded } from '../domain.ts';
import { isOwn, type SeenComment } from '../github/comments.ts';
import type { PullPlace } from '../github/statusPlace.ts';
import { readThreads } from '../github/threads.ts';
import { UserError } from '../problem.ts';
import type { PullRequest } from '../pullRequest.ts';
import type { CommentPlace } from '../store/handledComments.ts';
import { repositoryOf } from './pullRequestUpdateHead.ts';

/** What a comment asks for, and the thread that it is in. */
export interface Asked {
  readonly text: string;
  readonly threads: readonly string[];
}

/** Numbers of comments are unique among those of one repository and one kind. */
export function placeNameOf(pull: PullRequest, kind: SeenComment['kind']): string {
  const { owner, name } = repositoryOf(pull);
  return `${pull.apiUrl ?? ''} ${owner}/${name} ${kind}`.toLowerCase();
}

/** What a comment asks for; undefined for one that is not for dursor. */
export function commandOf({ body, isBot }: Pick<SeenComment, 'body' | 'isBot'>): string | undefined {
  if (isBot || isOwn(body)) return undefined;
  return /^\/dursor(?:[ \t]+([\s\S]*)|[ \t]*\r?\n([\s\S]*)|)$/.exec(body)?.slice(1).join('').trim();
}

/** GraphQL's name of the thread that a comment is in, to be answered once the branch is updated. */
export async function threadsOf(
  place: PullPlace,
  { id, kind }: SeenComment,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (kind !== 'review') return [];
  const threads = (await readThreads(place, signal)) ?? [];
  return threads.filter(({ comments }) => comments.some((comment) => comment.id === id)).map((thread) => thread.id);
}

/** Where a comment is to be answered. */
export function aboutOf({ kind, thread, createdAt }: SeenComment): CommentPlace {
  return { kind, createdAt, ...(thread !== undefined && { thread }) };
}

/** The models of the task's last round: as they are set up now, or as they were where they no longer are. */
export function lastProfiles(
  task: Task,
  current: readonly Round['runs'][number]['profile'][],
): Round['runs'][number]['profile'][] {
  const last = task.rounds.at(-1)?.runs.map(({ profile }) => profile) ?? [];
  return last.map((profile) => current.find(({ id }) => id === profile.id) ?? profile);
}

/** The round that a comment has started. */
export function roundOf(task: Task, pull: CandidateId, comment: number): Round | undefined {
  return task.rounds.find(
    ({ start }) => start.from === 'pull-request' && start.pull === pull && start.comment?.id === comment,
  );
}

/** Whether nothing of a round is at work any more. */
export function areRunsEnded(task: Task | undefined, id: RoundId): boolean {
  return task?.rounds.find((round) => round.id === id)?.runs.every(isEnded) ?? true;
}

/** What a comment is answered that says nothing but the command. */
export function nothingAsked(): UserError {
  return new UserError({
    code: 'bad-request',
    message: 'Nothing was asked for. Write what is to be done behind `/dursor`, in the same comment.',
  });
}
