import type { RunId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import { openWebPage } from './actions.ts';
import { applyRun } from './applyRun.ts';
import type { FolderChoice } from './folderChoice.ts';
import { openRunFolder } from './openRunFolder.ts';
import { previewPatch } from './previewPatch.ts';
import type { Problems } from './problems.ts';
import type { PullRequestEditor } from './pullRequestEditor.ts';

/** What can be done with a run's patch, for every place that has a button for it. Failures are shown, not thrown. */
export class RunShipping {
  readonly #engine: Engine;
  readonly #editor: PullRequestEditor;
  readonly #folders: FolderChoice;
  readonly #problems: Problems;

  constructor(engine: Engine, editor: PullRequestEditor, folders: FolderChoice, problems: Problems) {
    this.#engine = engine;
    this.#editor = editor;
    this.#folders = folders;
    this.#problems = problems;
  }

  preview(runId: RunId): Promise<void> {
    return this.#attempt(() => previewPatch(this.#engine, runId));
  }

  apply(runId: RunId): Promise<void> {
    return this.#attempt(() => {
      this.#folders.requireOpen(this.#engine.run(runId).task.folder);
      return applyRun(this.#engine, runId);
    });
  }

  openFolder(runId: RunId): Promise<void> {
    return this.#attempt(() => openRunFolder(this.#engine, runId));
  }

  /** Opens the proposed title and body for editing, or the pull request when there is one. */
  createPullRequest(runId: RunId): Promise<void> {
    return this.#attempt(() => (this.#pullRequest(runId) ? this.openPullRequest(runId) : this.#editor.open(runId)));
  }

  openPullRequest(runId: RunId): Promise<void> {
    return this.#attempt(async () => {
      const pull = this.#pullRequest(runId);
      if (pull) await openWebPage(pull.url);
    });
  }

  #pullRequest(runId: RunId) {
    return this.#engine.run(runId).task.pullRequests.find((pull) => pull.runId === runId);
  }

  async #attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#problems.show(error, () => void this.#attempt(action));
    }
  }
}
