import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmulator } from 'emulate';
import type { ObjectName } from '../../../src/core/domain.ts';
import { mirrorRepository } from '../../support/githubMirror.ts';

/** What the stand-in does with the requests a fault is for, instead of letting the emulator answer. */
export interface Fault {
  readonly method: string;
  readonly path: RegExp;
  /** `cut` breaks the connection before the emulator hears of it, `lose` after, `half` in the middle of the answer; `hang` never answers, `mute` neither, but the emulator does it. */
  readonly answer:
    | 'cut'
    | 'lose'
    | 'half'
    | 'hang'
    | 'mute'
    | { readonly status: number; readonly headers?: Record<string, string>; readonly body: unknown };
  /** How many requests it is for; all when not given. */
  readonly times?: number;
  /** Called at each request it is for, once what is to be done has been done. */
  readonly onHeard?: () => void;
}

export interface Heard {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
}

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});

/** The key of the stand-in's App, in the format GitHub gives. */
export const appKey = keys.privateKey;
export const appId = '12345';
export const userToken = 'ghp_standInUserTokenOfTheTests000000';
export const repository = { remote: 'origin', owner: 'octocat', name: 'hello-world' };

/** GitHub's API with state, from `emulate`, behind a proxy that adds what the real one does when things go wrong. */
export async function startGitHub() {
  const emulator = await createEmulator({
    service: 'github',
    port: 0,
    seed: {
      tokens: { [userToken]: { login: 'octocat', scopes: ['repo', 'user'] } },
      github: {
        users: [{ login: 'octocat', name: 'Octo' }, { login: 'stranger' }],
        repos: [
          { owner: 'octocat', name: 'hello-world', default_branch: 'main' },
          { owner: 'stranger', name: 'elsewhere', default_branch: 'main', auto_init: true },
        ],
        apps: [
          {
            app_id: Number(appId),
            slug: 'my-app',
            name: 'My App',
            private_key: appKey,
            permissions: { contents: 'write', pull_requests: 'write', metadata: 'read' },
            events: [],
            installations: [{ installation_id: 100, account: 'octocat', repository_selection: 'all' }],
          },
        ],
      },
    },
  });
  const faults: { fault: Fault; left: number }[] = [];
  const heard: Heard[] = [];

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const method = request.method ?? '';
    const path = decodeURIComponent((request.url ?? '').split('?')[0] ?? '');
    heard.push({ method, path, authorization: request.headers.authorization });
    const active = faults.find(({ fault, left }) => left > 0 && fault.method === method && fault.path.test(path));
    if (active !== undefined) active.left -= 1;
    const what = active?.fault.answer;
    if (what !== 'mute') active?.fault.onHeard?.();
    if (what === 'hang') return;
    if (what === 'cut') return void response.destroy();
    if (typeof what === 'object') {
      response.writeHead(what.status, { 'content-type': 'application/json', ...what.headers });
      return void response.end(typeof what.body === 'string' ? what.body : JSON.stringify(what.body));
    }
    const { authorization = '' } = request.headers;
    const real = await fetch(emulator.url + request.url, {
      method,
      headers: { authorization, 'content-type': 'application/json', accept: 'application/json' },
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    });
    const body = Buffer.from(await real.arrayBuffer());
    if (what === 'mute') return active?.fault.onHeard?.();
    if (what === 'lose') return void response.destroy();
    response.writeHead(real.status, {
      'content-type': real.headers.get('content-type') ?? 'application/json',
      ...(real.status !== 204 && { 'content-length': body.length }),
    });
    if (what !== 'half') return void response.end(body);
    response.write(body.subarray(0, body.length / 2), () => response.destroy());
  };
  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Past the proxy: to look at the state, and to prepare it. */
    emulatorUrl: emulator.url,
    heard,
    add: (fault: Fault) => void faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY }),
    /** What the emulator answers to a GET, for looking at its state. */
    async look(path: string): Promise<unknown> {
      const answered = await fetch(emulator.url + path, { headers: { authorization: `token ${userToken}` } });
      return answered.status === 404 ? undefined : answered.json();
    },
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await emulator.close();
    },
  };
}

export type StandIn = Awaited<ReturnType<typeof startGitHub>>;

/** A local repository whose commits can be mirrored into the stand-in. */
export function createLocal() {
  const directory = mkdtempSync(join(tmpdir(), 'dursor-github-'));
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', directory, '-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', ...args], {
      encoding: 'utf8',
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
    }).trim();
  git('init', '-q', '-b', 'main');
  return {
    directory,
    git,
    commit(message: string): ObjectName {
      git('add', '-A');
      git('commit', '-q', '--allow-empty', '-m', message);
      return git('rev-parse', 'HEAD') as ObjectName;
    },
    history: () => git('rev-list', '--first-parent', 'HEAD').split('\n') as ObjectName[],
    /** Mirrors a revision as a branch of the stand-in's repository. */
    push: (github: StandIn, revision = 'HEAD', branch = 'main') =>
      mirrorRepository({
        apiUrl: github.emulatorUrl,
        token: userToken,
        owner: repository.owner,
        repo: repository.name,
        directory,
        revision,
        branch,
      }),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

export type Local = ReturnType<typeof createLocal>;
