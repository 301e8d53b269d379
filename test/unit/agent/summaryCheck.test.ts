import assert from 'node:assert/strict';
import { checkSummary } from '../../../src/core/agent/summaryCheck.ts';
import type { FileChange, ObjectName } from '../../../src/core/domain.ts';

const known = ['src/a.ts', 'src/b.ts', 'src/c.ts', 'test/a.ts', 'README.md', 'docs/guide.md'];
const changed = (...paths: string[]): FileChange[] =>
  paths.map((path) => {
    const version = { path, mode: '100644' as const, blob: 'b' as ObjectName };
    return { kind: 'modified', base: version, after: version };
  });
const claimed = (summary: string, ...paths: string[]) => checkSummary(summary, changed(...paths), known).claimed;

describe('The check of a summary', () => {
  it('marks files that are said to be changed, and are not', () => {
    assert.deepEqual(claimed('I updated `src/a.ts` and `src/b.ts`.', 'src/a.ts'), ['src/b.ts']);
    assert.deepEqual(claimed('Added the option to src/c.ts and fixed the link in `README.md`.'), [
      'src/c.ts',
      'README.md',
    ]);
    assert.deepEqual(claimed('Renamed it in `b.ts`.', 'src/a.ts'), ['src/b.ts']);
    assert.deepEqual(claimed('Created `src/new/d.ts` with the helper.'), ['src/new/d.ts']);
  });

  it('reads a list of changed files', () => {
    const summary =
      '## What I changed\n\n- `src/a.ts`: the guard is gone.\n- **`src/b.ts`** – new default.\n\nFiles I read:\n\n- `src/c.ts`: the caller';
    assert.deepEqual(claimed(summary, 'src/a.ts'), ['src/b.ts']);
  });

  it('says nothing of files that are only mentioned, left alone, or open', () => {
    for (const summary of [
      'Updated `src/a.ts` to match `src/b.ts`.',
      'Added tests for `src/b.ts` in `src/a.ts`.',
      '`src/b.ts` is unchanged, and `src/c.ts` was not updated.',
      'I left `src/b.ts` as it was.',
      'You may want to update `README.md` next.',
      '`src/b.ts` calls it, so I changed `src/a.ts`.',
      'Removed `useThing` and `Foo.bar`.',
      'Changed `a.ts`.',
      '```ts\n// updated src/b.ts\n```',
    ]) {
      assert.deepEqual(claimed(summary, 'src/a.ts'), [], summary);
    }
  });

  it('counts both paths of a renamed file, and those of deleted ones', () => {
    const version = (path: string) => ({ path, mode: '100644' as const, blob: 'b' as ObjectName });
    const changes: FileChange[] = [
      { kind: 'renamed', base: version('src/b.ts'), after: version('src/d.ts') },
      { kind: 'deleted', base: version('src/c.ts') },
    ];
    const { claimed } = checkSummary('Renamed `src/b.ts`, now `src/d.ts`. Deleted `src/c.ts`.', changes, known);
    assert.deepEqual(claimed, []);
  });
});
