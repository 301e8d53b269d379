import type * as vscode from 'vscode';

const key = 'dursor.gitHubRemotes';

/** Which of a folder's remotes pull requests go to, where the user said so: kept with the workspace. */
export class RememberedRemotes {
  readonly #memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  /** Its local name; it may be gone. */
  of(folder: string): string | undefined {
    return this.#all[folder];
  }

  async set(folder: string, remote: string): Promise<void> {
    await this.#memento.update(key, { ...this.#all, [folder]: remote });
  }

  get #all(): Readonly<Record<string, string>> {
    return this.#memento.get<Record<string, string>>(key, {});
  }
}
