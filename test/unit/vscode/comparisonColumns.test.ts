import assert from 'node:assert/strict';
import type { CandidateId, RunId } from '../../../src/core/domain.ts';
import type { PullRequest } from '../../../src/core/pullRequest.ts';
import { compareState } from '../../../src/vscode/comparisonColumns.ts';
import { openFile } from '../../../src/vscode/comparisonFile.ts';
import { regionIdOf, regionOf } from '../../../src/vscode/comparisonIds.ts';
import { changeOf, comparisonOf, compositionOf, roundOf, taskOf } from './comparisonRound.ts';

const replaced = [{ path: 'a.ts', line: 2, by: 'x' }];
const evidence = { checks: 0, notAgreed: 0, isChecking: false, isReviewing: false, notes: [] };
const progress = { ignoresFormatting: false, isComparing: false, isComposing: false, canUndoTake: false, evidence };
const facts = { checks: [], findings: [], marks: [], isTied: false, isRecommended: true };

describe('the columns of the compare panel', () => {
  it('are the runs and then the compositions, each with its size, cost, mark and pull request', () => {
    const composition = compositionOf('c', { name: "A's, with 1 place from B", changes: replaced.map(changeOf) });
    const older = compositionOf('o');
    const round = roundOf([{ id: 'a', replaced }], {
      compositions: [older, composition],
      chosenRunId: composition.id,
    });
    const pullRequest = { runId: 'o' as CandidateId, number: 3 } as PullRequest;
    const state = compareState(
      {
        task: taskOf(round, { pullRequests: [pullRequest] }),
        round,
        costs: { ['a' as RunId]: { dollars: 2 } },
        openComposition: composition.id,
        facts: new Map([[composition.id, facts]]),
      },
      progress,
    );
    const size = { files: 1, added: 1, removed: 1 };
    const [run, ...compositions] = state.columns;
    assert.ok(run?.type === 'run');
    assert.deepEqual([run.label, run.size, run.cost, run.isChosen], ['A', size, { dollars: 2 }, false]);
    assert.ok(!('steps' in run.run) && !('changes' in run.run), 'what is long stays here');
    const [first, second] = compositions;
    assert.ok(first?.type === 'composition' && second?.type === 'composition');
    assert.deepEqual([first.isOpen, first.pullRequest], [false, pullRequest]);
    assert.deepEqual([first.evidence, second.evidence, state.evidence], [undefined, facts, evidence]);
    assert.deepEqual([second.isOpen, second.isChosen, second.name], [true, true, "A's, with 1 place from B"]);
  });

  it('can be put onto the open pull request that their round goes on from', () => {
    const [first, round] = [
      roundOf([{ id: 'a', replaced }]),
      roundOf([
        { id: 'b', replaced },
        { id: 'c', replaced },
      ]),
    ];
    const pull = { runId: 'a' as CandidateId, number: 3, updates: [{ candidate: 'c' }] } as unknown as PullRequest;
    const next = { ...round, start: { from: 'run', runId: 'a' as CandidateId } } as const;
    const task = { ...taskOf(next, { pullRequests: [pull] }), rounds: [first, next] };
    const { columns } = compareState(
      { task, round: next, costs: {}, openComposition: undefined, facts: new Map() },
      progress,
    );
    assert.deepEqual(
      columns.map(({ updates, pullRequest }) => [updates, pullRequest?.number]),
      [
        [3, undefined],
        [undefined, 3],
      ],
    );
  });

  it('open a file with regions that have names', () => {
    const runs = [
      { id: 'a', replaced },
      { id: 'b', replaced: [{ path: 'a.ts', line: 2, by: 'y' }] },
    ];
    const comparison = comparisonOf(runs);
    const [file] = comparison.files;
    assert.ok(file);
    const open = openFile(comparison, file, { id: 'id', language: 'typescript', insides: ['send()'], findings: [] });
    assert.deepEqual(open.columns, ['a', 'b']);
    assert.deepEqual(open.kinds, ['modified', 'modified']);
    const [region, ...more] = open.regions;
    assert.deepEqual(more, []);
    assert.deepEqual([region?.id, region?.start, region?.length, region?.inside], ['1-1', 1, 1, 'send()']);
    assert.deepEqual(
      region?.alternatives.map(({ columns }) => columns),
      [[], [0], [1]],
    );
    assert.deepEqual(open.places, [{ path: 'a.ts', mode: '100644', columns: [0, 1] }]);
  });

  it('name regions by where they are, and take nothing else for a name', () => {
    assert.deepEqual(regionOf(regionIdOf({ start: 12, length: 0 })), { start: 12, length: 0 });
    for (const text of ['', '1', '1-', '-1-2', '1-2-3', '1e3-2', '99999999999-1']) {
      assert.equal(regionOf(text), undefined, text);
    }
  });
});
