import * as vscode from 'vscode';
import { labelOf } from '../core/composition.ts';
import { type CandidateId, type CompositionId, isEnded, type RoundId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import { UserError } from '../core/problem.ts';
import type { FileId, TakenPart } from '../protocol/comparePanel.ts';
import { type FileIds, gone, regionOf } from './comparisonIds.ts';
import { editComposedFile } from './compositionEditor.ts';

/** What composing works with. */
export interface ComposingParts {
  readonly engine: Engine;
  readonly roundId: RoundId;
  readonly ids: FileIds;
  /** `isBusy` became another. */
  onDidChange(): void;
}

/** The choices of the compare panel as the engine takes them. Failures are thrown, for the panel's one place that shows them. */
export class Composing {
  readonly #parts: ComposingParts;
  readonly #abort = new AbortController();
  #working = 0;

  constructor(parts: ComposingParts) {
    this.#parts = parts;
  }

  /** Whether a choice is being worked in. */
  get isBusy(): boolean {
    return this.#working > 0;
  }

  dispose(): void {
    this.#abort.abort();
  }

  take(part: TakenPart, from: 'base' | CandidateId): Promise<void> {
    const { engine, roundId } = this.#parts;
    return this.#work(() => engine.compositions.take(roundId, this.#partOf(part), from, this.#abort.signal));
  }

  undo(): Promise<void> {
    const { engine, roundId } = this.#parts;
    return this.#work(() => engine.compositions.undo(roundId, this.#abort.signal));
  }

  /** Opens the composed file at a region. Begins a composition when there is none. */
  async editByHand(fileId: FileId, regionId: string | undefined): Promise<void> {
    const { engine, roundId } = this.#parts;
    const key = this.#keyOf(fileId);
    const baseLine = regionId === undefined ? 1 : regionIn(regionId).start + 1;
    const composition = engine.compositions.open(roundId) ?? (await this.#begin());
    if (composition) await editComposedFile(engine, { id: composition.id, key, baseLine });
  }

  /** Removes a composition if the user wants that. */
  async discard(id: CompositionId): Promise<void> {
    const { engine, roundId } = this.#parts;
    const composition = engine.round(roundId).round.compositions.find((candidate) => candidate.id === id);
    if (!composition) return;
    const answer = await vscode.window.showWarningMessage(
      `Discard the composition “${composition.name}”?`,
      { modal: true, detail: 'What was chosen for it, and what was written by hand, is removed. The runs stay.' },
      'Discard',
    );
    if (answer === 'Discard') engine.compositions.discard(id);
  }

  /** With everything of the chosen run, else of the only run with a patch, else of the one the user picks. */
  async #begin() {
    const { engine, roundId } = this.#parts;
    const { round } = engine.round(roundId);
    const runs = round.runs.filter((run) => isEnded(run) && run.changes.length > 0);
    if (runs.length === 0) throw new UserError({ code: 'nothing-to-ship', message: nothingToEdit });
    const items = runs.map((run) => ({ label: labelOf(run), description: run.profile.model, id: run.id }));
    const only = items.find(({ id }) => id === round.chosenRunId) ?? (items.length === 1 ? items[0] : undefined);
    const picked = only ?? (await vscode.window.showQuickPick(items, { title: 'Whose result do you want to edit?' }));
    if (!picked) return undefined;
    await this.take({ type: 'all' }, picked.id);
    return engine.compositions.open(roundId);
  }

  async #work(choice: () => Promise<unknown>): Promise<void> {
    this.#working++;
    this.#parts.onDidChange();
    try {
      await choice();
    } finally {
      this.#working--;
      this.#parts.onDidChange();
    }
  }

  #partOf(part: TakenPart) {
    if (part.type === 'all') return { type: 'all' } as const;
    const key = this.#keyOf(part.fileId);
    return part.type === 'file'
      ? ({ type: 'file', key } as const)
      : ({ type: 'region', key, ...regionIn(part.regionId) } as const);
  }

  #keyOf(fileId: FileId): string {
    const key = this.#parts.ids.keyOf(fileId);
    if (key === undefined) throw gone('file');
    return key;
  }
}

const nothingToEdit = 'No run of this round has a patch yet, so there is nothing to edit. Wait until one has ended.';

function regionIn(id: string) {
  const region = regionOf(id);
  if (!region) throw gone('place');
  return region;
}
