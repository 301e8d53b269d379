import type { CandidateId } from '../domain.ts';
import { UserError } from '../problem.ts';
import type { PullRequest, PullRequestTalk } from '../pullRequest.ts';
import { orAbort } from './orAbort.ts';
import { claimed } from './pullRequestClaims.ts';
import type { FollowParts } from './pullRequestFollowWork.ts';
import { updateBranch, updateOf } from './pullRequestUpdate.ts';

export interface UpdateOptions {
  /** The user was told of the secrets in the patch and wants them pushed all the same. */
  readonly acceptSecrets?: boolean;
  /** Nobody can be asked to sign in. */
  readonly quiet?: boolean;
}

/** Puts candidates onto the branches of pull requests: once each, over all windows. */
export class PullRequestUpdates {
  readonly #parts: Pick<FollowParts, 'host' | 'book' | 'rows' | 'ownership' | 'clients' | 'pullRequests'>;
  readonly #updating = new Map<CandidateId, { readonly pull: CandidateId; readonly made: Promise<PullRequest> }>();
  readonly #end = new AbortController();

  constructor(parts: FollowParts) {
    this.#parts = parts;
  }

  isUpdating(candidate: CandidateId): boolean {
    return this.#updating.has(candidate);
  }

  /** Answers with the pull request, which has the update. Throws `UserError`; ends with an abort where the user left a question. */
  update(
    candidate: CandidateId,
    pull: PullRequest,
    talk: PullRequestTalk,
    options: UpdateOptions,
  ): Promise<PullRequest> {
    const under = this.#updating.get(candidate);
    if (under?.pull === pull.runId) return under.made;
    if (under) return Promise.reject(busy());
    const made = this.#claimAndUpdate(candidate, pull, talk, options).finally(() => this.#updating.delete(candidate));
    this.#updating.set(candidate, { pull: pull.runId, made });
    return made;
  }

  /** Ends what is under way. Resolves when nothing is. */
  async dispose(): Promise<void> {
    this.#end.abort(new DOMException('The window is closing.', 'AbortError'));
    await Promise.allSettled([...this.#updating.values()].map(({ made }) => made));
  }

  async #claimAndUpdate(
    candidate: CandidateId,
    { runId: pull }: PullRequest,
    talk: PullRequestTalk,
    options: UpdateOptions,
  ): Promise<PullRequest> {
    const { host, book, rows, ownership } = this.#parts;
    const signal = AbortSignal.any([talk.signal, this.#end.signal]);
    const lasting: PullRequestTalk = {
      report: (stage) => talk.report(stage),
      warn: (warning) => {
        host.log.warn(warning);
        talk.warn?.(warning);
      },
      ask: (question, about) => orAbort(talk.ask(question, about), signal),
      signal,
    };
    const done = () => {
      const known = rows.find(pull);
      return known && updateOf(known, candidate) ? known : undefined;
    };
    // A window that opens a pull request of the candidate claims it by another name.
    const claim = `update ${pull} ${candidate}` as CandidateId;
    const updateRows = {
      find: done,
      claimant: rows.claimant.bind(rows),
      claim: rows.claim.bind(rows),
      release: rows.release.bind(rows),
      made: () => undefined,
      noteMade: () => {},
    };
    const onWait = () => talk.report('Waiting for another window, which is updating it');
    const made = await claimed({ rows: updateRows, ownership }, claim, { onWait, signal }, () =>
      this.#update(candidate, pull, lasting, options),
    );
    book.refresh();
    return made;
  }

  async #update(
    id: CandidateId,
    pullId: CandidateId,
    talk: PullRequestTalk,
    { acceptSecrets = false, quiet = false }: UpdateOptions,
  ): Promise<PullRequest> {
    const { host, book, rows, clients, pullRequests } = this.#parts;
    const pull = rows.find(pullId);
    const shippable = await pullRequests.shippable(id, acceptSecrets, talk.signal);
    if (!pull || shippable.task.pullRequests.every(({ runId }) => runId !== pullId)) throw ofAnother();
    const settings = host.settings();
    const update = await updateBranch({ ...shippable, settings, clients, pull, quiet }, talk);
    book.updatePullRequest(pullId, (known) =>
      updateOf(known, id) ? known : { ...known, updates: [...(known.updates ?? []), update] },
    );
    pullRequests.keepShipped(shippable);
    book.markUsed(shippable.task.id);
    host.log.info(`Pull request #${pull.number} has ${update.commit} of ${id}`);
    return rows.find(pullId) ?? pull;
  }
}

function ofAnother(): UserError {
  return new UserError({
    code: 'not-found',
    message:
      'This pull request is not of the task that the candidate is of, so nothing was pushed. Create a pull request for the candidate instead.',
  });
}

function busy(): UserError {
  return new UserError({
    code: 'github-failed',
    message: 'This candidate is just being pushed to another pull request. Wait until that is done, then try again.',
  });
}
