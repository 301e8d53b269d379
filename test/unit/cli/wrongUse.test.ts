import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliScene } from '../../support/cliScene.ts';
import { type ModelsStandIn, startModels } from '../../support/models.ts';

const openai = 'openai:gpt-5.1-codex';

describe('the command line, used wrongly', function () {
  this.timeout(20_000);
  let models: ModelsStandIn;
  let scene: CliScene;

  before(async () => {
    models = await startModels({ ttft: 0, tps: 100_000 });
  });
  after(() => models.stop());
  beforeEach(() => {
    scene = new CliScene();
    scene.environment = { OPENAI_API_KEY: models.key, OPENAI_BASE_URL: models.baseUrls.openai };
  });
  afterEach(() => scene.dispose());

  const out = () => join(scene.root, 'out');
  const run = (...args: string[]) => scene.dursor('run', '--task', 'Note it', '--models', openai, ...args);

  it('says which place it can not write to, before a model is asked', async () => {
    const file = scene.write('README.md', '# Sample\n');
    const storage = await scene.bare(
      'run',
      '--task',
      'x',
      '--models',
      openai,
      '--folder',
      scene.folder,
      '--storage',
      file,
    );
    assert.equal(storage.code, 2);
    assert.match(storage.err, /--storage names, can not be made a folder \(EEXIST\)/);
    const candidates = await run('--out', file);
    assert.equal(candidates.code, 2);
    assert.doesNotMatch(candidates.err, /works/);
    await run('--out', out());
    const checks = scene.file('checks.json', [{ name: 'one', command: 'true' }]);
    const results = await scene.dursor('check', '--candidates', out(), '--checks', checks, '--out', join(file, 'x'));
    assert.equal(results.code, 2);
    assert.doesNotMatch(results.err, /Running/);
  });

  it('keeps nothing in the folder that models read', async () => {
    for (const storage of ['.dursor', '.']) {
      const args = ['--folder', scene.folder, '--storage', join(scene.folder, storage)];
      const said = await scene.bare('run', '--task', 'x', '--models', openai, ...args);
      assert.equal(said.code, 2);
      assert.match(said.err, /Name another with --storage/);
    }
  });

  it('takes only a folder within the folder as the scope', async () => {
    mkdirSync(join(scene.folder, 'docs'));
    for (const scope of ['..', 'none', scene.root]) assert.equal((await run('--scope', scope)).code, 2, scope);
    for (const scope of ['docs', join(scene.folder, 'docs')]) {
      const said = await run('--scope', scope);
      assert.equal(said.code, 0, said.err);
    }
  });

  it('writes no line that a runner of GitHub Actions obeys', async () => {
    const name = 'x\n::set-output name=best::y\n ##[set-output name=best]y';
    const said = await scene.bare('run', '--task', 'x', '--models', name, '--folder', scene.folder, '--json');
    assert.equal(said.code, 2);
    for (const text of [said.out, said.err]) assert.doesNotMatch(text, /^\s*::|##\[/m);
    assert.match(said.json.error.message, /##\[set-output/);
  });

  it('goes on with the other candidates where one is damaged, and tells of it', async () => {
    await run('--out', out());
    const [good = ''] = readdirSync(out());
    for (const name of ['a-copy', 'linked', 'not one'])
      cpSync(join(out(), good), join(out(), name), { recursive: true });
    const linked = join(out(), 'linked');
    const facts = JSON.parse(readFileSync(join(linked, 'candidate.json'), 'utf8')) as { id: string };
    writeFileSync(
      join(linked, 'candidate.json'),
      JSON.stringify({ ...facts, id: facts.id.replace(/^.{8}/, '00000000') }),
    );
    unlinkSync(join(linked, 'patch.diff'));
    symlinkSync('/dev/zero', join(linked, 'patch.diff'));
    writeFileSync(join(out(), 'not one', 'candidate.json'), '{"version":1}');
    const picked = await scene.dursor('pick', '--candidates', out());
    assert.equal(picked.code, 0, picked.err);
    assert.equal(picked.json.candidates.length, 1);
    assert.equal(picked.json.problems.length, 3);
    assert.match(picked.err, /no file that can be read/);
    assert.match(picked.err, /hold the same candidate/);
  });

  it('writes candidates that it can read again, whatever they are called and however they failed', async () => {
    models.mock.prependFixture({
      match: { predicate: ({ messages }) => messages.some(({ content }) => String(content).includes('Fail now')) },
      response: { error: { message: 'No. '.repeat(3_000), type: 'invalid_request_error' }, status: 400 },
    });
    const profiles = scene.file('models.json', [
      { id: 'a', provider: 'openai', model: 'gpt-5.1', label: `A\n${'long '.repeat(100)}` },
    ]);
    const failed = await scene.dursor('run', '--task', 'Fail now', '--models', profiles, '--out', out());
    assert.equal(failed.code, 4, failed.err);
    const picked = await scene.dursor('pick', '--candidates', out());
    assert.equal(picked.code, 3, picked.err);
    assert.equal(picked.json.candidates.length, 1);
    const long = scene.file('task.txt', 'x'.repeat(200_001));
    const said = await scene.dursor('run', '--task-file', long, '--models', openai);
    assert.equal(said.code, 2);
    assert.match(said.err, /more than 200000 characters/);
  });

  it('finds candidates again that it wrote into the folder', async () => {
    await run('--out', join(scene.folder, 'candidates'));
    assert.equal(scene.git('status', '--porcelain'), '');
    const picked = await scene.dursor('pick', '--candidates', join(scene.folder, 'candidates'));
    assert.equal(picked.code, 0, picked.err);
  });

  it('refuses what an update of a pull request has no use for', async () => {
    const said = await scene.dursor('pr', '--candidate', 'x', '--update', '1', '--title', 'Other');
    assert.equal(said.code, 2);
    assert.match(said.err, /--title is for a new pull request/);
  });

  it('sends the key for services of one’s own to one of them only', async () => {
    const profiles = ['https://one.example.com/v1', 'https://two.example.com/v1'].map((baseUrl, index) => ({
      ...{ id: `${index}`, provider: 'openai-compatible', model: 'm', baseUrl },
    }));
    scene.environment.OPENAI_COMPATIBLE_API_KEY = 'a key';
    const said = await scene.dursor('run', '--task', 'x', '--models', scene.file('models.json', profiles));
    assert.equal(said.code, 2);
    assert.match(said.err, /would be sent to https:\/\/one\.example\.com and https:\/\/two/);
  });
});
