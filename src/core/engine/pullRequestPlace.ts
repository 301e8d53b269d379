import type { Octokit } from '@octokit/rest';
import type { ObjectName } from '../domain.ts';
import type { Base } from '../github/base.ts';
import type { Destination } from '../github/destination.ts';
import type { ForkPlace } from '../github/fork.ts';
import type { RemoteRepository } from '../github/remote.ts';
import { UserError } from '../problem.ts';
import type { PullRequestTalk } from '../pullRequest.ts';
import type { RepositoryFacts } from '../workspace/repository.ts';
import { answerOf } from './pullRequestTalk.ts';

/** The repository that the pull request goes to: that of `wanted`, a remote's local name; else the upstream's, the only one, or the one that the user says. Throws `UserError` (`no-remote`). */
export async function chooseRepository(
  facts: RepositoryFacts | undefined,
  apiUrl: string,
  talk: PullRequestTalk,
  wanted?: string,
): Promise<RemoteRepository> {
  const { gitHubRemotes, hostBehind } = await import('../github/remote.ts');
  const remotes = facts ? gitHubRemotes(facts, apiUrl) : [];
  const [first, ...others] = remotes;
  if (!first) throw noRemote(hostBehind(apiUrl));
  const remembered = remotes.find(({ remote }) => remote === wanted);
  if (remembered) return remembered;
  if (others.length === 0 || first.remote === facts?.upstream?.remote) return first;
  const options = remotes.map(({ remote, owner, name }) => ({ remote, repository: { owner, name } }));
  const answer = await answerOf(talk, 'remote', { remotes: options });
  const chosen = remotes.find(({ remote }) => remote === answer);
  if (chosen) return chosen;
  throw new UserError({
    code: 'no-remote',
    message: `The remote ${answer} is none of this folder's GitHub remotes any more. Create the pull request again, and choose another one.`,
  });
}

/** The branch that the pull request asks to be merged into, and its newest commit. Throws `UserError` (`no-remote`). */
export async function chooseBase(
  octokit: Octokit,
  destination: Destination,
  { facts, parent, wanted }: { readonly facts: RepositoryFacts; readonly parent: ObjectName; readonly wanted?: string },
  talk: PullRequestTalk,
): Promise<Base> {
  const { listBranches, pickBase, readBase } = await import('../github/base.ts');
  const { signal } = talk;
  const found = wanted === undefined ? await pickBase(octokit, destination, facts, parent, signal) : undefined;
  if (found) return found;
  const { remote: _, ...repository } = destination.repository;
  const ask = async () =>
    answerOf(talk, 'base', { repository, branches: await listBranches(octokit, destination, signal) });
  const answer = wanted ?? (await ask());
  const base = await readBase(octokit, destination.repository, answer, signal);
  if (base) return base;
  throw new UserError({
    code: 'no-remote',
    message: `${repository.owner}/${repository.name} has no branch ${answer} on GitHub. Create the pull request again, and choose another one.`,
  });
}

/** The fork that the branch goes through, where the user can't write to the repository itself. Asks before one is made or used. Throws `UserError` (`no-permission`) where there can't be one. */
export async function chooseFork(
  octokit: Octokit,
  destination: Destination,
  talk: PullRequestTalk,
): Promise<ForkPlace | undefined> {
  if (destination.canPush) return undefined;
  const [{ findFork }, { contextOf, explaining }] = await Promise.all([
    import('../github/fork.ts'),
    import('../github/failure.ts'),
  ]);
  const { remote: _, ...repository } = destination.repository;
  const context = contextOf(octokit, repository);
  const fork = await explaining(context, () => findFork(octokit, repository, talk.signal));
  const name = `${repository.owner}/${repository.name}`;
  if (!fork.isThere && !destination.allowsForks) {
    throw new UserError({
      code: 'no-permission',
      message: `You can read ${name} but not write to it, and it allows no forks. Ask for write access, then try again.`,
    });
  }
  const isWanted = await answerOf(talk, 'fork', { repository, into: fork.repository, isThere: fork.isThere });
  if (isWanted) return fork;
  throw new UserError({
    code: 'no-permission',
    message: `You can read ${name} but not write to it, so without a fork there is no pull request. Ask for write access, or create it again through a fork.`,
  });
}

/** A stand-in or a proxy serves any host, so that it has no name of its own. */
function noRemote(host: string | undefined): UserError {
  const place = host === undefined || host === 'any' ? 'GitHub' : host;
  return new UserError({
    code: 'no-remote',
    message: `None of this folder's remotes is at ${place}, so there is nowhere to open a pull request. Add a GitHub remote, or apply the patch to the workspace instead.`,
  });
}
