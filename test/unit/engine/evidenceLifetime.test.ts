import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunId } from '../../../src/core/domain.ts';
import { Engine } from '../../../src/core/engine.ts';
import { EvidenceEngine, shell } from '../../support/evidenceEngine.ts';
import { writer } from '../../support/testEngine.ts';
import { processesWith } from '../evidence/commands.ts';

describe('the checks of rounds', function () {
  this.timeout(60_000);
  let test: EvidenceEngine;
  beforeEach(function () {
    if (process.platform === 'win32') this.skip();
    test = new EvidenceEngine({ right: writer('made.txt', 'good\n'), wrong: writer('made.txt', 'bad\n') });
  });
  afterEach(() => test.dispose());

  async function agreeTo(...checks: EvidenceEngine['settings']['checks']): Promise<void> {
    test.settings = { ...test.settings, checks };
    await test.agree();
  }

  it('don’t begin in a window that is closing, or for what is canceled or deleted meanwhile', async () => {
    const mark = `sleep 96${process.pid}`;
    await agreeTo(shell('long', mark));
    const id = await test.round('Go', ['right']);
    await test.known(id);
    const canceled = test.engine.evidence.runChecks(id);
    await Promise.resolve();
    test.engine.evidence.cancelChecks(id);
    await canceled;
    assert.equal(test.evidence(id).isChecking, false);
    const deleted = test.engine.evidence.runChecks(id);
    await test.engine.deleteTask(test.engine.round(id).task.id);
    await deleted;
    assert.deepEqual([processesWith(mark), test.checkFolders()], [[], []]);
    const next = await test.round('Go', ['right']);
    await test.known(next);
    const late = test.engine.evidence.runChecks(next);
    await test.engine.dispose();
    await late;
    assert.deepEqual([processesWith(mark), test.checkFolders()], [[], []]);
    test.engine = new Engine(test.host);
  });

  it('find out once about a snapshot that two rounds have at the same time', async () => {
    const count = join(test.root, 'count');
    test.settings = { ...test.settings, parallelChecks: 4 };
    await agreeTo(shell('counts', `echo x >> ${count}; sleep 0.5`));
    const first = await test.round('Go', ['right']);
    const { task, round } = test.engine.round(first);
    const start = { from: 'run', runId: round.runs[0]?.id as RunId } as const;
    const second = await test.round('More', ['wrong'], { taskId: task.id, start });
    await Promise.all([test.engine.evidence.runChecks(first), test.engine.evidence.runChecks(second)]);
    await Promise.all([test.known(first), test.known(second)]);
    const trees = new Set([...test.runs(first), ...test.runs(second)].map(({ tree }) => tree));
    assert.equal(readFileSync(count, 'utf8').length / 2, 1 + trees.size);
    for (const id of [first, second]) assert.deepEqual(test.evidence(id).base.length, 1);
  });

  it('go on in one round when they are canceled in the other that has its snapshot', async () => {
    const [one, other] = [shell('one', 'sleep 0.4'), shell('other', 'sleep 0.4; true')];
    test.settings = { ...test.settings, parallelChecks: 4 };
    await agreeTo(one, other);
    const first = await test.round('Go', ['right']);
    const { task, round } = test.engine.round(first);
    const start = { from: 'run', runId: round.runs[0]?.id as RunId } as const;
    const second = await test.round('More', ['wrong'], { taskId: task.id, start });
    await test.engine.evidence.runChecks(first);
    await agreeTo(other, one);
    await test.engine.evidence.runChecks(second);
    await test.until(() => test.evidence(second).base.some(({ state }) => state.status === 'waiting'));
    test.engine.evidence.cancelChecks(first);
    await test.known(second);
    const [wrong] = test.ids(second) as [RunId];
    assert.deepEqual(test.verdicts(second, wrong), { one: 'passed', other: 'passed' });
  });

  it('are known of one candidate while those of another run, also with more checks than before', async () => {
    const there = shell('there', 'test -e made.txt');
    await agreeTo(there);
    const id = await test.round('Go', ['right', 'wrong']);
    const [right, wrong] = test.ids(id) as [RunId, RunId];
    await test.known(id);
    await test.engine.evidence.runChecks(id, [right]);
    await test.known(id);
    assert.deepEqual(test.verdicts(id, right), { there: 'fixed' });
    await test.engine.evidence.runChecks(id, [wrong]);
    assert.deepEqual(test.verdicts(id, right), { there: 'fixed' });
    await test.known(id);
    await agreeTo(there, shell('more', 'sleep 0.3'));
    await test.engine.evidence.runChecks(id, [wrong]);
    assert.deepEqual(test.verdicts(id, right), { there: 'fixed' });
    await test.known(id);
  });

  it('run on a composition when they are asked for, and again once it is another', async () => {
    await agreeTo(shell('good', 'grep -q good made.txt'));
    const id = await test.round('Go', ['right', 'wrong']);
    const [right, wrong] = test.ids(id) as [RunId, RunId];
    const take = (from: RunId) => test.engine.compositions.take(id, { type: 'all' }, from);
    const { id: composition } = await take(wrong);
    await test.engine.evidence.runChecks(id, [composition]);
    await test.known(id);
    const verdicts = () => [wrong, right, composition].map((each) => test.verdicts(id, each).good);
    assert.deepEqual(
      verdicts(),
      ['still-failing', undefined, 'still-failing'],
      'what has the same files shares results',
    );
    assert.equal((await take(right)).id, composition);
    assert.deepEqual(verdicts(), ['still-failing', undefined, undefined]);
    await test.engine.evidence.runChecks(id, [composition]);
    await test.known(id);
    assert.deepEqual(verdicts(), ['still-failing', 'fixed', 'fixed']);
  });

  it('say nothing of a command that took the name of another', async () => {
    await agreeTo(shell('test', 'true'));
    const id = await test.round('Go', ['right']);
    const [right] = test.ids(id) as [RunId];
    await test.engine.evidence.runChecks(id);
    await test.known(id);
    assert.deepEqual(test.verdicts(id, right), { test: 'passed' });
    await agreeTo(shell('test', 'grep -q good made.txt'));
    assert.deepEqual(test.verdicts(id, right), {});
    await test.engine.evidence.runChecks(id);
    await test.known(id);
    assert.deepEqual(test.verdicts(id, right), { test: 'fixed' });
  });
});
