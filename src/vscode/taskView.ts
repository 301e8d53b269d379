import * as vscode from 'vscode';
import type { RoundId, RunId, Task, TaskId, TaskSummary } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import type { Problem } from '../core/problem.ts';
import { type Handlers, type HostEnd, serve } from '../protocol/rpc.ts';
import type { TaskViewHost, TaskViewNotifications, TaskViewState } from '../protocol/taskView.ts';
import type { Composer } from './composer.ts';
import type { FolderChoice } from './folderChoice.ts';
import { hasGitHubPullRequests } from './gitHubPullRequests.ts';
import { tellLeft } from './leftFolder.ts';
import type { ActionRunner, Problems } from './problems.ts';
import type { WrittenMessage } from './pullRequestActions.ts';
import type { PullRequestButtons } from './pullRequestButtons.ts';
import { RunCosts } from './runCosts.ts';
import type { RunReports } from './runReports.ts';
import type { RunShipping } from './runShipping.ts';
import type { Settings } from './settings.ts';
import { ShownPulls } from './shownPulls.ts';
import { badgeOf } from './taskBadge.ts';
import { TaskFeed } from './taskFeed.ts';
import { UnseenRounds } from './unseenRounds.ts';
import { loadPage, portOf } from './webviewPage.ts';

const openTaskKey = 'dursor.openTask';

export interface TaskViewParts {
  readonly extensionUri: vscode.Uri;
  readonly memento: vscode.Memento;
  readonly engine: Engine;
  readonly composer: Composer;
  readonly folders: FolderChoice;
  readonly shipping: RunShipping;
  readonly pulls: PullRequestButtons;
  readonly reports: RunReports;
  readonly settings: Settings;
  readonly problems: Problems;
  readonly act: ActionRunner;
  addModel(): void;
  openCompare(roundId: RoundId): void;
  /** Whether the user can see the comparison of a round. */
  isComparing(roundId: RoundId): boolean;
}

/** The sidebar's task view: which task is open, and what the webview asks for and, while it is visible, is told. */
export class TaskView implements vscode.WebviewViewProvider {
  static readonly id = 'dursor.taskView';
  readonly #parts: TaskViewParts;
  readonly #feed: TaskFeed;
  readonly #costs: RunCosts;
  readonly #unseen: UnseenRounds;
  readonly #shownPulls: ShownPulls;
  #view: vscode.WebviewView | undefined;
  #end: HostEnd<TaskViewNotifications> | undefined;
  #problem: Problem | undefined;

  constructor(parts: TaskViewParts) {
    this.#parts = parts;
    this.#costs = new RunCosts(parts.settings, () => this.refresh());
    this.#unseen = new UnseenRounds(parts.memento);
    this.#shownPulls = new ShownPulls(parts.engine);
    this.#feed = new TaskFeed({
      notify: () => (this.isVisible ? this.#end?.notify : undefined),
      state: () => this.#state(),
      openTask: () => this.openTask,
      costsOf: (runs) => this.#costs.of(runs),
      onDidRefresh: () => this.noteSeen(),
    });
  }

  /** The open task; undefined for the empty composer, and when the task's folder is not open here any more. */
  get openTask(): Task | undefined {
    const id = this.#rememberedId;
    return id && this.#taskHere(id);
  }

  get openTaskId(): TaskId | undefined {
    return this.openTask?.id;
  }

  get isVisible(): boolean {
    return this.#view?.visible ?? false;
  }

  /** Whether the user can see how a round ends: here or in its comparison. */
  isWatching(taskId: TaskId, roundId: RoundId): boolean {
    if (!vscode.window.state.focused) return false;
    return (this.isVisible && this.#rememberedId === taskId) || this.#parts.isComparing(roundId);
  }

  /** A round ended while nobody looked: it is marked until somebody does. */
  markUnseen(taskId: TaskId, roundId: RoundId): void {
    this.#unseen.add(taskId, roundId);
    this.refresh();
  }

  /** To be called when the user may see something else than before: takes the marks off what is seen now. */
  noteSeen(): void {
    const { engine } = this.#parts;
    this.#unseen.forget(({ taskId, roundId }) => this.isWatching(taskId, roundId) || !engine.task(taskId));
    this.#showBadge();
    this.#shownPulls.show(this.openTask, this.isVisible);
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    const subscription = this.#parts.engine.onDidChange((change) => {
      // The badge of a hidden view depends on the list alone.
      if (change.type === 'tasks') this.refresh();
      else if (!view.visible || change.taskId !== this.#rememberedId) return;
      else if (change.type === 'text') this.#feed.addText(change.runId, change.text);
      else this.#feed.progress();
    });
    this.#end = serve<TaskViewHost, TaskViewNotifications>(portOf(view.webview), this.#handlers(), (error) =>
      this.#parts.problems.show(error),
    );
    loadPage(view.webview, this.#parts.extensionUri, 'task');
    view.onDidChangeVisibility(() => {
      if (view.visible) this.refresh();
      else this.noteSeen();
    });
    view.onDidDispose(() => {
      subscription.dispose();
      this.#end?.close();
      this.#end = undefined;
      this.#view = undefined;
      this.#feed.dispose();
    });
    this.#showBadge();
  }

  /** Tells the whole state again, soon: to the webview while it is visible, and to the badge. */
  refresh(): void {
    this.#feed.refresh();
  }

  /** Shows the empty composer, for a folder of the Explorer when one is given. */
  async newTask(place?: { readonly folder: string; readonly scope?: string }): Promise<void> {
    this.#parts.composer.reset(place);
    await this.#open(undefined);
    this.#feed.focus();
    await vscode.commands.executeCommand(`${TaskView.id}.focus`);
    this.refresh();
  }

  /** Opens a task, if its folder is open in this window, and brings the view to the front. */
  async show(taskId: TaskId): Promise<void> {
    if (this.#taskHere(taskId)) {
      this.#parts.composer.reset();
      await this.#open(taskId);
    }
    await vscode.commands.executeCommand(`${TaskView.id}.focus`);
  }

  /** Shows a message in the composer of its task, where the user sends it. */
  async write({ taskId, text, pull, threads }: WrittenMessage): Promise<void> {
    await this.show(taskId);
    await this.#parts.composer.address(taskId, pull, threads);
    this.#feed.write(taskId, text);
  }

  async #open(taskId: TaskId | undefined): Promise<void> {
    this.#problem = undefined;
    await this.#parts.memento.update(openTaskKey, taskId);
    this.refresh();
  }

  get #rememberedId(): TaskId | undefined {
    return this.#parts.memento.get<TaskId>(openTaskKey);
  }

  /** A task whose folder is open in this window. */
  #taskHere(id: TaskId): Task | undefined {
    const task = this.#parts.engine.task(id);
    return this.#parts.folders.folders.some(({ uri }) => uri.fsPath === task?.folder) ? task : undefined;
  }

  #state(): TaskViewState {
    const { composer, folders } = this.#parts;
    const blocked = folders.problem;
    const task = this.openTask;
    return {
      ...(blocked && { blocked }),
      tasks: this.#tasks().toSorted((a, b) => b.updatedAt - a.updatedAt),
      unseen: this.#unseen.all.map(({ taskId }) => taskId),
      ...(task && { task }),
      costs: this.#costs.of(task?.rounds.flatMap(({ runs }) => runs) ?? []),
      ...(this.#problem && { problem: this.#problem }),
      composer: composer.state(task),
      canOpenInExtension: hasGitHubPullRequests(),
    };
  }

  /** The tasks of every open folder. */
  #tasks(): readonly TaskSummary[] {
    const { engine, folders } = this.#parts;
    return folders.folders.flatMap((folder) => engine.tasks(folder.uri.fsPath));
  }

  #showBadge(): void {
    if (!this.#view) return;
    const running = this.#tasks().reduce((sum, task) => sum + task.running, 0);
    this.#view.badge = badgeOf(running, this.#unseen.all.length);
    void vscode.commands.executeCommand('setContext', 'dursor.hasActiveRuns', running > 0);
  }

  #handlers(): Handlers<TaskViewHost> {
    const { engine, composer, shipping, reports, pulls } = this.#parts;
    return {
      ...pulls.handlers,
      ready: () => this.refresh(),
      newTask: () => this.newTask(),
      openTask: async ({ taskId }) => {
        if (!this.#taskHere(taskId)) return this.refresh();
        composer.reset();
        await this.#open(taskId);
      },
      renameTask: async ({ taskId }) => (await import('./taskDialogs.ts')).renameTask(engine, taskId),
      deleteTask: ({ taskId }) => this.#delete(taskId),
      toggleProfile: async ({ profileId }) => {
        await composer.toggle(profileId);
        this.refresh();
      },
      addModel: () => this.#parts.addModel(),
      setStart: ({ taskId, start }) => composer.setStart(taskId, start).then(() => this.refresh()),
      emptied: ({ taskId }) => composer.emptied(taskId),
      clearScope: () => {
        composer.clearScope();
        this.refresh();
      },
      send: ({ taskId, text }) => this.#send(taskId, text),
      cancelRun: ({ runId }) => engine.cancelRun(runId),
      cancelRound: ({ roundId }) => engine.cancelRound(roundId),
      retryRun: ({ runId }) => engine.retryRun(runId),
      continueRun: ({ runId }) => engine.continueRun(runId),
      chooseRun: async ({ roundId, runId }) => {
        await composer.forget(engine.round(roundId).task.id);
        engine.chooseRun(roundId, runId);
      },
      openCompare: ({ roundId }) => this.#parts.openCompare(roundId),
      previewPatch: ({ runId }) => void shipping.preview(runId),
      applyRun: ({ runId }) => void shipping.apply(runId),
      openRunFolder: ({ runId }) => void shipping.openFolder(runId),
      createPullRequest: ({ runId }) => void shipping.createPullRequest(runId),
      openPullRequest: ({ runId }) => shipping.openPullRequest(runId),
      showTranscript: ({ runId }) => void reports.showTranscript(runId),
      exportRun: ({ runId }) => void reports.exportRun(runId),
      act: ({ runId }) => this.#act(runId),
    };
  }

  /** False, with the problem in the state, when the round could not start; the webview then keeps the text. */
  async #send(taskId: TaskId | undefined, text: string): Promise<boolean> {
    const { composer, problems } = this.#parts;
    if (composer.isSending) return false;
    composer.isSending = true;
    this.#problem = undefined;
    this.refresh();
    try {
      const { startRound } = await import('./startRound.ts');
      const started = await startRound(this.#parts, this.openTask, { taskId, text });
      if (!started) return false;
      composer.reset();
      await composer.forget(started);
      await this.#open(started);
      return true;
    } catch (error) {
      this.#problem = problems.from(error);
      return false;
    } finally {
      composer.isSending = false;
      this.refresh();
    }
  }

  async #delete(taskId: TaskId): Promise<void> {
    const { engine, composer, problems } = this.#parts;
    const { confirmDelete } = await import('./taskDialogs.ts');
    if (!(await confirmDelete(engine, taskId))) return;
    await composer.forget(taskId);
    if (this.#rememberedId === taskId) await this.#open(undefined);
    const left = await engine.deleteTask(taskId);
    tellLeft(left, () => engine.disk.removeLeft([], [taskId]), problems);
  }

  /** Carries out the action of a run's problem or of the view's own; a set key or a sign-in retries the run. */
  async #act(runId: RunId | undefined): Promise<void> {
    const { engine, act, folders } = this.#parts;
    const run = runId && engine.run(runId).run;
    const state = run?.state;
    const problem = state
      ? state.status === 'failed'
        ? state.problem
        : undefined
      : (this.#problem ?? folders.problem);
    if (!problem?.action) return;
    const retry = runId && (() => engine.retryRun(runId));
    await act(problem.action, retry, run?.profile);
    this.refresh();
  }
}
