import type { ObjectName } from '../domain.ts';
import { UserError } from '../problem.ts';
import { onceUnlessThere } from './attempt.ts';
import { markOf } from './comments.ts';
import type { PullPlace } from './statusPlace.ts';
import { GraphQlRefusal, readThreads, replyInThread, resolveThread, type SeenThread } from './threads.ts';

/** A thread, and the commit that addresses it. */
export interface ThreadAnswer {
  readonly thread: string;
  readonly commit: ObjectName;
}

/**
 * Says in each thread which commit addresses it, or what `text` says, and resolves it. What was said or resolved before isn't again. Answers
 * with what GitHub refused, in sentences. Rejects with what Octokit threw, or with `UserError` where the threads aren't to be seen.
 */
export async function answerThreads(
  place: PullPlace,
  answers: readonly ThreadAnswer[],
  text: string | undefined,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const threads = await showThreads(place, signal);
  const refused: string[] = [];
  for (const { thread: id, commit } of answers) {
    const thread = threads.find((each) => each.id === id);
    if (!thread) continue;
    const at = `${thread.path}${thread.line === undefined ? '' : `:${thread.line}`}`;
    try {
      await reply(place, thread, { commit, text }, signal);
      if (!thread.isResolved) await resolveThread(place, id, signal);
    } catch (error) {
      if (!(error instanceof GraphQlRefusal)) throw error;
      refused.push(`The thread at ${at} was not answered and resolved: ${error.message} Do that on GitHub.`);
    }
  }
  return refused;
}

async function showThreads(place: PullPlace, signal: AbortSignal): Promise<readonly SeenThread[]> {
  const threads = await readThreads(place, signal);
  if (threads) return threads;
  throw new UserError({
    code: 'github-failed',
    message: `GitHub did not show the review threads of pull request #${place.number} to this sign-in, so they are not all answered and resolved. Try again, or do that on GitHub.`,
    action: { type: 'retry' },
  });
}

async function reply(
  place: PullPlace,
  thread: SeenThread,
  { commit, text }: { readonly commit: ObjectName; readonly text: string | undefined },
  signal: AbortSignal,
): Promise<void> {
  const mark = markOf(commit);
  const said = text?.trim() ? text.trim() : `Addressed in ${commit}.`;
  let seen: readonly SeenThread[] | undefined = [thread];
  const isThere = async () => {
    const current = (seen ?? (await showThreads(place, signal))).find(({ id }) => id === thread.id);
    seen = undefined;
    return !current || current.comments.some(({ body }) => body.startsWith(mark));
  };
  await onceUnlessThere(isThere, () => replyInThread(place, thread.id, `${mark}\n${said}`, signal), signal);
}
