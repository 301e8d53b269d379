import { execFileSync } from 'node:child_process';
import type { RunId } from '../../src/core/domain.ts';
import type { EngineHost, GitHubSettings } from '../../src/core/engine/engineHost.ts';
import {
  type GitHubServer,
  type GitHubServerOptions,
  startGitHubServer,
  userToken,
} from './gitHubServer/gitHubServer.ts';
import { quietTalk, type TalkAnswers } from './quietTalk.ts';
import { call, type Script, TestEngine, testSettings } from './testEngine.ts';

export const sharedLines = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`);
/** The text of `shared.txt`, with these lines (counted from 1) changed. */
export const sharedText = (changed: Readonly<Record<number, string>> = {}) =>
  `${sharedLines.map((line, index) => changed[index + 1] ?? line).join('\n')}\n`;

/** A model that changes line 3 of `shared.txt`, or writes these files instead. */
const model = (files: () => Readonly<Record<string, string>>): Script =>
  function* (request) {
    if (request.turns.some((turn) => turn.role === 'tool')) yield call('finish', { summary: 'Done.' });
    else for (const [path, content] of Object.entries(files())) yield call('write_file', { path, content });
  };

export interface SceneOptions {
  readonly server?: GitHubServerOptions;
  readonly gitHub?: Partial<GitHubSettings>;
  /** Where the repository is on the server. */
  readonly owner?: string;
  /** What the run writes. */
  readonly files?: Readonly<Record<string, string>>;
}

/** An engine on a git repository that a test's GitHub has too, as `octocat/app`, with its remote `origin`. */
export class PullRequestScene {
  readonly test: TestEngine;
  readonly owner: string;
  readonly needs: (readonly string[] | undefined)[] = [];
  gitHub: Partial<GitHubSettings>;
  apiUrl = '';
  server!: GitHubServer;
  readonly #options: SceneOptions;

  constructor(options: SceneOptions = {}) {
    this.#options = options;
    this.owner = options.owner ?? 'octocat';
    this.gitHub = options.gitHub ?? {};
    const files = options.files ?? { 'shared.txt': sharedText({ 3: 'changed by the run' }) };
    this.test = new TestEngine({ a: model(() => files) }, this.#host());
    this.test.write('shared.txt', sharedText());
    this.test.write('other.txt', 'other\n');
    this.test.git('init', '-q', '-b', 'main');
    this.test.git('remote', 'add', 'origin', `https://github.com/${this.owner}/app.git`);
    this.commit('first');
  }

  async start(): Promise<this> {
    const { repositories, ...options } = this.#options.server ?? {};
    this.server = await startGitHubServer({
      ...options,
      repositories: repositories ?? [{ owner: this.owner, name: 'app', from: this.test.folder }],
    });
    this.apiUrl = this.server.url;
    return this;
  }

  commit(message: string): string {
    this.test.git('add', '-A');
    this.test.git('commit', '-q', '--allow-empty', '-m', message);
    return this.test.git('rev-parse', 'HEAD');
  }

  /** Puts HEAD, or another revision, on a branch of the server's. */
  push(branch = 'main', revision = 'HEAD'): string {
    return this.server.bare(this.owner, 'app').take(this.test.folder, revision, branch);
  }

  /** A commit on a branch of the server's that the folder has never seen. */
  pushFromElsewhere(files: Readonly<Record<string, string>>, branch = 'main'): string {
    const bare = this.server.bare(this.owner, 'app');
    const parent = bare.ref(`heads/${branch}`) ?? '';
    const git = (args: readonly string[], input?: string) =>
      execFileSync('git', ['-C', bare.folder, '-c', 'user.name=Else', '-c', 'user.email=else@example.com', ...args], {
        encoding: 'utf8',
        env: { ...process.env, GIT_INDEX_FILE: `${bare.folder}/elsewhere.index` },
        ...(input !== undefined && { input }),
      }).trim();
    git(['read-tree', parent]);
    for (const [path, text] of Object.entries(files)) {
      git(['update-index', '--add', '--cacheinfo', `100644,${git(['hash-object', '-w', '--stdin'], text)},${path}`]);
    }
    const commit = git(['commit-tree', git(['write-tree']), '-p', parent, '-m', 'from elsewhere']);
    bare.setRef(`heads/${branch}`, commit);
    return commit;
  }

  async run(): Promise<RunId> {
    const [run] = this.test.runs(await this.test.round('Change it', ['a']));
    if (run?.state.status !== 'succeeded') throw new Error(JSON.stringify(run?.state));
    return run.id;
  }

  /** Opens the run's pull request. */
  async open(id: RunId, answers: TalkAnswers = {}, signal?: AbortSignal) {
    const talk = quietTalk(answers, signal);
    const pull = await this.test.engine.createPullRequest(id, { title: 'Change it', body: 'Because.' }, talk);
    return { pull, talk };
  }

  /** What a revision on the server has in a file. */
  show(revision: string, path: string, owner = this.owner): string {
    return `${this.server.bare(owner, 'app').git('show', `${revision}:${path}`)}\n`;
  }

  /** What was asked of the server beyond reading. */
  writes(): readonly string[] {
    return this.server.heard
      .filter(({ method, path }) => method !== 'GET' && !path.endsWith('/access_tokens'))
      .map(({ method, path }) => `${method} ${path.replace(/^\/api\/v3/, '')}`);
  }

  async dispose(): Promise<void> {
    await this.test.dispose();
    await this.server?.stop();
  }

  #host(): Partial<EngineHost> {
    return {
      settings: () => ({
        ...testSettings,
        gitHubApiUrl: this.apiUrl || testSettings.gitHubApiUrl,
        gitHub: { ...testSettings.gitHub, ...this.gitHub },
      }),
      gitHubAuth: async (_signal, how) => {
        this.needs.push(how?.needs);
        return { type: 'token', token: async () => userToken };
      },
    };
  }
}
