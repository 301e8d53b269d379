import type { Octokit } from '@octokit/rest';
import type { RepositoryName } from '../pullRequest.ts';
import { isRequestFailure, once, type RequestOption } from './attempt.ts';
import { target } from './client.ts';
import { wordsOf } from './failure.ts';

/** Who and what a pull request gets once it is open. */
export interface PullRequestPeople {
  /** Login names, and teams as `organization/team`. */
  readonly reviewers: readonly string[];
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
}

export interface PeopleOrder extends PullRequestPeople {
  readonly octokit: Octokit;
  readonly repository: RepositoryName;
  readonly number: number;
  readonly signal: AbortSignal;
}

/** Adds them one by one where GitHub refuses all at once. Answers with what it refused, in sentences; rejects after an abort only. */
export async function addPeople(order: PeopleOrder): Promise<readonly string[]> {
  const { octokit, repository, number, signal } = order;
  const at = { ...target(repository), issue_number: number };
  const pull = { ...target(repository), pull_number: number };
  const teams = order.reviewers.filter((name) => name.includes('/'));
  const users = order.reviewers.filter((name) => !name.includes('/'));
  const slugOf = (team: string) => team.slice(team.indexOf('/') + 1);
  return [
    await each('reviewer', users, signal, (reviewers, request) =>
      octokit.pulls.requestReviewers({ ...pull, reviewers: [...reviewers], request }),
    ),
    await each('reviewer', teams, signal, (names, request) =>
      octokit.pulls.requestReviewers({ ...pull, team_reviewers: names.map(slugOf), request }),
    ),
    await each('label', order.labels, signal, (labels, request) =>
      octokit.issues.addLabels({ ...at, labels: [...labels], request }),
    ),
    await each('assignee', order.assignees, signal, async (assignees, request) => {
      const answer = await octokit.issues.addAssignees({ ...at, assignees: [...assignees], request });
      // GitHub says nothing of those whom it leaves out.
      const there = new Set(answer.data.assignees?.map(({ login }) => login.toLowerCase()));
      const missing = assignees.filter((name) => !there.has(name.toLowerCase()));
      return { ...answer, missing };
    }),
  ].flat();
}

interface Answer {
  readonly status: number;
  readonly data: unknown;
  readonly missing?: readonly string[];
}

async function each(
  what: string,
  names: readonly string[],
  signal: AbortSignal,
  add: (names: readonly string[], request: RequestOption) => Promise<Answer>,
): Promise<readonly string[]> {
  if (names.length === 0) return [];
  try {
    const { missing = [] } = await once((request) => add(names, request), signal);
    return missing.map((name) => `The ${what} ${name} was not added: GitHub left it out.`);
  } catch (error) {
    signal.throwIfAborted();
    if (!isRequestFailure(error)) throw error;
    const [first = '', ...others] = names;
    if (others.length === 0) return [`The ${what} ${first} was not added: ${wordsOf(error)}`];
  }
  const said: string[] = [];
  for (const name of names) said.push(...(await each(what, [name], signal, add)));
  return said;
}
