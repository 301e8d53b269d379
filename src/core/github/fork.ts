import { setTimeout as wait } from 'node:timers/promises';
import type { Octokit } from '@octokit/rest';
import type { ObjectName } from '../domain.ts';
import { UserError } from '../problem.ts';
import type { RepositoryName } from '../pullRequest.ts';
import { attempt, isRequestFailure } from './attempt.ts';
import { compareCommits } from './base.ts';
import { readBranch } from './branch.ts';
import { target } from './client.ts';
import { actionFor, type NamedRepository } from './failure.ts';

/** Where a fork is, or would be. */
export interface ForkPlace {
  readonly repository: RepositoryName;
  readonly isThere: boolean;
}

/** What a fork has to have before anything can be put on it. */
export interface ForkNeeds {
  readonly commit: ObjectName;
  /** The branch that is brought up to date. */
  readonly base: string;
}

/** GitHub says to ask its support when a fork takes longer than five minutes. Milliseconds between looks; the last is repeated. */
const pauses = [500, 1000, 2000, 4000, 8000, 15_000];
const mostLooks = 24;

/** Where the fork of whoever signed in is, or would be made. Rejects with what Octokit threw. */
export async function findFork(octokit: Octokit, of: RepositoryName, signal: AbortSignal): Promise<ForkPlace> {
  const { data: user } = await attempt((request) => octokit.users.getAuthenticated({ request }), signal);
  const repository = { owner: user.login, name: of.name };
  const found = await read(octokit, repository, signal);
  const upstream = `${of.owner}/${of.name}`.toLowerCase();
  const isFork = [found?.parent, found?.source].some((origin) => origin?.full_name.toLowerCase() === upstream);
  return { repository, isThere: isFork };
}

/**
 * Makes the fork, or takes the one that is there, waits until `needs.commit` can be built on in it, and brings its `needs.base` up to date.
 * Rejects with what Octokit threw, or with `UserError` where GitHub doesn't come to an end with it.
 */
export async function readyFork(
  octokit: Octokit,
  of: NamedRepository,
  needs: ForkNeeds,
  { signal, onWait, patience = pauses }: { signal: AbortSignal; onWait?: () => void; patience?: readonly number[] },
): Promise<RepositoryName> {
  // For somebody who has one, GitHub answers with that.
  const { data } = await attempt((request) => octokit.repos.createFork({ ...target(of), request }), signal);
  const [owner = '', name = ''] = data.full_name.split('/');
  const fork = { owner, name };
  for (let looked = 0; looked < mostLooks; looked += 1) {
    // A fork that was there may be older than the commit.
    if ((await read(octokit, fork, signal)) !== undefined) {
      await bringUpToDate(octokit, { fork, of }, needs.base, signal);
      if (await has(octokit, fork, needs.commit, signal)) return fork;
    }
    onWait?.();
    const time = patience[Math.min(looked, patience.length - 1)];
    await wait(time, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
  throw new UserError({
    code: 'github-failed',
    message: `The fork ${data.full_name} still lacks the commit to build on. Open it on GitHub, use "Sync fork" there, then try again.`,
    ...actionFor('Open the Fork', data.html_url),
  });
}

async function read(octokit: Octokit, repository: RepositoryName, signal: AbortSignal) {
  try {
    return (await attempt((request) => octokit.repos.get({ ...target(repository), request }), signal)).data;
  } catch (error) {
    if (isRequestFailure(error) && error.status === 404) return undefined;
    throw error;
  }
}

async function has(octokit: Octokit, fork: RepositoryName, commit: ObjectName, signal: AbortSignal): Promise<boolean> {
  try {
    await attempt((request) => octokit.git.getCommit({ ...target(fork), commit_sha: commit, request }), signal);
    return true;
  } catch (error) {
    // 409: a fork that is still empty.
    if (isRequestFailure(error) && [404, 409, 422].includes(error.status)) return false;
    throw error;
  }
}

/** Moves the fork's branch on to where the original's is. One on which the user has commits of their own stays as it is. */
async function bringUpToDate(
  octokit: Octokit,
  { fork, of }: { readonly fork: RepositoryName; readonly of: RepositoryName },
  branch: string,
  signal: AbortSignal,
): Promise<void> {
  const [ours, theirs] = await Promise.all([fork, of].map((place) => readBranch(octokit, place, branch, signal)));
  if (ours === undefined || theirs === undefined || ours === theirs) return;
  try {
    const range = { from: ours as ObjectName, to: theirs as ObjectName };
    if ((await compareCommits(octokit, fork, range, signal)).lacks) return;
    await attempt((request) => octokit.repos.mergeUpstream({ ...target(fork), branch, request }), signal);
  } catch (error) {
    // It is not needed where the fork has the commit all the same, as it mostly does: GitHub keeps them together.
    if (!isRequestFailure(error) || ![403, 404, 409, 422].includes(error.status)) throw error;
  }
}
