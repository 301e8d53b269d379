import type { CandidateId, RoundId, Timestamp } from '../domain.ts';
import { listComments } from '../github/comments.ts';
import { contextOf, explain, explaining } from '../github/failure.ts';
import { readFeedback } from '../github/feedback.ts';
import { feedbackMessage } from '../github/feedbackMessage.ts';
import { assertOpen, readPull, readStatus } from '../github/status.ts';
import type { PullPlace } from '../github/statusPlace.ts';
import { restAfter, StatusReads } from '../github/statusReads.ts';
import { answerThreads } from '../github/threadAnswers.ts';
import { stackOf, UserError } from '../problem.ts';
import type {
  FeedbackChoice,
  PullRequest,
  PullRequestFeedback,
  PullRequestStatus,
  PullRequestTalk,
} from '../pullRequest.ts';
import type { HandledCommentRows } from '../store/handledComments.ts';
import type { PullRequestRows } from '../store/pullRequests.ts';
import type { UsageRows } from '../store/usage.ts';
import { CommentTriggers } from './commentTriggers.ts';
import { placeNameOf } from './commentTriggersAsked.ts';
import type { EngineHost } from './engineHost.ts';
import type { Evidence } from './evidence.ts';
import type { GitHubClients } from './gitHubClients.ts';
import type { Ownership } from './ownership.ts';
import type { PollResult } from './pullRequestFollowPolls.ts';
import type { PullRequests } from './pullRequests.ts';
import { connectTo, readPullHead } from './pullRequestUpdateHead.ts';
import { PullRequestUpdates, type UpdateOptions } from './pullRequestUpdates.ts';
import type { PullHead } from './pullStart.ts';
import type { RoundRequest } from './roundRequest.ts';
import type { TaskBook } from './taskBook.ts';

export interface FollowParts {
  readonly host: EngineHost;
  readonly book: TaskBook;
  readonly rows: PullRequestRows;
  readonly comments: HandledCommentRows;
  /** Who looks at a pull request, and when it was last looked at, over all windows. */
  readonly chores: Pick<UsageRows, 'claim' | 'done'>;
  readonly ownership: Pick<Ownership, 'owner' | 'isAlive'>;
  readonly clients: GitHubClients;
  readonly pullRequests: Pick<PullRequests, 'shippable' | 'keepShipped'>;
  readonly evidence: Pick<Evidence, 'of' | 'ready' | 'settled' | 'markdown'>;
  readonly startRound: (request: RoundRequest) => { readonly roundId: RoundId };
}

/** Milliseconds until a look is repeated that failed for want of a sign-in or of a connection. */
const restMs = 5 * 60_000;

/** What `PullRequestFollow` does, with the code for it. */
export class FollowWork {
  readonly #parts: FollowParts;
  readonly #updates: PullRequestUpdates;
  readonly #triggers: CommentTriggers;
  readonly #reads = new Map<CandidateId, StatusReads>();
  readonly #feedback = new Map<CandidateId, PullRequestFeedback>();
  /** What was logged last of each, so that it isn't each time. */
  readonly #told = new Map<CandidateId, string>();

  constructor(parts: FollowParts) {
    this.#parts = parts;
    this.#updates = new PullRequestUpdates(parts);
    this.#triggers = new CommentTriggers({ ...parts, updates: this.#updates });
  }

  async dispose(): Promise<void> {
    await this.#updates.dispose();
  }

  /** Looks at a pull request in the background, unless another window has done so in these milliseconds. Never rejects. */
  async poll(
    id: CandidateId,
    { interval, now }: { readonly interval: number; readonly now: Timestamp },
    signal: AbortSignal,
  ): Promise<PollResult> {
    const { chores, ownership, rows } = this.#parts;
    const chore = `pull request ${id}`;
    const isGone = (other: string) => other === ownership.owner || !ownership.isAlive(other);
    try {
      const pull = rows.find(id);
      // A second less, so that a window isn't kept from it by its own last look.
      if (!pull || !chores.claim(chore, ownership.owner, now - Math.max(0, interval - 1000), isGone))
        return { type: 'same' };
      try {
        return await this.#poll(pull, now, signal);
      } finally {
        if (!signal.aborted) chores.done(chore, ownership.owner, now);
      }
    } catch (error) {
      if (!signal.aborted) this.#tell(id, error);
      return { type: 'rest', milliseconds: restAfter(error, now) ?? restMs };
    }
  }

  /** Looks at once, and hears what was said where it is watched. Throws `UserError`. */
  async look(id: CandidateId, signal: AbortSignal): Promise<PullRequest> {
    const pull = this.#pullOf(id);
    const place = await connectTo(this.#parts.clients, pull, { signal });
    const context = contextOf(place.octokit, place.repository);
    await explaining(context, () => this.#lookAt(pull, place, Date.now(), signal));
    return this.#pullOf(id);
  }

  async feedback(id: CandidateId, signal: AbortSignal): Promise<PullRequestFeedback> {
    const place = await connectTo(this.#parts.clients, this.#pullOf(id), { signal });
    const feedback = await explaining(contextOf(place.octokit, place.repository), () => readFeedback(place, signal));
    this.#feedback.set(id, feedback);
    return feedback;
  }

  /** Undefined where nothing was read yet. */
  messageOf(id: CandidateId, choice: FeedbackChoice, words: string): string | undefined {
    const feedback = this.#feedback.get(id);
    return feedback && feedbackMessage(this.#pullOf(id).number, feedback, choice, words);
  }

  update(
    candidate: CandidateId,
    pull: CandidateId,
    talk: PullRequestTalk,
    options: UpdateOptions,
  ): Promise<PullRequest> {
    return this.#updates.update(candidate, this.#pullOf(pull), talk, options);
  }

  isUpdating(candidate: CandidateId): boolean {
    return this.#updates.isUpdating(candidate);
  }

  /** Answers those of the threads that rounds of the pull request's updates were about. */
  async answer(
    id: CandidateId,
    threads: readonly string[],
    text: string | undefined,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const { book, clients } = this.#parts;
    const pull = this.#pullOf(id);
    const orders = (pull.updates ?? []).toReversed().flatMap(({ candidate, commit }) => {
      const { start } = book.candidate(candidate).round;
      const about = start.from === 'pull-request' && start.pull === id ? (start.threads ?? []) : [];
      return about.filter((thread) => threads.includes(thread)).map((thread) => ({ thread, commit }));
    });
    const newest = orders.filter((order, at) => orders.findIndex(({ thread }) => thread === order.thread) === at);
    if (newest.length === 0) return [];
    const place = await connectTo(clients, pull, { signal });
    return explaining(contextOf(place.octokit, place.repository), () => answerThreads(place, newest, text, signal));
  }

  /** Begins to listen to comments; those that are there count for nothing. Throws `UserError`. */
  async watch(id: CandidateId, signal: AbortSignal): Promise<void> {
    const { book, clients, comments, ownership } = this.#parts;
    const pull = this.#pullOf(id);
    if (pull.isWatched) return;
    const place = await connectTo(clients, pull, { signal });
    const taskId = this.#taskIdOf(id);
    await explaining(contextOf(place.octokit, place.repository), async () => {
      const seen = await readPull(place, signal);
      assertOpen(seen, pull.number);
      // GitHub tells times in seconds.
      const since = Math.floor((seen.now ?? Date.now()) / 1000) * 1000;
      for (const { kind, id: number } of await listComments(place, since, signal)) {
        const key = { place: placeNameOf(pull, kind), id: number };
        comments.claim(key, { taskId, owner: ownership.owner, state: { type: 'before' } });
      }
      book.updatePullRequest(id, (known) => ({ ...known, isWatched: true, watchedSince: since }));
    });
  }

  pullHead(pull: PullRequest, signal: AbortSignal): Promise<PullHead> {
    return readPullHead(this.#parts.clients, pull, { signal, quiet: pull.isWatched === true });
  }

  /** The last run of a round that a comment started has ended. */
  roundEnded(id: RoundId, signal: AbortSignal): Promise<void> {
    return this.#triggers.roundEnded(id, signal);
  }

  async #poll(pull: PullRequest, now: Timestamp, signal: AbortSignal): Promise<PollResult> {
    const id = pull.runId;
    const place = await connectTo(this.#parts.clients, pull, { signal, quiet: true });
    let isChanged = false;
    try {
      isChanged = await this.#lookAt(pull, place, now, signal);
    } catch (error) {
      const milliseconds = restAfter(error, now);
      if (milliseconds !== undefined) return { type: 'rest', milliseconds };
      throw explain(error, await contextOf(place.octokit, place.repository));
    }
    this.#told.delete(id);
    // Others use the same limit.
    if (this.#readsOf(id).share < 0.1) return { type: 'rest', milliseconds: restMs };
    return { type: isChanged ? 'changed' : 'same' };
  }

  /** Whether anything has changed, or was said to dursor. Rejects with what Octokit threw. */
  async #lookAt(pull: PullRequest, place: PullPlace, now: Timestamp, signal: AbortSignal): Promise<boolean> {
    // Another window may have started a round, or ended one.
    this.#parts.book.refresh();
    const reads = this.#readsOf(pull.runId);
    const status = await readStatus(place, reads, signal);
    const isChanged = this.#keep(pull.runId, status, now);
    if (!pull.isWatched || status.state !== 'open') return isChanged;
    const heard = { pull, taskId: this.#taskIdOf(pull.runId), place, reads };
    return (await this.#triggers.listen(heard, signal)) || isChanged;
  }

  /** Whether anything is different from what was seen last. */
  #keep(id: CandidateId, status: Omit<PullRequestStatus, 'seenAt'>, now: Timestamp): boolean {
    let isChanged = false;
    this.#parts.book.updatePullRequest(id, (pull) => {
      const { seenAt: _, ...before } = pull.status ?? { seenAt: 0 };
      isChanged = sorted(before) !== sorted(status);
      return isChanged ? { ...pull, status: { ...status, seenAt: now } } : pull;
    });
    return isChanged;
  }

  #readsOf(id: CandidateId): StatusReads {
    const reads = this.#reads.get(id) ?? new StatusReads();
    this.#reads.set(id, reads);
    return reads;
  }

  #pullOf(id: CandidateId): PullRequest {
    const pull = this.#parts.rows.find(id);
    if (pull) return pull;
    throw new UserError({
      code: 'not-found',
      message: 'This pull request is not known to its task any more. Open the task again, and choose another one.',
    });
  }

  #taskIdOf(id: CandidateId) {
    return this.#parts.book.candidate(id).task.id;
  }

  #tell(id: CandidateId, error: unknown): void {
    const { log } = this.#parts.host;
    const isExpected = error instanceof UserError;
    const text = isExpected ? error.message : stackOf(error);
    if (this.#told.get(id) === text) return;
    this.#told.set(id, text);
    if (isExpected) log.info(`A pull request could not be looked at: ${text}`);
    else log.error(`A pull request could not be looked at: ${text}`);
  }
}

/** The same text for the same content, in whichever order it was written. */
function sorted(status: object): string {
  return JSON.stringify(Object.entries(status).sort(([a], [b]) => (a < b ? -1 : 1)));
}
