import { type CandidateId, isEnded, type Run, type TaskId } from '../domain.ts';
import type { Disposable } from '../ports.ts';
import { stackOf, UserError } from '../problem.ts';
import type { FeedbackChoice, PullRequest, PullRequestFeedback, PullRequestTalk } from '../pullRequest.ts';
import { type PollClock, PollSchedule, systemClock } from './pullRequestFollowPolls.ts';
import type { FollowParts, FollowWork } from './pullRequestFollowWork.ts';
import type { PullHead } from './pullStart.ts';

/**
 * What becomes of pull requests once they are open. Each is named by its candidate. The code that does it is loaded at its first use, and
 * nothing is asked of GitHub while no task on screen has an open one and none is watched.
 */
export class PullRequestFollow {
  readonly #parts: FollowParts;
  readonly #polls: PollSchedule;
  readonly #folders = new Map<object, string>();
  readonly #shown = new Map<object, TaskId>();
  readonly #background = new Set<Promise<void>>();
  readonly #end = new AbortController();
  readonly #listening: Disposable;
  /** What this window's folders have that is watched. */
  #watched: readonly CandidateId[] = [];
  #loading: Promise<FollowWork> | undefined;
  #work: FollowWork | undefined;

  constructor(parts: FollowParts, clock: PollClock = systemClock) {
    this.#parts = parts;
    this.#polls = new PollSchedule(clock, async (id, interval, signal) =>
      (await this.#load()).poll(id, { interval, now: clock.now() }, signal),
    );
    this.#listening = parts.book.onDidChange((change) => {
      if (change.type === 'tasks' && this.#folders.size > 0) this.#findWatched();
      else if (change.type === 'task' && this.#isConcerned(change.taskId)) this.#plan();
    });
  }

  /**
   * The window has this folder open: the watched pull requests of its tasks are looked at until this is disposed of, and comments on them
   * may start rounds.
   */
  follow(folder: string): Disposable {
    const key = {};
    this.#folders.set(key, folder);
    this.#findWatched();
    return {
      dispose: () => {
        this.#folders.delete(key);
        this.#findWatched();
      },
    };
  }

  /** The task is on screen: its open pull requests are looked at until this is disposed of. What is seen is in their `status`. */
  show(taskId: TaskId): Disposable {
    const key = {};
    this.#shown.set(key, taskId);
    this.#plan();
    return {
      dispose: () => {
        this.#shown.delete(key);
        this.#plan();
      },
    };
  }

  /** Looks at a pull request at once, whoever has looked before. Throws `UserError`; may ask to sign in. */
  async look(pull: CandidateId, signal: AbortSignal): Promise<PullRequest> {
    const seen = await (await this.#load()).look(pull, this.#ending(signal));
    this.#plan();
    return seen;
  }

  /** What there is to be addressed. Throws `UserError`; may ask to sign in. */
  async feedback(pull: CandidateId, signal: AbortSignal): Promise<PullRequestFeedback> {
    return (await this.#load()).feedback(pull, this.#ending(signal));
  }

  /**
   * The message for a round from the pull request's head: the user's own words, then what was chosen of the feedback as it was read last,
   * quoted as what others wrote. Throws `UserError` (`not-found`).
   */
  messageOf(pull: CandidateId, choice: FeedbackChoice, words = ''): string {
    const message = this.#work?.messageOf(pull, choice, words);
    if (message === undefined) throw notRead();
    return message;
  }

  /**
   * Puts a candidate's changes as one commit on the pull request's branch, 3-way where that has moved, and never by force. The same
   * candidate twice makes one commit, also from two windows. Throws `UserError` (`secret-in-patch` unless accepted); ends with an abort
   * where the user left a question.
   */
  async update(
    candidate: CandidateId,
    pull: CandidateId,
    talk: PullRequestTalk,
    options: { readonly acceptSecrets?: boolean } = {},
  ): Promise<PullRequest> {
    try {
      return await (await this.#load()).update(candidate, pull, talk, options);
    } finally {
      this.#polls.nudge(pull);
    }
  }

  /** Whether a candidate's changes are just being pushed, so that it has to stay as it is. */
  isUpdating(candidate: CandidateId): boolean {
    return this.#work?.isUpdating(candidate) ?? false;
  }

  /** The review threads that the round of the last update was about. */
  addressed(pull: CandidateId): readonly string[] {
    const { book, rows } = this.#parts;
    const last = rows.find(pull)?.updates?.at(-1);
    const start = last && book.candidate(last.candidate).round.start;
    return start?.from === 'pull-request' && start.pull === pull ? (start.threads ?? []) : [];
  }

  /**
   * Replies to threads that an update addressed, and resolves them; to others nothing happens. Answers with what GitHub refused, in
   * sentences. Throws `UserError`.
   */
  async answer(
    pull: CandidateId,
    threads: readonly string[],
    { text, signal }: { readonly text?: string; readonly signal: AbortSignal },
  ): Promise<readonly string[]> {
    const work = await this.#load();
    const refused = await work.answer(pull, threads, text, this.#ending(signal));
    this.#polls.nudge(pull);
    return refused;
  }

  /** Lets comments that are written from now on start rounds, or no longer. Throws `UserError`; may ask to sign in. */
  async setWatched(pull: CandidateId, isWatched: boolean, signal: AbortSignal): Promise<void> {
    if (isWatched) await (await this.#load()).watch(pull, this.#ending(signal));
    else this.#parts.book.updatePullRequest(pull, ({ isWatched: _, watchedSince: __, ...others }) => others);
    this.#findWatched();
  }

  /** What is on a pull request's branch at this moment, also in a fork and when others pushed. Throws `UserError`. */
  async pullHead(pull: PullRequest, signal: AbortSignal): Promise<PullHead> {
    return (await this.#load()).pullHead(pull, this.#ending(signal));
  }

  /** A run of this window has ended: where a comment started its round, what came of it is told there. */
  ended({ taskId, roundId }: Run): void {
    const { book } = this.#parts;
    if (book.isClosed) return;
    // The task may just have been deleted.
    const round = book.find(taskId)?.rounds.find(({ id }) => id === roundId);
    const isAsked = round?.start.from === 'pull-request' && round.start.comment !== undefined;
    if (!isAsked || !round.runs.every(isEnded)) return;
    this.#do(async () => (await this.#load()).roundEnded(roundId, this.#end.signal));
  }

  /** Ends what is under way. Resolves when nothing of it is. */
  async dispose(): Promise<void> {
    this.#listening.dispose();
    this.#end.abort(new DOMException('The window is closing.', 'AbortError'));
    await this.#polls.dispose();
    const work = await this.#loading?.catch(() => undefined);
    await work?.dispose();
    await Promise.all(this.#background);
  }

  #isConcerned(taskId: TaskId): boolean {
    const { book } = this.#parts;
    if ([...this.#shown.values()].includes(taskId)) return true;
    return this.#watched.some((id) => book.find(taskId)?.pullRequests.some(({ runId }) => runId === id));
  }

  #findWatched(): void {
    const folders = new Set(this.#folders.values());
    this.#watched = [...folders].flatMap((folder) => this.#parts.rows.watched(folder));
    this.#plan();
  }

  /** Open ones, and those of which nothing is known yet. */
  #plan(): void {
    if (this.#end.signal.aborted) return;
    const shown = [...new Set(this.#shown.values())].flatMap((id) => this.#parts.book.find(id)?.pullRequests ?? []);
    const watched = this.#watched.flatMap((id) => this.#parts.rows.find(id) ?? []);
    const open = [...shown, ...watched].filter(({ status }) => status === undefined || status.state === 'open');
    this.#polls.set(new Set(open.map(({ runId }) => runId)));
  }

  #ending(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#end.signal]);
  }

  #load(): Promise<FollowWork> {
    this.#loading ??= this.#open().catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  async #open(): Promise<FollowWork> {
    const { FollowWork } = await import('./pullRequestFollowWork.ts');
    this.#end.signal.throwIfAborted();
    this.#work = new FollowWork(this.#parts);
    return this.#work;
  }

  /** Does something in the background; what goes wrong is logged. */
  #do(work: () => Promise<void>): void {
    const { log } = this.#parts.host;
    const working = work()
      .catch((error: unknown) => {
        if (this.#end.signal.aborted) return;
        if (error instanceof UserError) log.warn(`A comment was not answered: ${error.message}`);
        else log.error(`A comment was not answered: ${stackOf(error)}`);
      })
      .finally(() => this.#background.delete(working));
    this.#background.add(working);
  }
}

function notRead(): UserError {
  return new UserError({
    code: 'not-found',
    message: 'What there is to address on this pull request has not been read yet. Read it again, and choose anew.',
  });
}
