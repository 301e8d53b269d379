import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerCall } from './answerCall.ts';
import type { Answer } from './calls.ts';
import { type Fault, Faults } from './faults.ts';
import { answerGit, isGit } from './gitAccess.ts';
import type { CheckRun, CommitStatus, Pull, Repository, Review, Thread } from './model.ts';
import type { AppOptions, RepositoryOptions, UserOptions } from './options.ts';
import { World } from './world.ts';

export interface GitHubServerOptions {
  readonly users?: readonly UserOptions[];
  readonly repositories?: readonly RepositoryOptions[];
  readonly app?: AppOptions;
  /** Milliseconds until a fork is there. */
  readonly forkDelay?: number;
  /** Milliseconds that a token of an installation lasts. An hour when not given. */
  readonly tokenLifetime?: number;
}

export interface Heard {
  readonly method: string;
  /** Without the query, decoded. */
  readonly path: string;
  /** As it came. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** 0 where none was sent. */
  status: number;
  /** The answer's body, where it is JSON. */
  answered: unknown;
}

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});

/** `octocat`'s token where nothing else is said. */
export const userToken = 'ghp_serverUserTokenOfTheTests0000000';

/** Installed on everything of octocat's where nothing else is said. */
export const usualApp: AppOptions = {
  id: 12345,
  slug: 'my-app',
  name: 'My App',
  permissions: { contents: 'write', pull_requests: 'write', metadata: 'read' },
  installations: [{ id: 100, account: 'octocat', repositories: 'all' }],
};

/**
 * Starts a GitHub: its REST API, as much of GraphQL as pull requests need, and git over HTTP, on bare repositories that git itself
 * reads and writes. It answers as GitHub's documentation says, also to what it refuses.
 *
 *     const server = await startGitHubServer({ repositories: [{ owner: 'octocat', name: 'hello-world', from: folder }] });
 *     // server.url: the API; server.gitUrl('octocat', 'hello-world'): for git; server.bare('octocat', 'hello-world').folder
 *     server.fault({ method: 'POST', path: /\/pulls$/, answer: 'lose', times: 1 });
 *     await server.stop();
 */
export async function startGitHubServer(options: GitHubServerOptions = {}) {
  const root = mkdtempSync(join(tmpdir(), 'dursor-github-server-'));
  const world = new World(root);
  if (options.forkDelay !== undefined) world.forkDelay = options.forkDelay;
  if (options.tokenLifetime !== undefined) world.tokenLifetime = options.tokenLifetime;
  const users = options.users ?? [{ login: 'octocat', name: 'Octo Cat', token: userToken }, { login: 'stranger' }];
  for (const user of users) world.addUser(user);
  world.addApp(options.app ?? usualApp, keys.publicKey);
  for (const repository of options.repositories ?? []) world.addRepository(repository);

  const faults = new Faults();
  const heard: Heard[] = [];
  let url = '';
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const method = request.method ?? '';
    const sent = request.url ?? '';
    const [encoded = ''] = sent.split('?');
    const path = decodeURIComponent(encoded);
    if (isGit(path)) return answerGit(world, root, request, body, response);
    const entry: Heard = {
      method,
      path,
      url: sent,
      headers: request.headers,
      body: body.toString(),
      status: 0,
      answered: undefined,
    };
    heard.push(entry);
    const fault = faults.meet(method, path);
    const what = fault?.answer;
    if (what === 'expire') world.tokens.delete(tokenOf(request));
    if (what !== 'mute' && what !== 'lose') fault?.onHeard?.();
    if (what === 'hang') return;
    if (what === 'cut') return void response.destroy();
    const answer = typeof what === 'object' ? what : await answerCall(world, url, request, body);
    if (what === 'mute' || what === 'lose') fault?.onHeard?.();
    if (what === 'mute') return;
    if (what === 'lose') return void response.destroy();
    entry.status = answer.status;
    send(response, answer, what === 'half', entry);
  };
  const server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const repository = (owner: string, name: string): Repository => {
    const found = world.repositories.get(`${owner}/${name}`.toLowerCase());
    if (!found) throw new Error(`there is no ${owner}/${name}`);
    return found;
  };
  return {
    /** The API's address, as on github.com. */
    url,
    /** The same as an enterprise server has it. */
    enterpriseUrl: `${url}/api/v3`,
    gitUrl: (owner: string, name: string) => `${url}/${owner}/${name}.git`,
    /** The key of the App, in the format GitHub gives. */
    appKey: keys.privateKey,
    appId: String((options.app ?? usualApp).id),
    /** The state, to be looked at and changed at will. */
    world,
    repository,
    /** The bare repository on disk; its `folder` is for git. */
    bare: (owner: string, name: string) => repository(owner, name).bare,
    /** Every request to the API, oldest first; git over HTTP isn't among them. */
    heard,
    fault: (fault: Fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    /** Pull requests as they are now, whoever opened them. */
    pulls: (owner: string, name: string): readonly Pull[] => world.pulls(repository(owner, name)),
    addComment(owner: string, name: string, number: number, author: string, text: string) {
      const comment = world.comment(author, text);
      world.issue(repository(owner, name), number)?.comments.push(comment);
      return comment;
    },
    /** A thread of review comments with one comment. */
    addThread(
      owner: string,
      name: string,
      number: number,
      about: { author: string; path: string; line?: number; body: string },
    ): Thread {
      const pull = pullOf(repository(owner, name), number);
      const { author, path, line, body } = about;
      const at = { path, ...(line !== undefined && { line }) };
      const comment = { ...world.comment(author, body), ...at, commit: pull.pull.lastHead, review: world.id() };
      const thread: Thread = {
        id: `PRRT_${world.id()}`,
        ...at,
        isResolved: false,
        isOutdated: false,
        comments: [comment],
      };
      pull.pull.threads.push(thread);
      return thread;
    },
    addReview(owner: string, name: string, number: number, author: string, state: Review['state'], text = ''): Review {
      const pull = pullOf(repository(owner, name), number);
      const review: Review = { ...world.comment(author, text), state, commit: pull.pull.lastHead };
      pull.pull.reviews.push(review);
      return review;
    },
    addCheckRun(owner: string, name: string, run: Omit<CheckRun, 'id'>): CheckRun {
      const made = { id: world.id(), ...run };
      repository(owner, name).checkRuns.push(made);
      return made;
    },
    addStatus(owner: string, name: string, status: Omit<CommitStatus, 'id'>): void {
      repository(owner, name).statuses.push({ id: world.id(), ...status });
    },
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export type GitHubServer = Awaited<ReturnType<typeof startGitHubServer>>;

function pullOf(repository: Repository, number: number): Pull {
  const found = repository.issues.find((issue) => issue.number === number);
  if (!found?.pull) throw new Error(`there is no pull request #${number}`);
  return found as Pull;
}

function tokenOf(request: IncomingMessage): string {
  return /^\S+ (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

function send(response: ServerResponse, { status, body, headers }: Answer, isCut: boolean, entry: Heard): void {
  const isText = Buffer.isBuffer(body) || typeof body === 'string';
  const bytes = body === undefined ? Buffer.alloc(0) : isText ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
  if (!isText) entry.answered = body;
  const type = isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
  response.writeHead(status, {
    ...(bytes.length > 0 && { 'content-type': type }),
    ...(status !== 204 && status !== 304 && { 'content-length': bytes.length }),
    ...headers,
  });
  if (!isCut) return void response.end(bytes);
  if (bytes.length === 0) return void response.destroy();
  response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
}
