import { generateKeyPairSync } from 'node:crypto';
import { Octokit } from '@octokit/rest';
import { createEmulator } from 'emulate';
import { mirrorRepository } from './githubMirror.ts';
import { freePort } from './vscodeServer.ts';

/** The account's own token. */
export const githubToken = 'stand-in-token';
const appId = 12345;

/** A GitHub stand-in with one account, one repository and one GitHub App that is installed on it. */
export interface GitHubStandIn {
  readonly url: string;
  readonly appId: string;
  /** The App's private key as PEM text, made at start. */
  readonly privateKey: string;
  /** A client with an owner's rights, to see what really happened. */
  readonly octokit: Octokit;
  stop(): Promise<void>;
}

/** Starts the stand-in with `octocat/upload-queue` mirrored from a local repository's HEAD. */
export async function startGitHub(directory: string): Promise<GitHubStandIn> {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const repository = { owner: 'octocat', name: 'upload-queue', auto_init: true, default_branch: 'main' };
  const app = {
    ...{ app_id: appId, slug: 'dursor-stand-in', name: 'dursor stand-in', private_key: privateKey, events: [] },
    permissions: { contents: 'write', pull_requests: 'write', metadata: 'read' },
    installations: [{ installation_id: 100, account: 'octocat', repository_selection: 'all' as const }],
  };
  const emulator = await createEmulator({
    service: 'github',
    port: await freePort(),
    seed: {
      tokens: { [githubToken]: { login: 'octocat', scopes: ['repo', 'user'] } },
      github: { users: [{ login: 'octocat', name: 'Mona Lisa' }], repos: [repository], apps: [app] },
    },
  });
  const octokit = new Octokit({ auth: githubToken, baseUrl: emulator.url, log: { ...silent } });
  await mirrorRepository({ octokit, owner: 'octocat', repo: 'upload-queue', directory });
  return { url: emulator.url, appId: String(appId), privateKey, octokit, stop: () => emulator.close() };
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };
