import * as vscode from 'vscode';
import type { Engine } from '../core/engine.ts';
import type { Check } from '../core/evidence.ts';
import { agreeToUnprotected, isUnprotectedAgreed } from './consentMemory.ts';
import { consentPages, unprotectedText } from './consentText.ts';
import type { Settings } from './settings.ts';

export interface CheckConsentParts {
  readonly evidence: Pick<Engine['evidence'], 'missing' | 'agree' | 'sandbox'>;
  /** The user's, over all windows and folders. */
  readonly memento: vscode.Memento;
  readonly settings: Pick<Settings, 'sandbox' | 'sandboxImage' | 'parsedChecks'>;
}

/** Asks before anything runs. Every question is modal, and shows what it is about in full. */
export class CheckConsent {
  readonly #parts: CheckConsentParts;

  constructor(parts: CheckConsentParts) {
    this.#parts = parts;
  }

  /** Whether all checks of the setting may run on copies of this folder, after asking where that isn't known. */
  async ensure(taskFolder: string): Promise<boolean> {
    const { evidence, settings } = this.#parts;
    if (!(await this.#ensureSandbox())) return false;
    const missing = await evidence.missing(taskFolder, settings.parsedChecks.checks);
    return missing.length === 0 || this.#ask(taskFolder, missing);
  }

  /** Without a sandbox only after the user read once what that means. */
  async #ensureSandbox(): Promise<boolean> {
    const { settings, memento } = this.#parts;
    if (settings.sandbox !== 'none' || isUnprotectedAgreed(memento)) return true;
    const run = 'Run Unprotected';
    const answer = await vscode.window.showWarningMessage(
      'Run checks without any protection?',
      { modal: true, detail: unprotectedText },
      run,
    );
    if (answer !== run) return false;
    await agreeToUnprotected(memento);
    return true;
  }

  async #ask(taskFolder: string, checks: readonly Check[]): Promise<boolean> {
    const { evidence, settings } = this.#parts;
    const found = await evidence.sandbox();
    const pages = consentPages(taskFolder, checks, { image: settings.sandboxImage, ...found });
    const what = checks.length === 1 ? 'this command as a check' : `these ${checks.length} commands as checks`;
    for (const [index, detail] of pages.entries()) {
      const isLast = index === pages.length - 1;
      const button = isLast ? 'Agree' : 'Next';
      const part = pages.length > 1 ? ` (${index + 1} of ${pages.length})` : '';
      const answer = await vscode.window.showWarningMessage(
        `Let dursor run ${what}?${part}`,
        { modal: true, detail },
        button,
      );
      if (answer !== button) return false;
    }
    await evidence.agree(taskFolder, checks);
    return true;
  }
}
