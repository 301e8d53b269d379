import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { evalPaths } from '../../eval/paths.ts';
import { showReport, UnreadableFile } from '../../eval/report.ts';

const row = (category: string, expectation: string, path: string) =>
  `${category}\t${expectation}\t${JSON.stringify(path)}\tthis test`;
const run = (...rows: readonly string[]) => evalPaths(rows.join('\n'), () => {});

describe('the harness of paths', function () {
  this.timeout(60_000);

  it('finds that what is to be refused is, and that names are names', async () => {
    const report = await run(
      '# a comment',
      row('git', 'reject', 'sub/.GIT/description'),
      row('up', 'reject', 'a/../../b'),
      row('git', 'reject-portable', '.gi\u200dt/info'),
      row('Symlinked mail map', 'reject-portable', '.mailmap'),
      row('device', 'reject-win', 'docs/prn.md'),
      row('root', 'contain', '/var/tmp/x'),
      row('encoded', 'contain', '%2e%2e%2fx'),
      '',
      row('plain', 'allow', 'two words/ü "quoted"\n.txt'),
      row('colon', 'allow', 'a:b'),
    );
    assert.deepEqual(report, {
      rows: 9,
      right: 9,
      wrong: 0,
      escaped: 0,
      falselyRefused: 0,
      malformed: 0,
      wrongRows: [],
    });
  });

  it('has room for paths that can not be beside each other', async () => {
    const paths = ['a', 'a/b', './a', 'a/b/c', 'b/../a', 'a/b/'];
    const report = await run(...paths.map((path) => row('beside', 'allow', path)));
    assert.equal(report.right, paths.length, showReport(report));
  });

  it('tells what escaped from what was falsely refused and from what is no row', async () => {
    const report = await run(
      row('x', 'reject', 'harmless.txt'),
      row('x', 'reject-win', 'harmless.md'),
      row('x', 'allow', '.git/config'),
      row('Symlinked', 'reject-portable', 'readme'),
      row('x', 'perhaps', 'a'),
      'x\tallow\tnot JSON',
      'x\tallow\t7',
      'two\tcolumns',
    );
    assert.deepEqual(
      report.wrongRows.map((wrong) => `${wrong.row} ${wrong.fault}`),
      [
        '1 escaped',
        '2 escaped',
        '3 falselyRefused',
        '4 escaped',
        '5 malformed',
        '6 malformed',
        '7 malformed',
        '8 malformed',
      ],
    );
    const { rows, right, wrong, escaped, falselyRefused, malformed } = report;
    assert.deepEqual([rows, right, wrong, escaped, falselyRefused, malformed], [8, 0, 4, 3, 1, 4]);
    assert.match(showReport(report), /escaped\s+3\n/);
  });

  it('does not take a file without rows for one in which all is right', async () => {
    await assert.rejects(run('# only a comment'), UnreadableFile);
  });
});

describe('the command of the harnesses', function () {
  this.timeout(60_000);
  const script = join(import.meta.dirname, '../../eval/eval.ts');
  const evaluate = (...args: readonly string[]) => spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });

  it('says what is missing, and ends with 2', () => {
    const words: readonly (readonly [args: readonly string[], said: RegExp])[] = [
      [[], /^Name one of the harnesses: paths, symlinks, edits, wire, evidence, pull-requests\.\n$/],
      [['constructor', script], /^Name one of the harnesses/],
      [['paths'], /^Name one file of cases: .*\n$/],
      [['wire'], /^Name one folder of cases: .*\n$/],
      [['paths', join(script, 'missing')], /can't be read: .*\n$/],
      [['symlinks', script], /^This file is not JSON: .*\n$/s],
      [['paths', '--fast'], /--fast/],
    ];
    for (const [args, said] of words) {
      const { status, stderr, stdout } = evaluate(...args);
      assert.deepEqual([status, stdout], [2, ''], stderr);
      assert.match(stderr, said);
    }
  });
});
