import * as vscode from 'vscode';
import type { ModelProfile } from '../core/domain.ts';
import type { Log } from '../core/ports.ts';
import { type Problem, type ProblemAction, problemOf } from '../core/problem.ts';
import { actionLabel } from '../protocol/actionLabel.ts';
import { plainNotice } from './plainNotice.ts';

/**
 * Carries out the actions that problems offer. `retry` is what to do again once the user has done what was asked;
 * `profile` is the model whose run has the problem.
 */
export type ActionRunner = (action: ProblemAction, retry?: () => void, profile?: ModelProfile) => Promise<void>;

/** Shows failures: expected ones with their own words and button, bugs once with the log. */
export class Problems {
  readonly #log: Log;
  readonly #act: ActionRunner;

  constructor(log: Log, act: ActionRunner) {
    this.#log = log;
    this.#act = act;
  }

  /** Turns whatever was thrown into a problem; what nobody expected is logged with its stack. */
  from(error: unknown): Problem {
    const problem = problemOf(error, this.#log);
    if (problem.detail) this.#log.info(`${problem.code}: ${problem.detail}`);
    return problem;
  }

  /** Shows a problem as a notification and answers with its sentence. Cancelling is not a problem and is not shown. */
  show(error: unknown, retry?: () => void): string {
    if (isCancellation(error)) return 'Canceled.';
    const problem = this.from(error);
    const { action } = problem;
    const label = action && (action.type !== 'retry' || retry) ? actionLabel(action) : undefined;
    vscode.window
      .showErrorMessage(plainNotice(problem.message), ...(label ? [label] : []))
      .then((picked) => (picked && action ? this.#act(action, retry) : undefined))
      .then(undefined, (failure: unknown) => this.show(failure, retry));
    return problem.message;
  }
}

/** Whether an error only says that the user or a newer request stopped something. */
export function isCancellation(error: unknown): boolean {
  return error instanceof vscode.CancellationError || (error instanceof Error && error.name === 'AbortError');
}
