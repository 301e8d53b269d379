import type * as vscode from 'vscode';
import { candidatesOf } from '../core/composition.ts';
import { type CandidateId, isEnded, type Round, type RoundId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import type { CompareHost, CompareNotifications, FileId, Looking } from '../protocol/comparePanel.ts';
import { type Handlers, type HostEnd, serve } from '../protocol/rpc.ts';
import type { CheckOutputs } from './checkOutputs.ts';
import { compareState } from './comparisonColumns.ts';
import { Composing } from './comparisonComposing.ts';
import { evidenceFacts, evidenceState, findingViews } from './comparisonEvidence.ts';
import { FileIds, gone } from './comparisonIds.ts';
import { LookedAtFile } from './comparisonLooking.ts';
import { PlaceNames } from './comparisonPlaces.ts';
import { ComparisonResult } from './comparisonResult.ts';
import { type Table, tableOf } from './comparisonTable.ts';
import type { EvidenceActions } from './evidenceActions.ts';
import { versionsOf } from './fileVersions.ts';
import { FrameTimer } from './frameTimer.ts';
import { isCandidate, openDiff } from './openDiff.ts';
import type { Problems } from './problems.ts';
import type { PullRequestButtons } from './pullRequestButtons.ts';
import { RunCosts } from './runCosts.ts';
import type { RunShipping } from './runShipping.ts';
import type { Settings } from './settings.ts';
import { loadPage, portOf } from './webviewPage.ts';

/** What a comparison works with. */
export interface ComparisonParts {
  readonly extensionUri: vscode.Uri;
  readonly engine: Engine;
  readonly shipping: RunShipping;
  readonly pulls: PullRequestButtons;
  readonly settings: Settings;
  readonly problems: Problems;
  readonly checkOutputs: Pick<CheckOutputs, 'show'>;
  /** Loaded when it is asked for. */
  readonly evidence: () => Promise<EvidenceActions>;
  readonly languageOf: (path: string) => string | undefined;
}

/** A place that the panel is to show. */
export interface RevealedPlace {
  readonly key: string;
  /** In the base, counted from 1. */
  readonly line?: number;
}

/** One round in its panel: tells the webview what there is while it can be seen, and answers it. */
export class Comparison {
  readonly #parts: ComparisonParts;
  readonly #roundId: RoundId;
  readonly #panel: vscode.WebviewPanel;
  readonly #frame = new FrameTimer(() => this.#flush());
  readonly #end: HostEnd<CompareNotifications>;
  readonly #ids = new FileIds();
  readonly #costs: RunCosts;
  readonly #result: ComparisonResult;
  readonly #file: LookedAtFile;
  readonly #names: PlaceNames;
  readonly #composing: Composing;
  readonly #abort = new AbortController();
  readonly #subscriptions: readonly { dispose(): unknown }[];
  #themeNews: { dispose(): unknown } | undefined;
  #hidden: Looking['hidden'] = [];
  /** Whether the webview listens: it is loaded anew each time it is shown. */
  #isLoaded = false;
  /** What the table that was told last was made of; undefined when it is to be told again. */
  #tableOf: readonly unknown[] | undefined;
  #revealed: RevealedPlace | undefined;

  constructor(parts: ComparisonParts, roundId: RoundId, panel: vscode.WebviewPanel) {
    const { engine, problems, settings, languageOf } = parts;
    this.#parts = parts;
    this.#roundId = roundId;
    this.#panel = panel;
    const onDidChange = () => this.#frame.schedule();
    const notify = () => this.#end.notify;
    this.#costs = new RunCosts(settings, onDidChange);
    this.#result = new ComparisonResult({ engine, problems, roundId, onDidChange });
    const findingsIn = (key: string) => {
      const { task, round } = engine.round(roundId);
      return findingViews(round, engine.evidence.of(roundId), key, task.rounds);
    };
    this.#file = new LookedAtFile({ engine, roundId, ids: this.#ids, problems, languageOf, findingsIn, notify });
    this.#names = new PlaceNames(engine, roundId);
    this.#composing = new Composing({ engine, roundId, ids: this.#ids, onDidChange });
    const { task, round } = engine.round(roundId);
    this.#subscriptions = [
      engine.onDidChange((change) => {
        if (change.type === 'task' && change.taskId === task.id && panel.visible) this.#frame.schedule();
        if (change.type === 'tasks' && !engine.task(task.id)) panel.dispose();
      }),
      settings.onDidChange(onDidChange),
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.#isLoaded = false;
      }),
    ];
    this.#end = serve<CompareHost, CompareNotifications>(portOf(panel.webview), this.#handlers(), (error) =>
      problems.show(error),
    );
    panel.title = `Compare: ${task.title}`;
    loadPage(panel.webview, parts.extensionUri, 'compare');
    // While the page loads.
    this.#result.update(round, settings.engine.compare.ignoreFormatting);
  }

  dispose(): void {
    this.#abort.abort();
    for (const part of [this.#result, this.#file, this.#composing, this.#frame]) part.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#themeNews?.dispose();
    this.#end.close();
  }

  /** Shows a place as soon as the webview is there. */
  reveal(place: RevealedPlace): void {
    this.#revealed = place;
    this.#frame.schedule();
  }

  #flush(): void {
    if (!this.#isLoaded || !this.#panel.visible) return;
    const { engine, settings } = this.#parts;
    const { task, round } = engine.round(this.#roundId);
    const ignoresFormatting = settings.engine.compare.ignoreFormatting;
    this.#result.update(round, ignoresFormatting);
    const { current, isBusy, failure } = this.#result;
    const openComposition = engine.compositions.open(round.id)?.id;
    const costs = this.#costs.of(round.runs);
    const evidence = engine.evidence.of(round.id);
    const progress = {
      ignoresFormatting,
      isComparing: isBusy,
      ...(failure !== undefined && { failure }),
      isComposing: this.#composing.isBusy,
      canUndoTake: engine.compositions.canUndo(round.id),
      evidence: evidenceState(round, evidence),
    };
    const facts = evidenceFacts(round, evidence, this.#ids);
    const { notify } = this.#end;
    notify.state(compareState({ task, round, costs, openComposition, facts }, progress));
    this.#tellTable(round);
    if (this.#revealed) {
      const { key, line } = this.#revealed;
      this.#revealed = undefined;
      notify.reveal({ fileId: this.#ids.idOf(key), ...(line !== undefined && { line }) });
    }
    this.#file.update({ comparison: current, isComparing: isBusy });
  }

  /** Unless nothing changed that it is made of. */
  #tellTable(round: Round): void {
    const { current } = this.#result;
    const hasEnded = round.runs.map(isEnded);
    const madeOf = [current, ...this.#hidden, ...hasEnded, ...candidatesOf(round).map(({ changes }) => changes)];
    const last = this.#tableOf;
    if (last?.length === madeOf.length && madeOf.every((part, index) => part === last[index])) return;
    this.#tableOf = madeOf;
    const { engine } = this.#parts;
    const table = tableOf({
      round,
      comparison: current,
      hidden: new Set(this.#hidden),
      ids: this.#ids,
      agreement: (comparison, columns) => engine.comparisons.agreement(comparison, columns),
      insideOf: (key, line) => this.#names.of(key, line),
    });
    this.#end.notify.files(table.state);
    void this.#namePlaces(table);
  }

  /** Afterwards, as it takes reading: the table is told again with what was found. */
  async #namePlaces({ places }: Table): Promise<void> {
    const { current } = this.#result;
    if (!current || places.length === 0) return;
    try {
      if (!(await this.#names.fill(current, places, this.#abort.signal))) return;
      this.#tableOf = undefined;
      this.#frame.schedule();
    } catch (error) {
      // Places have their path and line without it.
      if (!this.#abort.signal.aborted) this.#parts.problems.from(error);
    }
  }

  /** Loaded once something is shown: only colours depend on it. */
  async #tellTheme(): Promise<void> {
    try {
      const { onDidChangeSyntaxTheme, syntaxTheme } = await import('./syntaxTheme.ts');
      if (this.#abort.signal.aborted) return;
      this.#themeNews ??= onDidChangeSyntaxTheme(() => void this.#tellTheme());
      const theme = await syntaxTheme();
      if (this.#isLoaded) this.#end.notify.theme(theme);
    } catch (error) {
      // Code is readable without colours.
      this.#parts.problems.from(error);
    }
  }

  #handlers(): Handlers<CompareHost> {
    const { engine, shipping, pulls } = this.#parts;
    const composing = this.#composing;
    return {
      ...this.#evidenceHandlers(),
      ready: (looking) => {
        this.#isLoaded = true;
        this.#tableOf = undefined;
        this.#file.reset();
        this.#look(looking);
        void this.#tellTheme();
      },
      look: (looking) => this.#look(looking),
      openDiff: ({ left, right, fileId, line }) => {
        const key = this.#ids.keyOf(fileId);
        if (key === undefined) throw gone('file');
        for (const side of [left, right]) if (isCandidate(side)) this.#own(side);
        const place = { roundId: this.#roundId, key, ...(line !== undefined && { line }) };
        return openDiff(engine, { ...place, left, right });
      },
      previewPatch: ({ id }) => void shipping.preview(this.#own(id)),
      chooseCandidate: ({ id }) => engine.chooseRun(this.#roundId, this.#own(id)),
      apply: ({ id, fileIds }) => void shipping.apply(this.#own(id), fileIds && this.#pathsOf(id, fileIds)),
      createPullRequest: ({ id }) => void shipping.createPullRequest(this.#own(id)),
      openPullRequest: ({ id }) => shipping.openPullRequest(this.#own(id)),
      updatePullRequest: ({ id }) => void pulls.update(this.#own(id)),
      cancelRun: ({ id }) => engine.cancelRun(this.#own(id)),
      take: ({ part, from }) => composing.take(part, from),
      undoTake: () => composing.undo(),
      editByHand: ({ fileId, regionId }) => composing.editByHand(fileId, regionId),
      discardComposition: ({ id }) => composing.discard(id),
    };
  }

  #evidenceHandlers() {
    const { checkOutputs, evidence } = this.#parts;
    const roundId = this.#roundId;
    return {
      runChecks: async ({ id }) => (await evidence()).run(roundId, id && this.#own(id)),
      cancelChecks: async () => (await evidence()).cancel(roundId),
      reviewCandidates: async () => (await evidence()).review(roundId),
      cancelReview: async () => (await evidence()).cancelReview(roundId),
      showCheckOutput: ({ id, check }) =>
        checkOutputs.show({ roundId, subject: id === 'base' ? id : this.#own(id), check }),
      sendFinding: async ({ findingId }) => (await evidence()).send(roundId, findingId),
      copyEvidence: async () => (await evidence()).copy(roundId),
    } satisfies Partial<Handlers<CompareHost>>;
  }

  /** At once: the user waits for it. */
  #look({ hidden, fileId }: Looking): void {
    this.#hidden = hidden;
    this.#file.look(fileId);
    this.#flush();
  }

  /** The webview knows the candidates of its round, and may name no other. Throws `UserError` (`not-found`). */
  #own<Id extends CandidateId>(id: Id): Id {
    const { round } = this.#parts.engine.round(this.#roundId);
    if (!candidatesOf(round).some((candidate) => candidate.id === id)) throw gone('candidate');
    return id;
  }

  #pathsOf(id: CandidateId, fileIds: readonly FileId[]): readonly string[] {
    const { round, candidate } = this.#parts.engine.candidate(id);
    return fileIds.map((fileId) => {
      const key = this.#ids.keyOf(fileId);
      if (key === undefined) throw gone('file');
      return versionsOf(round, key, candidate).path;
    });
  }
}
