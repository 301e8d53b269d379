import assert from 'node:assert/strict';
import type { CheckRunner } from '../../../src/core/evidence/checks/checkRunner.ts';
import { type CrossCandidate, crossTests } from '../../../src/core/evidence/checks/crossTests.ts';
import type { Check, CheckRun } from '../../../src/core/evidence.ts';
import { CheckRound, candidate, shell } from './checkRounds.ts';

const node = JSON.stringify(process.execPath);
const reporting = shell('test', `${node} --test --test-reporter=junit --test-reporter-destination=r.xml`, {
  report: 'r.xml',
});
const plain = shell('npm test', `${node} --test`);

const code = (body: string) => `module.exports = (n) => ${body};\n`;
const testOf = (name: string, assertion: string) =>
  `const { test } = require('node:test');\nconst assert = require('node:assert');\nconst f = require('./f.js');\ntest('${name}', () => ${assertion});\n`;

describe('crossTests', function () {
  this.timeout(60_000);
  const signal = new AbortController().signal;
  let round: CheckRound;
  beforeEach(function () {
    if (process.platform === 'win32') this.skip();
    // Under a test runner Node's own reports to that one instead; commands don't get this variable.
    round = new CheckRound({ 'f.js': code('n'), 'old.test.js': testOf('old', 'assert.equal(f(1), 1)') });
  });
  afterEach(async () => {
    await round.dispose();
  });

  async function prepare(check: Check, patches: readonly Readonly<Record<string, string>>[]) {
    const runner: CheckRunner = await round.runner([check]);
    const base = await runner.startBase();
    const candidates = await Promise.all(
      patches.map(async (files, index): Promise<CrossCandidate> => {
        const { tree, changes } = await round.tree(files);
        const id = candidate('abc'[index] ?? '');
        return { id, tree, changes, runs: await runner.start(id, tree) };
      }),
    );
    return { runner, base, candidates };
  }
  /** A clamps at 0 and tests it; B doesn't clamp and tests something else; C has no tests. */
  const patches = [
    { 'f.js': code('Math.max(0, n)'), 'clamp.test.js': testOf('clamps', 'assert.equal(f(-1), 0)') },
    { 'f.js': code('n + 0'), 'two.test.js': testOf('keeps two', 'assert.equal(f(2), 2)') },
    { 'f.js': code('n < 0 ? 0 : n') },
  ];

  it('runs each candidate’s tests on the others’ code', async () => {
    const { runner, base, candidates } = await prepare(reporting, patches);
    const { results, skipped } = await crossTests({ runner, treeWith: round.treeWith }, candidates, base, signal);
    assert.deepEqual(
      results.map(({ testsOf, codeOf, passed, failed, ok }) => [testsOf, codeOf, passed, failed, ok]),
      [
        ['a', 'b', 0, ['clamps'], false],
        ['a', 'c', 1, [], true],
        ['b', 'a', 1, [], true],
        ['b', 'c', 1, [], true],
      ],
    );
    assert.deepEqual(skipped, []);
    assert.deepEqual(round.leftOver(), []);
  });

  it('goes by the whole command where there is no report', async () => {
    const { runner, base, candidates } = await prepare(plain, patches);
    const { results } = await crossTests({ runner, treeWith: round.treeWith }, candidates, base, signal);
    assert.deepEqual(
      results.map(({ testsOf, codeOf, passed, ok }) => `${testsOf}${codeOf} ${passed} ${ok}`),
      ['ab 0 false', 'ac 0 true', 'ba 0 true', 'bc 0 true'],
    );
  });

  it('counts what can’t even be loaded as failed, and no test that fails at home', async () => {
    const files = {
      'f.js': `${code('n')}module.exports.more = () => 1;\n`,
      'more.test.js': `const { test } = require('node:test');\nrequire('./f.js').more();\ntest('more', () => {});\ntest('bad', () => { throw new Error(); });\n`,
    };
    const { runner, base, candidates } = await prepare(reporting, [files, { 'f.js': code('0 + n') }]);
    const { results } = await crossTests({ runner, treeWith: round.treeWith }, candidates, base, signal);
    assert.deepEqual(
      results.map(({ passed, failed, ok }) => [passed, failed, ok]),
      [[0, ['more'], false]],
    );
  });

  it('runs no more than it may, and says what it left out', async () => {
    const { runner, base, candidates } = await prepare(reporting, patches);
    const parts = { runner, treeWith: round.treeWith, mostRuns: 1 };
    const { results, skipped } = await crossTests(parts, candidates, base, signal);
    assert.equal(results.length, 1);
    assert.match(skipped.join(), /^3 of 4 combinations/);
  });

  it('takes no test for failed that passes when it is run once more', async () => {
    const script = 'echo run >> runs; [ ! -e fragile ] || [ $(wc -l < runs) -gt 1 ]';
    const check = shell('test', script);
    const files = [{ 'x.test.js': '' }, { fragile: '' }];
    const { runner, base, candidates } = await prepare(check, files);
    const { results } = await crossTests({ runner, treeWith: round.treeWith }, candidates, base, signal);
    assert.deepEqual(
      results.map(({ testsOf, codeOf, ok }) => `${testsOf}${codeOf} ${ok}`),
      ['ab true'],
    );
  });

  it('tells checks of tests from those that only look at them', async () => {
    const names = ['eslint src test', 'ruff check tests', 'tsc -p tsconfig.test.json', 'cargo check', 'go vet ./...'];
    const tests = ['make check', 'npm run lint && npm test', 'go test ./...', 'bundle exec rspec', 'pytest -q'];
    const found: string[] = [];
    for (const command of [...names, ...tests]) {
      const run = { end: { type: 'exit', code: 0 }, check: shell('it', command) } as CheckRun;
      const [a, b] = await Promise.all([round.tree({ 'a.test.js': command }), round.tree({ b: command })]);
      const runner = { runOnTree: async (_: unknown, asked: Check) => ({ ...run, check: asked }) };
      const of = [a, b].map(({ tree, changes }, index) => ({
        id: candidate('ab'[index] ?? ''),
        tree,
        changes,
        runs: [run],
      }));
      const { results } = await crossTests({ runner, treeWith: async (tree) => tree }, of, [], signal);
      if (results.length > 0) found.push(command);
    }
    assert.deepEqual(
      found,
      tests.filter((command) => !command.includes('lint')),
    );
  });

  it('runs nothing for a check of style, and nothing once canceled', async () => {
    const lint = shell('lint', 'true');
    const { runner, base, candidates } = await prepare(lint, patches);
    round.made.length = 0;
    assert.deepEqual((await crossTests({ runner, treeWith: round.treeWith }, candidates, base, signal)).results, []);
    const asked = candidates.map((one) => ({ ...one, runs: one.runs.map((run) => ({ ...run, check: plain })) }));
    const { results } = await crossTests({ runner, treeWith: round.treeWith }, asked, base, AbortSignal.abort());
    assert.deepEqual([results, round.made], [[], []]);
  });
});
