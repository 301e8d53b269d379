import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunId } from '../../../src/core/domain.ts';
import { Engine } from '../../../src/core/engine.ts';
import { UserError } from '../../../src/core/problem.ts';
import { Store } from '../../../src/core/store/store.ts';
import { EvidenceEngine, shell } from '../../support/evidenceEngine.ts';
import { call, hanging, type Script, writer } from '../../support/testEngine.ts';

/** Ends well where `made.txt` says so; fails on the base. */
const saysGood = shell('good', 'echo looking; grep -q good made.txt');
const isThere = shell('readme', 'test -f README.md');

describe('evidence', function () {
  this.timeout(60_000);
  let test: EvidenceEngine;
  afterEach(() => test.dispose());

  function make(settings: ConstructorParameters<typeof EvidenceEngine>[1] = {}): EvidenceEngine {
    const scripts = {
      right: writer('made.txt', 'good\n'),
      wrong: writer('made.txt', 'bad\n'),
      breaking: deletes('README.md'),
      slow: hanging,
    };
    test = new EvidenceEngine(scripts, { checks: [saysGood, isThere], ...settings });
    return test;
  }

  it('is nothing that runs before somebody agreed to it', async () => {
    make({ checksWhenDone: true });
    const id = await test.round('Go', ['right']);
    await test.known(id);
    const evidence = test.evidence(id);
    assert.deepEqual([evidence.checks, evidence.notAgreed], [[], [saysGood, isThere]]);
    assert.deepEqual(await test.engine.evidence.missing(test.folder, [saysGood, isThere]), [saysGood, isThere]);
    await assert.rejects(test.engine.evidence.runChecks(id), (error: unknown) => {
      assert.ok(error instanceof UserError);
      assert.equal(error.problem.code, 'check-not-agreed');
      assert.match(error.message, /“good”, “readme”/);
      return true;
    });
    assert.deepEqual(test.checkFolders(), []);
    await test.agree([isThere]);
    await test.engine.evidence.runChecks(id);
    await test.known(id);
    assert.deepEqual(test.verdicts(id, test.ids(id)[0] as RunId), { readme: 'passed' });
    await test.engine.evidence.revoke(test.folder);
    assert.deepEqual(test.evidence(id).checks, []);
  });

  it('comes by itself as runs end, against the base, and ranks the candidates', async () => {
    make({ checksWhenDone: true });
    await test.agree();
    const told: string[] = [];
    test.engine.onDidChange(({ type }) => told.push(type));
    const id = await test.round('Go', ['wrong', 'right', 'breaking']);
    await test.until(() => test.evidence(id).ranking?.recommended !== undefined);
    const [wrong, right, breaking] = test.ids(id) as [RunId, RunId, RunId];
    assert.deepEqual(test.verdicts(id, wrong), { good: 'still-failing', readme: 'passed' });
    assert.deepEqual(test.verdicts(id, right), { good: 'fixed', readme: 'passed' });
    assert.deepEqual(test.verdicts(id, breaking), { good: 'still-failing', readme: 'broken' });
    const { ranking, isolation, base } = test.evidence(id);
    assert.equal(isolation, 'none');
    assert.equal(ranking?.recommended, right);
    assert.deepEqual(
      ranking?.candidates.map(({ candidate, isMergeable }) => [candidate, isMergeable]),
      [
        [right, true],
        [wrong, true],
        [breaking, false],
      ],
    );
    assert.deepEqual(
      base.map(({ check, state }) => [check, state.status === 'ended' && state.run.end]),
      [
        ['good', { type: 'exit', code: 2 }],
        ['readme', { type: 'exit', code: 0 }],
      ],
    );
    assert.match(test.engine.evidence.checkRun(id, right, 'good')?.output.head ?? '', /looking/);
    assert.ok(told.includes('task'));
    assert.deepEqual(readdirSync(test.folder), ['README.md'], 'nothing happens in the user’s folder');
    await test.until(() => test.checkFolders().length === 0);
  });

  it('is there after a reload, and what was running runs again only when it is asked for', async () => {
    const gate = join(make({ parallelChecks: 1 }).root, 'gate');
    const waits = shell('waits', `while [ ! -e ${gate} ]; do sleep 0.1; done`);
    test.settings = { ...test.settings, checks: [isThere] };
    await test.agree([isThere, waits]);
    const id = await test.round('Go', ['right', 'wrong']);
    const [right, wrong] = test.ids(id) as [RunId, RunId];
    await test.engine.evidence.runChecks(id, [right]);
    await test.known(id);
    test.settings = { ...test.settings, checks: [isThere, waits] };
    await test.engine.evidence.runChecks(id);
    await test.until(() => test.evidence(id).isChecking);
    await test.engine.dispose();
    assert.deepEqual(test.checkFolders(), []);

    test.engine = new Engine(test.host);
    await test.known(id);
    assert.deepEqual(test.verdicts(id, right), { readme: 'passed' });
    assert.deepEqual(test.verdicts(id, wrong), {});
    assert.equal(test.evidence(id).isChecking, false);
    writeFileSync(gate, '');
    await test.engine.evidence.runChecks(id);
    await test.known(id);
    assert.deepEqual(test.verdicts(id, wrong), { readme: 'passed', waits: 'passed' });
    assert.deepEqual(test.verdicts(id, right), { readme: 'passed', waits: 'passed' });
  });

  it('runs the base once, and only what is missing, unless all is known', async () => {
    const count = join(make({}).root, 'count');
    const counts = shell('counts', `echo x >> ${count}`);
    test.settings = { ...test.settings, checks: [counts] };
    await test.agree();
    const runs = () => readFileSync(count, 'utf8').length / 2;
    const id = await test.round('Go', ['right', 'wrong']);
    const [right] = test.ids(id) as [RunId];
    await test.engine.evidence.runChecks(id, [right]);
    await test.known(id);
    assert.equal(runs(), 2, 'base and one candidate');
    await test.engine.evidence.runChecks(id);
    await test.known(id);
    assert.equal(runs(), 3, 'the other candidate');
    await test.engine.evidence.runChecks(id);
    await test.known(id);
    assert.equal(runs(), 6, 'everything again');
  });

  it('suggests what the folder has, and looks at nothing outside of it', async function () {
    if (process.platform === 'win32') this.skip();
    make();
    const script = (command: string) => JSON.stringify({ scripts: { test: command } });
    writeFileSync(join(test.root, 'outside.json'), script('outside'));
    symlinkSync(join(test.root, 'outside.json'), join(test.folder, 'package.json'));
    assert.deepEqual(await test.engine.evidence.suggest(test.folder), []);
    rmSync(join(test.folder, 'package.json'));
    mkdirSync(join(test.root, 'elsewhere'));
    writeFileSync(join(test.root, 'elsewhere', 'package.json'), script('outside'));
    symlinkSync(join(test.root, 'elsewhere'), join(test.folder, 'part'));
    assert.deepEqual(await test.engine.evidence.suggest(test.folder), []);
    test.write('package.json', script('node --test'));
    const [suggested] = await test.engine.evidence.suggest(test.folder);
    assert.match(suggested?.check.command ?? '', /test/);
    assert.deepEqual(await test.engine.evidence.suggest(join(test.root, 'nowhere')), []);
  });

  it('begins again what is at work when there are other checks', async () => {
    const gate = join(make().root, 'gate');
    const waits = shell('waits', `while [ ! -e ${gate} ]; do sleep 0.1; done`);
    test.settings = { ...test.settings, checks: [waits] };
    await test.agree([waits, isThere]);
    const id = await test.round('Go', ['right', 'wrong']);
    const [right, wrong] = test.ids(id) as [RunId, RunId];
    await test.engine.evidence.runChecks(id, [right]);
    await test.until(() => test.evidence(id).candidates[0]?.checks[0]?.state.status === 'running');
    test.settings = { ...test.settings, checks: [isThere, waits] };
    await test.engine.evidence.runChecks(id, [wrong]);
    writeFileSync(gate, '');
    await test.known(id);
    for (const each of [right, wrong]) assert.deepEqual(test.verdicts(id, each), { readme: 'passed', waits: 'passed' });
  });

  it('is canceled when it is told to, and goes with its task', async () => {
    make({ checks: [shell('long', 'sleep 600')] });
    await test.agree();
    const id = await test.round('Go', ['right']);
    await test.engine.evidence.runChecks(id);
    await test.until(() => test.evidence(id).base[0]?.state.status === 'running');
    test.engine.evidence.cancelChecks(id);
    await test.known(id);
    const state = test.evidence(id).candidates[0]?.checks[0]?.state;
    assert.equal(state?.status === 'ended' && state.run.end.type, 'canceled');
    await test.engine.evidence.runChecks(id);
    await test.until(() => test.evidence(id).base[0]?.state.status === 'running');
    assert.deepEqual(await test.engine.deleteTask(test.engine.round(id).task.id), []);
    assert.deepEqual(test.checkFolders(), []);
  });

  it('is counted as stored, and removed with the task', async () => {
    make({ checks: [shell('loud', 'yes | head -c 20000')] });
    await test.agree();
    const id = await test.round('Go', ['right', 'wrong']);
    const { task } = test.engine.round(id);
    const measure = () => {
      const store = new Store(join(test.storage, 'dursor.sqlite'));
      const bytes = store.usage.tasks()[0]?.bytes ?? 0;
      store.close();
      return bytes;
    };
    const before = measure();
    await test.engine.evidence.runChecks(id);
    await test.known(id);
    test.engine.chooseRun(id, test.ids(id)[0] as RunId);
    const store = new Store(join(test.storage, 'dursor.sqlite'));
    await test.until(() => store.evidence.picks(id).length > 0);
    assert.ok(measure() > before + 30_000, `${measure()} after ${before}`);
    const [pick] = store.evidence.picks(id);
    assert.equal(pick?.candidate, test.ids(id)[0]);
    assert.deepEqual(
      pick?.evidence.map(({ checks }) => checks.map(({ verdict }) => verdict)),
      [['passed'], ['passed']],
    );
    const tree = test.runs(id)[0]?.tree;
    assert.ok(tree && store.evidence.checkRuns(task.id, tree).length === 1);
    await test.engine.deleteTask(task.id);
    assert.deepEqual([store.evidence.checkRuns(task.id, tree), store.evidence.picks(id)], [[], []]);
    store.close();
  });

  it('says why nothing can be run where there is no sandbox', async () => {
    make({ sandbox: 'docker', sandboxImage: '', checksWhenDone: true });
    await test.agree();
    const id = await test.round('Go', ['right']);
    await test.until(() => test.evidence(id).problem !== undefined);
    assert.match(test.evidence(id).problem ?? '', /no sandbox/);
    await assert.rejects(test.engine.evidence.runChecks(id), /no sandbox/);
    assert.deepEqual(test.evidence(id).base, []);
    test.settings = { ...test.settings, sandbox: 'none' };
    await test.engine.evidence.runChecks(id);
    await test.known(id);
    assert.deepEqual(test.verdicts(id, test.ids(id)[0] as RunId), { good: 'fixed', readme: 'passed' });
  });

  it('runs the tests of each candidate on the others once all have ended', async () => {
    const check = shell('test', 'for each in *_test.sh; do [ ! -e "$each" ] || sh "$each" || exit 1; done');
    const files = (value: string, wanted: string): Script =>
      writesAll({ 'value.txt': `${value}\n`, [`${value}_test.sh`]: `grep -q ${wanted} value.txt\n` });
    test = new EvidenceEngine(
      { one: files('one', 'one'), two: files('two', 'o') },
      { checks: [check], checksWhenDone: true },
    );
    await test.agree();
    const id = await test.round('Go', ['one', 'two']);
    await test.until(() => test.evidence(id).candidates.some(({ crossTests }) => crossTests.length > 0));
    const [one, two] = test.ids(id) as [RunId, RunId];
    const found = test.evidence(id).candidates.flatMap(({ crossTests }) => crossTests);
    assert.deepEqual(
      found.map(({ testsOf, codeOf, ok }) => [testsOf, codeOf, ok]),
      [
        [two, one, true],
        [one, two, false],
      ],
    );
    await test.engine.dispose();
    test.engine = new Engine(test.host);
    await test.known(id);
    assert.equal(test.evidence(id).candidates.flatMap(({ crossTests }) => crossTests).length, 2);
  });

  it('is seen by another window, and what a window that is gone has left is removed', async () => {
    make({});
    await test.agree();
    const id = await test.round('Go', ['right']);
    await test.known(id);
    const folder = join(test.storage, 'checks');
    mkdirSync(join(folder, '0123456789ab'), { recursive: true });
    writeFileSync(
      join(folder, '0123456789ab.json'),
      JSON.stringify({ owner: 'gone', holder: join(folder, '0123456789ab') }),
    );
    const other = new Engine(test.host);
    await test.until(() => test.checkFolders().length === 0);
    other.evidence.of(id);
    await test.engine.evidence.runChecks(id);
    await test.known(id);
    const seen = () => other.evidence.of(id).candidates[0]?.checks.map(({ verdict }) => verdict?.verdict);
    await test.until(() => seen()?.length === 2);
    assert.deepEqual(seen(), ['fixed', 'passed']);
    await other.dispose();
  });

  it('is in the proposal of a pull request, folded and without places of this machine', async () => {
    make({ checksWhenDone: true, checks: [shell('pwd', 'pwd; test -e made.txt')] });
    await test.agree();
    const id = await test.round('Go', ['right', 'wrong']);
    await test.known(id);
    const [right] = test.ids(id) as [RunId];
    await test.until(() => test.evidence(id).ranking !== undefined);
    const { body } = await test.engine.proposePullRequest(right);
    assert.match(
      body,
      /<details>\n<summary>Candidates, checks, and why this one<\/summary>\n\n\| {2}\| Candidate \| pwd \|/,
    );
    assert.match(body, /RIGHT \(this one\)/);
    assert.ok(!body.includes(test.root) && !body.includes('dursor-'), body);
    assert.match(test.engine.evidence.markdown(id), /\| Before \| fails \|/);
  });
});

function deletes(path: string): Script {
  return function* (request) {
    if (request.turns.some((turn) => turn.role === 'tool')) yield call('finish', { summary: 'Done.' });
    else yield call('delete_file', { path });
  };
}

function writesAll(files: Readonly<Record<string, string>>): Script {
  return function* (request) {
    if (request.turns.some((turn) => turn.role === 'tool')) yield call('finish', { summary: 'Done.' });
    else for (const [path, content] of Object.entries(files)) yield call('write_file', { path, content });
  };
}
