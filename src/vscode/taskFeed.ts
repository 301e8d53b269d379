import type { Run, RunId, Task, TaskId } from '../core/domain.ts';
import type { Notify } from '../protocol/rpc.ts';
import type { TaskViewNotifications, TaskViewState } from '../protocol/taskView.ts';
import { FrameTimer } from './frameTimer.ts';
import { changedRuns } from './runProgress.ts';

/** Streamed text is told this often at most: quick enough to read along, and drawing eight runs takes a small part of a core. */
const intervalMs = 90;

export interface FeedSource {
  /** The webview, while it is there and visible. A hidden one gets no messages. */
  notify(): Notify<TaskViewNotifications> | undefined;
  state(): TaskViewState;
  openTask(): Task | undefined;
  costsOf(runs: readonly Run[]): TaskViewState['costs'];
  /** Called before a whole state is told, and also while nobody is there to be told. */
  onDidRefresh(): void;
}

/** Tells the task view what changed: all of it, or only what the runs have done. Gathers changes, so that each message is worth it. */
export class TaskFeed {
  readonly #source: FeedSource;
  readonly #frame = new FrameTimer(() => this.#flush(), intervalMs);
  readonly #texts = new Map<RunId, string>();
  /** The open task as the webview has it, apart from streamed text; undefined when it has to be told everything. */
  #told: Task | undefined;
  #isStale = false;
  #hasProgress = false;
  #wantsFocus = false;
  #written: { readonly taskId: TaskId; readonly text: string } | undefined;

  constructor(source: FeedSource) {
    this.#source = source;
  }

  /** Everything is to be told. */
  refresh(): void {
    this.#isStale = true;
    this.#frame.schedule();
  }

  /** The open task changed. */
  progress(): void {
    this.#hasProgress = true;
    this.#frame.schedule();
  }

  addText(runId: RunId, text: string): void {
    this.#texts.set(runId, (this.#texts.get(runId) ?? '') + text);
    this.#frame.schedule();
  }

  /** The cursor is to be in the instruction, once the webview is there. */
  focus(): void {
    this.#wantsFocus = true;
    this.#frame.schedule();
  }

  /** A text is to be in the composer of a task, once the webview is there and shows it. */
  write(taskId: TaskId, text: string): void {
    this.#written = { taskId, text };
    this.refresh();
    this.focus();
  }

  dispose(): void {
    this.#frame.dispose();
  }

  #flush(): void {
    const texts = [...this.#texts].map(([runId, text]) => ({ runId, text }));
    const [isStale, hasProgress] = [this.#isStale, this.#hasProgress];
    this.#texts.clear();
    this.#isStale = false;
    this.#hasProgress = false;
    if (isStale) this.#source.onDidRefresh();
    const notify = this.#source.notify();
    if (!notify) {
      this.#told = undefined;
      return;
    }
    const task = this.#source.openTask();
    const runs = this.#runsToTell(task, isStale, hasProgress);
    if (runs) {
      const isWhole = new Set(runs.map(({ id }) => id));
      const rest = texts.filter(({ runId }) => !isWhole.has(runId));
      if (runs.length + rest.length > 0) notify.progress({ runs, costs: this.#source.costsOf(runs), texts: rest });
    } else {
      // It holds all the text so far.
      notify.state(this.#source.state());
    }
    if (!runs || hasProgress) this.#told = task;
    if (this.#written) {
      notify.write(this.#written);
      this.#written = undefined;
    }
    if (this.#wantsFocus) {
      this.#wantsFocus = false;
      notify.focus();
    }
  }

  /** Undefined where it takes a whole state. */
  #runsToTell(task: Task | undefined, isStale: boolean, hasProgress: boolean): readonly Run[] | undefined {
    if (isStale || !this.#told || !task) return undefined;
    return hasProgress ? changedRuns(this.#told, task) : [];
  }
}
