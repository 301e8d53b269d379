import assert from 'node:assert/strict';
import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileChange, FileMode, FileVersion, Run, RunId, Step } from '../../../src/core/domain.ts';
import { TaskBook } from '../../../src/core/engine/taskBook.ts';
import { UserError } from '../../../src/core/problem.ts';
import { TreeCopy } from '../../../src/core/workspace/treeCopy.ts';
import { quietTalk } from '../../support/quietTalk.ts';
import { call, type Script, TestEngine, writer } from '../../support/testEngine.ts';

/** A model that asks for all of this at once and then finishes. `heard` gets what it is told. */
function asking(calls: readonly (readonly [tool: string, args: object])[], heard: string[]): Script {
  return function* (request) {
    const last = request.turns.at(-1);
    if (last?.role === 'tool') {
      heard.push(...last.results.map((result) => result.content));
      yield call('finish', { summary: 'Done.' });
    } else {
      for (const [tool, args] of calls) yield call(tool, args);
    }
  };
}

const toolSteps = (run: Run | undefined) =>
  run?.steps.flatMap((step): Extract<Step, { type: 'tool' }>[] => (step.type === 'tool' ? [step] : [])) ?? [];

/** Every file below a folder with its content and mode. */
function contentsOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    files.map((path) => {
      const stats = lstatSync(join(folder, path));
      return [path, `${stats.mode} ${stats.isFile() ? readFileSync(join(folder, path), 'latin1') : ''}`];
    }),
  );
}

describe('a curious model', function () {
  this.timeout(30_000);
  let test: TestEngine;
  afterEach(() => test.dispose());

  const kinds: Readonly<Record<string, string>> = {
    '.env': 'forbidden path',
    '../x': 'outside the folder',
    '/etc/passwd': 'outside the folder',
    '.git/hooks/x': 'forbidden path',
    '.GIT/config': 'forbidden path',
    '.git::$INDEX_ALLOCATION/x': 'forbidden path',
    '.g\u200cit/x': 'forbidden path',
  };
  const tools: readonly (readonly [tool: string, args: (path: string) => object])[] = [
    ['read_file', (path) => ({ path })],
    ['list_files', (path) => ({ path })],
    ['search', (path) => ({ pattern: 'marked', glob: path })],
    ['write_file', (path) => ({ path, content: 'written by a model' })],
    ['edit_file', (path) => ({ path, oldText: 'marked', newText: 'changed' })],
    ['delete_file', (path) => ({ path })],
    ['move_file', (path) => ({ from: 'app.ts', to: path })],
    ['move_file', (path) => ({ from: path, to: 'taken.ts' })],
    ['apply_patch', (path) => ({ patch: `*** Begin Patch\n*** Add File: ${path}\n+written\n*** End Patch` })],
    ['apply_patch', (path) => ({ patch: `*** Begin Patch\n*** Delete File: ${path}\n*** End Patch` })],
  ];

  it('gets nowhere with any tool, is told why in a line each time, and goes on', async () => {
    const heard: string[] = [];
    const calls = Object.keys(kinds).flatMap((path) => tools.map(([tool, args]) => [tool, args(path)] as const));
    test = new TestEngine({ curious: asking(calls, heard) });
    test.git('init', '-q');
    test.write('.env', 'TOKEN=marked\n');
    test.write('.git/hooks/x', 'marked\n');
    writeFileSync(join(test.root, 'x'), 'marked\n');
    const before = contentsOf(test.folder);
    const [run] = test.runs(await test.round('Look around', ['curious']));
    assert.equal(run?.state.status, 'succeeded', JSON.stringify(run?.state));
    assert.deepEqual(
      toolSteps(run)
        .slice(0, -1)
        .map(({ tool, outcome, detail }) => [tool, outcome, detail]),
      Object.values(kinds).flatMap((kind) => tools.map(([tool]) => [tool, 'refused', kind])),
    );
    assert.equal(heard.length, calls.length);
    for (const line of heard) assert.ok(!/\n|marked|root:/.test(line), line);
    assert.deepEqual(run?.changes, []);
    assert.deepEqual(contentsOf(test.folder), before);
    assert.equal(readFileSync(join(test.root, 'x'), 'utf8'), 'marked\n');
  });

  it('is told the kind of every other refusal too', async () => {
    const calls: (readonly [string, object])[] = [
      ['write_file', { path: 'b/new.txt', content: 'x' }],
      ['write_file', { path: `a/${'x'.repeat(256)}`, content: 'x' }],
      ['write_file', { path: 'a/file.txt/new.txt', content: 'x' }],
      ['write_file', { path: 'a/large.txt', content: 'x'.repeat(2 * 1024 * 1024 + 1) }],
    ];
    test = new TestEngine({ curious: asking(calls, []) });
    test.write('a/file.txt', 'text\n');
    const [run] = test.runs(await test.round('Go', ['curious'], { scope: 'a' }));
    assert.deepEqual(
      toolSteps(run).map(({ outcome, detail }) => `${outcome}: ${detail}`),
      [
        'refused: outside the scope',
        'refused: not a possible name',
        'refused: in the way',
        'refused: too large',
        'ok: done',
      ],
    );
  });
});

describe('a patch that no tool could have made', function () {
  this.timeout(30_000);
  let test: TestEngine;
  const originalPatch = TreeCopy.prototype.patch;
  const originalCandidate = TaskBook.prototype.candidate;
  afterEach(async () => {
    TreeCopy.prototype.patch = originalPatch;
    TaskBook.prototype.candidate = originalCandidate;
    await test.dispose();
  });

  type Made = (blobs: Blobs) => FileChange;
  interface Blobs {
    readonly outside: FileVersion;
    readonly absolute: FileVersion;
    readonly inside: FileVersion;
  }
  const at = (version: FileVersion, path: string, mode: FileMode = '100644'): FileVersion => ({
    ...version,
    path,
    mode,
  });
  const cases: Readonly<Record<string, readonly [named: RegExp, made: Made]>> = {
    'adds a hook': [
      /"\.git\/hooks\/post-checkout" falls under the forbidden pattern "\.git"/,
      ({ inside }) => ({ kind: 'added', after: at(inside, '.git/hooks/post-checkout', '100755') }),
    ],
    'deletes a secret': [/"\.env" falls under/, ({ inside }) => ({ kind: 'deleted', base: at(inside, '.env') })],
    'renames a secret': [
      /"keys\/id\.pem" falls under/,
      ({ inside }) => ({ kind: 'renamed', base: at(inside, 'keys/id.pem'), after: at(inside, 'shown.txt') }),
    ],
    'renames out of the folder': [
      /"\.\.\/escaped" leads out of the folder/,
      ({ inside }) => ({ kind: 'renamed', base: at(inside, 'a.txt'), after: at(inside, '../escaped') }),
    ],
    'adds a submodule': [
      /"module" is a submodule/,
      ({ inside }) => ({ kind: 'added', after: at(inside, 'module', '160000') }),
    ],
    'removes a submodule': [
      /"module" is a submodule/,
      ({ inside }) => ({ kind: 'deleted', base: at(inside, 'module', '160000') }),
    ],
    'links out of the folder': [
      /"link" is a symbolic link that leads out/,
      ({ outside }) => ({ kind: 'added', after: at(outside, 'link', '120000') }),
    ],
    'makes a file a link to an absolute path': [
      /"a\.txt" is a symbolic link with an absolute target/,
      ({ inside, absolute }) => ({
        kind: 'modified',
        base: at(inside, 'a.txt'),
        after: at(absolute, 'a.txt', '120000'),
      }),
    ],
    'puts a link where git reads its settings': [
      /in the place of \.gitattributes/,
      ({ inside }) => ({ kind: 'added', after: at(inside, 'sub/.GitAttributes', '120000') }),
    ],
  };

  /** A run that leaves the targets of links as files; then the blobs are in the task's storage. */
  async function ranWell(): Promise<{ readonly id: RunId; readonly blobs: Blobs }> {
    const targets = { outside: '../../outside', absolute: '/etc/passwd', inside: 'README.md' };
    const calls = Object.entries(targets).map(([path, content]) => ['write_file', { path, content }] as const);
    test = new TestEngine({ a: asking(calls, []) });
    const [run] = test.runs(await test.round('Go', ['a']));
    assert.equal(run?.state.status, 'succeeded', JSON.stringify(run?.state));
    const find = (path: string) => run.changes.find(({ after }) => after?.path === path)?.after as FileVersion;
    return { id: run.id, blobs: { outside: find('outside'), absolute: find('absolute'), inside: find('inside') } };
  }

  const refusal = (named: RegExp) => (error: unknown) => {
    assert.ok(error instanceof UserError && error.problem.code === 'refused-by-policy', String(error));
    assert.match(error.problem.message, named);
    assert.match(error.problem.message, /Make it again without that, or choose another candidate\.$/);
    return true;
  };

  for (const [name, [named, made]] of Object.entries(cases)) {
    it(`fails the run, and can be neither applied nor proposed, when it ${name}`, async () => {
      const { id, blobs } = await ranWell();
      TaskBook.prototype.candidate = function (candidateId) {
        const found = originalCandidate.call(this, candidateId);
        return { ...found, candidate: { ...found.candidate, changes: [made(blobs)] } };
      };
      await assert.rejects(
        test.engine.planApply(id, async () => undefined),
        refusal(named),
      );
      const draft = { title: 'T', body: '' };
      const creating = test.engine.createPullRequest(id, draft, quietTalk());
      await assert.rejects(creating, refusal(named));

      TaskBook.prototype.candidate = originalCandidate;
      TreeCopy.prototype.patch = async function (signal) {
        const patch = await originalPatch.call(this, signal);
        return { ...patch, changes: [...patch.changes, made(blobs)] };
      };
      const { task } = test.engine.run(id);
      const [run] = test.runs(await test.round('Again', ['a'], { taskId: task.id }));
      assert.ok(run?.state.status === 'failed' && run.state.problem.code === 'refused-by-policy');
      assert.match(run.state.problem.message, named);
      assert.deepEqual([run.changes, run.tree, test.engine.patch(run.id)], [[], undefined, '']);
    });
  }

  it('is stopped by a rule that came after the run', async () => {
    const forbiddenPaths: string[] = [];
    test = new TestEngine({ a: writer('plans/next.md', 'x\n') });
    const { settings } = test.host;
    Object.assign(test.host, { settings: () => ({ ...settings(), forbiddenPaths }) });
    const [run] = test.runs(await test.round('Go', ['a']));
    const id = run?.id as RunId;
    const { edits } = await test.engine.planApply(id, async () => undefined);
    assert.deepEqual(
      edits.map(({ path }) => path),
      ['plans/next.md'],
    );
    forbiddenPaths.push('plans');
    await assert.rejects(
      test.engine.planApply(id, async () => undefined),
      refusal(/"plans\/next\.md" falls under the forbidden pattern "plans"/),
    );
  });
});
