import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CandidateId, Round } from '../../src/core/domain.ts';
import type { GitHubAuth } from '../../src/core/github/auth.ts';
import type { PullRequestTalk } from '../../src/core/pullRequest.ts';
import {
  type GitHubServer,
  type GitHubServerOptions,
  startGitHubServer,
  userToken,
} from '../support/gitHubServer/gitHubServer.ts';
import type { Pull } from '../support/gitHubServer/model.ts';
import { TestEngine, testSettings } from '../support/testEngine.ts';
import { commitAll, folderFiles, git, modelFor, PullRequestTrees, type Result } from './pullRequestTrees.ts';

export interface WorldOptions {
  readonly auth: GitHubAuth['type'];
  /** A commit of the user's that isn't on GitHub. */
  readonly hasUnpushed?: boolean;
  /** GitHub's base has a commit that the user lacks; it changes another line of a file of the patch. */
  readonly hasMoved?: boolean;
  /** The repository is somebody else's, and this user only reads it. */
  readonly isForeign?: boolean;
  /** How many candidates one round gives, all of the same result; 10 when not given. */
  readonly atOnce?: number;
}

const results: readonly Result[] = ['first', 'second'];

/** A folder with an engine, and as many GitHubs as wanted, one after the other. */
export class PullRequestWorld {
  readonly #options: WorldOptions;
  readonly box: TestEngine;
  /** The newest of `startGitHub`. */
  github!: GitHubServer;
  /** The owner of the repository that pull requests go to. */
  readonly owner: string;
  /** A folder with GitHub's base, where that has moved on. */
  readonly #elsewhere: string;
  /** The commits that a new pull request may go on. */
  readonly grounds: readonly string[];
  readonly #candidates = new Map<Result, CandidateId[]>();
  #trees: PullRequestTrees | undefined;
  #token = userToken;
  #renewals = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.owner = options.isForeign ? 'acme' : 'octocat';
    const models = results.flatMap((result) =>
      this.#modelsFor(result).map((name) => [name, modelFor(result)] as const),
    );
    this.box = new TestEngine(Object.fromEntries(models), {
      settings: () => ({ ...testSettings, gitHubApiUrl: this.github.url }),
      gitHubAuth: async () => this.#auth(),
    });
    this.#elsewhere = join(this.box.root, 'elsewhere');
    this.grounds = this.#writeHistory();
  }

  /** A GitHub with the repository in it, as nobody has touched it yet. The one before ends. */
  async startGitHub(more: Partial<GitHubServerOptions> = {}): Promise<GitHubServer> {
    await this.github?.stop();
    this.#token = userToken;
    const template = join(this.box.root, 'template.git');
    const content = existsSync(template) ? { copyOf: template } : { from: this.#elsewhere };
    this.github = await startGitHubServer({
      users: [
        { login: 'octocat', name: 'Octo Cat', token: userToken },
        { login: 'acme', isOrganization: true },
        { login: 'ann' },
      ],
      repositories: [{ owner: this.owner, name: 'hello-world', ...content, collaborators: { ann: 'write' } }],
      ...more,
    });
    if (!existsSync(template)) {
      cpSync(this.github.bare(this.owner, 'hello-world').folder, template, { recursive: true });
    }
    return this.github;
  }

  /** A candidate that nothing was done with yet. */
  async candidate(result: Result = 'first'): Promise<CandidateId> {
    const left = this.#candidates.get(result) ?? [];
    if (left.length === 0) left.push(...(await this.candidates(result, this.#modelsFor(result))));
    this.#candidates.set(result, left);
    return left.pop() as CandidateId;
  }

  /** The candidates of a new round. */
  async candidates(
    result: Result,
    models: readonly string[] = this.#modelsFor(result).slice(0, 1),
    more: Partial<Pick<Round, 'start' | 'taskId'>> = {},
  ): Promise<readonly CandidateId[]> {
    const runs = this.box.runs(await this.box.round('Name the lines.', models, more));
    const failed = runs.find(({ state }) => state.status !== 'succeeded');
    if (failed) throw new Error(`a run ended as ${JSON.stringify(failed.state)}`);
    return runs.map(({ id }) => id);
  }

  /** Says yes to everything; of commits of one's own, what is given. */
  talk(signal: AbortSignal, commits: 'patch-only' | 'stacked' = 'stacked'): PullRequestTalk {
    const answers = { remote: 'origin', base: 'main', commits, fork: true };
    return {
      report: () => {},
      ask: async (question) => (answers as Readonly<Record<string, unknown>>)[question] as never,
      signal,
    };
  }

  /** The open pull requests, and the branches besides those that were there at first. */
  look(): { pulls: readonly Pull[]; branches: readonly string[] } {
    const open = this.github.pulls(this.owner, 'hello-world').filter(({ state }) => state === 'open');
    const all = [...this.github.world.repositories.values()].flatMap((repository) =>
      repository.bare.branches().map((branch) => `${repository.owner}:${branch}`),
    );
    return { pulls: open, branches: all.filter((branch) => !branch.endsWith(':main')) };
  }

  /**
   * Fetches the pull request with git, and says what is wrong with its newest commit: its tree has to be what git makes of the result
   * on the commit below it, and that one of `grounds`.
   */
  wrongTree({ pull: { head } }: Pull, result: Result, grounds = this.grounds): string | undefined {
    this.#trees ??= new PullRequestTrees(join(this.box.root, 'scratch'), this.box.folder);
    const [newest] = this.#trees.fetch(head.repository.bare.folder, head.branch);
    const [parent, ...others] = newest?.parents ?? [];
    if (!newest || parent === undefined || others.length > 0) return 'its commit has not one parent';
    if (!grounds.includes(parent)) return `its commit is on ${parent}`;
    const wanted = this.#trees.wanted(result, parent);
    return newest.tree === wanted ? undefined : `its tree is ${newest.tree}, and git makes ${wanted}`;
  }

  async dispose(): Promise<void> {
    await this.box.dispose();
    await this.github?.stop();
  }

  /** The folder's commits and those of GitHub. Answers with the newest of both. */
  #writeHistory(): readonly string[] {
    const { box } = this;
    rmSync(join(box.folder, 'README.md'));
    for (const [path, text] of Object.entries(folderFiles)) box.write(path, text);
    box.git('init', '-q', '-b', 'main');
    box.git('remote', 'add', 'origin', `https://github.com/${this.owner}/hello-world.git`);
    box.git('config', 'user.name', 'Ann');
    box.git('config', 'user.email', 'ann@example.com');
    commitAll(box.folder, 'Begin');
    cpSync(box.folder, this.#elsewhere, { recursive: true });
    if (this.#options.hasMoved) {
      const moved = folderFiles['src/queue.ts'].replace('line 28\n', 'moved on\n');
      writeFileSync(join(this.#elsewhere, 'src/queue.ts'), moved);
      commitAll(this.#elsewhere, 'Move on');
    }
    if (this.#options.hasUnpushed) {
      box.write('docs/mine.md', 'mine\n');
      commitAll(box.folder, 'Add my own');
    }
    return [box.folder, this.#elsewhere].map((folder) => git(folder, 'rev-parse', 'HEAD'));
  }

  #modelsFor(result: Result): readonly string[] {
    return Array.from({ length: this.#options.atOnce ?? 10 }, (_, index) => `${result}-${index}`);
  }

  #auth(): GitHubAuth {
    if (this.#options.auth === 'app') {
      return { type: 'app', appId: this.github.appId, privateKey: this.github.appKey };
    }
    return { type: 'token', token: async () => this.#validToken() };
  }

  /** As VS Code's session: another token once the one before has ended. */
  #validToken(): string {
    if (!this.github.world.tokens.has(this.#token)) {
      this.#renewals += 1;
      this.#token = `${userToken.slice(0, -4)}${String(this.#renewals).padStart(4, '0')}`;
      this.github.world.addUserToken('octocat', this.#token);
    }
    return this.#token;
  }
}
