import type { CandidateId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import { pullRequestWith } from '../protocol/pullRequestLine.ts';
import { openWebPage } from './actions.ts';
import { saveTyped } from './compositionFiles.ts';
import type { FolderChoice } from './folderChoice.ts';
import { openRunFolder } from './openRunFolder.ts';
import { previewPatch } from './previewPatch.ts';
import type { Problems } from './problems.ts';
import type { PullRequestEditor } from './pullRequestEditor.ts';

/** What can be done with a candidate's patch, for every place that has a button for it. Failures are shown, not thrown. */
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

  preview(id: CandidateId): Promise<void> {
    return this.#attempt(async () => {
      await saveTyped(id);
      await previewPatch(this.#engine, id);
    });
  }

  /** All files, or those with these paths. */
  apply(id: CandidateId, paths?: readonly string[]): Promise<void> {
    return this.#attempt(async () => {
      this.#folders.requireOpen(this.#engine.candidate(id).task.folder);
      await saveTyped(id);
      const { applyCandidate } = await import('./applyCandidate.ts');
      await applyCandidate(this.#engine, id, paths && { paths });
    });
  }

  openFolder(id: CandidateId): Promise<void> {
    return this.#attempt(() => openRunFolder(this.#engine, id));
  }

  /** Opens the proposed title and body for editing, or the pull request when there is one. */
  createPullRequest(id: CandidateId): Promise<void> {
    return this.#attempt(() => (this.#pullRequest(id) ? this.openPullRequest(id) : this.#editor.open(id)));
  }

  openPullRequest(id: CandidateId): Promise<void> {
    return this.#attempt(async () => {
      const pull = this.#pullRequest(id);
      if (pull) await openWebPage(pull.url);
    });
  }

  #pullRequest(id: CandidateId) {
    return pullRequestWith(this.#engine.candidate(id).task, id);
  }

  async #attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#problems.show(error, () => void this.#attempt(action));
    }
  }
}
