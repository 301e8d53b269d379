import { type Candidate, isComposition } from '../composition.ts';
import {
  type CandidateId,
  type ObjectName,
  type PatchSecret,
  placeOf,
  type Round,
  type Snapshot,
  type Task,
  type TaskId,
} from '../domain.ts';
import { stackOf, UserError } from '../problem.ts';
import type { PullRequest, PullRequestDraft, PullRequestTalk } from '../pullRequest.ts';
import type { TaskStorage } from '../workspace/workspace.ts';
import { assertEnded, nothingToShip } from './applyPlan.ts';
import type { CompositionBook } from './compositionBook.ts';
import type { EngineHost } from './engineHost.ts';
import type { Evidence } from './evidence.ts';
import type { GitHubClients } from './gitHubClients.ts';
import { orAbort } from './orAbort.ts';
import { assertPatchAllowed } from './patchGate.ts';
import { type ClaimParts, claimed, type Traces } from './pullRequestClaims.ts';
import type { TaskBook } from './taskBook.ts';
import { policyOf } from './taskPolicy.ts';

export interface PullRequestParts {
  readonly host: EngineHost;
  readonly book: TaskBook;
  readonly shelf: CompositionBook;
  readonly storage: (taskId: TaskId) => TaskStorage;
  readonly evidence: Pick<Evidence, 'markdown' | 'picked'>;
  readonly clients: GitHubClients;
  readonly claims: ClaimParts;
}

/** A candidate that may be pushed. */
export interface Shippable {
  readonly task: Task;
  readonly round: Round;
  readonly candidate: Candidate;
  readonly snapshot: Snapshot;
  readonly patch: string;
  readonly storage: TaskStorage;
}

/** Turns candidates into pull requests: once each, with nothing half made left behind. */
export class PullRequests {
  readonly #host: EngineHost;
  readonly #book: TaskBook;
  readonly #shelf: CompositionBook;
  readonly #storage: (taskId: TaskId) => TaskStorage;
  readonly #evidence: PullRequestParts['evidence'];
  readonly #clients: GitHubClients;
  readonly #claims: ClaimParts;
  readonly #end = new AbortController();
  readonly #opening = new Map<CandidateId, Promise<PullRequest>>();

  constructor({ host, book, shelf, storage, evidence, clients, claims }: PullRequestParts) {
    this.#host = host;
    this.#book = book;
    this.#shelf = shelf;
    this.#storage = storage;
    this.#evidence = evidence;
    this.#clients = clients;
    this.#claims = claims;
  }

  /** Title and body made from a run's own summary, or from what a composition is made of, in the style of the repository. */
  async propose(id: CandidateId, signal?: AbortSignal): Promise<PullRequestDraft> {
    const { task, round, candidate } = this.#book.candidate(id);
    this.#patchOf(candidate);
    const evidence = this.#evidence.markdown(round.id, id);
    const isQuoting = round.start.from === 'pull-request';
    const about = { instruction: round.message, isQuoting, changes: candidate.changes, evidence };
    const { pullRequestText } = await import('./pullRequestText.ts');
    if (isComposition(candidate)) {
      const composed = { ...about, summary: '', modelLabel: '', composedOf: candidate.name };
      return pullRequestText(task.folder, composed, signal);
    }
    const { state, profile } = candidate;
    const summary = state.status === 'succeeded' ? state.summary : '';
    return pullRequestText(task.folder, { ...about, summary, modelLabel: profile.label }, signal);
  }

  /** Whether the pull request of a candidate is just being opened, so that it has to stay as it is. */
  isOpening(id: CandidateId): boolean {
    return this.#opening.has(id);
  }

  /** The secrets that the patch adds. A run of before patches were looked through is looked through now. */
  async secretsIn(id: CandidateId, signal?: AbortSignal): Promise<readonly PatchSecret[]> {
    const { task, candidate } = this.#book.candidate(id);
    if (candidate.secretsInPatch) return candidate.secretsInPatch;
    const { secretsAdded } = await import('./patchSecrets.ts');
    return secretsAdded(candidate.changes, (blob) => this.#storage(task.id).readBlob(blob, signal));
  }

  /**
   * Opens the pull request of a candidate, or answers with the one it has, or that another window is just opening. Ends with an abort where
   * the user left a question.
   * Throws `UserError`: `secret-in-patch` when the patch has secrets and the draft doesn't accept them, and others.
   */
  create(id: CandidateId, draft: PullRequestDraft, talk: PullRequestTalk): Promise<PullRequest> {
    const under = this.#opening.get(id);
    if (under) return under;
    const opening = this.#claimAndOpen(id, draft, talk).finally(() => this.#opening.delete(id));
    this.#opening.set(id, opening);
    return opening;
  }

  /** Ends what is being opened. Resolves when it is cleaned up. */
  async dispose(): Promise<void> {
    this.#end.abort(new DOMException('The window is closing.', 'AbortError'));
    await Promise.allSettled(this.#opening.values());
  }

  async #claimAndOpen(id: CandidateId, draft: PullRequestDraft, talk: PullRequestTalk): Promise<PullRequest> {
    const signal = AbortSignal.any([talk.signal, this.#end.signal]);
    const lasting: PullRequestTalk = {
      report: (stage) => talk.report(stage),
      warn: (warning) => {
        this.#host.log.warn(warning);
        talk.warn?.(warning);
      },
      ask: (question, about) => orAbort(talk.ask(question, about), signal),
      signal,
    };
    const onWait = () => talk.report('Waiting for another window, which is opening it');
    const pull = await claimed(this.#claims, id, { onWait, signal }, (traces) =>
      this.#open(id, draft, lasting, traces),
    );
    // Another window may have opened it.
    this.#book.refresh();
    return pull;
  }

  /** The text of a patch that can be shipped. Throws `UserError` when there is none. */
  #patchOf(candidate: Candidate): string {
    assertEnded(candidate);
    if (candidate.changes.length === 0) throw nothingToShip();
    const patch = this.#book.patch(candidate.id);
    if (patch) return patch;
    throw new UserError({
      code: 'nothing-to-ship',
      message:
        'This run was interrupted before its patch was complete, so there is nothing to ship. Retry it, or choose another run.',
    });
  }

  /** What is to be pushed of a candidate, once all that can be checked here is. Throws `UserError` (`secret-in-patch` unless accepted). */
  async shippable(id: CandidateId, acceptSecrets: boolean, signal: AbortSignal): Promise<Shippable> {
    const { task, round, candidate } = this.#book.candidate(id);
    const patch = this.#patchOf(candidate);
    const { snapshot } = round;
    if (!snapshot) throw nothingToShip();
    const storage = this.#storage(task.id);
    const readBlob = (blob: ObjectName) => storage.readBlob(blob, signal);
    await assertPatchAllowed(candidate.changes, await policyOf(task, this.#host), readBlob);
    if (!acceptSecrets) assertNoSecrets(await this.secretsIn(id, signal));
    return { task, round, candidate, snapshot, patch, storage };
  }

  /** Keeps a candidate that was pushed as it was, as its round's choice. */
  keepShipped({ round, candidate, patch }: Pick<Shippable, 'round' | 'candidate' | 'patch'>): void {
    if (isComposition(candidate)) this.#shelf.keepShipped(candidate, patch);
    this.#book.updateRound(round.id, (current) => ({ ...current, chosenRunId: candidate.id }));
    this.#evidence.picked(round.id, candidate.id);
  }

  async #open(id: CandidateId, draft: PullRequestDraft, talk: PullRequestTalk, traces: Traces): Promise<PullRequest> {
    const shippable = await this.shippable(id, draft.acceptSecrets === true, talk.signal);
    const { task } = shippable;

    // Loaded with the first pull request, so that activation doesn't wait for it.
    const { addPeopleTo, openPull } = await import('./pullRequestOpening.ts');
    const settings = this.#host.settings();
    const { gitPush } = this.#host;
    const opening = { ...shippable, settings, clients: this.#clients, draft, traces, ...(gitPush && { gitPush }) };
    const opened = await openPull(opening, talk);
    const { pull } = opened;
    this.#book.addPullRequest(task.id, pull);
    this.keepShipped(shippable);
    this.#host.log.info(`Pull request #${pull.number} for ${id}`);
    // It is open and kept: what goes wrong from here on is no failure of it.
    await addPeopleTo(opening, opened, talk).catch((error: unknown) => {
      this.#host.log.warn(`Nobody was asked for pull request #${pull.number}: ${stackOf(error)}`);
    });
    return pull;
  }
}

function assertNoSecrets(secrets: readonly PatchSecret[]): void {
  if (secrets.length === 0) return;
  throw new UserError({
    code: 'secret-in-patch',
    message: `The patch has ${secrets.length === 1 ? 'a secret' : `${secrets.length} secrets`} in it: ${secrets.map(placeOf).join(', ')}. Nothing was pushed. Choose another run, or accept what is in it and try again.`,
  });
}
