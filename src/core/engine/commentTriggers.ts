import type { RoundId, TaskId } from '../domain.ts';
import { isOutage, isRequestFailure } from '../github/attempt.ts';
import { listComments, markOf, mayWrite, react, type SeenComment, sayOnce } from '../github/comments.ts';
import { contextOf, explain } from '../github/failure.ts';
import { commentMessage } from '../github/feedbackMessage.ts';
import type { PullPlace } from '../github/statusPlace.ts';
import { restAfter, type StatusReads } from '../github/statusReads.ts';
import { stackOf, UserError } from '../problem.ts';
import type { PullRequest } from '../pullRequest.ts';
import type { CommentKey, CommentState, HandledComment } from '../store/handledComments.ts';
import {
  type Asked,
  aboutOf,
  areRunsEnded,
  commandOf,
  lastProfiles,
  nothingAsked,
  placeNameOf,
  roundOf,
  threadsOf,
} from './commentTriggersAsked.ts';
import { costsOf, inline, type Outcome, replyText } from './commentTriggersReply.ts';
import { isVerified } from './evidenceView.ts';
import type { FollowParts } from './pullRequestFollowWork.ts';
import { connectTo } from './pullRequestUpdateHead.ts';
import type { PullRequestUpdates } from './pullRequestUpdates.ts';

export interface TriggerParts extends FollowParts {
  readonly updates: PullRequestUpdates;
}

/** A watched pull request whose comments are read. */
export interface HeardPull {
  readonly pull: PullRequest;
  readonly taskId: TaskId;
  readonly place: PullPlace;
  readonly reads: StatusReads;
}

type Row = CommentKey & HandledComment;
type Started = Extract<CommentState, { readonly type: 'started' }>;

/**
 * How often a window asks who may write, or answers, while GitHub refuses that with 403 or 404: that may be a matter of minutes, after a
 * change of permissions for example.
 */
const mostTries = 10;

/**
 * Lets comments on watched pull requests start rounds. Each is handled once, over all windows: a window claims it in the store before
 * anything is done about it, and another goes on with it only where that window is gone.
 */
export class CommentTriggers {
  readonly #parts: TriggerParts;
  /** Rounds that this window is answering for just now. */
  readonly #answering = new Set<RoundId>();
  /** How often GitHub has refused something of a comment in this window. */
  readonly #refusals = new Map<string, number>();

  constructor(parts: TriggerParts) {
    this.#parts = parts;
  }

  /** Handles what was said since the last time, and goes on with what was left. Whether there was any. Rejects with what Octokit threw. */
  async listen(heard: HeardPull, signal: AbortSignal): Promise<boolean> {
    const { pull, place, reads } = heard;
    const since = pull.watchedSince ?? Date.now();
    let isHeard = false;
    const comments = await listComments(place, since, signal, reads);
    for (const comment of comments) {
      const text = comment.createdAt < since ? undefined : commandOf(comment);
      if (text !== undefined && (await this.#consider(heard, comment, text, signal))) isHeard = true;
    }
    return (await this.#resume(heard, comments, signal)) || isHeard;
  }

  /** The last run of a round that a comment started has ended here: what goes on by itself is waited for, then the comment is answered. */
  async roundEnded(id: RoundId, signal: AbortSignal): Promise<void> {
    const row = this.#parts.comments.ofRound(id);
    if (row?.state.type === 'started' && row.owner === this.#parts.ownership.owner)
      await this.#finish(row, row.state, signal);
  }

  /** Whether it was handled now. */
  async #consider(heard: HeardPull, comment: SeenComment, text: string, signal: AbortSignal): Promise<boolean> {
    const { comments, rows, ownership, host } = this.#parts;
    const { pull, taskId, place } = heard;
    const key = { place: placeNameOf(pull, comment.kind), id: comment.id };
    if (comments.find(key)) return false;
    const isAllowed = await mayWrite(place, comment.author, signal);
    // It is asked again with the next look; nothing starts until it is known.
    if (isAllowed === undefined && !this.#isEnough(key)) {
      host.log.info(
        `Who may write where pull request #${pull.number} is could not be found out; a comment has to wait`,
      );
      return false;
    }
    const threads = isAllowed ? await threadsOf(place, comment, signal) : [];
    // The watch may have been switched off while GitHub was asked.
    if (signal.aborted || !rows.find(pull.runId)?.isWatched) return false;
    const { owner } = ownership;
    const state: CommentState = isAllowed
      ? { type: 'taken', pull: pull.runId, about: aboutOf(comment) }
      : { type: 'refused' };
    if (!comments.claim(key, { taskId, owner, state })) return false;
    if (isAllowed) {
      await this.#start(heard, comment, { text, threads }, signal);
      return true;
    }
    const why =
      isAllowed === undefined
        ? 'whether its author may write there could not be found out'
        : 'its author may not write there';
    host.log.info(`A comment on pull request #${pull.number} was left alone: ${why}`);
    await this.#react(place, comment, 'confused', signal);
    return false;
  }

  async #start(heard: HeardPull, comment: SeenComment, { text, threads }: Asked, signal: AbortSignal): Promise<void> {
    const { comments, ownership, startRound, book, host } = this.#parts;
    const { pull, taskId, place } = heard;
    const { owner } = ownership;
    const key = { place: placeNameOf(pull, comment.kind), id: comment.id };
    const { id, author, path, line } = comment;
    try {
      if (text === '') throw nothingAsked();
      const task = book.task(taskId);
      const { roundId } = startRound({
        ...{ taskId, folder: task.folder, profiles: lastProfiles(task, host.profiles()) },
        message: commentMessage(pull.number, {
          ...{ author, text },
          ...(path !== undefined && { path }),
          ...(line !== undefined && { line }),
        }),
        start: {
          ...{ from: 'pull-request', pull: pull.runId, comment: { id, author } },
          ...(threads.length > 0 && { threads }),
        },
      });
      comments.save(key, owner, { type: 'started', pull: pull.runId, about: aboutOf(comment), roundId });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      await this.#answer(place, key, comment, inline(error.message), signal);
      return;
    }
    await this.#react(place, comment, 'eyes', signal);
  }

  /** Takes over from windows that are gone, and tries again what could not be answered. Whether there was anything to do. */
  async #resume(heard: HeardPull, seen: readonly SeenComment[], signal: AbortSignal): Promise<boolean> {
    const { comments, ownership, book } = this.#parts;
    const { pull, taskId } = heard;
    const { owner } = ownership;
    let isAny = false;
    for (const row of comments.unfinished(taskId, pull.runId)) {
      if (row.owner !== owner && (ownership.isAlive(row.owner) || !comments.takeOver(row, owner, row.owner))) continue;
      const { state } = row;
      const begun = state.type === 'taken' ? roundOf(book.task(taskId), pull.runId, row.id) : undefined;
      if (state.type === 'started') {
        if (!areRunsEnded(book.find(taskId), state.roundId)) continue;
        await this.#finish(row, state, signal);
      } else if (begun && state.type === 'taken') {
        comments.save(row, owner, { ...state, type: 'started', roundId: begun.id });
      } else {
        const comment = seen.find((each) => each.id === row.id && placeNameOf(pull, each.kind) === row.place);
        // Who wrote it has deleted it.
        if (!comment) comments.save(row, owner, { type: 'answered' });
        else await this.#start(heard, comment, await this.#askedBy(heard, comment, signal), signal);
      }
      isAny = true;
    }
    return isAny;
  }

  async #askedBy({ place }: HeardPull, comment: SeenComment, signal: AbortSignal): Promise<Asked> {
    return { text: commandOf(comment) ?? '', threads: await threadsOf(place, comment, signal) };
  }

  async #finish(row: Row, { roundId, pull: id, about }: Started, signal: AbortSignal): Promise<void> {
    if (this.#answering.has(roundId)) return;
    this.#answering.add(roundId);
    try {
      const { evidence, book, clients, host, rows } = this.#parts;
      await evidence.settled(roundId);
      await evidence.ready(roundId);
      signal.throwIfAborted();
      const pull = rows.find(id);
      if (!pull) return;
      const place = await connectTo(clients, pull, { signal, quiet: true });
      const outcome = await this.#conclude(roundId, pull, signal);
      const { round } = book.round(roundId);
      const chosen = outcome.type === 'nothing' ? undefined : outcome.candidate;
      const costs = await costsOf(round.runs, host.settings());
      const table = chosen === undefined ? '' : evidence.markdown(roundId, chosen);
      const text = replyText({ round, outcome, evidence: table, costs });
      await this.#answer(place, row, { ...about, id: row.id }, text, signal);
    } finally {
      this.#answering.delete(roundId);
    }
  }

  /** What is to be done with the round's best candidate, and what the setting wants done by itself. */
  async #conclude(roundId: RoundId, pull: PullRequest, signal: AbortSignal): Promise<Outcome> {
    const { evidence, book, host, updates } = this.#parts;
    const { runs } = book.round(roundId).round;
    const known = evidence.of(roundId);
    const done = runs.filter(({ state, changes }) => state.status === 'succeeded' && changes.length > 0);
    const recommended = known.ranking?.recommended;
    const candidate = recommended ?? done[0]?.id;
    if (candidate === undefined) return { type: 'nothing' };
    const click = 'Look at it in VS Code, and push it there with Update Pull Request.';
    const waits = (why: string): Outcome => ({ type: 'waits', candidate, why: `${why} ${click}` });
    if (recommended === undefined && done.length > 1) return waits('nothing tells which of the candidates is best.');
    if (!host.settings().gitHub.pushVerified) return waits('somebody has to look at them first.');
    if (recommended === undefined || !isVerified(known, recommended))
      return waits('they are only pushed where all checks pass, and something that did not before.');
    try {
      const talk = { report: () => {}, ask: async () => undefined, signal };
      const { updates: made } = await updates.update(recommended, pull, talk, { quiet: true });
      const update = made?.find((each) => each.candidate === recommended);
      return update ? { type: 'pushed', candidate, commit: update.commit } : waits('they could not be pushed.');
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof UserError) return waits(error.message);
      const isLeft = error instanceof DOMException && error.name === 'AbortError';
      if (isLeft) return waits('they are in conflict with what is on the branch now.');
      throw error;
    }
  }

  /** Answers once. What GitHub goes on taking no answer to stays without one; until then it is tried again with the next look. */
  async #answer(
    place: PullPlace,
    key: CommentKey,
    comment: Pick<SeenComment, 'id' | 'kind' | 'thread' | 'createdAt'>,
    text: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { comments, ownership, host } = this.#parts;
    try {
      const { id, createdAt, thread } = comment;
      await sayOnce(place, { mark: markOf(id), text, since: createdAt, thread }, signal);
    } catch (error) {
      const isFinal = isRequestFailure(error) && !isOutage(error) && restAfter(error, Date.now()) === undefined;
      if (!isFinal || error.status === 401) throw error;
      const explained = explain(error, await contextOf(place.octokit, place.repository));
      if ([403, 404].includes(error.status) && !this.#isEnough(key)) throw explained;
      host.log.warn(`A comment on pull request #${place.number} stays without an answer: ${String(explained)}`);
    }
    comments.save(key, ownership.owner, { type: 'answered' });
  }

  /** Whether GitHub has refused this so often, with this time, that it isn't tried any more. */
  #isEnough({ place, id }: CommentKey): boolean {
    const key = `${place} ${id}`;
    const count = (this.#refusals.get(key) ?? 0) + 1;
    if (count < mostTries) this.#refusals.set(key, count);
    else this.#refusals.delete(key);
    return count >= mostTries;
  }

  /** A reaction is no more than a courtesy. */
  async #react(
    place: PullPlace,
    comment: SeenComment,
    content: 'eyes' | 'confused',
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await react(place, comment, content, signal);
    } catch (error) {
      signal.throwIfAborted();
      this.#parts.host.log.info(`No reaction to a comment on pull request #${place.number}: ${stackOf(error)}`);
    }
  }
}
