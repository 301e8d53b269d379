import assert from 'node:assert/strict';
import type { FileChange, FileMode, FileVersion, ObjectName } from '../../../src/core/domain.ts';
import { editsOfResolution } from '../../../src/core/engine/applyConflict.ts';
import { type ApplyPlan, planApply } from '../../../src/core/engine/applyPlan.ts';
import type { FileState } from '../../../src/core/engine/fileState.ts';
import type { Changed } from '../../../src/core/engine/pathHistory.ts';
import { createPolicy } from '../../../src/core/policy/createPolicy.ts';
import type { TaskStorage } from '../../../src/core/workspace/workspace.ts';

/** A version of a file whose blob is named by its text. */
const version = (path: string, text: string, mode: FileMode = '100644'): FileVersion => ({
  path,
  mode,
  blob: text as ObjectName,
});
const added = (after: FileVersion): FileChange => ({ kind: 'added', after });
const modified = (base: FileVersion, after: FileVersion): FileChange => ({ kind: 'modified', base, after });

const storage = {
  readBlob: async (blob: ObjectName) => Buffer.from(blob),
  merge: async () => ({ merged: false }),
} as Partial<TaskStorage> as TaskStorage;

const patch: readonly FileChange[] = [
  modified(version('a.txt', 'a'), version('a.txt', 'A')),
  { kind: 'renamed', base: version('old.txt', 'moved'), after: version('src/new.txt', 'moved') },
  { kind: 'deleted', base: version('gone.txt', 'gone') },
  added(version('link', 'a.txt', '120000')),
];
const folder = { 'a.txt': 'a', 'old.txt': 'moved', 'gone.txt': 'gone' };

function plan(
  changes: readonly FileChange[],
  files: Readonly<Record<string, string | FileState>>,
  paths?: readonly string[],
  origins: readonly Changed[] = [],
): Promise<ApplyPlan> {
  return planApply({
    candidate: { changes },
    origins,
    paths,
    storage,
    policy: createPolicy({ forbidden: ['gone.txt'] }),
    readCurrent: async (path) => {
      const file = files[path];
      return typeof file === 'string' ? { bytes: Buffer.from(file), executable: false } : file;
    },
  });
}

async function inWords(planned: Promise<ApplyPlan>): Promise<readonly string[]> {
  const { edits, conflicts } = await planned;
  assert.deepEqual(conflicts, []);
  return edits.map((edit) => {
    const mode = 'executable' in edit ? ` ${edit.executable ? '+x' : '-x'}` : '';
    return `${edit.type} ${edit.path}${mode}`;
  });
}

describe('applying some files of a patch', () => {
  it('takes those and no others', async () => {
    assert.deepEqual(await inWords(plan(patch, folder, ['a.txt'])), ['write a.txt']);
  });

  it('takes a renamed file whole, by either of its names', async () => {
    for (const path of ['old.txt', 'src/new.txt']) {
      assert.deepEqual(await inWords(plan(patch, folder, [path])), ['delete old.txt', 'write src/new.txt']);
    }
  });

  it('asks the policy about those only, and refuses all where one is forbidden', async () => {
    await assert.rejects(plan(patch, folder, ['a.txt', 'gone.txt']), /forbidden pattern/);
    await assert.rejects(plan(patch, folder), /forbidden pattern/);
  });

  it('refuses a symbolic link, and tells that the rest can go without it', async () => {
    await assert.rejects(plan(patch, folder, ['a.txt', 'link']), /link is a symbolic link.*the other files without it/);
  });

  it('has nothing to do for paths that the patch does not have', async () => {
    await assert.rejects(plan(patch, folder, ['other.txt']), /nothing to ship/);
    await assert.rejects(plan(patch, folder, []), /nothing to ship/);
  });

  it('leaves what an earlier candidate left elsewhere', async () => {
    const origin = { changes: [modified(version('b.txt', 'b'), version('b.txt', 'B'))] };
    const now = { ...folder, 'b.txt': 'B' };
    const changes = patch.slice(0, 1);
    assert.deepEqual(await inWords(plan(changes, now, undefined, [origin])), ['write a.txt', 'write b.txt']);
    assert.deepEqual(await inWords(plan(changes, now, ['a.txt'], [origin])), ['write a.txt']);
  });
});

describe('the executable bit of an applied file', () => {
  const tool = version('tool', 'x');
  const made = version('tool', 'x', '100755');
  const file = (text: string, executable?: boolean): FileState => ({
    bytes: Buffer.from(text),
    ...(executable !== undefined && { executable }),
  });

  it('is set and cleared as the candidate has it', async () => {
    assert.deepEqual(await inWords(plan([modified(tool, made)], { tool: file('x', false) })), ['mode tool +x']);
    assert.deepEqual(await inWords(plan([modified(made, tool)], { tool: file('x', true) })), ['mode tool -x']);
    const changed = version('tool', 'y', '100755');
    assert.deepEqual(await inWords(plan([modified(tool, changed)], { tool: file('x', false) })), ['write tool +x']);
    assert.deepEqual(await inWords(plan([added(made)], {})), ['write tool +x']);
  });

  it('stays the user’s where the candidate left it alone', async () => {
    const changed = version('tool', 'y');
    assert.deepEqual(await inWords(plan([modified(tool, changed)], { tool: file('x', true) })), ['write tool']);
  });

  it('is nothing where the file system has no such bit, or has it already', async () => {
    assert.deepEqual(await inWords(plan([modified(tool, made)], { tool: file('x') })), []);
    assert.deepEqual(await inWords(plan([modified(tool, made)], { tool: file('x', true) })), []);
  });

  it('goes along with a moved file', async () => {
    const rename: FileChange = { kind: 'renamed', base: made, after: version('bin/tool', 'x', '100755') };
    assert.deepEqual(await inWords(plan([rename], { tool: file('x', true) })), ['delete tool', 'write bin/tool +x']);
  });
});

describe('a resolved conflict', () => {
  const moved: FileChange = { kind: 'renamed', base: version('old.txt', 'a'), after: version('new.txt', 'b') };

  it('keeps the user’s file where it is, takes the candidate’s, or has what was merged', async () => {
    const { edits, conflicts } = await plan([moved], { 'old.txt': 'mine' });
    assert.deepEqual(edits, []);
    const [conflict] = conflicts;
    assert.ok(conflict);
    assert.deepEqual([conflict.kind, conflict.path, conflict.source], ['both-changed', 'new.txt', 'old.txt']);
    assert.deepEqual(editsOfResolution(conflict, { take: 'mine' }), []);
    const taken = (bytes: Uint8Array) => [
      { type: 'delete', path: 'old.txt' },
      { type: 'write', path: 'new.txt', bytes, isNew: true },
    ];
    assert.deepEqual(editsOfResolution(conflict, { take: 'theirs' }), taken(Buffer.from('b')));
    const bytes = Buffer.from('both');
    assert.deepEqual(editsOfResolution(conflict, { take: 'text', bytes }), taken(bytes));
  });

  it('deletes what the candidate deleted, or makes what the user deleted', async () => {
    const deleted: FileChange = { kind: 'deleted', base: version('a.txt', 'a') };
    const [here] = (await plan([deleted], { 'a.txt': 'mine' })).conflicts;
    assert.ok(here);
    assert.equal(here.kind, 'deleted-there');
    assert.deepEqual(editsOfResolution(here, { take: 'theirs' }), [{ type: 'delete', path: 'a.txt' }]);
    const [there] = (await plan(patch.slice(0, 1), {})).conflicts;
    assert.ok(there);
    assert.equal(there.kind, 'deleted-here');
    assert.deepEqual(editsOfResolution(there, { take: 'theirs' }), [
      { type: 'write', path: 'a.txt', bytes: Buffer.from('A'), isNew: true },
    ]);
  });
});
