import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type GitHubAuth } from '../../../src/core/github/auth.ts';
import { findParent } from '../../../src/core/github/base.ts';
import { openPullRequest, type PullRequestOrder } from '../../../src/core/github/pullRequest.ts';
import { UserError } from '../../../src/core/problem.ts';
import { appId, appKey, createLocal, type Local, repository, type StandIn, startGitHub, userToken } from './standIn.ts';

export const app: GitHubAuth = { type: 'app', appId, privateKey: appKey };
export const token: GitHubAuth = { type: 'token', token: async () => userToken };
export const repo = '/repos/octocat/hello-world';

/** An answer in which GitHub refuses something. */
export const refused = (status: number, message: string, errors?: unknown, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: { message, ...(errors !== undefined && { errors }), documentation_url: 'https://docs.github.com/rest' },
});

/** A local repository with one commit of a few files. */
export function createSample(): Local {
  const local = createLocal();
  for (const folder of ['src', 'old']) mkdirSync(join(local.directory, folder));
  const files = {
    'src/a.txt': 'one\n',
    'src/b.txt': 'two\n',
    'old/c.txt': 'three\n',
    'old/d.txt': 'four\n',
    file: 'becomes a folder\n',
  };
  for (const [path, text] of Object.entries(files)) writeFileSync(join(local.directory, path), text);
  local.commit('first');
  return local;
}

/** The stand-in with the sample pushed to it, and a pull request ready to be opened. */
export async function prepareOrder(local: Local, auth: GitHubAuth) {
  const signal = new AbortController().signal;
  const github: StandIn = await startGitHub();
  await local.push(github);
  const octokit = await connect(auth, github.url, repository, signal);
  const order: PullRequestOrder = {
    octokit,
    repository,
    parent: await findParent(octokit, repository, local.history(), signal),
    base: 'main',
    changes: [{ path: 'src/a.txt', version: { mode: '100644', bytes: Buffer.from('changed\n') } }],
    branch: 'dursor/change-a-1',
    title: 'Change a',
    body: 'Because.',
    signal,
  };
  return {
    github,
    octokit,
    order,
    /** All branches but the default one. */
    async branches(): Promise<string[]> {
      const all = (await github.look(`${repo}/branches?per_page=100`)) as { name: string }[];
      return all.map((branch) => branch.name).filter((name) => name !== 'main');
    },
    pulls: async () =>
      (await github.look(`${repo}/pulls?state=open`)) as { number: number; draft: boolean; head: { ref: string } }[],
    /** The problem that opening ends with. */
    async problemOf(part: Partial<PullRequestOrder> = {}) {
      const thrown: unknown = await openPullRequest({ ...order, ...part }).then(
        () => assert.fail('it opened'),
        (error: unknown) => error,
      );
      assert.ok(thrown instanceof UserError, String(thrown));
      assert.doesNotMatch(JSON.stringify(thrown.problem), /ghp_|ghs_/);
      return thrown.problem;
    },
  };
}

export type Prepared = Awaited<ReturnType<typeof prepareOrder>>;
