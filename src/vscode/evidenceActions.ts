import * as vscode from 'vscode';
import type { CandidateId, RoundId, Task, TaskId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import { UserError } from '../core/problem.ts';
import { CheckConsent } from './checkConsent.ts';
import { setUpChecks } from './checkSetup.ts';
import { withdrawAgreement } from './checkWithdrawal.ts';
import type { FolderChoice } from './folderChoice.ts';
import { plainNotice } from './plainNotice.ts';
import { pickReviewers } from './reviewers.ts';
import { sendFinding } from './sendFinding.ts';
import type { Settings } from './settings.ts';

export interface EvidenceActionParts {
  readonly engine: Engine;
  readonly settings: Settings;
  readonly folders: FolderChoice;
  /** The user's, over all windows and folders. */
  readonly memento: vscode.Memento;
  showTask(id: TaskId): Promise<void>;
}

/** What the user can do about evidence, for the commands and the compare panel. Throws `UserError`. */
export class EvidenceActions {
  readonly #parts: EvidenceActionParts;
  readonly #consent: CheckConsent;

  constructor(parts: EvidenceActionParts) {
    this.#parts = parts;
    const { engine, settings, memento } = parts;
    this.#consent = new CheckConsent({ evidence: engine.evidence, settings, memento });
  }

  /** In the task's folder, or else the one that the user picks. */
  async setUp(task: Task | undefined): Promise<void> {
    const folder = await this.#folderOf(task);
    if (folder) await this.#setUp(folder);
  }

  /** Asks for what is not agreed to yet in the task's folder, or else the one that the user picks. */
  async agree(task: Task | undefined): Promise<void> {
    const folder = await this.#folderOf(task);
    if (!folder) return;
    this.#tellProblems();
    const { checks } = this.#parts.settings.parsedChecks;
    if (checks.length === 0) {
      await this.#setUp(folder);
      return;
    }
    const isAsked = (await this.#parts.engine.evidence.missing(folder, checks)).length > 0;
    if (!(await this.#consent.ensure(folder))) return;
    const which = checks.length === 1 ? 'The check' : `All ${checks.length} checks`;
    const text = isAsked
      ? 'Agreed. Run the checks from the compare panel.'
      : `${which} of this folder may run already.`;
    void vscode.window.showInformationMessage(text);
  }

  /** Takes back what was agreed to, in the task's folder, or else the one that the user picks, or everywhere. */
  async withdraw(task: Task | undefined): Promise<void> {
    const folder = await this.#folderOf(task);
    const { engine, memento } = this.#parts;
    if (folder) await withdrawAgreement({ evidence: engine.evidence, memento }, folder);
  }

  /** On the base, and on all candidates that ended or the one that is named; asks first where that is not agreed to. */
  async run(roundId: RoundId, id?: CandidateId): Promise<void> {
    const { engine, folders, settings } = this.#parts;
    const { folder } = engine.round(roundId).task;
    folders.requireOpen(folder);
    this.#tellProblems();
    const mayRun =
      settings.parsedChecks.checks.length > 0 ? await this.#consent.ensure(folder) : await this.#setUp(folder);
    if (mayRun) await engine.evidence.runChecks(roundId, id && [id]);
  }

  cancel(roundId: RoundId): void {
    this.#parts.engine.evidence.cancelChecks(roundId);
  }

  /** By the models that the user picks. Resolves when they have answered. */
  async review(roundId: RoundId): Promise<void> {
    const { engine, settings } = this.#parts;
    if (engine.evidence.of(roundId).isReviewing) {
      const cancel = 'Cancel Review';
      const text = 'These candidates are being reviewed already. Wait for the answers, or cancel the review first.';
      if ((await vscode.window.showInformationMessage(text, cancel)) === cancel) this.cancelReview(roundId);
      return;
    }
    const reviewers = await pickReviewers(settings, engine.round(roundId).round);
    if (reviewers) await engine.evidence.review(roundId, reviewers);
  }

  cancelReview(roundId: RoundId): void {
    this.#parts.engine.evidence.cancelReview(roundId);
  }

  async copy(roundId: RoundId): Promise<void> {
    const { evidence } = this.#parts.engine;
    await evidence.ready(roundId);
    const text = evidence.markdown(roundId);
    if (text === '') throw nothingKnown();
    await vscode.env.clipboard.writeText(text);
    vscode.window.setStatusBarMessage('The evidence is copied as Markdown.', 3000);
  }

  /** Sends a finding to the model whose run it is about, once the user has seen the text. */
  async send(roundId: RoundId, findingId: string): Promise<void> {
    const { evidence } = this.#parts.engine;
    const found = evidence.finding(roundId, findingId);
    if (!found) throw gone();
    const message = { candidate: found.candidate, text: evidence.messageOf(roundId, findingId) };
    const taskId = await sendFinding(this.#parts, message);
    if (taskId) await this.#parts.showTask(taskId);
  }

  async #folderOf(task: Task | undefined): Promise<string | undefined> {
    return task?.folder ?? this.#parts.folders.pick();
  }

  #setUp(folder: string): Promise<boolean> {
    const { engine, settings } = this.#parts;
    return setUpChecks({ evidence: engine.evidence, settings, consent: this.#consent }, folder);
  }

  /** What is wrong with the setting is told, and the rest of it holds. */
  #tellProblems(): void {
    const { problems } = this.#parts.settings.parsedChecks;
    if (problems.length === 0) return;
    const open = 'Open Settings';
    vscode.window.showWarningMessage(plainNotice(problems.join(' ')), open).then((answer) => {
      if (answer === open) void vscode.commands.executeCommand('workbench.action.openSettings', 'dursor.checks');
    });
  }
}

function nothingKnown(): UserError {
  const message =
    'There is no evidence to copy yet. Run the checks or let models review the candidates, then try again.';
  return new UserError({ code: 'not-found', message });
}

function gone(): UserError {
  const message = 'This finding is no longer part of the review. Look at what is shown now, then choose again.';
  return new UserError({ code: 'not-found', message });
}
