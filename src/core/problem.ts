import type { Log } from './ports.ts';
import type { ProviderId } from './providerId.ts';

/** Everything that can go wrong in a way the user can do something about. */
export type ProblemCode =
  // the folder
  | 'no-folder'
  | 'git-missing'
  | 'git-too-old'
  | 'snapshot-failed'
  | 'folder-failed'
  // the model
  | 'no-key'
  | 'authentication'
  | 'permission'
  | 'model-not-found'
  | 'rate-limited'
  | 'overloaded'
  | 'timeout'
  | 'network'
  | 'context-too-long'
  | 'refused-by-model'
  | 'bad-request'
  | 'malformed-answer'
  | 'cut-off'
  // the run
  | 'step-limit'
  | 'time-limit'
  | 'interrupted'
  | 'refused-by-policy'
  // the checks
  | 'no-sandbox'
  | 'check-not-agreed'
  // apply and pull request
  | 'nothing-to-ship'
  | 'secret-in-patch'
  | 'patch-conflict'
  | 'no-remote'
  | 'not-signed-in'
  | 'app-not-installed'
  | 'no-permission'
  | 'branch-exists'
  | 'github-failed'
  // the store
  | 'store-too-new'
  | 'not-found'
  | 'folder-in-use'
  // a bug of ours
  | 'internal';

/** What a button beside a problem does. The shell knows how; the label is its own. */
export type ProblemAction =
  | { readonly type: 'open-folder' }
  | { readonly type: 'set-key'; readonly provider: ProviderId }
  | { readonly type: 'open-settings'; readonly setting: string }
  | { readonly type: 'retry' }
  | { readonly type: 'sign-in' }
  | { readonly type: 'set-up-github-app' }
  | { readonly type: 'open-url'; readonly label: string; readonly url: string }
  | { readonly type: 'show-log' };

/** What kind of rule the policy refused something by, short enough for a line in a list. */
export type RefusalKind =
  | 'forbidden path'
  | 'outside the folder'
  | 'outside the scope'
  | 'not a possible name'
  | 'too large'
  | 'symbolic link'
  | 'another repository'
  | 'in the way';

/** A failure as data: ready to show, to store, and to send to a webview. */
export interface Problem {
  readonly code: ProblemCode;
  /** One or two sentences: what happened and what to do next. */
  readonly message: string;
  readonly action?: ProblemAction;
  /** With `refused-by-policy`: the kind of rule. */
  readonly refusal?: RefusalKind;
  /** For the log only: the provider's or git's own words, without keys. */
  readonly detail?: string;
}

/** An expected failure on its way to the user. Anything else that is thrown is a bug. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** Whatever was thrown as a problem to show. What nobody expected is a bug of ours: it is logged with its stack. */
export function problemOf(error: unknown, log: Log): Problem {
  if (error instanceof UserError) return error.problem;
  log.error(stackOf(error));
  return {
    code: 'internal',
    message: 'Something in dursor went wrong. The log has the details; please report it.',
    action: { type: 'show-log' },
    detail: String(error),
  };
}

/** The system's name for why a call failed, such as `ENOENT`; undefined for any other error. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** An error for the log. */
export function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
