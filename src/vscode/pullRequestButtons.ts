import type { CandidateId } from '../core/domain.ts';
import type { Handlers } from '../protocol/rpc.ts';
import type { TaskViewHost } from '../protocol/taskView.ts';
import type { Problems } from './problems.ts';
import type { PullRequestActions } from './pullRequestActions.ts';

/** What can be done with pull requests, for every place that has a button for it. Failures are shown, not thrown. */
export class PullRequestButtons {
  readonly #load: () => Promise<PullRequestActions>;
  readonly #problems: Problems;

  /** `load` gets the actions when the first of them is asked for. */
  constructor(load: () => Promise<PullRequestActions>, problems: Problems) {
    this.#load = load;
    this.#problems = problems;
  }

  /** For the task view. */
  get handlers() {
    return {
      openInExtension: ({ pull }) => void this.openInExtension(pull),
      refreshPullRequest: ({ pull }) => void this.refresh([pull]),
      addressFeedback: ({ pull }) => void this.address(pull),
      updatePullRequest: ({ id }) => void this.update(id),
      toggleWatch: ({ pull }) => void this.toggleWatch(pull),
    } satisfies Partial<Handlers<TaskViewHost>>;
  }

  refresh(pulls: readonly CandidateId[]): Promise<void> {
    return this.#attempt((actions) => actions.refresh(pulls));
  }

  openInExtension(pull: CandidateId): Promise<void> {
    return this.#attempt((actions) => actions.openInExtension(pull));
  }

  address(pull: CandidateId): Promise<void> {
    return this.#attempt((actions) => actions.address(pull));
  }

  update(candidate: CandidateId): Promise<void> {
    return this.#attempt((actions) => actions.update(candidate));
  }

  toggleWatch(pull: CandidateId): Promise<void> {
    return this.#attempt((actions) => actions.toggleWatch(pull));
  }

  async #attempt(action: (actions: PullRequestActions) => Promise<void>): Promise<void> {
    try {
      await action(await this.#load());
    } catch (error) {
      this.#problems.show(error, () => void this.#attempt(action));
    }
  }
}
