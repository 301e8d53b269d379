import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckProgress } from '../../../src/core/evidence/checks/checkRunner.ts';
import { verdictOf } from '../../../src/core/evidence/verdict.ts';
import type { Check } from '../../../src/core/evidence.ts';
import { Limit } from '../../../src/core/workspace/limit.ts';
import { CheckRound, candidate, ends, shell } from './checkRounds.ts';
import { processesWith, until } from './commands.ts';

const [a, b] = [candidate('a'), candidate('b')];
/** Passes where `good` is; says what it sees. */
const good = shell('good', 'cat a; test -e good');

describe('CheckRunner', function () {
  this.timeout(30_000);
  let round: CheckRound;
  beforeEach(function () {
    if (process.platform === 'win32') this.skip();
    round = new CheckRound({ a: 'base\n', good: '' });
  });
  afterEach(async () => {
    await round.dispose();
  });

  it('runs each check on the untouched snapshot and on each candidate, and leaves nothing', async () => {
    const runner = await round.runner([good, shell('second', 'cat a')]);
    const base = runner.startBase();
    const broken = runner.start(a, (await round.tree({ good: undefined })).tree);
    const changed = runner.start(b, (await round.tree({ a: 'changed\n' })).tree);
    assert.deepEqual([await base, await broken, await changed].map(ends), [
      [0, 0],
      [1, 0],
      [0, 0],
    ]);
    assert.deepEqual(
      (await changed).map(({ output }) => output.head),
      ['changed\n', 'changed\n'],
    );
    const [first] = await changed;
    assert.equal(first?.isolation, 'none');
    assert.deepEqual(first?.check, good);
    assert.ok(first && first.endedAt >= first.startedAt);
    assert.deepEqual(round.leftOver(), []);
    assert.deepEqual(round.box.git('status', '--porcelain'), '');
  });

  it('never runs what the user has not agreed to, and says so', async () => {
    const marker = join(round.box.root, 'ran');
    const check = shell('danger', `touch ${marker}`);
    const runner = await round.runner([check, good], {}, [good]);
    const runs = await runner.start(a, (await round.tree({ a: 'x' })).tree);
    assert.deepEqual(ends(runs), ['not-started', 0]);
    assert.match(JSON.stringify(runs[0]?.end), /you have not agreed to run/);
    await round.consents.revoke((await round.snapshot).folder);
    assert.deepEqual(ends(await runner.start(b, (await round.tree({ a: 'y' })).tree)), ['not-started', 'not-started']);
    assert.equal(existsSync(marker), false);
  });

  it('runs the checks of one tree in one copy, one after another', async () => {
    const runner = await round.runner([shell('build', 'sleep 0.2; echo built > out'), shell('test', 'cat out')]);
    assert.deepEqual(ends(await runner.startBase()), [0, 0]);
    assert.equal(round.made.length, 1);
  });

  it('finds out about one tree once', async () => {
    const runner = await round.runner([good]);
    const { tree } = await round.tree({ a: 'same' });
    const runs = [
      runner.startBase(),
      runner.start(a, tree),
      runner.start(b, tree),
      runner.start(candidate('c'), (await round.snapshot).tree),
      runner.start(a, tree),
    ];
    assert.deepEqual((await Promise.all(runs)).map(ends), [[0], [0], [0], [0], [0]]);
    assert.equal(round.made.length, 2);
    assert.deepEqual(ends(await runner.start(candidate('late'), tree)), [0]);
    assert.equal(round.made.length, 2);
  });

  it('keeps what it found out about a snapshot, and about nothing else', async () => {
    const checks = [good, shell('fails', 'exit 3')];
    const { tree } = await round.tree({ a: 'x' });
    const first = await round.runner(checks);
    const known = await first.startBase();
    await first.start(a, tree);
    assert.equal(round.kept.size, 2);
    round.made.length = 0;
    const second = await round.runner([...checks, shell('new', 'exit 0')]);
    const again = await second.startBase();
    assert.deepEqual(again.slice(0, 2), known);
    assert.deepEqual(ends(again), [0, 3, 0]);
    assert.equal(round.kept.size, 3);
    const third = await round.runner(checks);
    round.made.length = 0;
    assert.deepEqual(await third.startBase(), known);
    assert.deepEqual(round.made, []);
  });

  it('tells of each change, and what is known at any moment', async () => {
    const runner = await round.runner([good]);
    const seen: CheckProgress[] = [];
    runner.onDidChange((progress) => seen.push(progress));
    const done = runner.start(a, (await round.tree({ a: 'x' })).tree);
    assert.deepEqual(
      runner.states(a).map(([check, { status }]) => [check.name, status]),
      [['good', 'waiting']],
    );
    await Promise.all([done, runner.startBase()]);
    for (const subject of ['base', a] as const) {
      const of = seen.filter((one) => one.subject === subject).map(({ state }) => state.status);
      assert.deepEqual(of, ['waiting', 'running', 'ended']);
    }
    assert.deepEqual(runner.states(candidate('nobody')), []);
  });

  it('serves the base first', async () => {
    const runner = await round.runner([good], { turns: new Limit(1) });
    const { tree } = await round.tree({ a: 'x' });
    await runner.start(a, tree);
    assert.deepEqual(round.made, [(await round.snapshot).tree, tree]);
  });

  it('has no more copies at work than it may', async () => {
    const folder = join(round.box.root, 'at-work');
    mkdirSync(folder);
    const count = `touch ${folder}/$$; ls ${folder} | wc -l; sleep 0.1; rm ${folder}/$$`;
    const runner = await round.runner([shell('count', count)], { turns: new Limit(2) });
    const trees = await Promise.all(['1', '2', '3', '4', '5'].map((text) => round.tree({ a: text })));
    const runs = await Promise.all(trees.map(({ tree }, index) => runner.start(candidate(String(index)), tree)));
    const most = Math.max(...runs.flat().map(({ output }) => Number(output.head)));
    assert.equal(most, 2);
  });

  it('says why nothing ran when there could be no copy', async () => {
    const runner = await round.runner([good]);
    const tree = '0123456789012345678901234567890123456789' as Awaited<ReturnType<CheckRound['tree']>>['tree'];
    const [run] = await runner.start(a, tree);
    assert.equal(run?.end.type, 'not-started');
    assert.match(JSON.stringify(run?.end), /Git has removed them|could not write/);
    await runner.startBase();
    assert.deepEqual(round.leftOver(), []);
  });

  describe('with reports', () => {
    const junit = (...tests: readonly (readonly [string, boolean])[]) =>
      `<testsuite>${tests.map(([name, ok]) => `<testcase classname="t" name="${name}">${ok ? '' : '<failure/>'}</testcase>`).join('')}</testsuite>`;
    const reporting = shell('test', 'cp r r.xml; ! grep -q failure r', { report: 'r.xml' });

    it('compares test by test', async () => {
      round.box.write({ r: junit(['x', true], ['y', false]) });
      const runner = await round.runner([reporting]);
      const { tree } = await round.tree({ r: junit(['x', false], ['y', true]) });
      const [[run], [base]] = await Promise.all([runner.start(a, tree), runner.startBase()]);
      assert.ok(run && base);
      const { verdict, tests } = verdictOf(base, run);
      assert.deepEqual([verdict, tests?.broken, tests?.fixed], ['broken', ['t › x'], ['t › y']]);
    });

    it('doesn’t take a report that the candidate brought along', async () => {
      const runner = await round.runner([shell('test', 'true', { report: 'r.xml' })]);
      const [run] = await runner.start(a, (await round.tree({ 'r.xml': junit(['x', true]) })).tree);
      assert.equal(run?.tests, undefined);
      assert.match(run?.reportProblem ?? '', /wrote no report r\.xml/);
    });

    it('says why a report can’t be read', async () => {
      const runner = await round.runner([shell('test', 'echo "<a" > r.xml', { report: 'r.xml' })]);
      const [run] = await runner.startBase();
      assert.match(run?.reportProblem ?? '', /r\.xml could not be read: .*cut off/);
      assert.equal(run?.end.type, 'exit');
    });

    it('tells a flaky test from a broken one', async () => {
      round.box.write({ r: junit(['x', true], ['y', true]), first: junit(['x', true], ['y', true]), once: '' });
      const script =
        'if [ -e once ] && [ ! -e second ]; then touch second; cp first r.xml; exit 1; fi; cp r r.xml; ! grep -q failure r';
      const check = shell('test', script, { report: 'r.xml' });
      const runner = await round.runner([check]);
      const first = junit(['x', false], ['y', false]);
      const { tree } = await round.tree({ first, r: junit(['x', true], ['y', false]) });
      const [[run], [base]] = await Promise.all([runner.start(a, tree), runner.startBase()]);
      assert.ok(run && base);
      assert.deepEqual(run.flaky, ['t › x']);
      assert.deepEqual(
        run.tests?.map(({ name, status }) => [name, status]),
        [
          ['t › x', 'passed'],
          ['t › y', 'failed'],
        ],
      );
      const { tests } = verdictOf(base, run);
      assert.deepEqual([tests?.broken, tests?.flaky], [['t › y'], ['t › x']]);
    });
  });

  describe('running once more', () => {
    const counted = (script: string): Check => shell('counted', `echo run >> runs; cat runs; ${script}`);
    const timesRun = (head: string | undefined) => head?.split('\n').filter((line) => line === 'run').length;

    it('takes a command that fails only once for flaky', async () => {
      const runner = await round.runner([counted('test -e good || [ $(wc -l < runs) -gt 1 ]')]);
      const [run] = await runner.start(a, (await round.tree({ good: undefined })).tree);
      assert.deepEqual([run?.end, run?.flaky], [{ type: 'exit', code: 0 }, ['counted']]);
    });

    it('is done on the base, too, and not where the base fails as well', async () => {
      const runner = await round.runner([counted('exit 1')]);
      const [run] = await runner.start(a, (await round.tree({ a: 'x' })).tree);
      const [base] = await runner.startBase();
      assert.deepEqual([timesRun(run?.output.head), timesRun(base?.output.head)], [1, 2]);
    });

    it('waits for nobody who waits for it', async () => {
      const runner = await round.runner([shell('slow', 'sleep 0.2; exit 1')], { turns: new Limit(1) });
      const base = runner.startBase();
      const { tree } = await round.tree({ a: 'x' });
      const first = runner.start(a, tree);
      runner.cancel('base');
      const again = runner.start(b, (await round.tree({ a: 'y' })).tree);
      assert.deepEqual((await Promise.all([base, first, again, runner.startBase()])).map(ends), [
        ['canceled'],
        [1],
        [1],
        [1],
      ]);
    });

    it('leaves no result behind when it is canceled', async () => {
      const mark = `sleep 97${process.pid}`;
      const runner = await round.runner([counted(`[ $(wc -l < runs) -gt 1 ] || exit 1; ${mark}`)]);
      const base = runner.startBase();
      await until('it runs again', () => processesWith(mark).length > 0);
      await runner.dispose();
      assert.deepEqual([ends(await base), round.kept.size], [['canceled'], 0]);
    });

    it('is not done for what passed, nor for what took all of its time', async () => {
      const slow = { ...counted('sleep 60'), name: 'slow', timeoutSeconds: 0.3 };
      const runner = await round.runner([counted('true'), slow]);
      const [run, late] = await runner.startBase();
      assert.deepEqual([timesRun(run?.output.head), late?.end.type], [1, 'timeout']);
      assert.equal(timesRun(late?.output.head), 2);
    });
  });

  describe('when canceled', () => {
    const mark = `sleep 98${process.pid}`;
    const forever = shell('forever', `touch started; ${mark}`);

    it('ends one candidate at once, and others go on', async () => {
      const runner = await round.runner([shell('slow', `test -e good || ${mark}`), good]);
      const canceled = runner.start(a, (await round.tree({ good: undefined })).tree);
      const other = runner.start(b, (await round.tree({ a: 'x' })).tree);
      await until('it runs', () => processesWith(mark).length > 0);
      runner.cancel(a);
      assert.deepEqual(ends(await canceled), ['canceled', 'canceled']);
      assert.deepEqual(ends(await other), [0, 0]);
      await until('the process is gone', () => processesWith(mark).length === 0);
      await until('the folders are gone', () => round.leftOver().length === 0);
      assert.deepEqual(
        runner.states(a).map(([, { status }]) => status),
        ['ended', 'ended'],
      );
    });

    it('goes on for a candidate with the same tree, and can be begun again', async () => {
      const runner = await round.runner([shell('slow', 'sleep 0.3')]);
      const { tree } = await round.tree({ a: 'x' });
      const [one, other] = [runner.start(a, tree), runner.start(b, tree)];
      runner.cancel(a);
      assert.deepEqual([ends(await one), ends(await other)], [['canceled'], [0]]);
      assert.deepEqual(ends(await runner.start(a, tree)), [0]);
      assert.equal(round.made.filter((made) => made === tree).length, 1);
      const { tree: later } = await round.tree({ a: 'y' });
      const third = runner.start(a, later);
      runner.cancel(a);
      assert.deepEqual(ends(await third), ['canceled']);
      assert.deepEqual(ends(await runner.start(a, later)), [0]);
    });

    it('leaves neither process nor folder once it is disposed of', async () => {
      const runner = await round.runner([forever, good], { turns: new Limit(2) });
      const all = [runner.startBase()];
      for (const text of ['1', '2', '3']) all.push(runner.start(candidate(text), (await round.tree({ a: text })).tree));
      await until('two run', () => processesWith(mark).length >= 2);
      await runner.dispose();
      assert.deepEqual(round.leftOver(), []);
      assert.deepEqual(processesWith(mark), []);
      assert.deepEqual([...new Set((await Promise.all(all)).flatMap(ends))], ['canceled']);
      assert.deepEqual(ends(await runner.start(candidate('late'), (await round.tree({ a: 'late' })).tree)), [
        'canceled',
        'canceled',
      ]);
      assert.equal(round.kept.size, 0);
    });
  });
});
