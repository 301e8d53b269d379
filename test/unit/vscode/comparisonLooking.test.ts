import assert from 'node:assert/strict';
import type { RoundComparison } from '../../../src/core/comparison.ts';
import type { CandidateId, RoundId } from '../../../src/core/domain.ts';
import type { Engine } from '../../../src/core/engine.ts';
import type { FindingView } from '../../../src/protocol/compareEvidence.ts';
import type { CompareNotifications } from '../../../src/protocol/comparePanel.ts';
import type { Notify } from '../../../src/protocol/rpc.ts';
import { FileIds } from '../../../src/vscode/comparisonIds.ts';
import { LookedAtFile } from '../../../src/vscode/comparisonLooking.ts';
import { PlaceNames } from '../../../src/vscode/comparisonPlaces.ts';
import { ComparisonResult } from '../../../src/vscode/comparisonResult.ts';
import type { Problems } from '../../../src/vscode/problems.ts';
import { comparisonOf, roundOf, type ScriptedRun } from './comparisonRound.ts';

const roundId = 'round' as RoundId;
const runs: readonly ScriptedRun[] = [
  { id: 'a', replaced: [{ path: 'a.ts', line: 2, by: 'x' }] },
  { id: 'b', replaced: [{ path: 'b.ts', line: 3, by: 'y' }] },
];
const problems = { show: (error: unknown) => String(error) } as unknown as Problems;
const soon = () => new Promise((resolve) => setImmediate(resolve));

/** An engine's comparisons whose answers are given by hand. */
function fakeEngine() {
  const asked: { what: string; answer: (value: unknown) => void; fail: (error: Error) => void; signal: AbortSignal }[] =
    [];
  const ask = (what: string, signal: AbortSignal) =>
    new Promise((answer, fail) => {
      signal.addEventListener('abort', () => fail(signal.reason));
      asked.push({ what, answer, fail, signal });
    });
  const comparisons = {
    of: (_id: RoundId, signal: AbortSignal) => ask('comparison', signal),
    baseText: (_id: RoundId, key: string, signal: AbortSignal) => ask(key, signal),
    insides: (_text: string, path: string, lines: readonly number[]) => lines.map((line) => `${path}:${line}`),
  };
  return { asked, engine: { comparisons } as unknown as Pick<Engine, 'comparisons'> };
}

describe('the file that the aligned view shows', () => {
  const ids = new FileIds();
  const [idOfA, idOfB] = [ids.idOf('a.ts'), ids.idOf('b.ts')];
  const comparison = comparisonOf(runs);
  const known = { comparison, isComparing: false };
  let told: string[];
  let fake: ReturnType<typeof fakeEngine>;
  let file: LookedAtFile;
  let findings: readonly FindingView[];

  beforeEach(() => {
    told = [];
    fake = fakeEngine();
    const notify = {
      baseText: ({ id, text }) => told.push(`text ${ids.keyOf(id)} ${text}`),
      file: (news) => {
        const regions = news.type === 'open' ? ` ${news.file.language} ${news.file.regions[0]?.inside}` : '';
        const found = news.type === 'open' ? news.file.findings.map(({ reason }) => ` ${reason}`).join('') : '';
        told.push(`${news.type} ${news.type === 'open' ? news.file.path : news.path}${regions}${found}`);
      },
    } satisfies Partial<Notify<CompareNotifications>> as unknown as Notify<CompareNotifications>;
    const languageOf = () => 'typescript';
    findings = [];
    const findingsIn = () => findings;
    const parts = { engine: fake.engine, roundId, ids, problems, languageOf, findingsIn };
    file = new LookedAtFile({ ...parts, notify: () => notify });
  });
  const flushed = () => told.splice(0);

  it('is told with its base text first, and neither again while nothing changes', async () => {
    file.look(idOfA);
    file.update(known);
    file.update(known);
    assert.deepEqual(flushed(), ['reading a.ts']);
    assert.equal(fake.asked.length, 1);
    fake.asked[0]?.answer('base');
    await soon();
    file.update(known);
    assert.deepEqual(flushed(), ['text a.ts base', 'open a.ts typescript a.ts:1']);
  });

  it('is told again when it was compared anew, without its base text and without a word about reading', async () => {
    file.look(idOfA);
    file.update(known);
    fake.asked[0]?.answer('base');
    await soon();
    flushed();
    file.update({ comparison: comparisonOf(runs), isComparing: false });
    await soon();
    assert.deepEqual(flushed(), ['open a.ts typescript a.ts:1']);
    assert.equal(fake.asked.length, 1);
  });

  it('is told again with what reviewers found, once', async () => {
    file.look(idOfA);
    file.update(known);
    fake.asked[0]?.answer('base');
    await soon();
    flushed();
    const [candidate] = runs.map(({ id }) => id as CandidateId);
    assert.ok(candidate);
    const found = {
      id: 'f',
      candidate,
      line: 2,
      severity: 'minor',
      reason: 'Odd.',
      reviewer: 'R',
      isSent: false,
    } as const;
    findings = [found];
    file.update(known);
    await soon();
    findings = [{ ...found }];
    file.update(known);
    await soon();
    assert.deepEqual(flushed(), ['open a.ts typescript a.ts:1 Odd.']);
    assert.equal(fake.asked.length, 1);
  });

  it('is told whole to a webview that was loaded anew', async () => {
    file.look(idOfA);
    file.update(known);
    fake.asked[0]?.answer('base');
    await soon();
    flushed();
    file.reset();
    file.update(known);
    await soon();
    assert.deepEqual(flushed(), ['text a.ts base', 'open a.ts typescript a.ts:1']);
  });

  it('stops reading for a file that is no longer looked at', async () => {
    file.look(idOfA);
    file.update(known);
    file.look(idOfB);
    file.update(known);
    assert.ok(fake.asked[0]?.signal.aborted);
    fake.asked[1]?.answer('base of b');
    await soon();
    assert.deepEqual(flushed(), ['reading a.ts', 'reading b.ts', 'text b.ts base of b', 'open b.ts typescript b.ts:2']);
  });

  it('waits for the comparison, and says so when no candidate has it', () => {
    file.look(idOfA);
    file.update({ comparison: undefined, isComparing: true });
    file.update({ comparison: undefined, isComparing: true });
    assert.deepEqual(flushed(), ['reading a.ts']);
    file.update({ comparison: comparisonOf(runs, ['b']), isComparing: false });
    assert.deepEqual(flushed(), ['failed a.ts']);
  });

  it('says why it can’t be read', async () => {
    file.look(idOfA);
    file.update(known);
    fake.asked[0]?.fail(new Error('No disk.'));
    await soon();
    assert.deepEqual(flushed(), ['reading a.ts', 'failed a.ts']);
  });
});

describe('the comparison of a round in its panel', () => {
  let fake: ReturnType<typeof fakeEngine>;
  let result: ComparisonResult;
  let changes: number;
  const [a, b] = runs as [ScriptedRun, ScriptedRun];
  const going: ScriptedRun = { ...b, status: 'running' };
  const answer = async (index: number, value: RoundComparison) => {
    fake.asked[index]?.answer(value);
    await soon();
  };

  beforeEach(() => {
    changes = 0;
    fake = fakeEngine();
    result = new ComparisonResult({ engine: fake.engine, problems, roundId, onDidChange: () => changes++ });
  });

  it('is made once for the same candidates, and again when one more ended or the setting changed', async () => {
    result.update(roundOf([a, going]), false);
    result.update(roundOf([a, { ...going, replaced: [] }]), false);
    assert.equal(fake.asked.length, 1);
    assert.ok(result.isBusy);
    const first = comparisonOf([a]);
    await answer(0, first);
    assert.equal(result.current, first);
    assert.ok(!result.isBusy);
    result.update(roundOf([a, b]), false);
    assert.equal(result.current, first, 'the last one stays until the next is there');
    result.update(roundOf([a, b]), true);
    assert.ok(fake.asked[1]?.signal.aborted);
    const last = comparisonOf([a, b]);
    await answer(2, last);
    assert.equal(result.current, last);
    assert.equal(changes, 2);
  });

  it('says why it could not be made, and tries again when something changed', async () => {
    result.update(roundOf([a, going]), false);
    fake.asked[0]?.fail(new Error('Unreadable.'));
    await soon();
    assert.equal(result.failure, 'Error: Unreadable.');
    result.update(roundOf([a, going]), false);
    assert.equal(fake.asked.length, 1);
    result.update(roundOf([a, b]), false);
    assert.equal(result.failure, undefined);
    await answer(1, comparisonOf([a, b]));
    assert.equal(result.failure, undefined);
  });
});

describe('what disputed places are inside of', () => {
  it('is read once per file, and remembered', async () => {
    const { asked, engine } = fakeEngine();
    const names = new PlaceNames(engine, roundId);
    const places = [3, 5].map((line) => ({ key: 'a.ts', line, groups: [], changedLines: 1 }));
    const { signal } = new AbortController();
    const filling = names.fill(comparisonOf(runs), places, signal);
    assert.equal(names.of('a.ts', 3), undefined);
    asked[0]?.answer('text');
    assert.equal(await filling, true);
    assert.equal(names.of('a.ts', 3), 'a.ts:2', 'lines are counted from 0 there');
    assert.equal(names.of('a.ts', 5), 'a.ts:4');
    assert.equal(await names.fill(comparisonOf(runs), places, signal), false);
    assert.equal(asked.length, 1);
  });
});
