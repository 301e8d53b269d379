import type { Octokit } from '@octokit/rest';
import type { ObjectName } from '../domain.ts';
import { UserError } from '../problem.ts';
import type { TreeChange } from '../workspace/workspace.ts';
import { attempt } from './attempt.ts';
import { target } from './client.ts';
import type { NamedRepository } from './failure.ts';
import { writeTree } from './tree.ts';

/** Who wrote a commit, or made it one. `date` in ISO 8601 with its own offset, which is part of the commit's name. */
export interface CommitPerson {
  readonly name: string;
  readonly email: string;
  readonly date: string;
}

/** A commit of the user's that GitHub lacks, with all that is in its object. */
export interface LocalCommit {
  readonly name: ObjectName;
  readonly tree: ObjectName;
  /** At least one. */
  readonly parents: readonly [ObjectName, ...ObjectName[]];
  readonly author: CommitPerson;
  readonly committer: CommitPerson;
  readonly message: string;
  /** The tree of the first parent, and what to change in it. Read when it is needed. */
  changes(signal: AbortSignal): Promise<{ readonly onto: ObjectName; readonly changes: readonly TreeChange[] }>;
}

/**
 * Makes the same commits on GitHub, oldest first: as objects that no branch has yet. The name of each is compared.
 * Throws `UserError` where GitHub makes something else of one, which needs a push.
 */
export async function recreateCommits(
  octokit: Octokit,
  repository: NamedRepository,
  commits: readonly LocalCommit[],
  { signal, onCommit }: { readonly signal: AbortSignal; readonly onCommit: (done: number) => void },
): Promise<void> {
  for (const [done, commit] of commits.entries()) {
    onCommit(done);
    const { onto, changes } = await commit.changes(signal);
    const tree = changes.length === 0 ? onto : await writeTree({ octokit, repository, base: onto, changes, signal });
    if (tree !== commit.tree) throw differs(commit);
    const { message, author, committer } = commit;
    const content = { message, tree, parents: [...commit.parents], author, committer };
    const made = await attempt(
      (request) => octokit.git.createCommit({ ...target(repository), ...content, request }),
      signal,
    );
    if (made.data.sha !== commit.name) throw differs(commit);
  }
}

function differs({ name, message }: LocalCommit): UserError {
  const subject = message.split('\n', 1)[0] ?? '';
  return new UserError({
    code: 'github-failed',
    message: `GitHub can't make the commit ${name.slice(0, 10)} ("${subject}") exactly as it is here. Nothing was changed there. Push your branch, or create the pull request with only the patch.`,
  });
}
