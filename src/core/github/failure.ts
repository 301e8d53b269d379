import type { Octokit } from '@octokit/rest';
import { isLoopback } from '../network.ts';
import { type Problem, type ProblemAction, UserError } from '../problem.ts';
import type { RepositoryName } from '../pullRequest.ts';
import { CutAnswer, isRequestFailure, type RequestFailure } from './attempt.ts';
import { hideSecrets } from './secrets.ts';

/** A repository, with the local name of the remote that led to it where there is one. */
export type NamedRepository = RepositoryName & { readonly remote?: string };

/** What a failure is explained with: how dursor is signed in, and where to. */
export interface FailureContext {
  readonly repository: NamedRepository;
  readonly auth: 'app' | 'token';
  /** Files under .github/workflows are to be changed. */
  readonly touchesWorkflows?: boolean;
}

/** The context of a client that `connect` made. Octokit tells an App's token by its form. */
export async function contextOf(octokit: Octokit, repository: NamedRepository): Promise<FailureContext> {
  const auth: unknown = await octokit.auth();
  const isApp = typeof auth === 'object' && auth !== null && 'tokenType' in auth && auth.tokenType === 'installation';
  return { repository, auth: isApp ? 'app' : 'token' };
}

/** Runs `work`; what GitHub or the network refused becomes a `UserError`. Aborts and bugs pass as they are. */
export async function explaining<T>(
  context: FailureContext | Promise<FailureContext>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explain(error, await context);
  }
}

/** A failed request as the `UserError` it means; anything else comes back as it is. */
export function explain(error: unknown, context: FailureContext): unknown {
  if (error instanceof CutAnswer) return new UserError(unreachable(error.message));
  if (!isRequestFailure(error)) return error;
  return new UserError({ ...classify(error, context), detail: detailOf(error) });
}

/** GitHub's own words of a failed request, on one line, without tokens. */
export function wordsOf(error: RequestFailure): string {
  return hideSecrets(error.message.replace(/\s+/g, ' ').replace(/ - https:\/\/docs\.github\.com\S*$/, '')).slice(
    0,
    500,
  );
}

function detailOf(error: RequestFailure): string {
  const { method, url } = error.request;
  const path = URL.canParse(url) ? new URL(url).pathname : '';
  return `${method} ${path}: ${error.response === undefined ? 'no answer' : error.status} ${wordsOf(error)}`;
}

function classify(error: RequestFailure, context: FailureContext): Problem {
  const name = `${context.repository.owner}/${context.repository.name}`;
  if (error.response === undefined) return unreachable(wordsOf(error));
  if (error.status === 401) return notSignedIn(context.auth);
  if (error.status === 429 || (error.status === 403 && isRateLimit(error))) return rateLimited(error);
  const words = wordsOf(error);
  // A token with permissions of its own gets a 404 that doesn't say why.
  const isHidden = context.touchesWorkflows && error.status === 404 && error.request.method === 'POST';
  if (isHidden || (/workflow/i.test(words) && [403, 404, 422].includes(error.status))) {
    return {
      code: 'no-permission',
      message:
        'The patch changes files under .github/workflows, and this sign-in may not. Give it the permission "Workflows", or leave those files out.',
    };
  }
  switch (error.status) {
    case 403:
      return forbidden(error, context, name);
    case 404:
      return error.request.method === 'GET'
        ? { code: 'no-permission', message: `GitHub shows no repository ${name} to this sign-in. ${whatToDo(context)}` }
        : { code: 'no-permission', message: `This sign-in may not write to ${name}. ${whatToDo(context)}` };
    case 409:
      return /empty/i.test(words)
        ? { code: 'no-remote', message: `${name} is empty on GitHub. Push a first commit, then try again.` }
        : {
            code: 'github-failed',
            message: `${name} changed on GitHub meanwhile. Try again.`,
            action: { type: 'retry' },
          };
    case 422:
      return invalid(error, name, words);
    default:
      return error.status >= 500
        ? {
            code: 'github-failed',
            message: `GitHub has trouble right now (${error.status}). Try again in a moment.`,
            action: { type: 'retry' },
          }
        : { code: 'github-failed', message: `GitHub did not accept the request: ${words}` };
  }
}

/** The problem of a sign-in that GitHub rejects. */
export function notSignedIn(auth: FailureContext['auth']): Problem {
  return auth === 'app'
    ? {
        code: 'not-signed-in',
        message: 'GitHub did not accept the GitHub App. Check its app id and its private key.',
        action: { type: 'set-up-github-app' },
      }
    : {
        code: 'not-signed-in',
        message: 'GitHub did not accept the sign-in. Sign in to GitHub again.',
        action: { type: 'sign-in' },
      };
}

function unreachable(words: string): Problem {
  return {
    code: 'github-failed',
    message: 'GitHub could not be reached, or the connection broke. Check the network, then try again.',
    action: { type: 'retry' },
    detail: hideSecrets(words),
  };
}

function forbidden(error: RequestFailure, context: FailureContext, name: string): Problem {
  const words = wordsOf(error);
  const sso = /\burl=([^;,\s]+)/.exec(String(error.response?.headers['x-github-sso'] ?? ''))?.[1];
  if (sso !== undefined || /SAML/.test(words)) {
    return {
      code: 'no-permission',
      message: `The organization ${context.repository.owner} wants a single sign-on before this sign-in may be used. Authorize it, then try again.`,
      ...actionFor('Authorize', sso),
    };
  }
  if (/archived/i.test(words)) return archived(name);
  if (/suspended/i.test(words)) {
    return {
      code: 'app-not-installed',
      message: `The GitHub App is suspended for ${name}. Its owner can lift that on GitHub.`,
    };
  }
  const what = error.request.method === 'GET' ? 'read all it needs of' : 'write to';
  return { code: 'no-permission', message: `This sign-in may not ${what} ${name}. ${whatToDo(context)}` };
}

/** The problem of a repository that takes no changes any more. */
function archived(name: string): Problem {
  return { code: 'no-permission', message: `${name} is archived on GitHub and takes no changes. Unarchive it first.` };
}

function whatToDo({ auth, repository }: FailureContext): string {
  return auth === 'app'
    ? 'Give the GitHub App access to it, with write permission for Contents and Pull requests.'
    : `Check the name, or sign in with an account that may write to it${repository.remote === undefined ? '' : ` (remote "${repository.remote}")`}.`;
}

function invalid(error: RequestFailure, name: string, words: string): Problem {
  if (/no commits between/i.test(words)) {
    return {
      code: 'nothing-to-ship',
      message: 'There is no difference to the base branch, so there is nothing to open.',
    };
  }
  if (hasInvalidField(error, 'base')) {
    return {
      code: 'github-failed',
      message: `${name} has no such base branch on GitHub. Push it, or choose another base.`,
    };
  }
  if (/rule violation|protected/i.test(words)) {
    return { code: 'no-permission', message: `A rule of ${name} does not allow this: ${words}` };
  }
  return { code: 'github-failed', message: `GitHub did not accept the request: ${words}` };
}

/** Whether GitHub's validation names a field as invalid. */
export function hasInvalidField(error: RequestFailure, field: string): boolean {
  const data = error.response?.data;
  if (error.status !== 422 || typeof data !== 'object' || data === null || !('errors' in data)) return false;
  return (
    Array.isArray(data.errors) &&
    data.errors.some(
      (entry: unknown) => typeof entry === 'object' && entry !== null && 'field' in entry && entry.field === field,
    )
  );
}

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit */
function isRateLimit(error: RequestFailure): boolean {
  const headers = error.response?.headers ?? {};
  return (
    String(headers['x-ratelimit-remaining'] ?? '') === '0' ||
    headers['retry-after'] !== undefined ||
    /rate limit|abuse detection/i.test(error.message)
  );
}

function rateLimited(error: RequestFailure): Problem {
  const headers = error.response?.headers ?? {};
  const reset = Number(headers['x-ratelimit-reset']) - Date.now() / 1000;
  const seconds = [Number(headers['retry-after']), reset].find((value) => Number.isFinite(value) && value > 0);
  const when =
    seconds === undefined
      ? 'in a few minutes'
      : seconds < 90
        ? `in ${Math.ceil(seconds)} seconds`
        : `in ${Math.ceil(seconds / 60)} minutes`;
  return {
    code: 'rate-limited',
    message: `GitHub takes no more requests for now. Try again ${when}.`,
    action: { type: 'retry' },
  };
}

/** A button that opens `url`, if that is an address a browser may be sent to. */
export function actionFor(label: string, url: string | undefined): { action?: ProblemAction } {
  if (url === undefined || !URL.canParse(url)) return {};
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
    ? { action: { type: 'open-url', label, url } }
    : {};
}
