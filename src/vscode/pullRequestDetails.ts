import type * as vscode from 'vscode';
import type { CandidateId } from '../core/domain.ts';
import type { PullRequestDraft } from '../core/pullRequest.ts';

/** What the user chose for a pull request besides its text. Absent is what the settings say, or what the folder tells. */
export type PullRequestDetails = Pick<PullRequestDraft, 'isDraft' | 'reviewers' | 'labels' | 'assignees' | 'base'>;

const prefix = 'dursor.pullRequestDetails.';

/** The details of pull requests that are being written, kept over a reload until they are open. */
export class DetailsMemory {
  readonly #memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  of(id: CandidateId): PullRequestDetails {
    return this.#memento.get<PullRequestDetails>(keyOf(id), {});
  }

  async change(id: CandidateId, change: PullRequestDetails): Promise<void> {
    await this.#memento.update(keyOf(id), { ...this.of(id), ...change });
  }

  async forget(id: CandidateId): Promise<void> {
    await this.#memento.update(keyOf(id), undefined);
  }

  /** The base branches of all: they were of another repository. */
  async forgetBases(): Promise<void> {
    for (const key of this.#memento.keys()) {
      if (!key.startsWith(prefix)) continue;
      const { base: _, ...others } = this.#memento.get<PullRequestDetails>(key, {});
      await this.#memento.update(key, others);
    }
  }
}

function keyOf(id: CandidateId): string {
  return `${prefix}${id}`;
}
