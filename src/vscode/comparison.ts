import { createHash } from 'node:crypto';
import type * as vscode from 'vscode';
import type { FileDiff } from '../core/comparison.ts';
import { pathOf, type RoundId, type Run } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import type {
  CompareHost,
  CompareNotifications,
  CompareState,
  FileId,
  FileRow,
  SelectedFile,
} from '../protocol/comparePanel.ts';
import { type Handlers, type HostEnd, serve } from '../protocol/rpc.ts';
import { FrameTimer } from './frameTimer.ts';
import { openDiff } from './previewPatch.ts';
import type { Problems } from './problems.ts';
import type { RunShipping } from './runShipping.ts';
import { loadPage, portOf } from './webviewPage.ts';

/** What a comparison works with. */
export interface ComparisonParts {
  readonly extensionUri: vscode.Uri;
  readonly engine: Engine;
  readonly shipping: RunShipping;
  readonly problems: Problems;
}

/** One file's diffs on their way: read once for each key, as the blobs that a key names never change. */
interface Reading {
  readonly key: string;
  readonly path: string;
  readonly abort: AbortController;
  /** Those of an earlier key of the same path until they are read, so that nothing flickers. */
  diffs?: readonly FileDiff[];
  failure?: string;
}

/** One round in its panel: builds the state while the panel is visible, and answers its webview. */
export class Comparison {
  readonly #parts: ComparisonParts;
  readonly #roundId: RoundId;
  readonly #panel: vscode.WebviewPanel;
  readonly #frame = new FrameTimer(() => this.#flush());
  readonly #end: HostEnd<CompareNotifications>;
  readonly #subscriptions: readonly { dispose(): unknown }[];
  #selected: FileId | undefined;
  #reading: Reading | undefined;

  constructor(parts: ComparisonParts, roundId: RoundId, panel: vscode.WebviewPanel) {
    this.#parts = parts;
    this.#roundId = roundId;
    this.#panel = panel;
    const { task } = parts.engine.round(roundId);
    this.#subscriptions = [
      parts.engine.onDidChange((change) => {
        if (change.type === 'task' && change.taskId === task.id && panel.visible) this.#frame.schedule();
        if (change.type === 'tasks' && !parts.engine.task(task.id)) panel.dispose();
      }),
      panel.onDidChangeViewState(() => this.#frame.schedule()),
    ];
    this.#end = serve<CompareHost, CompareNotifications>(portOf(panel.webview), this.#handlers(), (error) =>
      parts.problems.show(error),
    );
    panel.title = `Compare: ${task.title}`;
    loadPage(panel.webview, parts.extensionUri, 'compare');
  }

  dispose(): void {
    this.#reading?.abort.abort();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#end.close();
    this.#frame.dispose();
  }

  #flush(): void {
    if (this.#panel.visible) this.#end.notify.state(this.#state());
  }

  #state(): CompareState {
    const { task, round } = this.#parts.engine.round(this.#roundId);
    const files = this.#files();
    const selected = files.find((file) => file.id === this.#selected) ?? busiest(files);
    return {
      taskTitle: task.title,
      roundId: round.id,
      message: round.message,
      start: round.start.from,
      candidates: round.runs.map((run) => {
        const pullRequest = task.pullRequests.find((pull) => pull.runId === run.id);
        return { run, isChosen: round.chosenRunId === run.id, ...(pullRequest && { pullRequest }) };
      }),
      files,
      ...(selected && { selected: this.#selectedFile(selected, round.runs) }),
    };
  }

  #files(): readonly FileRow[] {
    return this.#parts.engine.compare(this.#roundId).map((row) => ({ ...row, id: fileId(row.path) }));
  }

  /** The file as far as it has been read. */
  #selectedFile({ id, path }: FileRow, runs: readonly Run[]): SelectedFile {
    const { diffs, failure } = this.#readingOf(path, runs);
    return { id, path, ...(diffs && { diffs }), ...(failure !== undefined && { failure }) };
  }

  /** Begins to read the file unless just that has been read or is being read, also when it failed. */
  #readingOf(path: string, runs: readonly Run[]): Reading {
    const key = keyOf(path, runs);
    const last = this.#reading;
    if (last?.key === key) return last;
    last?.abort.abort();
    const kept = last?.path === path ? last.diffs : undefined;
    const reading: Reading = { key, path, abort: new AbortController(), ...(kept && { diffs: kept }) };
    this.#reading = reading;
    void this.#read(reading);
    return reading;
  }

  async #read(reading: Reading): Promise<void> {
    const { signal } = reading.abort;
    try {
      const diffs = await this.#parts.engine.diffs(this.#roundId, reading.path, signal);
      if (signal.aborted) return;
      reading.diffs = diffs;
    } catch (error) {
      if (signal.aborted) return;
      delete reading.diffs;
      reading.failure = this.#parts.problems.show(error);
    }
    this.#flush();
  }

  #handlers(): Handlers<CompareHost> {
    const { engine, shipping } = this.#parts;
    return {
      ready: () => this.#frame.schedule(),
      selectFile: ({ fileId: id }) => {
        this.#selected = id;
        this.#frame.schedule();
      },
      openDiff: async ({ runId, fileId: id }) => {
        const path = this.#files().find((file) => file.id === id)?.path;
        if (path !== undefined) await openDiff(engine, runId, path);
      },
      previewPatch: ({ runId }) => void shipping.preview(runId),
      chooseRun: ({ runId }) => engine.chooseRun(this.#roundId, runId),
      applyRun: ({ runId }) => void shipping.apply(runId),
      createPullRequest: ({ runId }) => void shipping.createPullRequest(runId),
      openPullRequest: ({ runId }) => shipping.openPullRequest(runId),
      cancelRun: ({ runId }) => engine.cancelRun(runId),
    };
  }
}

/** Everything that a file's diffs depend on: which versions the runs' changes of that path name. */
function keyOf(path: string, runs: readonly Run[]): string {
  const changes = runs.map((run) => run.changes.find((change) => pathOf(change) === path));
  return JSON.stringify([path, ...changes.map((change) => change && [change.kind, change.base, change.after])]);
}

/** The file that most candidates changed, and of those the one with the most changed lines: where a look pays most. */
function busiest(files: readonly FileRow[]): FileRow | undefined {
  const weight = ({ cells }: FileRow) => {
    const changed = cells.filter((cell) => cell !== null);
    const lines = changed.reduce((sum, cell) => sum + (cell.lines ? cell.lines.added + cell.lines.removed : 0), 0);
    return changed.length + lines / (lines + 1);
  };
  return files.toSorted((a, b) => weight(b) - weight(a))[0];
}

/** A name for a file that is no path; the same in every state, also when files come and go. */
function fileId(path: string): FileId {
  return createHash('sha256').update(path).digest('hex').slice(0, 16);
}
