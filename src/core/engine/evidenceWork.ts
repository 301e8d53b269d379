import type { CandidateId, ModelProfile, RoundId, RunId, Task, TaskId } from '../domain.ts';
import { CheckConsents } from '../evidence/checks/checkConsents.ts';
import { CheckFolders } from '../evidence/checks/checkFolders.ts';
import { type SuggestedCheck, suggestChecks } from '../evidence/checks/suggestChecks.ts';
import { findingMessage } from '../evidence/review/findingMessage.ts';
import { findingsOf, type RoundFinding } from '../evidence/review/findings.ts';
import { removeLeftPrivateFolders } from '../evidence/sandbox/privateFolders.ts';
import type { Check, RoundEvidence } from '../evidence.ts';
import { UserError } from '../problem.ts';
import type { EvidenceRows } from '../store/evidence.ts';
import type { TaskStorage } from '../workspace/workspace.ts';
import type { Accounts } from './accounts.ts';
import type { EngineHost } from './engineHost.ts';
import { agentChecksOf } from './evidenceAgent.ts';
import { EvidenceBook, endedOf } from './evidenceBook.ts';
import { type CheckScene, EvidenceChecks } from './evidenceChecks.ts';
import { EvidenceFlow } from './evidenceFlow.ts';
import { evidenceMarkdown } from './evidenceMarkdown.ts';
import { EvidenceMarks } from './evidenceMarks.ts';
import { EvidenceReviews } from './evidenceReviews.ts';
import { EvidenceSandbox, type FoundSandbox } from './evidenceSandbox.ts';
import type { EndedCandidate } from './evidenceView.ts';
import { folderView } from './folderView.ts';
import { logEvidence } from './logEvidence.ts';
import { OftenEnough } from './oftenEnough.ts';
import type { TaskBook } from './taskBook.ts';

export interface EvidenceParts {
  readonly host: EngineHost;
  readonly book: TaskBook;
  readonly rows: EvidenceRows;
  readonly storage: (taskId: TaskId) => TaskStorage;
  readonly accounts: Accounts;
  /** This window, and whether another is there. */
  readonly ownership: { readonly owner: string; isAlive(owner: string): boolean };
  /** Cancels a run for a reason that the user is told. Must not reject. */
  readonly cancelRun: (id: RunId, reason: string) => Promise<void>;
}

/** How far apart two changes of a task are told, in milliseconds. */
const toldEvery = 100;

/** What `Evidence` does, with the code for it. */
export class EvidenceWork {
  readonly #parts: EvidenceParts;
  readonly consents: CheckConsents;
  readonly folders: CheckFolders;
  /** What happens by itself. */
  readonly flow: EvidenceFlow;
  readonly #sandbox: EvidenceSandbox;
  readonly #checks: EvidenceChecks;
  readonly #marks: EvidenceMarks;
  readonly #reviews: EvidenceReviews;
  readonly #known: EvidenceBook;
  readonly #news: OftenEnough<TaskId>;
  /** Tasks that somebody looked at. */
  readonly #shown = new Set<TaskId>();
  readonly #background = new Set<Promise<void>>();

  constructor(parts: EvidenceParts) {
    this.#parts = parts;
    const { host, book, rows, storage, accounts, ownership } = parts;
    const { log, storageDirectory } = host;
    const changed = (taskId: TaskId) => this.#changed(taskId);
    const { owner } = ownership;
    this.#news = new OftenEnough(toldEvery, (taskId) => book.tell(taskId));
    this.consents = new CheckConsents(host.checkConsents);
    this.folders = new CheckFolders({ storageDirectory, owner, isAlive: (other) => ownership.isAlive(other), log });
    this.#sandbox = new EvidenceSandbox(host, () => this.#allChanged());
    const [consents, folders, sandbox] = [this.consents, this.folders, this.#sandbox];
    this.#checks = new EvidenceChecks({ host, rows, storage, consents, folders, sandbox, changed });
    this.#marks = new EvidenceMarks({ storage, log, changed });
    this.#reviews = new EvidenceReviews({ host, book, rows, storage, accounts, changed });
    const [checks, marks, reviews] = [this.#checks, this.#marks, this.#reviews];
    const known = new EvidenceBook({ host, book, rows, consents, sandbox, checks, marks, reviews });
    this.#known = known;
    const review = (id: RoundId, reviewers: readonly ModelProfile[]) => this.review(id, reviewers);
    this.flow = new EvidenceFlow({ host, book, rows, known, checks, sandbox, marks, review, changed });
  }

  of(id: RoundId): RoundEvidence {
    this.#shown.add(this.#parts.book.round(id).task.id);
    return this.#known.of(id).progress;
  }

  /** Looks all patches of a round through. */
  async ready(id: RoundId): Promise<void> {
    const { task, round } = this.#parts.book.round(id);
    const base = round.snapshot?.tree;
    if (!base) return;
    await Promise.all(endedOf(round).map((candidate) => this.#marks.find({ ...candidate, taskId: task.id, base })));
  }

  suggest(folder: string): Promise<readonly SuggestedCheck[]> {
    return suggestChecks(folderView(folder));
  }

  async foundSandbox(): Promise<FoundSandbox> {
    try {
      return { isolation: (await this.#sandbox.choose()).isolation };
    } catch (error) {
      if (error instanceof UserError) return { problem: error.message };
      throw error;
    }
  }

  missing(taskFolder: string, checks: readonly Check[]): readonly Check[] {
    return this.consents.missing(taskFolder, checks);
  }

  async agree(taskFolder: string, checks: readonly Check[]): Promise<void> {
    await this.consents.agree(taskFolder, checks);
    this.#allChanged();
  }

  async revoke(taskFolder?: string): Promise<void> {
    await this.consents.revoke(taskFolder);
    this.#checks.cancelIn(taskFolder);
    this.#allChanged();
  }

  async runChecks(id: RoundId, ids?: readonly CandidateId[]): Promise<void> {
    const { task, round } = this.#parts.book.round(id);
    const { agreed, notAgreed } = this.#known.checksOf(task);
    if (agreed.length === 0) throw notAgreed.length > 0 ? notAgreedTo(notAgreed, task) : noChecks();
    const scene = this.flow.sceneOf(id);
    if (!scene) throw nothingToCheck();
    const candidates = endedOf(round).filter((candidate) => !ids || ids.includes(candidate.id));
    const open = candidates.filter((candidate) => !this.#isChecked(scene, candidate));
    this.#sandbox.lookAgain();
    this.#parts.book.markUsed(task.id);
    const isAgain = open.length === 0 && this.#isChecked(scene, scene.snapshot);
    const { done } = await this.#checks.start(scene, isAgain ? candidates : open, isAgain ? 'again' : 'renew');
    this.#inBackground(done.then(() => this.flow.cross(id)));
  }

  cancelChecks(id?: RoundId): void {
    if (id === undefined) this.#checks.cancelIn();
    else this.#checks.cancel(id);
  }

  async review(id: RoundId, reviewers: readonly ModelProfile[]): Promise<void> {
    const { task, round } = this.#parts.book.round(id);
    this.#parts.book.markUsed(task.id);
    await this.#reviews.review(id, endedOf(round), reviewers).finally(() => this.#changed(task.id));
  }

  cancelReview(id: RoundId): void {
    this.#reviews.cancel(id);
  }

  findings(id: RoundId): readonly RoundFinding[] {
    return findingsOf(this.of(id).reviews);
  }

  messageOf(id: RoundId, findingId: string): string | undefined {
    const found = this.findings(id).find((finding) => finding.id === findingId);
    return found && findingMessage(found.finding);
  }

  markdown(id: RoundId, chosen?: CandidateId): string {
    const evidence = this.of(id);
    if (!evidence.ranking && evidence.base.length === 0) return '';
    return evidenceMarkdown(this.#parts.book.round(id).round, evidence, chosen);
  }

  async picked(id: RoundId, candidate: CandidateId): Promise<void> {
    await this.ready(id);
    const { progress, evidence } = this.#known.of(id);
    const { ranking } = progress;
    this.#parts.rows.savePick(id, { candidate, pickedAt: Date.now(), ...(ranking && { ranking }), evidence });
  }

  settingsChanged(): void {
    this.#checks.admit();
    this.#allChanged();
  }

  /** The checks that agents may run: those that were agreed to, where something keeps them to their copy. */
  async agentChecks(id: RoundId) {
    const scene = () => this.flow.sceneOf(id);
    return agentChecksOf({ checks: this.#checks, sandbox: this.#sandbox, known: this.#known, scene });
  }

  /** What windows that are gone have left. Never rejects. */
  async removeLeftovers(signal: AbortSignal): Promise<void> {
    await this.folders.removeLeftovers(signal);
    await removeLeftPrivateFolders(this.#parts.host.log, signal);
  }

  async removeTask(id: TaskId): Promise<void> {
    await Promise.all([this.#checks.removeTask(id), this.#reviews.removeTask(id)]);
  }

  async dispose(): Promise<void> {
    this.flow.stop();
    this.#news.dispose();
    await Promise.all([this.#checks, this.#reviews, this.#marks].map((part) => part.dispose()));
    await Promise.all(this.#background);
  }

  #isChecked({ task, round, checks }: CheckScene, { tree }: Pick<EndedCandidate, 'tree'>): boolean {
    return checks.every((check) => this.#known.keptRun(task.id, round.id, tree, check));
  }

  #changed(taskId: TaskId): void {
    this.#known.outdate();
    this.#news.tell(taskId);
  }

  /** What was asked for is asked for again. */
  #allChanged(): void {
    this.#known.outdate();
    for (const taskId of this.#shown) this.#news.tell(taskId);
  }

  #inBackground(work: Promise<void>): void {
    const working = work
      .catch((error: unknown) => logEvidence(this.#parts.host.log, error))
      .finally(() => this.#background.delete(working));
    this.#background.add(working);
  }
}

function notAgreedTo(checks: readonly Check[], task: Task): UserError {
  const names = checks.map(({ name }) => `“${name}”`).join(', ');
  return new UserError({
    code: 'check-not-agreed',
    message: `No check was run: you have not agreed to run ${names} in ${task.folder}. Look at the commands, agree to them, then run the checks again.`,
  });
}

function noChecks(): UserError {
  return new UserError({
    code: 'check-not-agreed',
    message: 'There are no checks to run. Add some to the setting dursor.checks, then run them.',
    action: { type: 'open-settings', setting: 'dursor.checks' },
  });
}

function nothingToCheck(): UserError {
  return new UserError({
    code: 'nothing-to-ship',
    message: 'There is nothing to check yet: the round has no snapshot of the folder. Wait until its runs have begun.',
  });
}
