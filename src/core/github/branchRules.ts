import { runInNewContext } from 'node:vm';
import type { Octokit } from '@octokit/rest';
import { UserError } from '../problem.ts';
import { attempt, isRequestFailure } from './attempt.ts';
import { target } from './client.ts';
import type { Destination } from './destination.ts';
import { actionFor, contextOf, explaining } from './failure.ts';
import { hideSecrets } from './secrets.ts';

/** A branch with one new commit, as far as rules may be about it. */
export interface RuledPush {
  readonly branch: string;
  /** Whether it is there already, and is moved on. */
  readonly isThere?: boolean;
  readonly message: string;
  /** The author's address; absent where GitHub puts in who signed in. */
  readonly email?: string;
  /** GitHub signs it itself: the commit of an App that names no author. */
  readonly isSigned: boolean;
  readonly paths: readonly string[];
}

type Rule = Awaited<ReturnType<Octokit['repos']['getBranchRules']>>['data'][number];

/**
 * That no rule of the repository, or of its organization, forbids the branch, as far as rules can be read and understood.
 * Throws `UserError` (`no-permission`) with the page of the rules.
 */
export async function assertRulesAllow(
  octokit: Octokit,
  { repository, page }: Pick<Destination, 'repository' | 'page'>,
  push: RuledPush,
  signal: AbortSignal,
): Promise<void> {
  await explaining(contextOf(octokit, repository), async () => {
    for (const rule of await readRules(octokit, repository, push.branch, signal)) {
      const broken = whyBroken(rule, push);
      if (broken === undefined || (await mayBypass(octokit, repository, rule, signal))) continue;
      throw new UserError({
        code: 'no-permission',
        message: `A rule of ${repository.owner}/${repository.name} does not allow the branch ${push.branch}: ${broken}`,
        ...actionFor('Show the Rules', `${page}/rules`),
      });
    }
  });
}

/** None where rules can't be read: private repositories of free plans have none, and older enterprise servers don't tell. GitHub itself still says no. */
async function readRules(
  octokit: Octokit,
  repository: Destination['repository'],
  branch: string,
  signal: AbortSignal,
): Promise<readonly Rule[]> {
  try {
    const answer = await attempt(
      (request) => octokit.repos.getBranchRules({ ...target(repository), branch, per_page: 100, request }),
      signal,
    );
    return Array.isArray(answer.data) ? answer.data : [];
  } catch (error) {
    if (isRequestFailure(error) && (error.status === 404 || (error.status === 403 && /upgrade/i.test(error.message)))) {
      return [];
    }
    throw error;
  }
}

/** Whether whoever signed in is let past the rule. Unknown counts as no. */
async function mayBypass(
  octokit: Octokit,
  repository: Destination['repository'],
  { ruleset_id: ruleset }: Rule,
  signal: AbortSignal,
): Promise<boolean> {
  if (ruleset === undefined) return false;
  try {
    const { data } = await attempt(
      (request) => octokit.repos.getRepoRuleset({ ...target(repository), ruleset_id: ruleset, request }),
      signal,
    );
    return ['always', 'exempt'].includes(data.current_user_can_bypass ?? '');
  } catch (error) {
    if (isRequestFailure(error) && error.status < 500) return false;
    throw error;
  }
}

/** What is wrong, and what to do about it; undefined where nothing is, or where that isn't known. */
function whyBroken(rule: Rule, push: RuledPush): string | undefined {
  switch (rule.type) {
    case 'update':
      return push.isThere
        ? 'nobody may push to it without being let past the rule. Ask for that, or create a new pull request for this candidate.'
        : undefined;
    case 'pull_request':
      return push.isThere
        ? 'its commits have to come through a pull request of their own. Create a new pull request for this candidate, into that branch.'
        : undefined;
    case 'creation':
      if (push.isThere) return undefined;
      return 'nobody may create it without being let past the rule. Choose another name for the branch, in the setting dursor.github.branchName or for this pull request.';
    case 'branch_name_pattern': {
      if (push.isThere) return undefined;
      const wanted = mismatch(rule.parameters, push.branch);
      return (
        wanted &&
        `its name ${wanted}. Choose another name, in the setting dursor.github.branchName or for this pull request.`
      );
    }
    case 'commit_message_pattern': {
      const wanted = mismatch(rule.parameters, push.message);
      return (
        wanted &&
        `the message of its commit ${wanted}. ${push.isThere ? 'Commit and push it with Git instead' : 'Change the title of the pull request'}.`
      );
    }
    case 'commit_author_email_pattern':
    case 'committer_email_pattern': {
      const wanted = push.email === undefined ? undefined : mismatch(rule.parameters, push.email);
      return wanted && `the address of its author ${wanted}. Change user.email in Git's configuration.`;
    }
    case 'required_signatures':
      return push.isSigned
        ? undefined
        : 'its commits must be signed, which GitHub does only for a GitHub App with the setting dursor.github.commitAuthor on "account". Set that up, or choose a branch name that the rule is not about.';
    case 'file_path_restriction': {
      const restricted = rule.parameters?.restricted_file_paths ?? [];
      const path = push.paths.find((changed) => restricted.some((pattern) => matchesPath(pattern, changed)));
      return path && `${path} may not be changed. Leave that file out.`;
    }
    case 'file_extension_restriction': {
      const extensions = rule.parameters?.restricted_file_extensions ?? [];
      const path = push.paths.find((changed) => extensions.some((end) => changed.endsWith(end.replace(/^\*/, ''))));
      return path && `files such as ${path} may not be pushed. Leave that file out.`;
    }
    case 'max_file_path_length': {
      const longest = rule.parameters?.max_file_path_length ?? Number.POSITIVE_INFINITY;
      const path = push.paths.find((changed) => changed.length > longest);
      return path && `the path ${path} is longer than ${longest} characters. Give that file a shorter one.`;
    }
    default:
      return undefined;
  }
}

interface Pattern {
  readonly operator: 'starts_with' | 'ends_with' | 'contains' | 'regex';
  readonly pattern: string;
  readonly negate?: boolean;
}

/** How the text fails the pattern, as the end of a sentence about it. */
function mismatch(parameters: Pattern | undefined, text: string): string | undefined {
  if (!parameters) return undefined;
  const { operator, pattern, negate = false } = parameters;
  const isMatch = matches(operator, pattern, text);
  if (isMatch === undefined || isMatch !== negate) return undefined;
  const verb = { starts_with: 'start with', ends_with: 'end with', contains: 'contain', regex: 'match' }[operator];
  return `must ${negate ? 'not ' : ''}${verb} "${hideSecrets(pattern).slice(0, 200)}"`;
}

/** Undefined where it can't be told. */
function matches(operator: Pattern['operator'], pattern: string, text: string): boolean | undefined {
  switch (operator) {
    case 'starts_with':
      return text.startsWith(pattern);
    case 'ends_with':
      return text.endsWith(pattern);
    case 'contains':
      return text.includes(pattern);
    case 'regex':
      return matchesRegex(pattern, text);
    default:
      return undefined;
  }
}

/** Somebody else's expression, and not quite of our language: it gets a moment and no more. */
function matchesRegex(pattern: string, text: string): boolean | undefined {
  try {
    const sandbox: Record<string, unknown> = Object.assign(Object.create(null), { pattern, text });
    return runInNewContext('new RegExp(pattern, "m").test(text)', sandbox, { timeout: 100 }) === true;
  } catch {
    return undefined;
  }
}

/** Git's own matching for the forms that are common; GitHub still checks the others itself. */
function matchesPath(pattern: string, path: string): boolean {
  if (!/[*?[\]\\]/.test(pattern)) return path === pattern || path.startsWith(`${pattern.replace(/\/+$/, '')}/`);
  const folder = /^([^*?[\]\\]+)\/\*\*(?:\/\*)?$/.exec(pattern)?.[1];
  return folder !== undefined && path.startsWith(`${folder}/`);
}
