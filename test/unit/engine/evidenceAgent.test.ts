import assert from 'node:assert/strict';
import type { RunId } from '../../../src/core/domain.ts';
import type { ModelRequest } from '../../../src/core/providers/provider.ts';
import { EvidenceEngine, shell } from '../../support/evidenceEngine.ts';
import { call, type Script } from '../../support/testEngine.ts';
import { withoutBubblewrap } from '../evidence/commands.ts';

const good = shell('good', 'echo "looking at $(cat made.txt)"; grep -q good made.txt');

describe('the checks of an agent', function () {
  this.timeout(60_000);
  let test: EvidenceEngine;
  let requests: ModelRequest[] = [];
  beforeEach(() => {
    requests = [];
  });
  afterEach(() => test?.dispose());

  /** Writes something bad, checks, mends it, checks again. */
  const careful: Script = function* (request) {
    requests.push(request);
    const steps = [
      call('write_file', { path: 'made.txt', content: 'bad\n' }),
      call('run_check', { name: 'good' }),
      call('write_file', { path: 'made.txt', content: 'good\n' }),
      call('run_check', { name: 'good' }),
      call('run_check', { name: 'rm -rf /' }),
      call('finish', { summary: 'Done.' }),
    ];
    const step = steps[requests.length - 1];
    if (step) yield step;
  };
  const results = () =>
    requests.flatMap(({ turns }) => {
      const last = turns.at(-1);
      return last?.role === 'tool' ? last.results.map(({ content }) => content) : [];
    });
  const toolNames = () => requests[0]?.tools.map(({ name }) => name) ?? [];

  it('are those that were agreed to, by name, on its own copy', async function () {
    const why = await withoutBubblewrap();
    if (why !== undefined) this.skip();
    const secret = shell('other', 'true');
    test = new EvidenceEngine({ careful }, { checks: [good, secret], sandbox: 'os', agentChecks: true });
    await test.agree([good]);
    const id = await test.round('Go', ['careful']);
    const [run] = test.runs(id);
    assert.equal(run?.state.status, 'succeeded', JSON.stringify(run?.state));
    assert.deepEqual(toolNames().slice(-2), ['run_check', 'finish']);
    assert.match(requests[0]?.system ?? '', /run_check/);
    assert.doesNotMatch(requests[0]?.system ?? '', /You ran nothing/);
    const [, first, , second, third] = results();
    assert.match(
      first ?? '',
      /^It failed: it ended with code 1\.(\nIt failed before your changes, too\.)?\n\nOutput:\nlooking at bad\n/,
    );
    assert.match(second ?? '', /^It passed\.\n\nOutput:\nlooking at good\n/);
    assert.match(third ?? '', /must be one of good/);
    assert.deepEqual(
      run?.steps.flatMap((step) => (step.type === 'tool' ? [[step.tool, step.target, step.outcome, step.detail]] : [])),
      [
        ['write_file', 'made.txt', 'ok', 'new, 1 line'],
        ['run_check', 'good', 'ok', 'failed'],
        ['write_file', 'made.txt', 'ok', '+1 −1'],
        ['run_check', 'good', 'ok', 'passed'],
        ['run_check', '', 'failed', 'bad arguments'],
        ['finish', '', 'ok', 'done'],
      ],
    );
    await test.until(() => test.checkFolders().length === 0);
  });

  it('show a model nothing that policy forbids, although the user’s own checks may have it', async function () {
    if ((await withoutBubblewrap()) !== undefined) this.skip();
    const look = shell('look', 'cat .env made.txt; ls vendor');
    const curious: Script = function* (request) {
      requests.push(request);
      const steps = [
        call('write_file', { path: 'made.txt', content: 'made\n' }),
        call('run_check', { name: 'look' }),
        call('finish', { summary: 'Done.' }),
      ];
      const step = steps[requests.length - 1];
      if (step) yield step;
    };
    test = new EvidenceEngine({ curious }, { checks: [look], sandbox: 'os', agentChecks: true, checksWhenDone: true });
    test.write('.env', 'NAME=plain-and-private\n');
    test.write('vendor/lib.txt', 'x');
    test.write('.gitignore', '.env\nvendor\n');
    test.write('.worktreeinclude', '.env\nvendor\n');
    await test.agree();
    const id = await test.round('Go', ['curious']);
    const [, said = ''] = results();
    assert.match(said, /No such file or directory\nmade\nlib\.txt/);
    assert.doesNotMatch(JSON.stringify(requests), /plain-and-private/);
    const [run] = test.runs(id);
    await test.until(() => run !== undefined && test.engine.evidence.checkRun(id, run.id, 'look') !== undefined);
    assert.match(test.engine.evidence.checkRun(id, run?.id as RunId, 'look')?.output.head ?? '', /plain-and-private/);
  });

  for (const [name, settings, isAgreed] of [
    ['without a sandbox', { sandbox: 'none', agentChecks: true }, true],
    ['when it is not set', { sandbox: 'os', agentChecks: false }, true],
    ['when nothing was agreed to', { sandbox: 'os', agentChecks: true }, false],
  ] as const) {
    it(`are none ${name}`, async () => {
      test = new EvidenceEngine({ careful }, { checks: [good], ...settings });
      if (isAgreed) await test.agree();
      await test.round('Go', ['careful']);
      assert.ok(toolNames().includes('finish') && !toolNames().includes('run_check'));
      assert.match(requests[0]?.system ?? '', /You ran nothing/);
      assert.match(results()[1] ?? '', /There is no tool run_check/);
    });
  }
});
