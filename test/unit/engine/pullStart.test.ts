import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CandidateId, ObjectName, Run, RunId, TaskId } from '../../../src/core/domain.ts';
import { originsOf } from '../../../src/core/engine/origins.ts';
import type { PullHead } from '../../../src/core/engine/pullStart.ts';
import { Rounds } from '../../../src/core/engine/rounds.ts';
import { TaskBook } from '../../../src/core/engine/taskBook.ts';
import { UserError } from '../../../src/core/problem.ts';
import type { PullRequest } from '../../../src/core/pullRequest.ts';
import { Store } from '../../../src/core/store/store.ts';
import { call, profileOf, type Script, TestEngine, writer } from '../../support/testEngine.ts';
import { repositorySource } from '../workspace/repositorySource.ts';

describe('a round that starts from a pull request', function () {
  this.timeout(60_000);
  let test: TestEngine;
  let end: (() => Promise<void>) | undefined;
  afterEach(async () => {
    await end?.();
    end = undefined;
    await test.dispose();
  });

  const prompts: string[] = [];
  const reader: Script = function* (request) {
    const [first] = request.turns;
    prompts.push(first?.role === 'user' ? first.text : '');
    if (!request.turns.some((turn) => turn.role === 'tool')) {
      yield call('write_file', { path: 'app/new.txt', content: 'new\n' });
      yield call('read_file', { path: 'app/theirs.txt' });
    } else yield call('finish', { summary: 'Addressed.' });
  };

  /** A first round's only run has a pull request, to whose branch others pushed `theirs.txt`. */
  async function shipped(scripts: Record<string, Script> = {}) {
    test = new TestEngine({ a: writer('app/a.txt', 'a\n', 'I made a.txt.'), reader, ...scripts });
    test.git('init', '-q');
    test.write('app/b.txt', 'b\n');
    test.git('add', '-A');
    test.git('commit', '-qm', 'first');
    const [run] = test.runs(await test.round('Make a file', ['a']));
    assert.ok(run);
    const elsewhere = join(test.root, 'elsewhere');
    const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: elsewhere, encoding: 'utf8' }).trim();
    test.git('clone', '-q', test.folder, elsewhere);
    const files = { 'app/a.txt': 'a\n', 'app/theirs.txt': 'theirs\n', 'app/.env': 'KEY=secret\n' };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(elsewhere, path)), { recursive: true });
      writeFileSync(join(elsewhere, path), text);
    }
    git('add', '-A');
    git('-c', 'user.name=B', '-c', 'user.email=b@example.com', 'commit', '-qm', 'pushed');
    const [commit = '', tree = ''] = git('rev-parse', 'HEAD', 'HEAD^{tree}').split('\n') as ObjectName[];
    return { run, head: { commit, tree, source: repositorySource(elsewhere) } as PullHead };
  }

  /** Rounds as another window has them, with what GitHub says of the branch. */
  async function roundsOn(pullHead: (pull: PullRequest) => Promise<PullHead>) {
    const { log, storageDirectory } = test.host;
    const store = new Store(join(storageDirectory, 'dursor.sqlite'));
    const book = new TaskBook(store, 'test', log);
    const rounds = new Rounds(test.host, book, {
      planOf: () => undefined,
      begun: () => {},
      ended: () => {},
      agentChecks: async () => undefined,
      pullHead,
    });
    end = async () => {
      await rounds.dispose();
      book.dispose();
      store.close();
    };
    const start = async (taskId: TaskId, pull: CandidateId, message = 'Address it') => {
      const id = rounds.start(taskId, message, [profileOf('reader')], { from: 'pull-request', pull });
      await test.until(() => book.round(id).round.runs.every(({ state }) => 'endedAt' in state));
      return book.round(id);
    };
    return { book, rounds, start };
  }

  const pullOf = ({ id }: Run, more: Partial<PullRequest> = {}): PullRequest => ({
    runId: id,
    number: 7,
    url: 'https://github.com/o/n/pull/7',
    branch: 'dursor/x',
    base: 'main',
    title: 'x',
    createdAt: 1,
    ...more,
  });

  it('has the files of its branch and not those of the folder, and a patch of what is new', async () => {
    const { run, head } = await shipped();
    test.write('app/b.txt', 'uncommitted\n');
    test.write('unrelated.txt', 'u\n');
    const asked: PullRequest[] = [];
    const { book, start } = await roundsOn(async (pull) => {
      asked.push(pull);
      return head;
    });
    book.addPullRequest(run.taskId, pullOf(run));
    const { task, round } = await start(run.taskId, run.id);
    assert.deepEqual(
      asked.map(({ number }) => number),
      [7],
    );
    const [made] = round.runs;
    assert.equal(made?.state.status, 'succeeded', JSON.stringify(made?.state));
    assert.deepEqual(
      made?.changes.map(({ after }) => after?.path),
      ['app/new.txt'],
    );
    assert.deepEqual(
      made?.steps.flatMap((step) => (step.type === 'tool' && step.tool === 'read_file' ? [step.outcome] : [])),
      ['ok'],
    );
    assert.deepEqual([round.snapshot?.head, round.snapshot?.leftOut], [head.commit, ['app/.env']]);
    const prompt = prompts.at(-1) ?? '';
    assert.match(prompt, /app\/theirs\.txt|theirs\.txt/);
    assert.doesNotMatch(prompt, /unrelated/);
    assert.match(prompt, /Make a file[\s\S]*I made a\.txt\.[\s\S]*a\.txt \(added/);
    assert.deepEqual(originsOf(task, round), []);
  });

  it('goes on from its runs, whose base stays that of the branch', async () => {
    const { run, head } = await shipped();
    const { book, rounds, start } = await roundsOn(async () => head);
    book.addPullRequest(run.taskId, pullOf(run));
    const { round } = await start(run.taskId, run.id);
    const [made] = round.runs;
    assert.ok(made);
    const next = rounds.start(run.taskId, 'More', [profileOf('a')], { from: 'run', runId: made.id });
    await test.until(() => book.round(next).round.runs.every(({ state }) => 'endedAt' in state));
    const after = book.round(next);
    assert.deepEqual(after.round.snapshot, round.snapshot);
    assert.deepEqual(
      originsOf(after.task, after.round).map(({ id }) => id),
      [made.id],
    );
    assert.deepEqual(
      after.round.runs[0]?.changes.map(({ after }) => after?.path),
      ['app/new.txt'],
    );
  });

  it('knows what was said on the way to the update that was pushed last, and not to what was not pushed', async () => {
    const { run, head } = await shipped({ b: writer('app/b2.txt', 'b\n', 'I made b2.') });
    const two = await test.round('Not pushed', ['b'], { taskId: run.taskId });
    const three = await test.round('Pushed', ['b'], { taskId: run.taskId, start: { from: 'run', runId: run.id } });
    const [b, c] = [two, three].map((id) => test.runs(id)[0]?.id as RunId);
    const { book, start } = await roundsOn(async () => head);
    const later = { candidate: b as RunId, commit: head.commit, at: Date.now() + 60_000 };
    const updates = [{ candidate: c as RunId, commit: head.commit, at: Date.now() }, later];
    book.addPullRequest(run.taskId, pullOf(run, { updates }));
    await start(run.taskId, run.id);
    const earlier = (prompts.at(-1) ?? '').split('The conversation so far.')[1] ?? '';
    assert.match(earlier, /Make a file[\s\S]*Pushed[\s\S]*I made b2\.[\s\S]*Address it/);
    assert.doesNotMatch(earlier, /Not pushed/);
  });

  it('fails with what keeps the branch from being read, and a retry asks again', async () => {
    const { run, head } = await shipped();
    let isThere = false;
    const closed = new UserError({ code: 'github-failed', message: 'GitHub is away. Try again later.' });
    const { book, rounds, start } = await roundsOn(async () => {
      if (!isThere) throw closed;
      return head;
    });
    const unknown = await start(run.taskId, run.id);
    const problemOf = ({ runs: [first] }: typeof unknown.round) =>
      first?.state.status === 'failed' ? first.state.problem.code : first?.state.status;
    assert.equal(problemOf(unknown.round), 'not-found');
    book.addPullRequest(run.taskId, pullOf(run));
    const { round } = await start(run.taskId, run.id);
    assert.equal(problemOf(round), 'github-failed');
    isThere = true;
    rounds.retry(round.runs[0]?.id as RunId);
    await test.until(() => problemOf(book.round(round.id).round) === 'succeeded');
  });
});
