import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { ModelProfile, ProfileId } from '../../../src/core/domain.ts';
import type { Check } from '../../../src/core/evidence.ts';
import { gitHubWorkflow, workflowChecks, workflowPaths } from '../../../src/core/workflow/gitHubWorkflow.ts';
import { CliScene } from '../cliScene.ts';
import { type GitHubServer, startGitHubServer } from '../gitHubServer/gitHubServer.ts';
import type { Issue } from '../gitHubServer/model.ts';
import type { ModelsStandIn } from '../models.ts';
import { runWorkflow, type StepRecord } from './runWorkflow.ts';
import { readWorkflow } from './workflowFile.ts';

const root = resolve(import.meta.dirname, '../../..');
export const workflowTemplate = readFileSync(join(root, 'media/workflow/dursor.yml'), 'utf8');

export const workflowModels: readonly ModelProfile[] = [
  { id: 'gpt' as ProfileId, provider: 'openai', model: 'gpt-5.1-codex', label: 'GPT', options: {} },
  { id: 'claude' as ProfileId, provider: 'anthropic', model: 'claude-opus-4-5', label: 'Claude', options: {} },
];

/** The bundled command line, as it is packed, in a folder of its own. */
export async function bundledCommandLine(): Promise<{ readonly path: string; remove(): void }> {
  const directory = mkdtempSync(join(tmpdir(), 'dursor-bundle-'));
  const { commandLine } = (await import(join(root, 'src/cli/bundle.mjs'))) as { commandLine: object };
  await build({ ...commandLine, absWorkingDir: root, outdir: directory, minify: true });
  return { path: join(directory, 'cli.js'), remove: () => rmSync(directory, { recursive: true }) };
}

/** A repository on a test's GitHub that has the workflow. */
export class WorkflowScene {
  readonly cli = new CliScene();
  readonly workflow: string;
  server!: GitHubServer;
  sha = '';
  #runs = 0;

  constructor(commandLine: string, checks: readonly Check[]) {
    const choices = { models: workflowModels, reviewers: [], checks, forbiddenPaths: [], baseUrls: {} };
    this.workflow = gitHubWorkflow(workflowTemplate, choices);
    this.cli.write(workflowPaths.workflow, this.workflow);
    this.cli.write(workflowPaths.checks, workflowChecks(checks));
    const bundle = join(this.cli.folder, workflowPaths.commandLine);
    mkdirSync(dirname(bundle), { recursive: true });
    copyFileSync(commandLine, bundle);
    this.sha = this.cli.commit('Add dursor');
  }

  async start(): Promise<this> {
    this.server = await startGitHubServer({
      users: [{ login: 'octocat' }, { login: 'ann' }, { login: 'stranger' }],
      repositories: [{ owner: 'octocat', name: 'app', from: this.cli.folder, collaborators: { ann: 'write' } }],
    });
    return this;
  }

  addIssue(title: string, body: string, pull?: Issue['pull']): Issue {
    const repository = this.server.repository('octocat', 'app');
    const now = Date.now();
    const issue: Issue = {
      ...{ id: this.server.world.id(), number: repository.issues.length + 1, repository, author: 'stranger' },
      ...{ title, body, state: 'open', createdAt: now, updatedAt: now, labels: [], assignees: [], comments: [] },
      ...(pull && { pull }),
    };
    repository.issues.push(issue);
    return issue;
  }

  /** A pull request from a branch of the folder. */
  addPull(branch: string): Issue {
    const repository = this.server.repository('octocat', 'app');
    this.server.bare('octocat', 'app').take(this.cli.folder, branch, branch);
    return this.addIssue('A change', '', {
      ...{ base: 'main', head: { repository, branch }, draft: false, merged: false, reviewers: [], teams: [] },
      ...{ reviews: [], threads: [], lastHead: this.cli.git('rev-parse', branch) },
    });
  }

  /** What the workflow does when somebody comments. */
  async comment(number: number, login: string, body: string, models: ModelsStandIn) {
    const comment = this.server.addComment('octocat', 'app', number, login, body);
    const issue = this.issue(number);
    const records = await this.#run('issue_comment', models, {
      action: 'created',
      comment: {
        id: comment.id,
        body,
        user: { login, type: 'User' },
        created_at: new Date(comment.createdAt).toISOString(),
      },
      issue: this.#shown(issue),
    });
    return { comment, records };
  }

  /** What the workflow does when somebody puts a label on an issue. */
  label(number: number, login: string, name: string, models: ModelsStandIn): Promise<readonly StepRecord[]> {
    const sender = { login, type: 'User' };
    return this.#run('issues', models, {
      action: 'labeled',
      label: { name },
      sender,
      issue: this.#shown(this.issue(number)),
    });
  }

  issue(number: number): Issue {
    const found = this.server.world.issue(this.server.repository('octocat', 'app'), number);
    if (!found) throw new Error(`there is no #${number}`);
    return found;
  }

  /** What a branch on the server has in a file. */
  show(branch: string, path: string): string {
    return this.server.bare('octocat', 'app').git('show', `refs/heads/${branch}:${path}`);
  }

  async dispose(): Promise<void> {
    await this.server?.stop();
    this.cli.dispose();
  }

  #shown({ number, title, body, pull }: Issue) {
    return { number, title, body, ...(pull && { pull_request: { url: 'there' } }) };
  }

  #run(eventName: string, models: ModelsStandIn, event: object): Promise<readonly StepRecord[]> {
    const place = join(this.cli.root, `run-${++this.#runs}`);
    const { world } = this.server;
    const [app] = world.apps;
    const installation = app?.installations[0];
    if (!app || !installation) throw new Error('there is no App');
    return runWorkflow(readWorkflow(this.workflow), {
      root: place,
      artifacts: join(place, 'artifacts'),
      repository: this.server.bare('octocat', 'app').folder,
      remote: 'https://github.com/octocat/app',
      eventName,
      event: { ...event, repository: { default_branch: 'main' } },
      name: 'octocat/app',
      sha: this.sha,
      tokenFor: (permissions) => {
        const named = Object.entries(permissions).map(([key, level]) => [key.replace('-', '_'), level]);
        const [token] = world.addInstallationToken(
          app,
          installation,
          { metadata: 'read', ...Object.fromEntries(named) },
          ['app'],
        );
        return token;
      },
      secrets: { OPENAI_API_KEY: `${models.key}-openai`, ANTHROPIC_API_KEY: `${models.key}-anthropic` },
      environment: {
        GITHUB_API_URL: this.server.url,
        OPENAI_BASE_URL: models.baseUrls.openai,
        ANTHROPIC_BASE_URL: models.baseUrls.anthropic,
      },
    });
  }
}

/** Whether this machine can do what a runner does in the step that gets a sandbox. */
export function hasSandbox(): boolean {
  return (
    process.platform === 'linux' &&
    ['/usr/bin/bwrap', '/bin/bwrap', '/usr/local/bin/bwrap'].some((path) => existsSync(path))
  );
}
