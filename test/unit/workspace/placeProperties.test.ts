import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { ObjectName } from '../../../src/core/domain.ts';
import { cleanEnvironment } from '../../../src/core/workspace/gitProcess.ts';
import type { Placement } from '../../../src/core/workspace/workspace.ts';
import { content, type Files, files, path, writeFiles } from './randomFiles.ts';
import { repositorySource } from './repositorySource.ts';
import { policy, Sandbox } from './sandbox.ts';

/** What one side did: the numbers say which of the base's files. */
const change = fc.oneof(
  fc.record({ type: fc.constantFrom('delete', 'extend'), at: fc.nat(7) }),
  fc.record({ type: fc.constant('move'), at: fc.nat(7), to: path }),
  fc.record({ type: fc.constant('write'), at: fc.nat(7), to: path, text: content }),
  fc.record({ type: fc.constant('begin'), at: fc.nat(7), text: fc.constantFrom('a new line\n', 'another\n') }),
);
type Change = Partial<{ readonly to: string; readonly text: string }> & { readonly type: string; readonly at: number };
const changes = fc.array(change, { minLength: 1, maxLength: 5 });

/** A case starts many processes, so there are few: `DURSOR_CASES=200` looks harder. */
describe('any commit of another repository', function () {
  this.timeout(600_000);

  it('is brought as it is, and a patch is put on it as git merges it', async () => {
    await fc.assert(
      fc.asyncProperty(files, changes, changes, async (made, ours, theirs) => {
        const box = new Sandbox();
        try {
          box.git('init', '-q');
          const base = withoutAttributes(made);
          const first = commit(box, base);
          const mine = commit(box, changed(base, ours));
          box.git('checkout', '-qf', '--detach', first);
          const other = commit(box, changed(base, theirs));
          box.git('branch', 'mine', mine);
          const upstream = join(box.root, 'upstream');
          box.git('clone', '-q', '--bare', box.folder, upstream);
          const clone = join(box.root, 'clone');
          box.gitIn(box.root, 'clone', '-q', '--no-local', '--single-branch', '-b', 'mine', box.folder, clone);
          box.gitIn(clone, 'checkout', '-qf', '--detach', first);

          const tree = box.gitIn(upstream, 'rev-parse', `${other}^{tree}`) as ObjectName;
          const request = { folder: clone, policy, commit: other };
          await box.task.takeSnapshot({ folder: clone, unsaved: [], policy });
          await box.task.bringTree(tree, repositorySource(upstream));
          const brought = await box.task.snapshotOfTree(tree, request);
          assert.equal(brought.tree, tree);

          const firstTree = box.gitIn(clone, 'rev-parse', `${first}^{tree}`) as ObjectName;
          const snapshot = await box.task.snapshotOfTree(firstTree, { ...request, commit: first });
          const mineTree = box.gitIn(clone, 'rev-parse', `${mine}^{tree}`) as ObjectName;
          const { text } = await (await box.task.openCopy(snapshot, mineTree, policy)).patch();
          const placement = await box.task.placePatch(snapshot, text, tree);
          assert.deepEqual(await outcomeOf(box, upstream, tree, placement), merged(box, mine, other));
        } finally {
          await box.dispose();
        }
      }),
      { numRuns: Number(process.env.DURSOR_CASES ?? 6) },
    );
  });
});

/** In the work tree, git heeds attributes of folders that it doesn't in a merge of trees. */
function withoutAttributes(made: Files): Files {
  return new Map([...made].map(([name, text]) => [name.replaceAll('.gitattributes', 'attributes'), text]));
}

function changed(base: Files, made: readonly Change[]): Files {
  const result = new Map(base);
  for (const { type, at, to = '', text = '' } of made) {
    const [name, old] = [...base][at % Math.max(1, base.size)] ?? ['', undefined];
    const target = to.replaceAll('.gitattributes', 'attributes');
    if (type === 'write') result.set(target, text);
    if (old === undefined) continue;
    if (type === 'delete' || type === 'move') result.delete(name);
    if (type === 'move') result.set(target, old);
    if (type === 'extend') result.set(name, `${old}one\nmore\n`);
    if (type === 'begin') result.set(name, `${text}${old}`);
  }
  return result;
}

/** Commits these files, and no others. */
function commit(box: Sandbox, made: Files): ObjectName {
  for (const name of readdirSync(box.folder)) {
    if (name !== '.git') rmSync(join(box.folder, name), { recursive: true });
  }
  writeFiles(box.folder, made);
  box.git('add', '-A', '-f');
  box.git('commit', '-qm', 'next', '--allow-empty');
  return box.git('rev-parse', 'HEAD') as ObjectName;
}

/** The tree that `git merge` makes of two commits, or `conflict`. */
function merged(box: Sandbox, mine: ObjectName, other: ObjectName): string {
  box.git('checkout', '-qf', '--detach', other);
  try {
    box.git('-c', 'merge.directoryRenames=false', 'merge', '-q', '--no-edit', mine);
  } catch {
    return 'conflict';
  }
  return box.git('rev-parse', 'HEAD^{tree}');
}

/** The tree that a placement makes of the one it is for, or `conflict`. */
async function outcomeOf(box: Sandbox, folder: string, tree: ObjectName, placement: Placement): Promise<string> {
  if (!placement.placed) {
    assert.ok(placement.conflicts.length > 0);
    return 'conflict';
  }
  const git = (args: readonly string[], input: string | Uint8Array = '') => {
    const env = { ...cleanEnvironment(), GIT_INDEX_FILE: join(box.root, 'placed') };
    return execFileSync('git', args, { cwd: folder, env, input }).toString().trim();
  };
  git(['read-tree', tree]);
  const lines = placement.changes
    .toSorted((a, b) => Number(a.version !== undefined) - Number(b.version !== undefined))
    .map(({ path, version }) => {
      const blob = version && git(['hash-object', '-w', '--no-filters', '--stdin'], version.bytes);
      return `${version?.mode ?? 0} ${blob ?? '0'.repeat(40)}\t${path}\0`;
    });
  git(['update-index', '-z', '--index-info'], lines.join(''));
  return git(['write-tree']);
}
