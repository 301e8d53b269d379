import * as vscode from 'vscode';
import type { RoundId } from '../core/domain.ts';
import { Comparison, type ComparisonParts } from './comparison.ts';

/** The compare panels: one per round, in the editor area, and again after a reload of the window. */
export class ComparePanels implements vscode.WebviewPanelSerializer {
  static readonly viewType = 'dursor.compare';
  readonly #parts: ComparisonParts;
  readonly #panels = new Map<RoundId, vscode.WebviewPanel>();

  constructor(parts: ComparisonParts) {
    this.#parts = parts;
  }

  /** Whether the user can see any of them. */
  get isVisible(): boolean {
    return [...this.#panels.values()].some((panel) => panel.visible);
  }

  /** Opens the panel of a round, or brings it to the front. */
  open(roundId: RoundId): void {
    const known = this.#panels.get(roundId);
    if (known) {
      known.reveal();
      return;
    }
    this.#parts.engine.round(roundId);
    this.#show(
      roundId,
      vscode.window.createWebviewPanel(ComparePanels.viewType, 'Compare', vscode.ViewColumn.Active, {}),
    );
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const roundId = roundOf(state);
    try {
      if (!roundId) throw new Error('The panel has no round.');
      this.#parts.engine.round(roundId);
      this.#show(roundId, panel);
    } catch {
      // The task was deleted meanwhile: there is nothing left to compare.
      panel.dispose();
    }
  }

  #show(roundId: RoundId, panel: vscode.WebviewPanel): void {
    this.#panels.set(roundId, panel);
    const comparison = new Comparison(this.#parts, roundId, panel);
    const icon = (theme: string) => vscode.Uri.joinPath(this.#parts.extensionUri, 'media', `dursor-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    panel.onDidDispose(() => {
      comparison.dispose();
      this.#panels.delete(roundId);
    });
  }
}

function roundOf(state: unknown): RoundId | undefined {
  if (typeof state !== 'object' || state === null || !('roundId' in state)) return undefined;
  return typeof state.roundId === 'string' ? (state.roundId as RoundId) : undefined;
}
