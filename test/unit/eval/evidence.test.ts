import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { evalEvidence } from '../../eval/evidence.ts';
import { readTasks } from '../../eval/evidenceTask.ts';
import { UnreadableFile } from '../../eval/report.ts';

const patch = (word: string) => `--- a/word.txt\n+++ b/word.txt\n@@ -1 +1 @@\n-base\n+${word}\n`;

describe('the harness of evidence', function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(function () {
    if (process.platform === 'win32') this.skip();
    folder = mkdtempSync(join(tmpdir(), 'dursor-tasks-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  }

  /** A task whose check wants a word that isn't "bad", and whose hidden command wants "right". */
  function task(name: string, candidates: Readonly<Record<string, string>>): void {
    const spec = {
      checks: [{ name: 'tests', command: '! grep -q bad word.txt' }],
      hidden: { command: 'sh hidden.sh' },
      finished: ['late'],
    };
    write({
      [`${name}/task.json`]: JSON.stringify(spec),
      [`${name}/base/word.txt`]: 'base\n',
      [`${name}/hidden/hidden.sh`]: 'grep -q right word.txt\n',
      ...Object.fromEntries(Object.entries(candidates).map(([own, text]) => [`${name}/candidates/${own}.patch`, text])),
    });
  }

  it('ranks candidates, and compares the first with what else one might pick', async () => {
    task('both', {
      right: patch('right'),
      bad: patch('bad'),
      late: patch('right').replace('-base', '-other'),
      none: '',
    });
    task('neither', { bad: patch('bad'), late: patch('worse and bad') });
    const rows: { name?: string; ranked?: readonly { candidate: string; isRight: boolean }[] }[] = [];
    const { isolation, ...report } = await evalEvidence(folder, (row) => rows.push(row));
    assert.deepEqual(report, {
      tasks: 2,
      broken: 0,
      withRight: 1,
      firstRanked: 1,
      random: 0.25,
      firstFinished: 0,
      smallest: 0,
      majority: 0.5,
      recommended: { right: 1, wrong: 0, tied: 0, none: 0 },
      withoutRight: 1,
      noneRightlySaid: 1,
    });
    assert.notEqual(isolation, '');
    assert.deepEqual(
      rows[0]?.ranked?.map(({ candidate, isRight }) => [candidate, isRight]),
      [
        ['right', true],
        ['bad', false],
        ['late', false],
        ['none', false],
      ],
    );
  });

  it('runs what it can of a folder in which some tasks are broken', async () => {
    task('good', { right: patch('right') });
    write({ 'empty/base/a': '', 'odd/task.json': '[]', 'none/task.json': '{"hidden": "true"}', 'none/base/a': '' });
    const rows: { name?: string; broken?: string }[] = [];
    const { tasks, broken, firstRanked } = await evalEvidence(folder, (row) => rows.push(row));
    assert.deepEqual([tasks, broken, firstRanked], [4, 3, 1]);
    assert.deepEqual(
      rows.map(({ broken: why }) => why !== undefined),
      [true, false, true, true],
    );
  });

  it('reads tasks in the ways in which they may be written', async () => {
    const base = { 'word.txt': 'base\n', '.gitignore': 'dep\n', 'dep/a': 'it\n' };
    const hidden = 'grep -q right word.txt';
    const checks = { tests: '! grep -q bad word.txt && cat dep/a' };
    const bare = patch('right').replace('a/word', 'word').replace('b/word', 'word').trimEnd();
    write({
      'inline.json': JSON.stringify({ base, checks, hidden, candidates: [{ name: 'a', patch: patch('bad') }, bare] }),
      'list.json': JSON.stringify({
        tasks: [{ base, checks: [checks.tests], hidden, candidates: { a: patch('right') } }],
      }),
      'lines.jsonl': `${JSON.stringify({ base, checks: checks.tests, hidden: ['grep -q right word.txt', 'true'], candidates: { a: patch('right') } })}\n`,
      'package.json': '{"private": true}',
      'group/one/task.json': JSON.stringify({ visible: [{ cmd: checks.tests, timeout: 9 }] }),
      'group/one/repo/word.txt': 'base\n',
      'group/one/repo/dep/a': 'it\n',
      'group/one/hidden/check.sh': `${hidden}\n`,
      'group/one/candidates/a/patch.diff': patch('right'),
      'two/task.json': JSON.stringify({ checks: ['sh tests/run.sh'] }),
      'two/base/word.txt': 'base\n',
      'two/base/tests/run.sh': 'exit 0\n',
      'two/hidden_tests/tests/run.sh': `${hidden}\n`,
      'two/patches/a.diff': patch('right'),
      'two/patches/b.diff': patch('other'),
    });
    const rows: { name?: string; ranked?: readonly { candidate: string; isRight: boolean; isMergeable: boolean }[] }[] =
      [];
    await evalEvidence(folder, (row) => rows.push(row));
    const right = rows.map(({ name, ranked = [] }) => [
      name,
      ranked.filter(({ isRight, isMergeable }) => isRight && isMergeable).map(({ candidate }) => candidate),
    ]);
    assert.deepEqual(right, [
      ['group/one', ['a']],
      ['inline', ['candidate-2']],
      ['lines-1', ['a']],
      ['list-1', ['a']],
      ['two', ['a']],
    ]);
  });

  it('runs programs that a patch adds, and does not stop at what no run may write', async () => {
    const program =
      'diff --git a/run.sh b/run.sh\nnew file mode 100755\n--- /dev/null\n+++ b/run.sh\n@@ -0,0 +1,2 @@\n+#!/bin/sh\n+exit 0\n';
    const forbidden = '--- /dev/null\n+++ b/.env\n@@ -0,0 +1 @@\n+A=1\n';
    const candidates = { program, forbidden };
    write({
      'a.json': JSON.stringify({ base: { 'word.txt': 'base\n' }, checks: 'true', hidden: './run.sh', candidates }),
    });
    const rows: { ranked?: readonly { candidate: string; isRight: boolean; isMergeable: boolean }[] }[] = [];
    await evalEvidence(folder, (row) => rows.push(row));
    assert.deepEqual(
      rows[0]?.ranked?.map(({ candidate, isRight, isMergeable }) => [candidate, isRight, isMergeable]),
      [
        ['program', true, true],
        ['forbidden', false, false],
      ],
    );
  });

  it('says of a broken task what is expected where', async () => {
    const spec = { base: { 'word.txt': 'base\n' }, checks: ['true'], hidden: 'true', candidates: { a: patch('b') } };
    const tasks = [
      { ...spec, base: 'nowhere' },
      { ...spec, base: { '../a': 'b' } },
      { ...spec, checks: [3] },
      { ...spec, hidden: undefined },
      { ...spec, candidates: ['nowhere.patch'] },
      { ...spec, candidates: [] },
      { ...spec, hidden: 'no-such-command-here' },
    ];
    write({ 'a.json': JSON.stringify(tasks), 'b.json': '{' });
    const rows: { broken?: string }[] = [];
    await evalEvidence(folder, (row) => rows.push(row));
    assert.deepEqual(
      rows.map(({ broken }) => broken?.replace(/ is no JSON: .*/, ' is no JSON')),
      [
        'base has to be the path of a folder, or an object of texts by relative path.',
        'base has to be the path of a folder, or an object of texts by relative path.',
        'checks[0] has to be a command, or an object with a command.',
        'hidden in task.json has to be a command, or an object with a command.',
        'The candidate nowhere has to be a patch, or the path of one.',
        'There are no candidates: candidates/NAME.patch.',
        'The hidden command is not to be found on this computer: no-such-command-here',
        'b.json is no JSON',
      ],
    );
  });

  it('refuses a folder without tasks', () => {
    assert.throws(() => readTasks(folder), UnreadableFile);
    assert.throws(() => readTasks(join(folder, 'nowhere')), UnreadableFile);
  });
});

describe('the tasks of evidence', () => {
  it('are at least thirty, in several languages, and all readable', () => {
    const tasks = readTasks(join(import.meta.dirname, '../../eval/evidenceTasks'));
    assert.deepEqual(
      tasks.filter((task) => 'broken' in task),
      [],
    );
    assert.ok(tasks.length >= 30);
    for (const task of tasks) assert.ok('candidates' in task && task.candidates.length >= 4, task.name);
  });
});
