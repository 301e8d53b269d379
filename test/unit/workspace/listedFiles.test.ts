import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FileEntry } from '../../../src/core/workspace/files.ts';
import { ChangedFiles, obstacleTo } from '../../../src/core/workspace/files.ts';
import { ListedFiles } from '../../../src/core/workspace/listedFiles.ts';

const blob = (digit: string) => digit.repeat(40) as FileEntry['blob'];
const file = (digit = '0'): FileEntry => ({ mode: '100644', blob: blob(digit) });

/** As `git ls-files --stage -z` prints them: in the order of their bytes. */
function listed(names: Iterable<string>, form: 'index' | 'tree' = 'index'): ListedFiles {
  const sorted = [...names].sort((a, b) => Buffer.compare(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1')));
  const records = sorted.map((name) =>
    form === 'index' ? `100644 ${blob('0')} 0\t${name}\0` : `100644 blob ${blob('0')}\t${name}\0`,
  );
  return new ListedFiles(Buffer.from(records.join(''), 'latin1'));
}

const segment = fc.constantFrom('a', 'a.b', 'a-b', 'b', 'z\tz', '\xff', ' ', 'A');
const name = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));

describe('listed files', () => {
  it('finds every file and what is below every folder, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(name),
        name,
        fc.constantFrom('index' as const, 'tree' as const),
        (names, asked, form) => {
          const files = listed(names, form);
          assert.equal(files.length, names.length);
          assert.deepEqual(files.get(asked), names.includes(asked) ? file() : undefined);
          const below = [...files.below(asked)].map(([found]) => found);
          assert.deepEqual(new Set(below), new Set(names.filter((other) => other.startsWith(`${asked}/`))));
          assert.deepEqual(new Set([...files.below('')].map(([found]) => found)), new Set(names));
        },
      ),
    );
  });

  it('prefers our side of an unmerged file, then the common ancestor', () => {
    const find = (...stages: readonly string[]) => {
      const records = ['100644 x 0\ta', ...stages.map((stage) => `100644 ${blob(stage)} ${stage}\tf`), '100644 x 2\tg'];
      return new ListedFiles(Buffer.from(records.map((record) => `${record}\0`).join(''))).get('f')?.blob[0];
    };
    assert.deepEqual(
      [find('1', '2', '3'), find('1', '3'), find('1'), find('2', '3'), find('3')],
      ['2', '1', '1', '2', '3'],
    );
  });

  it('shows changes in place of what they change', () => {
    const changes = new Map<string, FileEntry | undefined>([
      ['d/a', undefined],
      ['d/new', file('1')],
      ['kept', file('2')],
    ]);
    const files = new ChangedFiles(listed(['d/a', 'd/b', 'kept', 'other']), changes);
    assert.equal(files.get('d/a'), undefined);
    assert.deepEqual(
      [...files.below('')].map(([found, entry]) => [found, entry.blob[0]]),
      [
        ['d/b', '0'],
        ['other', '0'],
        ['d/new', '1'],
        ['kept', '2'],
      ],
    );
    assert.deepEqual(
      [...files.below('d')].map(([found]) => found),
      ['d/b', 'd/new'],
    );
  });

  it('says what is in the way of a file', () => {
    const changes = new Map<string, FileEntry>([
      ['link', { mode: '120000', blob: blob('1') }],
      ['sub', { mode: '160000', blob: blob('1') }],
    ]);
    const files = new ChangedFiles(listed(['d/a', 'f']), changes);
    assert.equal(obstacleTo(files, 'f'), undefined);
    assert.equal(obstacleTo(files, 'd/new'), undefined);
    assert.equal(obstacleTo(files, 'd'), 'is a folder');
    assert.match(obstacleTo(files, 'f/x') ?? '', /"f" is a file, not a folder/);
    assert.equal(obstacleTo(files, 'link'), 'is a symbolic link');
    assert.match(obstacleTo(files, 'link/x/y') ?? '', /"link" is a symbolic link/);
    assert.match(obstacleTo(files, 'sub/x') ?? '', /"sub" is another repository/);
    assert.equal(obstacleTo(listed([]), 'anything'), undefined);
  });
});
