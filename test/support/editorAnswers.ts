import * as vscode from 'vscode';

/** A modal question as it was asked. */
export interface Asked {
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly string[];
}

/** A list as it was shown. */
export interface Listed {
  readonly title: string;
  readonly labels: readonly string[];
  readonly details: readonly (string | undefined)[];
}

/**
 * Answers modal questions in a person's place, one after the other, and picks from lists; what is asked beyond that is dismissed. VS Code
 * shows no dialog in a test.
 */
export class EditorAnswers {
  readonly asked: Asked[] = [];
  readonly listed: Listed[] = [];
  /** Notifications, with their buttons. */
  readonly told: { readonly message: string; readonly buttons: readonly string[] }[] = [];
  #answers: string[] = [];
  #picks: string[] = [];
  readonly #window = vscode.window as { -readonly [Name in keyof typeof vscode.window]: unknown };
  readonly #original = { ...vscode.window };

  constructor() {
    this.#window.showWarningMessage = (message: string, ...rest: (string | vscode.MessageOptions)[]) =>
      this.#message(message, rest);
    this.#window.showInformationMessage = this.#window.showWarningMessage;
    this.#window.showQuickPick = async (
      items: readonly (string | vscode.QuickPickItem)[],
      { title = '' }: vscode.QuickPickOptions = {},
    ) => {
      const rows = items.map((item) => (typeof item === 'string' ? { label: item } : item));
      this.listed.push({ title, labels: rows.map(({ label }) => label), details: rows.map(({ detail }) => detail) });
      const pick = this.#picks.shift();
      const index = rows.findIndex(({ label }) => label === pick);
      if (pick !== undefined && index < 0) throw new Error(`${pick} is none of ${rows.map(({ label }) => label)}`);
      return items[index];
    };
  }

  /** What is answered to the questions to come. */
  next(...answers: string[]): void {
    this.#answers = answers;
  }

  /** What is picked from the lists to come, by its label. */
  pick(...labels: string[]): void {
    this.#picks = labels;
  }

  dispose(): void {
    this.#window.showWarningMessage = this.#original.showWarningMessage;
    this.#window.showInformationMessage = this.#original.showInformationMessage;
    this.#window.showQuickPick = this.#original.showQuickPick;
  }

  async #message(message: string, [options, ...rest]: (string | vscode.MessageOptions)[]): Promise<string | undefined> {
    if (typeof options !== 'object') {
      this.told.push({ message, buttons: [options, ...rest].filter((button) => typeof button === 'string') });
      return undefined;
    }
    const buttons = rest.filter((button) => typeof button === 'string');
    this.asked.push({ message, detail: options.detail ?? '', buttons });
    const answer = this.#answers.shift();
    if (answer !== undefined && !buttons.includes(answer)) throw new Error(`${answer} is none of ${buttons}`);
    return answer;
  }
}
