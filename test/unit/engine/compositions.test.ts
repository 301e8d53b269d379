import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Composition } from '../../../src/core/composition.ts';
import type { RoundId, RunId } from '../../../src/core/domain.ts';
import type { TakenPart } from '../../../src/core/engine/composing.ts';
import { Engine } from '../../../src/core/engine.ts';
import { UserError } from '../../../src/core/problem.ts';
import { Store } from '../../../src/core/store/store.ts';
import { githubToken, startGitHub } from '../../support/github.ts';
import { quietTalk } from '../../support/quietTalk.ts';
import { call, type Script, TestEngine } from '../../support/testEngine.ts';
import { noise } from '../secrets/fakeSecrets.ts';

const base = Array.from({ length: 30 }, (_, index) => `line ${index + 1}\n`);
const a = changed({ 2: 'a two', 15: 'a fifteen' });
const b = changed({ 2: 'b two', 28: 'b last' });

describe('compositions', function () {
  this.timeout(30_000);
  let test: TestEngine;
  let roundId: RoundId;
  let first: RunId;
  let second: RunId;
  let settings: Partial<ReturnType<TestEngine['host']['settings']>>;
  beforeEach(async () => {
    settings = {};
    await make({ a: writes({ 'x.txt': a, 'a.txt': 'a\n' }), b: writes({ 'x.txt': b, 'b.txt': 'b\n' }) });
  });
  afterEach(() => test.dispose());

  it('begin as the candidate that the first choice is from, and take places from others', async () => {
    assert.equal(open(), undefined);
    const begun = await take(region(1), first);
    assert.equal(begun.tree, test.engine.run(first).run.tree);
    assert.equal(begun.name, "A's");
    const made = await take(region(27), second);
    assert.equal(made.id, begun.id);
    assert.equal(await text(made, 'x.txt'), changed({ 2: 'a two', 15: 'a fifteen', 28: 'b last' }));
    assert.equal(made.name, "A's, with 1 place from B");
    assert.deepEqual(
      made.changes.map(({ kind, after, lines }) => [kind, after?.path, lines]),
      [
        ['added', 'a.txt', { added: 1, removed: 0 }],
        ['modified', 'x.txt', { added: 3, removed: 3 }],
      ],
    );
    assert.deepEqual(open(), made);
    assert.deepEqual((await test.engine.comparisons.of(roundId)).columns, [first, second, made.id]);
    await take(region(1), 'base');
    assert.match((await text(open(), 'x.txt')) ?? '', /^line 1\nline 2\n/);
  });

  it('begin as the chosen candidate when there is one', async () => {
    test.engine.chooseRun(roundId, second);
    const made = await take(region(14), first);
    assert.equal(await text(made, 'x.txt'), changed({ 2: 'b two', 15: 'a fifteen', 28: 'b last' }));
    assert.equal(await text(made, 'b.txt'), 'b\n');
    assert.equal(await text(made, 'a.txt'), '');
    await take({ type: 'file', key: 'a.txt' }, first);
    await take({ type: 'file', key: 'b.txt' }, 'base');
    assert.deepEqual(paths(open()), ['a.txt', 'x.txt']);
    await take({ type: 'all' }, first);
    assert.equal(open()?.tree, test.engine.run(first).run.tree);
    await take({ type: 'all' }, 'base');
    assert.deepEqual(
      [open()?.files, open()?.changes, open()?.tree],
      [[], [], test.engine.round(roundId).round.snapshot?.tree],
    );
  });

  it('are candidates: shown, applied, proposed and made into folders as runs are', async () => {
    await take(region(1), first);
    const { id } = await take(region(27), second);
    assert.equal(test.engine.candidate(id).candidate.id, id);
    assert.match(test.engine.patch(id), /^diff --git a\/a\.txt b\/a\.txt(.|\n)*\+b last\n/);
    const { edits, conflicts } = await test.engine.planApply(id, async () => undefined);
    assert.equal(conflicts.length, 1, 'nobody has x.txt');
    assert.deepEqual(
      edits.map(({ path }) => path),
      ['a.txt'],
    );
    const { body } = await test.engine.proposePullRequest(id);
    assert.match(body, /Put together with dursor: A's, with 1 place from B\./);
    assert.deepEqual(await test.engine.secretsInPatch(id), []);
    const { folder } = await test.engine.folders.open(id, () => {}, new AbortController().signal);
    assert.match(folder, /your-composition$/);
    const report = await test.engine.disk.measure(() => {}, new AbortController().signal);
    assert.equal(report.tasks[0]?.runFolders[0]?.runId, id);

    test.engine.compositions.discard(id);
    const after = await test.engine.disk.measure(() => {}, new AbortController().signal);
    assert.deepEqual(after.tasks[0]?.runFolders, []);
    await test.engine.folders.removeLeftovers(new AbortController().signal);
    assert.deepEqual(await test.engine.folders.list(), []);
  });

  it('are gone on from as runs are: the same base, and their tree to start with', async () => {
    await take(region(1), first);
    const { id, tree, taskId } = await take(region(27), second);
    const seen: string[] = [];
    follow = (request) => {
      seen.push(JSON.stringify(request.turns));
      return call('write_file', { path: 'more.txt', content: 'more\n' });
    };
    const nextId = await test.round('Go on', ['more'], { taskId, start: { from: 'run', runId: id } });
    const { task, round } = test.engine.round(nextId);
    assert.equal(task.rounds[0]?.chosenRunId, id);
    assert.equal(round.snapshot?.tree, task.rounds[0]?.snapshot?.tree);
    assert.deepEqual(paths(round.runs[0]), ['a.txt', 'more.txt', 'x.txt']);
    assert.match(seen[0] ?? '', /A's, with 1 place from B/);
    assert.match(test.engine.patch(round.runs[0]?.id as RunId), /\+b last\n/);

    assert.equal(open(), undefined, 'it stays as it is');
    assert.throws(() => test.engine.compositions.discard(id), problem(/stays as it is/));
    await assert.rejects(test.engine.compositions.edit(id, 'x.txt', 'mine\n'), problem(/stays as it is/));
    const other = await take(region(14), 'base');
    assert.notEqual(other.id, id);
    assert.equal(await text(other, 'x.txt'), changed({ 2: 'a two', 28: 'b last' }), 'it begins as the chosen one');
    assert.equal(test.engine.candidate(id).candidate.tree, tree);
  });

  it('are taken back choice by choice', async () => {
    assert.equal(test.engine.compositions.canUndo(roundId), false);
    const begun = await take(region(1), first);
    await take(region(27), second);
    await take(region(27), second);
    await test.engine.compositions.edit(begun.id, 'a.txt', 'typed\n');
    assert.equal(open()?.name, "A's, with 1 place from B and 1 by hand");
    await test.engine.compositions.undo(roundId);
    assert.equal(await text(open(), 'a.txt'), 'a\n');
    await test.engine.compositions.undo(roundId);
    assert.deepEqual(open()?.files, begun.files, 'a choice that changes nothing is none');
    assert.equal(open()?.tree, begun.tree);
    await test.engine.compositions.undo(roundId);
    assert.equal(open(), undefined);
    assert.equal(test.engine.compositions.canUndo(roundId), false);
    await test.engine.compositions.undo(roundId);
  });

  it('are changed by hand, unless a rule forbids it: then nothing happens', async () => {
    const { id } = await take({ type: 'all' }, first);
    const typed = `\ufeff${a.replace('line 7\n', 'mine\r\n')}no end`;
    const made = await test.engine.compositions.edit(id, 'x.txt', typed);
    assert.equal(await text(made, 'x.txt'), typed);
    assert.equal(made.name, "A's, with 3 places by hand");
    settings = { forbiddenPaths: ['x.txt'] };
    await assert.rejects(test.engine.compositions.edit(id, 'x.txt', 'worse\n'), problem(/not allowed.*x\.txt/s));
    await assert.rejects(take(region(27), second), problem(/not allowed/));
    assert.deepEqual(open(), made);
    settings = {};
    await test.engine.compositions.edit(id, 'b.txt', 'a file that is not in it\n');
    assert.equal(await text(open(), 'b.txt'), 'a file that is not in it\n');
  });

  it('tell of the secrets in them, and are not shipped with them unasked', async () => {
    await test.dispose();
    const token = `ghp_${noise(36)}`;
    await make({ a: writes({ 'x.txt': a }), b: writes({ 'x.txt': a.replace('line 28', token) }) });
    await take({ type: 'all' }, first);
    assert.deepEqual(open()?.secretsInPatch, []);
    const { id } = await take(region(27), second);
    assert.deepEqual(open()?.secretsInPatch, [{ path: 'x.txt', line: 28, kind: 'GitHub token' }]);
    const draft = { title: 'T', body: 'B' };
    const { signal } = new AbortController();
    await assert.rejects(
      test.engine.createPullRequest(id, draft, quietTalk({}, signal)),
      problem(/has a secret in it/),
    );
  });

  it('are frozen by their pull request, and wait while it is being opened', async () => {
    const { id, taskId } = await take({ type: 'all' }, first);
    const opening = test.engine.createPullRequest(id, { title: 'T', body: 'B' }, quietTalk());
    await assert.rejects(take(region(27), second), problem(/being opened/));
    assert.throws(() => test.engine.compositions.discard(id), problem(/being opened/));
    await assert.rejects(opening, problem(/remotes/));
    const store = new Store(join(test.storage, 'dursor.sqlite'));
    const pull = { number: 1, url: 'https://x/1', branch: 'b', base: 'main', title: 'T', createdAt: 1 };
    store.pullRequests.save(taskId, { ...pull, runId: id });
    store.close();
    await assert.rejects(test.engine.compositions.edit(id, 'x.txt', 'mine\n'), problem(/stays as it is/));
    assert.notEqual((await take(region(27), second)).id, id);
    assert.equal(test.engine.round(roundId).round.compositions.length, 2);
  });

  it('are shipped as they were, whatever another window makes of them meanwhile', async () => {
    const github = await startGitHub(test.folder);
    const other = new Engine(test.host);
    try {
      settings = { gitHubApiUrl: github.url };
      test.git('remote', 'add', 'origin', 'https://github.com/octocat/upload-queue.git');
      for (const change of [
        ({ id }: Composition) => other.compositions.edit(id, 'x.txt', 'typed\n'),
        async ({ id }: Composition) => other.compositions.discard(id),
      ]) {
        const shipped = await take({ type: 'all' }, first);
        const patch = test.engine.patch(shipped.id);
        const gitHubAuth = async () => {
          await change(shipped);
          return { type: 'token', token: async () => githubToken } as const;
        };
        Object.assign(test.host, { gitHubAuth });
        const draft = { title: 'T', body: 'B' };
        const pull = await test.engine.createPullRequest(shipped.id, draft, quietTalk());
        assert.equal(pull.runId, shipped.id);
        const { candidate } = test.engine.candidate(shipped.id);
        assert.deepEqual([candidate.tree, candidate.changes], [shipped.tree, shipped.changes]);
        assert.equal(test.engine.patch(shipped.id), patch);
        if (!open()) continue;
        assert.notEqual(open()?.id, shipped.id);
        assert.equal(await text(open(), 'x.txt'), 'typed\n');
        await other.compositions.undo(roundId);
        assert.equal(other.compositions.open(roundId)?.tree, shipped.tree);
      }
      assert.equal(test.engine.round(roundId).task.pullRequests.length, 2);
    } finally {
      await other.dispose();
      await github.stop();
    }
  });

  it('take the choices of two windows made at once, and undo only their own', async () => {
    const other = new Engine(test.host);
    try {
      await take(region(1), first);
      const choose = (engine: Engine, part: TakenPart, from: RunId) => engine.compositions.take(roundId, part, from);
      await Promise.all([
        choose(test.engine, region(27), second),
        choose(other, region(1), second),
        choose(test.engine, { type: 'file', key: 'b.txt' }, second),
        other.compositions.take(roundId, region(14), 'base'),
      ]);
      await test.until(() => other.compositions.open(roundId)?.updatedAt === open()?.updatedAt);
      assert.equal(await text(open(), 'x.txt'), changed({ 2: 'b two', 28: 'b last' }));
      assert.equal(await text(open(), 'b.txt'), 'b\n');
      assert.equal(test.engine.round(roundId).round.compositions.length, 1);

      await choose(other, region(14), first);
      await test.engine.compositions.undo(roundId);
      assert.equal(test.engine.compositions.canUndo(roundId), false, 'the last choice is the other window’s');
      assert.equal(await text(open(), 'x.txt'), changed({ 2: 'b two', 15: 'a fifteen', 28: 'b last' }));
      await other.compositions.undo(roundId);
      await test.until(() => other.compositions.open(roundId)?.updatedAt === open()?.updatedAt);
      assert.equal(await text(open(), 'x.txt'), changed({ 2: 'b two', 28: 'b last' }));
    } finally {
      await other.dispose();
    }
  });

  it('begin once when two windows begin at once', async () => {
    const other = new Engine(test.host);
    try {
      await Promise.all([
        test.engine.compositions.take(roundId, region(27), first),
        other.compositions.take(roundId, region(1), second),
      ]);
      await other.compositions.take(roundId, { type: 'file', key: 'a.txt' }, first);
      assert.equal(other.round(roundId).round.compositions.length, 1);
      await test.until(() => open()?.files.length === other.compositions.open(roundId)?.files.length);
    } finally {
      await other.dispose();
    }
  });

  it('are there when the window was closed and the repository is gone', async () => {
    const made = await take(region(27), second);
    const patch = test.engine.patch(made.id);
    await test.engine.dispose();
    rmSync(join(test.folder, '.git'), { recursive: true });
    test.engine = new Engine(test.host);
    assert.deepEqual(open(), made);
    assert.equal(test.engine.patch(made.id), patch);
    for (const { base: before, after } of made.changes) {
      for (const version of [before, after]) if (version) await test.engine.readBlob(made.id, version.blob);
    }
    assert.equal(await text(made, 'x.txt'), b);
  });

  it('are discarded, and are then nobody’s choice', async () => {
    const { id, taskId } = await take({ type: 'all' }, first);
    test.engine.chooseRun(roundId, id);
    test.engine.compositions.discard(id);
    assert.deepEqual(test.engine.round(roundId).round.compositions, []);
    assert.equal(test.engine.round(roundId).round.chosenRunId, undefined);
    assert.throws(() => test.engine.candidate(id), problem(/no longer there/));
    assert.throws(() => test.engine.compositions.discard(id), problem(/no longer there/));
    await take({ type: 'all' }, second);
    await test.engine.deleteTask(taskId);
    await assert.rejects(take({ type: 'all' }, second), problem(/no longer there/));
  });

  it('are not made when it is canceled, or of what is no longer there', async () => {
    const canceled = AbortSignal.abort(new Error('canceled'));
    await assert.rejects(test.engine.compositions.take(roundId, { type: 'all' }, first, canceled), /canceled/);
    await assert.rejects(take(region(3), first), problem(/Nothing was taken/));
    await assert.rejects(take({ type: 'all' }, 'gone' as RunId), problem(/Nothing was taken/));
    assert.equal(open(), undefined);
    const leaving = take({ type: 'all' }, first);
    leaving.catch(() => {});
    await test.engine.dispose();
    await assert.rejects(leaving, { name: 'AbortError' });
    test.engine = new Engine(test.host);
    assert.equal(open(), undefined);
  });

  it('stay when a run that they took from is done again', async () => {
    await test.dispose();
    let attempts = 0;
    await make({
      a: writes({ 'x.txt': a }),
      b: function* (request, signal) {
        if (request.turns.some((turn) => turn.role === 'tool')) {
          if (attempts++ === 0) throw new Error('a bug in an adapter');
          yield call('finish', { summary: 'Done.' });
        } else
          yield* writes({ 'x.txt': attempts === 0 ? b : `${base.join('')}else\n` })(request, signal) as Iterable<never>;
      },
    });
    await take({ type: 'all' }, first);
    const made = await take(region(27), second);
    test.engine.retryRun(second);
    await test.ended(roundId);
    assert.deepEqual(open(), made);
    const { columns, files } = await test.engine.comparisons.of(roundId);
    assert.deepEqual(columns, [first, second, made.id]);
    assert.equal(files[0]?.regions.length, 4);
    assert.equal(await text(await take(region(1), 'base'), 'x.txt'), changed({ 15: 'a fifteen', 28: 'b last' }));
  });

  /** What the model of a second round does. */
  let follow: (request: Parameters<Script>[0]) => ReturnType<typeof call>;

  async function make(scripts: Record<string, Script>): Promise<void> {
    test = new TestEngine({
      ...scripts,
      more: function* (request) {
        if (request.turns.some((turn) => turn.role === 'tool')) yield call('finish', { summary: 'Done.' });
        else yield follow(request);
      },
    });
    const { settings: usual } = test.host;
    Object.assign(test.host, { settings: () => ({ ...usual(), ...settings }) });
    test.write('x.txt', base.join(''));
    test.git('init', '-q');
    test.git('add', '.');
    test.git('commit', '-qm', 'first');
    roundId = await test.round('Go', ['a', 'b']);
    const [one, two] = test.runs(roundId);
    first = one?.id as RunId;
    second = two?.id as RunId;
  }

  function open(): Composition | undefined {
    return test.engine.compositions.open(roundId);
  }

  function take(part: TakenPart, from: 'base' | RunId): Promise<Composition> {
    return test.engine.compositions.take(roundId, part, from);
  }

  async function text(composition: Composition | undefined, key: string): Promise<string> {
    assert.ok(composition);
    return test.engine.compositions.text(composition.id, key);
  }
});

function region(start: number): TakenPart {
  return { type: 'region', key: 'x.txt', start, length: 1 };
}

/** The base with other lines, by their numbers from 1. */
function changed(replaced: Readonly<Record<number, string>>): string {
  return base.map((line, index) => (replaced[index + 1] === undefined ? line : `${replaced[index + 1]}\n`)).join('');
}

/** A model that writes these files and finishes. */
function writes(files: Readonly<Record<string, string>>): Script {
  return function* (request) {
    if (request.turns.some((turn) => turn.role === 'tool')) yield call('finish', { summary: 'Done.' });
    else for (const [path, content] of Object.entries(files)) yield call('write_file', { path, content });
  };
}

function paths(candidate: Pick<Composition, 'changes'> | undefined): readonly (string | undefined)[] {
  return candidate?.changes.map(({ after }) => after?.path) ?? [];
}

function problem(words: RegExp): (error: unknown) => boolean {
  return (error) => {
    if (!(error instanceof UserError) || !words.test(error.message)) throw error;
    return true;
  };
}
