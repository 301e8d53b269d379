import assert from 'node:assert/strict';
import type { RunId } from '../../../src/core/domain.ts';
import { Comparisons } from '../../../src/core/engine/comparisons.ts';
import { Engine } from '../../../src/core/engine.ts';
import { UserError } from '../../../src/core/problem.ts';
import { call, hanging, type Script, TestEngine, writer } from '../../support/testEngine.ts';

describe('comparisons of a round', function () {
  this.timeout(30_000);
  let test: TestEngine;
  afterEach(() => test.dispose());

  it('have ended runs as columns, and are made once until one of them changes', async () => {
    const started = Promise.withResolvers<void>();
    test = new TestEngine({
      a: writer('x.txt', 'a\n'),
      none: function* () {
        yield call('finish', { summary: 'Nothing to do.' });
      },
      late: async function* (request) {
        await started.promise;
        yield* writer('x.txt', 'late\n')(request, new AbortController().signal) as Iterable<never>;
      },
    });
    const { roundId } = test.start('Go', ['a', 'none', 'late']);
    await test.until(() => test.runs(roundId).filter(({ tree }) => tree).length === 2);
    const [a, none, late] = test.runs(roundId).map(({ id }) => id);
    const [first, again] = await Promise.all([
      test.engine.comparisons.of(roundId),
      test.engine.comparisons.of(roundId),
    ]);
    assert.equal(first, again);
    assert.deepEqual(first.columns, [a, none]);

    started.resolve();
    await test.ended(roundId);
    const second = await test.engine.comparisons.of(roundId);
    assert.deepEqual(second.columns, [a, none, late]);
    assert.equal(await test.engine.comparisons.of(roundId), second);
    const agreement = test.engine.comparisons.agreement(second, [0, 2]);
    assert.deepEqual([agreement.candidates, agreement.places.length], [2, 1]);

    await test.engine.compositions.take(roundId, { type: 'all' }, 'base');
    const third = await test.engine.comparisons.of(roundId);
    assert.equal(third.columns.length, 4);
    await test.engine.compositions.take(roundId, { type: 'all' }, a as RunId);
    assert.notEqual(await test.engine.comparisons.of(roundId), third);
  });

  it('follow the setting for formatting', async () => {
    let ignoreFormatting = false;
    test = new TestEngine({ a: writer('x.ts', 'f(1, 2)\n'), b: writer('x.ts', 'f( 1,2 )\n') });
    const { settings } = test.host;
    Object.assign(test.host, { settings: () => ({ ...settings(), compare: { ignoreFormatting } }) });
    const roundId = await test.round('Go', ['a', 'b']);
    const disputed = async () => {
      const comparison = await test.engine.comparisons.of(roundId);
      return test.engine.comparisons.agreement(comparison, [0, 1]).disputed;
    };
    assert.equal(await disputed(), 1);
    ignoreFormatting = true;
    assert.equal(await disputed(), 0);
  });

  it('leave out a run whose patch was lost, rather than show it without changes', async () => {
    const half: Script = async function* (request, signal) {
      if (request.turns.some((turn) => turn.role === 'tool')) yield* hanging(request, signal);
      else yield call('write_file', { path: 'half.txt', content: 'half\n' });
    };
    test = new TestEngine({ half, a: writer('a.txt', 'a\n') });
    const { roundId } = test.start('Go', ['half', 'a']);
    await test.until(() => test.runs(roundId)[0]?.changes.length === 1 && test.runs(roundId)[1]?.tree !== undefined);
    await test.engine.dispose();
    test.engine = new Engine(test.host);
    const [lost, a] = test.runs(roundId);
    assert.deepEqual([lost?.state.status, lost?.changes.length], ['failed', 1]);
    const { columns, files } = await test.engine.comparisons.of(roundId);
    assert.deepEqual([columns, files.map(({ path }) => path)], [[a?.id], ['a.txt']]);
  });

  it('give the base text as it is, and tell what is around a line', async () => {
    const text = '\ufefffunction send() {\r\n  return 1;\r\n}\n';
    test = new TestEngine({ a: writer('x.ts', text.replace('1', '2')), b: writer('new.ts', 'x\n') });
    test.write('x.ts', text);
    const roundId = await test.round('Go', ['a', 'b']);
    const { comparisons } = test.engine;
    assert.equal(await comparisons.baseText(roundId, 'x.ts'), text);
    assert.equal(await comparisons.baseText(roundId, 'new.ts'), '');
    await assert.rejects(comparisons.baseText(roundId, 'README.md'), UserError);
    assert.deepEqual(comparisons.insides(text.slice(1), 'x.ts', [1]), ['send()']);
  });

  it('end for one who leaves and go on for others, and are begun again when all have left', async () => {
    test = new TestEngine({ a: writer('x.txt', 'x\n') });
    const roundId = await test.round('Go', ['a']);
    const [leaving, staying] = [new AbortController(), new AbortController()];
    let reads = 0;
    const book = {
      round: () => test.engine.round(roundId),
      patch: (id: RunId) => {
        reads++;
        return test.engine.patch(id);
      },
    };
    const comparisons = new Comparisons({
      host: test.host,
      book,
      storage: () => ({ readBlob: async () => new Uint8Array() }),
    });
    const left = comparisons.of(roundId, leaving.signal);
    const stayed = comparisons.of(roundId, staying.signal);
    leaving.abort(new Error('gone'));
    await assert.rejects(left, /gone/);
    assert.equal((await stayed).files.length, 1);
    assert.equal(reads, 1);
    await assert.rejects(comparisons.of(roundId, leaving.signal), /gone/);

    Object.assign(book, { round: () => ({ ...test.engine.round(roundId), round: withoutRuns() }) });
    const all = [comparisons.of(roundId, staying.signal)];
    staying.abort(new Error('gone too'));
    await assert.rejects(all[0] as Promise<unknown>, /gone too/);
    assert.deepEqual((await comparisons.of(roundId)).files, []);
    await comparisons.dispose();
    await assert.rejects(
      new Promise((_, reject) => {
        Object.assign(book, { round: () => test.engine.round(roundId) });
        comparisons.of(roundId).catch(reject);
      }),
      { name: 'AbortError' },
    );

    function withoutRuns() {
      return { ...test.engine.round(roundId).round, runs: [] };
    }
  });

  it('are kept of few rounds only', async () => {
    test = new TestEngine({ a: writer('x.txt', 'x\n') });
    const rounds = [];
    for (let count = 0; count < 4; count++) rounds.push(await test.round('Go', ['a']));
    const [oldest, ...others] = rounds;
    assert.ok(oldest);
    const first = await test.engine.comparisons.of(oldest);
    for (const id of others) await test.engine.comparisons.of(id);
    assert.notEqual(await test.engine.comparisons.of(oldest), first);
    assert.deepEqual(await test.engine.comparisons.of(oldest), first);
  });
});
