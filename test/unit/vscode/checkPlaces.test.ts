import assert from 'node:assert/strict';
import { checkOutputText } from '../../../src/vscode/checkOutputText.ts';
import { pathsFor, placesIn } from '../../../src/vscode/checkPlaces.ts';
import { failing, runOf } from './evidenceRounds.ts';

describe('the places that an output names', () => {
  it('are found as compilers and test runners write them', () => {
    const output = [
      'src/a.ts(12,5): error TS2322: no',
      '    at send (/tmp/x/src/b.ts:3:7)',
      'tests/test_c.py:12: AssertionError',
      '  File "a folder/d.py", line 4, in <module>',
      './e.go:9:2: undefined',
      'at file:///tmp/a%20b/f.mjs:1:2',
    ].join('\n');
    assert.deepEqual(
      placesIn(output).map(({ path, line, column }) => [path, line, column]),
      [
        ['src/a.ts', 12, 5],
        ['/tmp/x/src/b.ts', 3, 7],
        ['tests/test_c.py', 12, undefined],
        ['a folder/d.py', 4, undefined],
        ['./e.go', 9, 2],
        ['///tmp/a b/f.mjs', 1, 2],
      ],
    );
    const said = placesIn(output).map(({ start, end }) => output.slice(start, end));
    assert.deepEqual([said.at(0), said.at(-1)], ['src/a.ts(12,5)', 'file:///tmp/a%20b/f.mjs:1:2']);
  });

  it('are no times, ports, versions and plain words', () => {
    assert.deepEqual(placesIn('12:30:45 127.0.0.1:80 1.2.3:4 passed:12 error(3)'), []);
  });

  it('are files from where the check ran, from the top, or in the copy that is gone', () => {
    assert.deepEqual(pathsFor('./src/../a.ts'), ['a.ts']);
    assert.deepEqual(pathsFor('src/a.ts', 'packages/x'), ['packages/x/src/a.ts', 'src/a.ts']);
    assert.deepEqual(pathsFor('../y/a.ts', 'packages/x'), ['packages/y/a.ts']);
    assert.deepEqual(pathsFor('/s/checks/0123456789ab/app/src/a.ts'), ['src/a.ts']);
    assert.deepEqual(pathsFor('///tmp/dursor-aB3dE6/app/src/a.ts'), ['src/a.ts']);
    assert.deepEqual(pathsFor('Support/s/checks/0123456789ab/app/src/a.ts'), ['src/a.ts']);
    assert.deepEqual(pathsFor('C:\\s\\checks\\0123456789ab\\app\\a.ts'), ['a.ts']);
  });

  it('are none outside of the copy', () => {
    for (const path of ['../a.ts', '/etc/passwd', '/usr/lib/node/a.js', '/s/checks/0123456789ab/app/../../../etc/x']) {
      assert.deepEqual(pathsFor(path), [], path);
    }
  });
});

describe('the text of a check’s output', () => {
  it('says how it ran, what failed, and what it printed, without terminal codes', () => {
    const text = checkOutputText(
      'Claude',
      runOf({
        end: { type: 'exit', code: 1 },
        tests: [
          failing('sends once', { file: 'a.test.ts', line: 3, message: 'no\nway' }),
          { name: 'b', status: 'passed' },
        ],
        output: { head: '\u001b[31mred\u001b[0m\r\n', tail: 'end', omittedBytes: 7 },
      }),
    );
    assert.equal(
      text,
      `test on Claude
$ npm test
bubblewrap, no network, 2.5 s
It ended with exit code 1.

1 passed, 1 failed
✗ sends once (a.test.ts:3)
    no
    way

${'─'.repeat(40)}
red

… 7 bytes are left out here …
end
`,
    );
  });

  it('says why nothing ran, and why a report could not be read', () => {
    const end = { type: 'not-started', reason: 'There is no shell.' } as const;
    assert.match(checkOutputText('the base', runOf({ end })), /There is no shell\.\n.*\(It printed nothing\.\)/s);
    assert.match(checkOutputText('A', runOf({ reportProblem: 'No report.' })), /ended well\.\nNo report\./);
  });
});
