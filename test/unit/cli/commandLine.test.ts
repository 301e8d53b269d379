import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dispatch } from '../../../src/cli/dispatch.ts';
import { CliScene } from '../../support/cliScene.ts';
import { type ModelsStandIn, startModels } from '../../support/models.ts';

const openai = 'openai:gpt-5.1-codex';
const anthropic = 'anthropic:claude-opus-4-5';

describe('the command line', function () {
  this.timeout(20_000);
  let models: ModelsStandIn;
  let scene: CliScene;

  before(async () => {
    models = await startModels({ ttft: 0, tps: 100_000 });
  });
  after(() => models.stop());
  beforeEach(() => {
    scene = new CliScene();
    scene.environment = {
      OPENAI_API_KEY: models.key,
      OPENAI_BASE_URL: models.baseUrls.openai,
      ANTHROPIC_API_KEY: models.key,
      ANTHROPIC_BASE_URL: models.baseUrls.anthropic,
    };
  });
  afterEach(() => scene.dispose());

  const out = () => join(scene.root, 'out');
  const run = (...args: string[]) =>
    scene.dursor('run', '--task', 'Note it', '--models', `${openai},${anthropic}`, ...args);
  const candidateFolders = () => readdirSync(out()).map((name) => join(out(), name));

  it('runs a task on several models and leaves the folder alone', async () => {
    const { code, json, err } = await run();
    assert.equal(code, 0, err);
    assert.deepEqual(
      json.candidates.map(({ model, status, files, added }: Record<string, unknown>) => [model, status, files, added]),
      [
        [openai, 'succeeded', 1, 5],
        [anthropic, 'succeeded', 1, 5],
      ],
    );
    assert.equal(scene.git('status', '--porcelain'), '');
    assert.match(err, /gpt-5\.1-codex: is done/);
  });

  it('writes candidates that tell nothing of the machine and hold no key', async () => {
    await run('--out', out());
    const folders = candidateFolders();
    assert.equal(folders.length, 2);
    for (const folder of folders) {
      const facts = readFileSync(join(folder, 'candidate.json'), 'utf8');
      const patch = readFileSync(join(folder, 'patch.diff'), 'utf8');
      assert.match(patch, /^diff --git a\/NOTES\.md/);
      for (const secret of [scene.root, models.key, models.baseUrls.anthropic])
        assert.ok(!`${facts}${patch}`.includes(secret));
    }
  });

  it('picks the candidate that passes checks which run on the base too', async () => {
    await run('--out', out());
    const checks = scene.file('checks.json', [{ name: 'claude', command: 'grep -q claude NOTES.md' }]);
    const results = join(scene.root, 'results.json');
    const common = ['--candidates', out(), '--checks', checks, '--sandbox', 'none'];
    const checked = await scene.dursor('check', ...common, '--out', results);
    assert.equal(checked.code, 0, checked.err);
    const verdicts = checked.json.candidates.map(({ label, checks }: Record<string, unknown>) => [label, checks]);
    assert.deepEqual(verdicts, [
      ['claude-opus-4-5', { claude: 'fixed' }],
      ['gpt-5.1-codex', { claude: 'still-failing' }],
    ]);
    for (const more of [['--results', results], []]) {
      const picked = await scene.dursor('pick', ...common, ...more);
      assert.equal(picked.code, 0, picked.err);
      const best = picked.json.candidates.find(({ id }: { id: string }) => id === picked.json.recommended);
      assert.equal(best.label, 'claude-opus-4-5');
    }
  });

  it('counts a check without a result as unknown, and recommends nothing then', async () => {
    await run('--out', out());
    const checks = scene.file('checks.json', [{ name: 'claude', command: 'touch ran' }]);
    const results = scene.file('results.json', { version: 1, runs: [], crossTests: [] });
    const picked = await scene.dursor('pick', '--candidates', out(), '--checks', checks, '--results', results);
    assert.equal(picked.code, 3);
    assert.equal(picked.json.recommended, undefined);
    assert.notEqual(picked.json.why, '');
  });

  it('lets models review, and recommends what they would merge', async () => {
    await scene.dursor('run', '--task', 'Note it', '--models', openai, '--out', out());
    let isMerged = true;
    models.mock.prependFixture({
      match: { predicate: ({ tools }) => tools?.some(({ function: { name } }) => name === 'submit_review') ?? false },
      response: ({ messages }) => reviewOf(messages.map(({ content }) => String(content)).join('\n'), isMerged),
    });
    const review = () => scene.dursor('pick', '--candidates', out(), '--review', anthropic);
    const picked = await review();
    assert.equal(picked.code, 0, picked.out);
    assert.match(picked.json.evidence, /Reviewed by claude-opus-4-5/);
    isMerged = false;
    const none = await review();
    assert.equal(none.code, 3);
    assert.match(none.json.why, /None of the candidates can be merged/);
  });

  it('takes the only candidate where nothing more is asked for', async () => {
    await scene.dursor('run', '--task', 'Note it', '--models', openai, '--out', out());
    const { code, json } = await scene.dursor('pick', '--candidates', out());
    assert.equal(code, 0);
    assert.equal(json.recommended, json.candidates[0].id);
  });

  it('refuses a patch that was changed, and one that leads out of the folder', async () => {
    await scene.dursor('run', '--task', 'Note it', '--models', openai, '--out', out());
    const [folder = ''] = candidateFolders();
    const path = join(folder, 'patch.diff');
    const patch = readFileSync(path, 'utf8');
    writeFileSync(path, patch.replace('Note it', 'Note other'));
    const changed = await scene.dursor('pick', '--candidates', out());
    assert.equal(changed.code, 2);
    assert.match(changed.err, /not the one that candidate\.json is about/);
    for (const [name, words] of [
      ['../NOTES.md', /can not be used/],
      ['.git/hooks/pre-commit', /can not be used|not allowed/],
      ['.env', /not allowed/],
      ['.github/workflows/x.yml', /not allowed/],
    ] as const) {
      await forge(folder, patch.replaceAll('NOTES.md', name));
      const refused = await scene.dursor('pick', '--candidates', out(), '--forbid', '.github/workflows');
      assert.equal(refused.code, 3, name);
      assert.match(refused.json.candidates[0].problem, words, name);
    }
  });

  it('refuses candidates of another commit, and of other files', async () => {
    await scene.dursor('run', '--task', 'Note it', '--models', openai, '--out', out());
    scene.write('other.txt', 'not committed\n');
    const dirty = await scene.dursor('pick', '--candidates', out());
    assert.equal(dirty.code, 3);
    assert.match(dirty.json.candidates[0].problem, /other files than those here/);
    scene.commit('second');
    const moved = await scene.dursor('pick', '--candidates', out());
    assert.match(moved.json.candidates[0].problem, /made from commit/);
  });

  it('says with its exit code what went wrong', async () => {
    const cases = [
      [2, ['run', '--folder', scene.folder]],
      [2, ['run', '--nonsense']],
      [2, ['nonsense']],
      [2, ['run', '--task', 'x', '--models', 'nobody:model', '--folder', scene.folder]],
      [2, ['run', '--task', 'x', '--models', openai, '--folder', join(scene.root, 'none')]],
      [2, ['pick', '--candidates', scene.folder, '--folder', scene.folder]],
      [6, ['pr', '--candidate', 'nothing', '--folder', scene.folder, '--storage', scene.storage]],
    ] as const;
    for (const [code, args] of cases) assert.equal((await scene.bare(...args)).code, code, args.join(' '));
    scene.environment.OPENAI_API_KEY = '';
    const noKey = await scene.dursor('run', '--task', 'x', '--models', openai);
    assert.equal(noKey.code, 4);
    assert.equal(noKey.json.candidates[0].code, 'no-key');
    scene.environment.OPENAI_API_KEY = 'wrong';
    assert.equal((await scene.dursor('run', '--task', 'x', '--models', openai)).code, 4);
  });

  it('never runs checks that a settings file of the folder names', async () => {
    scene.write(
      '.vscode/settings.json',
      JSON.stringify({ 'dursor.checks': [{ name: 'bad', command: 'touch /tmp/ran' }] }),
    );
    const { json } = await scene.dursor('run', '--task', 'Note it', '--models', openai);
    assert.equal(json.candidates[0].checks, undefined);
  });

  it('cancels its runs when it is told to end', async () => {
    models.setDelay(60_000);
    const abort = new AbortController();
    const running = scene.until(
      abort.signal,
      ...['run', '--task', 'x', '--models', openai, '--folder', scene.folder],
      '--storage',
      scene.storage,
    );
    while (models.waiting() === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    abort.abort();
    const { code, err } = await running;
    models.setDelay(0);
    assert.equal(code, 130);
    assert.match(err, /was canceled/);
  });

  it('ends at any moment of the checks, and leaves none running', async () => {
    await scene.dursor('run', '--task', 'Note it', '--models', openai, '--out', out());
    const checks = scene.file('checks.json', [{ name: 'slow', command: 'sleep 613.0721' }]);
    const args = ['check', '--candidates', out(), '--checks', checks, '--folder', scene.folder, '--sandbox', 'none'];
    for (const delay of [0, 1, 20, 100, 300]) {
      const abort = new AbortController();
      const err = (line: string) => {
        if (line === 'Running the checks') setTimeout(() => abort.abort(), delay);
      };
      const context = { terminal: { out: () => {}, err }, environment: scene.environment, signal: abort.signal };
      assert.equal(await dispatch([...args, '--storage', join(scene.root, `${delay}`)], context), 130);
    }
    const all = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
    assert.doesNotMatch(all, /^sleep 613.0721$/m);
  });

  it('has help for every command', async () => {
    for (const command of ['run', 'check', 'pick', 'pr', 'begin', 'answer']) {
      const { code, out: help } = await scene.bare(command, '--help');
      assert.equal(code, 0);
      assert.match(help, new RegExp(`^dursor ${command} `));
      assert.match(help, /130 +canceled/);
    }
  });
});

/** A review of the one candidate that a message shows. */
function reviewOf(message: string, isMerged: boolean) {
  const candidate = /^Candidate ([A-Z]+):$/m.exec(message)?.[1];
  const claims = { does_what_was_asked: true, is_complete: true, stays_in_scope: true, would_merge: isMerged };
  const answer = {
    candidates: [{ candidate, findings: [], ...claims }],
    preferences: [],
    none_is_mergeable: !isMerged,
  };
  return { toolCalls: [{ id: 'call_1', name: 'submit_review', arguments: JSON.stringify(answer) }] };
}

/** Puts another patch into a candidate, with facts that vouch for it. */
async function forge(folder: string, patch: string): Promise<void> {
  const { createHash } = await import('node:crypto');
  const path = join(folder, 'candidate.json');
  const facts = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(join(folder, 'patch.diff'), patch);
  writeFileSync(path, JSON.stringify({ ...facts, sha256: createHash('sha256').update(patch).digest('hex') }));
}
