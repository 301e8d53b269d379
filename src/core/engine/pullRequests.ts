import { type Candidate, isComposition } from '../composition.ts';
import { type CandidateId, type PatchSecret, type PullRequest, placeOf, type TaskId } from '../domain.ts';
import { proposePullRequest as propose } from '../github/proposal.ts';
import { UserError } from '../problem.ts';
import type { TaskStorage } from '../workspace/workspace.ts';
import { assertEnded, nothingToShip } from './applyPlan.ts';
import type { CompositionBook } from './compositionBook.ts';
import type { EngineHost } from './engineHost.ts';
import type { Evidence } from './evidence.ts';
import { assertPatchAllowed } from './patchGate.ts';
import type { TaskBook } from './taskBook.ts';
import { policyOf } from './taskPolicy.ts';

/** The text of a pull request, for the user to edit. */
export interface PullRequestDraft {
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  /** The user was told of the secrets in the patch and wants them pushed all the same. */
  readonly acceptSecrets?: boolean;
}

export interface PullRequestParts {
  readonly host: EngineHost;
  readonly book: TaskBook;
  readonly shelf: CompositionBook;
  readonly storage: (taskId: TaskId) => TaskStorage;
  readonly evidence: Pick<Evidence, 'markdown' | 'picked'>;
}

/** Turns candidates into pull requests: once each, with nothing half made left behind. */
export class PullRequests {
  readonly #host: EngineHost;
  readonly #book: TaskBook;
  readonly #shelf: CompositionBook;
  readonly #storage: (taskId: TaskId) => TaskStorage;
  readonly #evidence: PullRequestParts['evidence'];
  readonly #opening = new Map<CandidateId, Promise<PullRequest>>();

  constructor({ host, book, shelf, storage, evidence }: PullRequestParts) {
    this.#host = host;
    this.#book = book;
    this.#shelf = shelf;
    this.#storage = storage;
    this.#evidence = evidence;
  }

  /** Title and body made from a run's own summary, or from what a composition is made of. */
  propose(id: CandidateId): PullRequestDraft {
    const { round, candidate } = this.#book.candidate(id);
    this.#patchOf(candidate);
    const evidence = this.#evidence.markdown(round.id, id);
    const about = { instruction: round.message, changes: candidate.changes, evidence };
    if (isComposition(candidate)) return propose({ ...about, summary: '', modelLabel: '', composedOf: candidate.name });
    const { state, profile } = candidate;
    return propose({
      ...about,
      summary: state.status === 'succeeded' ? state.summary : '',
      modelLabel: profile.label,
    });
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
   * Opens the pull request of a candidate, or answers with the one it has. `report` is told each stage.
   * Throws `UserError`: `secret-in-patch` when the patch has secrets and the draft doesn't accept them, and others.
   */
  create(
    id: CandidateId,
    draft: PullRequestDraft,
    report: (stage: string) => void,
    signal: AbortSignal,
  ): Promise<PullRequest> {
    const under = this.#opening.get(id);
    if (under) return under;
    const opening = this.#open(id, draft, report, signal).finally(() => this.#opening.delete(id));
    this.#opening.set(id, opening);
    return opening;
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

  async #open(
    id: CandidateId,
    draft: PullRequestDraft,
    report: (stage: string) => void,
    signal: AbortSignal,
  ): Promise<PullRequest> {
    const { task, round, candidate } = this.#book.candidate(id);
    const known = task.pullRequests.find((pull) => pull.runId === id);
    if (known) return known;
    const patch = this.#patchOf(candidate);
    if (!round.snapshot) throw nothingToShip();
    const { gitHubApiUrl } = this.#host.settings();
    await assertPatchAllowed(candidate.changes, policyOf(task, this.#host), (blob) =>
      this.#storage(task.id).readBlob(blob, signal),
    );

    if (!draft.acceptSecrets) assertNoSecrets(await this.secretsIn(id, signal));

    const { connect, findParent, hostBehind, openPullRequest, pickBase, pickRepository, suggestBranch, ...reading } =
      await loadGitHub();
    const facts = await reading.readRepositoryFacts(task.folder, signal);
    const repository = facts && pickRepository(facts, gitHubApiUrl);
    if (!facts || !repository) {
      throw new UserError({
        code: 'no-remote',
        message: `None of this folder's remotes is at ${placeName(hostBehind(gitHubApiUrl))}, so there is nowhere to open a pull request. Add a GitHub remote, or apply the patch to the workspace instead.`,
      });
    }
    report('Signing in to GitHub');
    const octokit = await connect(await this.#host.gitHubAuth(signal), gitHubApiUrl, repository, signal);
    report('Finding the commit to build on');
    const parent = await findParent(octokit, repository, facts.history, signal);
    const base = await pickBase(octokit, repository, facts, signal);
    report('Placing the patch');
    const placement = await this.#storage(task.id).placePatch(round.snapshot, patch, parent.commit, signal);
    if (!placement.placed) {
      throw new UserError({
        code: 'patch-conflict',
        message: `The patch builds on changes that ${repository.owner}/${repository.name} doesn't have, or that differ there: ${placement.conflicts.join(', ')}. Nothing was pushed. Push your own commits first, then try again.`,
      });
    }
    const opened = await openPullRequest({
      octokit,
      repository,
      parent,
      base,
      changes: placement.changes,
      branch: suggestBranch(draft.title, id.slice(0, 8)),
      title: draft.title,
      body: draft.body,
      onProgress: report,
      signal,
    });
    const pull: PullRequest = { ...opened, runId: id, title: draft.title, createdAt: Date.now() };
    this.#book.addPullRequest(task.id, pull);
    if (isComposition(candidate)) this.#shelf.keepShipped(candidate, patch);
    this.#book.updateRound(round.id, (current) => ({ ...current, chosenRunId: id }));
    this.#evidence.picked(round.id, id);
    this.#host.log.info(`Pull request #${pull.number} for ${id}`);
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

/** A stand-in or a proxy serves any host, so that it has no name of its own. */
function placeName(host: string | undefined): string {
  return host === undefined || host === 'any' ? 'GitHub' : host;
}

/** Loaded with the first pull request, so that activation doesn't wait for it. */
async function loadGitHub() {
  const [auth, base, branch, pullRequest, remote, repository] = await Promise.all([
    import('../github/auth.ts'),
    import('../github/base.ts'),
    import('../github/branch.ts'),
    import('../github/pullRequest.ts'),
    import('../github/remote.ts'),
    import('../workspace/repository.ts'),
  ]);
  return { ...auth, ...base, ...branch, ...pullRequest, ...remote, ...repository };
}
