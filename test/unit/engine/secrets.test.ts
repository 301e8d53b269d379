import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Run, RunId } from '../../../src/core/domain.ts';
import { Engine } from '../../../src/core/engine.ts';
import { UserError } from '../../../src/core/problem.ts';
import type { ModelRequest } from '../../../src/core/providers/provider.ts';
import { quietTalk } from '../../support/quietTalk.ts';
import { call, type Script, TestEngine } from '../../support/testEngine.ts';
import { fakePrivateKey, noise } from '../secrets/fakeSecrets.ts';

const token = `ghp_${noise(36)}`;
const newToken = `ghp_${noise(36, undefined, 'new')}`;
const config = `export const token = '${token}';\nexport const retries = 3;\n`;

/** A model that makes these calls in one answer, then finishes. */
function doing(requests: ModelRequest[], ...calls: readonly (readonly [string, object])[]): Script {
  return function* (request) {
    requests.push(request);
    if (request.turns.some((turn) => turn.role === 'tool')) yield call('finish', { summary: 'Done.' });
    else for (const [tool, input] of calls) yield call(tool, input);
  };
}

describe('secrets in the engine', function () {
  this.timeout(30_000);
  let test: TestEngine;
  const requests: ModelRequest[] = [];
  beforeEach(() => void requests.splice(0));
  afterEach(() => test.dispose());

  async function runThat(...calls: readonly (readonly [string, object])[]): Promise<Run> {
    test = new TestEngine({ a: doing(requests, ...calls) });
    test.write('config.ts', config);
    const [run] = test.runs(await test.round('Go', ['a']));
    return run ?? assert.fail('no run');
  }

  function create(id: RunId, acceptSecrets?: boolean): Promise<unknown> {
    const draft = { title: 'T', body: '', ...(acceptSecrets !== undefined && { acceptSecrets }) };
    return test.engine.createPullRequest(id, draft, quietTalk());
  }

  const codeIs = (code: string) => (error: unknown) => error instanceof UserError && error.problem.code === code;

  it('are kept from the model, counted on the run, and stay in the file that is edited', async () => {
    const run = await runThat(
      ['read_file', { path: 'config.ts' }],
      ['edit_file', { path: 'config.ts', oldText: 'retries = 3', newText: 'retries = 5' }],
    );
    assert.equal(run.state.status, 'succeeded');
    assert.ok(!JSON.stringify(requests).includes(token));
    assert.equal(run.secretsWithheld, 1);
    assert.deepEqual(run.secretsInPatch, []);
    const after = run.changes[0]?.after?.blob ?? assert.fail('nothing changed');
    assert.equal(
      Buffer.from(await test.engine.readBlob(run.id, after)).toString(),
      config.replace('retries = 3', 'retries = 5'),
    );
  });

  it('stay in the file that is edited however its path is spelled', async () => {
    const ask: ModelRequest[] = [];
    test = new TestEngine({
      a: function* (request) {
        requests.push(request);
        const marker = /\[secret removed: GitHub token #[0-9a-f]{8}\]/.exec(JSON.stringify(request.turns))?.[0];
        if (!marker) yield call('read_file', { path: 'config.ts' });
        else if (ask.push(request) === 1) yield call('write_file', { path: './config.ts', content: `// ${marker}\n` });
        else if (ask.length === 2) {
          yield call('edit_file', { path: 'x/../config.ts', oldText: `// ${marker}`, newText: `# ${marker}` });
        } else yield call('finish', { summary: 'Done.' });
      },
    });
    test.write('config.ts', config);
    const [run = assert.fail()] = test.runs(await test.round('Go', ['a']));
    const after = run.changes[0]?.after?.blob ?? assert.fail('nothing changed');
    assert.equal(Buffer.from(await test.engine.readBlob(run.id, after)).toString(), `# ${token}\n`);
  });

  it('stay away from later rounds too, where a model broke their format', async () => {
    const password = 'Tr0ub4dor';
    test = new TestEngine({
      a: doing(
        requests,
        ['edit_file', { path: 'url.txt', oldText: '@db', newText: ' db' }],
        ['move_file', { from: 'url.txt', to: 'moved.txt' }],
      ),
      b: doing(requests, ['read_file', { path: 'moved.txt' }]),
    });
    test.write('url.txt', `one\ntwo\nthree\npostgres://shop:${password}@db/shop\n`);
    const [run = assert.fail()] = test.runs(await test.round('Go', ['a']));
    const start = { from: 'run', runId: run.id };
    const [next = assert.fail()] = test.runs(await test.round('Go on', ['b'], { taskId: run.taskId, start }));
    assert.equal(next.secretsWithheld, 1);
    assert.match(JSON.stringify(requests), /postgres:\/\/shop:\[secret removed: password in a URL #[0-9a-f]{8}\] db/);
    assert.ok(!JSON.stringify(requests).includes(password));
  });

  it('that a patch adds are found, and never stored themselves beside it', async () => {
    const key = fakePrivateKey();
    const run = await runThat(
      [
        'edit_file',
        { path: 'config.ts', oldText: 'export const retries', newText: `// ${newToken}\nexport const retries` },
      ],
      ['write_file', { path: 'keys/new.pem.txt', content: `a\nb\n${key}\n` }],
      ['write_file', { path: 'fine.ts', content: 'const a = 1;\n' }],
    );
    assert.deepEqual(run.secretsInPatch, [
      { path: 'config.ts', line: 2, kind: 'GitHub token' },
      { path: 'keys/new.pem.txt', line: 4, kind: 'private key' },
    ]);
    assert.ok(!JSON.stringify(run).includes(newToken));
    assert.ok(!test.log.join('\n').includes(newToken));
  });

  it('make the pull request refuse unless the user accepts them', async () => {
    const { id } = await runThat(['write_file', { path: 'new.ts', content: `const token = '${newToken}';\n` }]);
    await assert.rejects(create(id), (error) => {
      assert.ok(codeIs('secret-in-patch')(error));
      assert.match(String(error), /new\.ts:1 \(GitHub token\)/);
      assert.ok(!String(error).includes(newToken));
      return true;
    });
    await assert.rejects(create(id, false), codeIs('secret-in-patch'));
    // Once accepted it goes on to where a folder without a remote ends.
    await assert.rejects(create(id, true), codeIs('no-remote'));
  });

  it('are looked for at the pull request of a run that was stored before they were looked for', async () => {
    const { id, secretsInPatch } = await runThat([
      'write_file',
      { path: 'new.ts', content: `const a = '${newToken}';\n` },
    ]);
    await test.engine.dispose();
    const store = new DatabaseSync(join(test.storage, 'dursor.sqlite'));
    store.prepare("UPDATE runs SET data = json_remove(data, '$.secretsInPatch', '$.secretsWithheld')").run();
    store.close();
    test.engine = new Engine(test.host);
    assert.equal(test.engine.run(id).run.secretsInPatch, undefined);
    assert.deepEqual(await test.engine.secretsInPatch(id), secretsInPatch);
    await assert.rejects(create(id), codeIs('secret-in-patch'));
  });

  it('are found in the patch of a run that fails, and forgotten when it is done again', async () => {
    let tries = 0;
    test = new TestEngine({
      a: function* (request) {
        if (request.turns.some((turn) => turn.role === 'tool')) {
          if (tries++ === 0) throw new Error('a bug in an adapter');
          yield call('finish', { summary: 'Done.' });
        } else if (tries === 0) {
          yield call('read_file', { path: 'config.ts' });
          yield call('write_file', { path: 'new.ts', content: newToken });
        } else yield call('list_files', {});
      },
    });
    test.write('config.ts', config);
    const [run = assert.fail()] = test.runs(await test.round('Go', ['a']));
    assert.equal(run.state.status, 'failed');
    assert.deepEqual([run.secretsInPatch?.length, run.changes.length], [1, 1]);
    test.engine.retryRun(run.id);
    await test.ended(run.roundId);
    const again = test.engine.run(run.id).run;
    assert.equal(again.state.status, 'succeeded');
    assert.deepEqual([again.secretsWithheld, again.secretsInPatch], [undefined, []]);
  });

  it('are the same marker in every round of a task', async () => {
    const run = await runThat(['read_file', { path: 'config.ts' }]);
    await test.round('Again', ['a'], { taskId: run.taskId });
    const markers = JSON.stringify(requests).match(/\[secret removed: [^\]]*#[0-9a-f]{8}\]/g) ?? [];
    assert.equal(markers.length, 2);
    assert.equal(new Set(markers).size, 1);
    assert.equal(readFileSync(join(test.folder, 'config.ts'), 'utf8'), config);
  });
});
