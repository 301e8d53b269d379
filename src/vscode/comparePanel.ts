import * as vscode from 'vscode';
import type { RoundId } from '../core/domain.ts';
import type { Comparison, ComparisonParts, RevealedPlace } from './comparison.ts';

interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  /** Its code is loaded with the first panel. Undefined when it could not be made, or the panel was closed before. */
  readonly comparison: Promise<Comparison | undefined>;
}

/** The compare panels: one per round, in the editor area, and again after a reload of the window. */
export class ComparePanels implements vscode.WebviewPanelSerializer {
  static readonly viewType = 'dursor.compare';
  readonly #parts: ComparisonParts;
  readonly #panels = new Map<RoundId, OpenPanel>();

  constructor(parts: ComparisonParts) {
    this.#parts = parts;
  }

  /** Whether the user can see any of them. */
  get isVisible(): boolean {
    return [...this.#panels.values()].some(({ panel }) => panel.visible);
  }

  /** The round whose panel the user is in. */
  get activeRound(): RoundId | undefined {
    return [...this.#panels].find(([, { panel }]) => panel.active)?.[0];
  }

  /** Whether the user can see the panel of this round. */
  isShowing(roundId: RoundId): boolean {
    return this.#panels.get(roundId)?.panel.visible ?? false;
  }

  /** Opens the panel of a round, or brings it to the front; the keyboard stays where it is if `preserveFocus`. */
  open(roundId: RoundId, preserveFocus = false): void {
    this.#open(roundId, preserveFocus);
  }

  /** Opens the panel of a round at a place. */
  reveal(roundId: RoundId, place: RevealedPlace): void {
    void this.#open(roundId, false).then((comparison) => comparison?.reveal(place));
  }

  #open(roundId: RoundId, preserveFocus: boolean): OpenPanel['comparison'] {
    const known = this.#panels.get(roundId);
    if (known) {
      known.panel.reveal(undefined, preserveFocus);
      return known.comparison;
    }
    this.#parts.engine.round(roundId);
    const place = { viewColumn: vscode.ViewColumn.Active, preserveFocus };
    return this.#show(roundId, vscode.window.createWebviewPanel(ComparePanels.viewType, 'Compare', place, {}));
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

  #show(roundId: RoundId, panel: vscode.WebviewPanel): OpenPanel['comparison'] {
    const closed = new AbortController();
    const comparison = this.#load(roundId, panel, closed.signal);
    this.#panels.set(roundId, { panel, comparison });
    const icon = (theme: string) => vscode.Uri.joinPath(this.#parts.extensionUri, 'media', `dursor-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    panel.onDidDispose(() => {
      closed.abort();
      void comparison.then((made) => made?.dispose());
      this.#panels.delete(roundId);
    });
    return comparison;
  }

  /** Never rejects. */
  async #load(roundId: RoundId, panel: vscode.WebviewPanel, closed: AbortSignal): OpenPanel['comparison'] {
    try {
      const { Comparison } = await import('./comparison.ts');
      return closed.aborted ? undefined : new Comparison(this.#parts, roundId, panel);
    } catch (error) {
      this.#parts.problems.show(error);
      panel.dispose();
      return undefined;
    }
  }
}

function roundOf(state: unknown): RoundId | undefined {
  if (typeof state !== 'object' || state === null || !('roundId' in state)) return undefined;
  return typeof state.roundId === 'string' ? (state.roundId as RoundId) : undefined;
}
