import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Engine } from '../../../src/core/engine.ts';
import { createProvider } from '../../../src/core/providers/createProvider.ts';
import { call, hanging, TestEngine, writer } from '../../support/testEngine.ts';

describe('the engine', function () {
  this.timeout(30_000);
  let test: TestEngine;
  afterEach(() => test.dispose());

  it('runs one message on several models, each on its own copy', async () => {
    test = new TestEngine({ a: writer('a.txt', 'from a\n'), b: writer('b.txt', 'from b\n') });
    const roundId = await test.round('Add a file', ['a', 'b']);
    const [a, b] = test.runs(roundId);
    assert.equal(a?.state.status, 'succeeded');
    assert.deepEqual(
      a?.changes.map((change) => [change.kind, change.after?.path, change.lines]),
      [['added', 'a.txt', { added: 1, removed: 0 }]],
    );
    assert.deepEqual(
      b?.changes.map((change) => change.after?.path),
      ['b.txt'],
    );
    assert.deepEqual(a?.usage, { input: 200, cachedInput: 100, output: 20, reasoning: 0 });
    assert.match(test.engine.patch(a?.id as never), /^diff --git a\/a\.txt b\/a\.txt/);
    assert.deepEqual(readdirSync(test.folder), ['README.md'], 'the folder itself is untouched');
    const { files } = await test.engine.comparisons.of(roundId);
    assert.deepEqual(
      files.map((file) => [file.path, file.cells.map((cell) => cell?.kind)]),
      [
        ['a.txt', ['added', undefined]],
        ['b.txt', [undefined, 'added']],
      ],
    );
  });

  it('keeps one failing run from disturbing another', async () => {
    test = new TestEngine({
      good: writer('a.txt', 'x\n'),
      bad: () => {
        throw new Error('a bug in an adapter');
      },
    });
    const [good, bad] = test.runs(await test.round('Go', ['good', 'bad']));
    assert.equal(good?.state.status, 'succeeded');
    assert.equal(bad?.state.status, 'failed');
    assert.ok(bad?.state.status === 'failed' && bad.state.problem.code === 'internal');
  });

  it('marks candidates with the same result', async () => {
    test = new TestEngine({
      a: writer('x.txt', 'same\n'),
      b: writer('x.txt', 'same\n'),
      c: writer('x.txt', 'other\n'),
    });
    const roundId = await test.round('Go', ['a', 'b', 'c']);
    const { files } = await test.engine.comparisons.of(roundId);
    assert.deepEqual(
      files[0]?.cells.map((cell) => cell?.sameAs),
      [undefined, 0, undefined],
    );
  });

  it('cancels within a second and keeps what was done', async () => {
    test = new TestEngine({
      slow: async function* (request, signal) {
        if (request.turns.some((turn) => turn.role === 'tool')) yield* hanging(request, signal);
        else yield call('write_file', { path: 'half.txt', content: 'half\n' });
      },
    });
    const { roundId } = test.start('Go', ['slow']);
    await test.until(() => test.runs(roundId)[0]?.changes.length === 1);
    const started = Date.now();
    await test.engine.cancelRun(test.runs(roundId)[0]?.id as never);
    assert.ok(Date.now() - started < 1000);
    const run = test.runs(roundId)[0];
    assert.equal(run?.state.status, 'canceled');
    assert.match(test.engine.patch(run?.id as never), /half\.txt/);
  });

  it('limits parallel runs, and cancels one that still waits', async () => {
    test = new TestEngine({ slow: hanging }, {});
    const { roundId } = test.start('Go', ['slow', 'slow', 'slow', 'slow', 'slow', 'slow']);
    const count = (status: string) => test.runs(roundId).filter((run) => run.state.status === status).length;
    await test.until(() => count('running') === 4);
    assert.equal(count('queued'), 2);
    const waiting = test.runs(roundId).find((run) => run.state.status === 'queued');
    await test.engine.cancelRun(waiting?.id as never);
    assert.equal(count('canceled'), 1);
    await test.engine.cancelRound(roundId);
    assert.equal(count('canceled'), 6);
  });

  it('goes on from the chosen run, with a patch that holds both rounds', async () => {
    test = new TestEngine({
      a: writer('one.txt', 'one\n', 'I made one.txt.'),
      b: function* (request) {
        if (request.turns.some((turn) => turn.role === 'tool')) yield call('finish', { summary: 'Both.' });
        else {
          const first = request.turns[0];
          assert.ok(first?.role === 'user' && first.text.includes('I made one.txt.'), 'the conversation is told');
          yield call('write_file', { path: 'two.txt', content: 'two\n' });
        }
      },
    });
    const first = await test.round('Make one', ['a']);
    const { task } = test.engine.round(first);
    const runId = test.runs(first)[0]?.id;
    const second = await test.round('Make two', ['b'], { taskId: task.id, start: { from: 'run', runId } });
    const run = test.runs(second)[0];
    assert.equal(run?.state.status, 'succeeded', JSON.stringify(run?.state));
    assert.deepEqual(
      run?.changes.map((change) => change.after?.path),
      ['one.txt', 'two.txt'],
    );
    assert.equal(test.engine.round(first).round.chosenRunId, runId);
  });

  it('chooses nothing where a message goes back to a candidate to be mended', async () => {
    test = new TestEngine({ a: writer('one.txt', '1\n'), b: writer('two.txt', '2\n') });
    const first = await test.round('Make one', ['a', 'b']);
    const { task } = test.engine.round(first);
    const [one, two] = test.runs(first).map(({ id }) => id);
    assert.ok(one && two);
    const mend = { taskId: task.id, keepsChoice: true, start: { from: 'run', runId: two } };
    await test.round('Mend it', ['b'], mend);
    assert.equal(test.engine.round(first).round.chosenRunId, undefined);
    test.engine.chooseRun(first, one);
    const third = await test.round('Mend it again', ['b'], mend);
    assert.equal(test.engine.round(first).round.chosenRunId, one);
    assert.equal(test.runs(third)[0]?.changes.length, 1, 'it goes on from what it was sent back to');
  });

  it('keeps everything over a restart, and says that runs in flight were interrupted', async () => {
    test = new TestEngine({ a: writer('a.txt', 'x\n'), slow: hanging });
    const { roundId, taskId } = test.start('Go', ['a', 'slow']);
    await test.until(
      () => test.runs(roundId)[0]?.state.status === 'succeeded' && test.runs(roundId)[1]?.steps.length === 1,
    );
    const before = test.engine.task(taskId);
    await test.engine.dispose();
    test.engine = new Engine(test.host);
    const [a, slow] = test.runs(roundId);
    assert.deepEqual(a, before?.rounds[0]?.runs[0]);
    assert.ok(slow?.state.status === 'failed' && slow.state.problem.code === 'interrupted');

    test.engine.retryRun(slow.id);
    await test.until(() => test.runs(roundId)[1]?.state.status === 'running');
    await test.engine.cancelRound(roundId);
  });

  it('leaves the runs of another living window alone, and takes over those of a dead one', async () => {
    test = new TestEngine({ slow: hanging });
    const { roundId } = test.start('Go', ['slow']);
    await test.until(() => test.runs(roundId)[0]?.state.status === 'running');
    const second = new Engine(test.host);
    assert.equal(second.round(roundId).round.runs[0]?.state.status, 'running');
    const heard: string[] = [];
    second.onDidChange((change) => heard.push(change.type));
    await test.engine.cancelRound(roundId);
    await test.until(() => heard.includes('task'));
    assert.equal(second.round(roundId).round.runs[0]?.state.status, 'canceled');
    await second.dispose();
  });

  it('fails the runs of a folder that is gone, and touches nothing', async () => {
    test = new TestEngine({ a: writer('a.txt', 'x\n') });
    rmSync(test.folder, { recursive: true });
    const [run] = test.runs(await test.round('Go', ['a']));
    assert.ok(
      run?.state.status === 'failed' && run.state.problem.code === 'snapshot-failed',
      JSON.stringify(run?.state),
    );
  });

  it('asks for a key where there is none', async () => {
    test = new TestEngine({ a: writer('a.txt', 'x\n') }, { apiKey: async () => undefined });
    const [run] = test.runs(await test.round('Go', ['a']));
    assert.ok(run?.state.status === 'failed');
    assert.deepEqual(run.state.problem.action, { type: 'set-key', provider: 'openai' });
  });

  it('deletes a task with its storage', async () => {
    test = new TestEngine({ a: writer('a.txt', 'x\n') });
    const { task } = test.engine.round(await test.round('Go', ['a']));
    assert.deepEqual(readdirSync(join(test.storage, 'tasks')), [task.id]);
    await test.engine.deleteTask(task.id);
    assert.deepEqual(readdirSync(join(test.storage, 'tasks')), []);
    assert.equal(test.engine.task(task.id), undefined);
  });

  it('keeps secrets out of what a model can read, search, change or ship', async () => {
    const seen: string[] = [];
    test = new TestEngine({
      curious: function* (request) {
        seen.push(JSON.stringify(request));
        if (request.turns.some((turn) => turn.role === 'tool')) yield call('finish', { summary: 'Done.' });
        else {
          yield call('read_file', { path: '.env' });
          yield call('search', { pattern: 'marked' });
          yield call('write_file', { path: 'deploy/server.pem', content: 'x' });
          yield call('read_file', { path: '.env.example' });
        }
      },
    });
    for (const path of ['.env', '.env.local', 'config/app.secret', 'id.key']) test.write(path, 'marked-secret\n');
    test.write('.env.example', 'TOKEN=\n');
    const roundId = await test.round('Go', ['curious']);
    const [run] = test.runs(roundId);
    assert.ok(!seen.join().includes('marked-secret'));
    assert.deepEqual(
      run?.steps.flatMap((step) => (step.type === 'tool' ? [step.outcome] : [])),
      ['refused', 'ok', 'refused', 'ok', 'ok'],
    );
    assert.deepEqual(test.engine.round(roundId).round.snapshot?.leftOut, [
      '.env',
      '.env.local',
      'config/app.secret',
      'id.key',
    ]);
  });

  it('never writes a key anywhere', async () => {
    const key = 'sk-marked-0123456789abcdef0123456789';
    const { createServer } = await import('node:http');
    const server = createServer((request, response) => {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ error: { message: `Incorrect API key provided: ${request.headers.authorization}` } }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    test = new TestEngine(
      {},
      {
        apiKey: async () => key,
        createProvider: (id, account) => createProvider(id, { ...account, baseUrl: `http://127.0.0.1:${port}` }),
      },
    );
    const roundId = await test.round('Go', ['gpt']);
    const [run] = test.runs(roundId);
    assert.ok(
      run?.state.status === 'failed' && run.state.problem.code === 'authentication',
      JSON.stringify(run?.state),
    );
    assert.deepEqual(run.state.problem.action, { type: 'set-key', provider: 'openai' });
    server.close();
    const written = readdirSync(test.storage, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
    for (const text of [...written, test.log.join('\n'), JSON.stringify(test.engine.round(roundId))]) {
      assert.ok(!text.includes(key) && !text.includes(key.slice(10)));
    }
  });
});
