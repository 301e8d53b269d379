import assert from 'node:assert/strict';
import { candidatesOf } from '../../../src/core/composition.ts';
import type { CandidateId, FileChange, FileVersion, ObjectName } from '../../../src/core/domain.ts';
import { isText, versionsOf } from '../../../src/vscode/fileVersions.ts';
import { compositionOf, roundOf } from './comparisonRound.ts';

const version = (path: string, blob: string): FileVersion => ({ path, mode: '100644', blob: blob as ObjectName });
const lines = { added: 1, removed: 1 };
const oldA = version('a.ts', '0');

/** A run that moved `a.ts`, one that left it alone, and one that added a picture. */
const moved: FileChange = { kind: 'renamed', base: oldA, after: version('moved.ts', '1'), lines };
const other: FileChange = { kind: 'modified', base: version('b.ts', '2'), after: version('b.ts', '3'), lines };
const added: FileChange = { kind: 'added', after: version('pic.png', '4') };
const plain = roundOf(['m', 'o', 'p'].map((id) => ({ id, replaced: [] })));
const round = {
  ...plain,
  runs: plain.runs.map((run, index) => ({ ...run, changes: [[moved], [other], [added]][index] ?? [] })),
  compositions: [
    // Git pairs what was deleted with what was added, though they are two files here.
    compositionOf('c', {
      changes: [{ kind: 'renamed', base: oldA, after: version('new.ts', '5'), lines }],
      files: [
        { key: 'a.ts', result: { type: 'lines', edits: [] } },
        { key: 'new.ts', result: { type: 'lines', place: { path: 'new.ts', mode: '100644' }, edits: [] } },
      ],
    }),
  ],
};

function versions(key: string, id: string) {
  const candidate = candidatesOf(round).find((each) => each.id === (id as CandidateId));
  assert.ok(candidate);
  const { base, after, path, isChanged } = versionsOf(round, key, candidate);
  return [base?.blob, after?.blob, path, isChanged];
}

describe('the versions that candidates have of a file', () => {
  it('are the base’s where a candidate left it alone, and follow it where it was moved', () => {
    assert.deepEqual(versions('a.ts', 'm'), ['0', '1', 'moved.ts', true]);
    assert.deepEqual(versions('a.ts', 'o'), ['0', '0', 'a.ts', false]);
  });

  it('are none where the file is not there', () => {
    assert.deepEqual(versions('pic.png', 'p'), [undefined, '4', 'pic.png', true]);
    assert.deepEqual(versions('pic.png', 'o'), [undefined, undefined, 'pic.png', false]);
  });

  it('are what a composition says of each file, however Git pairs them', () => {
    assert.deepEqual(versions('a.ts', 'c'), ['0', undefined, 'a.ts', true]);
    assert.deepEqual(versions('new.ts', 'c'), [undefined, '5', 'new.ts', true]);
    assert.deepEqual(versions('b.ts', 'c'), ['2', '2', 'b.ts', false]);
  });

  it('are text unless some patch has no lines for it', () => {
    assert.ok(isText(round, 'a.ts'));
    assert.ok(!isText(round, 'pic.png'));
  });
});
