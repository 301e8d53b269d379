import { type ProblemCode, UserError } from '../core/problem.ts';

/** What the process says to its caller. The help lists them. */
export const exitCodes = {
  ok: 0,
  bug: 1,
  usage: 2,
  nothing: 3,
  model: 4,
  gitHub: 5,
  surroundings: 6,
  canceled: 130,
} as const;

/** For people, in the order of the numbers. */
export const exitCodeMeanings: Readonly<Record<number, string>> = {
  [exitCodes.ok]: 'it worked',
  [exitCodes.bug]: 'a bug in dursor',
  [exitCodes.usage]: 'the command line, a file it names, or the environment is wrong',
  [exitCodes.nothing]: 'nothing to ship: no patch, or no candidate that can be recommended',
  [exitCodes.model]: 'no model could be asked: no key, a refused key, or a failing service',
  [exitCodes.gitHub]: 'GitHub refused, or can not be reached',
  [exitCodes.surroundings]: 'the folder, Git or the sandbox is not as it has to be',
  [exitCodes.canceled]: 'canceled',
};

/** A mistake of whoever wrote the command line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The exit code for what was thrown. */
export function exitCodeOf(error: unknown, signal: AbortSignal): number {
  if (signal.aborted) return exitCodes.canceled;
  if (error instanceof UsageError) return exitCodes.usage;
  return error instanceof UserError ? codeOfProblem(error.problem.code) : exitCodes.bug;
}

/** The exit code for a problem of a run or of the whole command. */
export function codeOfProblem(code: ProblemCode): number {
  switch (code) {
    case 'nothing-to-ship':
    case 'secret-in-patch':
    case 'refused-by-policy':
    case 'patch-conflict':
      return exitCodes.nothing;
    case 'no-key':
    case 'authentication':
    case 'permission':
    case 'model-not-found':
    case 'rate-limited':
    case 'overloaded':
    case 'timeout':
    case 'network':
    case 'context-too-long':
    case 'refused-by-model':
    case 'bad-request':
    case 'malformed-answer':
    case 'cut-off':
    case 'step-limit':
    case 'time-limit':
    case 'interrupted':
      return exitCodes.model;
    case 'no-remote':
    case 'not-signed-in':
    case 'app-not-installed':
    case 'no-permission':
    case 'branch-exists':
    case 'github-failed':
      return exitCodes.gitHub;
    case 'no-folder':
    case 'git-missing':
    case 'git-too-old':
    case 'snapshot-failed':
    case 'folder-failed':
    case 'folder-in-use':
    case 'no-sandbox':
    case 'check-not-agreed':
    case 'store-too-new':
    case 'not-found':
      return exitCodes.surroundings;
    case 'internal':
      return exitCodes.bug;
    default:
      return code satisfies never;
  }
}
