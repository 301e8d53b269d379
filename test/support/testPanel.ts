import * as vscode from 'vscode';
import type { CompareHost, CompareNotifications } from '../../src/protocol/comparePanel.ts';

/** A panel whose webview is this test. */
export class TestPanel {
  readonly #received = new vscode.EventEmitter<unknown>();
  readonly told: { readonly method: keyof CompareNotifications; readonly argument: unknown }[] = [];
  readonly answers = new Map<number, { readonly kind: string; readonly message?: string }>();
  readonly visible = true;
  title = '';
  iconPath: unknown;
  isDisposed = false;
  #calls = 0;
  readonly webview = {
    options: {},
    html: '',
    cspSource: 'test:',
    asWebviewUri: (uri: vscode.Uri) => uri,
    onDidReceiveMessage: this.#received.event,
    postMessage: async (message: {
      kind: string;
      id: number;
      method: keyof CompareNotifications;
      argument: unknown;
    }) => {
      if (message.kind === 'notification') this.told.push(structuredClone(message));
      else this.answers.set(message.id, message);
      return true;
    },
  };
  readonly onDidChangeViewState = () => ({ dispose: () => {} });

  dispose(): void {
    this.isDisposed = true;
  }

  /** Asks as the webview does, and waits for the answer. */
  async ask<M extends keyof CompareHost>(method: M, ...[argument]: Parameters<CompareHost[M]>): Promise<void> {
    const id = ++this.#calls;
    this.#received.fire({ kind: 'call', id, method, argument });
    await this.until(() => this.answers.has(id), `an answer to ${method}`);
    const answer = this.answers.get(id);
    if (answer?.kind === 'error') throw new Error(answer.message);
  }

  last<M extends keyof CompareNotifications>(method: M): Parameters<CompareNotifications[M]>[0] | undefined {
    return this.told.findLast((message) => message.method === method)?.argument as never;
  }

  async until(condition: () => boolean | undefined, what: string): Promise<void> {
    for (let waited = 0; !condition(); waited += 10) {
      if (waited > 10_000) throw new Error(`In vain for ${what}: ${JSON.stringify(this.told.at(-1))}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
