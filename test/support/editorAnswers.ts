import * as vscode from 'vscode';

/** A modal question as it was asked. */
export interface Asked {
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly string[];
}

/** Answers modal warnings in a person's place, one after the other; what is asked beyond that is dismissed. VS Code shows no dialog in a test. */
export class EditorAnswers {
  readonly asked: Asked[] = [];
  /** Notifications, with their buttons. */
  readonly told: { readonly message: string; readonly buttons: readonly string[] }[] = [];
  #answers: string[] = [];
  readonly #window = vscode.window as { -readonly [Name in keyof typeof vscode.window]: unknown };
  readonly #original = { ...vscode.window };

  constructor() {
    this.#window.showWarningMessage = async (
      message: string,
      { detail = '' }: vscode.MessageOptions,
      ...buttons: string[]
    ) => {
      this.asked.push({ message, detail, buttons });
      const answer = this.#answers.shift();
      if (answer !== undefined && !buttons.includes(answer)) throw new Error(`${answer} is none of ${buttons}`);
      return answer;
    };
    this.#window.showInformationMessage = async (message: string, ...buttons: string[]) => {
      this.told.push({ message, buttons });
      return undefined;
    };
  }

  /** What is answered to the questions to come. */
  next(...answers: string[]): void {
    this.#answers = answers;
  }

  dispose(): void {
    this.#window.showWarningMessage = this.#original.showWarningMessage;
    this.#window.showInformationMessage = this.#original.showInformationMessage;
  }
}
