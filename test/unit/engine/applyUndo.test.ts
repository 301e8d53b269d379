import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CandidateId } from '../../../src/core/domain.ts';
import type { Apply } from '../../../src/core/engine/applies.ts';
import { Applies } from '../../../src/core/engine/applies.ts';
import type { AppliedFile, UndoStep } from '../../../src/core/engine/applyUndo.ts';
import type { FileState } from '../../../src/core/engine/fileState.ts';

const file = (text: string, more: Partial<FileState> = {}): FileState => ({ bytes: Buffer.from(text), ...more });
const lines = (...changes: readonly (readonly [number, string])[]) => {
  const all = Array.from({ length: 12 }, (_, index) => `line ${index}`);
  for (const [index, text] of changes) all[index] = text;
  return `${all.join('\n')}\n`;
};

describe('taking an apply back', () => {
  let storage: string;
  let applies: Applies;
  beforeEach(() => {
    storage = mkdtempSync(join(tmpdir(), 'dursor-applies-'));
    applies = new Applies(storage);
  });
  afterEach(() => rmSync(storage, { recursive: true, force: true }));

  const applyOf = (files: readonly AppliedFile[], folder = '/folder'): Apply =>
    applies.begin({
      folder,
      name: 'the patch of M',
      candidateId: 'run' as CandidateId,
      changes: [],
      files,
      newFolders: ['made'],
    });

  /** What becomes of one file that is now `current`. */
  async function stepOf(applied: Omit<AppliedFile, 'path'>, current: FileState | undefined): Promise<unknown> {
    const plan = await applies.planUndo(applyOf([{ path: 'a', ...applied }]), async () => current);
    if (plan.conflicts.length > 0) return 'conflict';
    const [step] = plan.steps;
    return step && inWords(step);
  }

  function inWords(step: UndoStep): unknown {
    if (step.type === 'merge') return `merge: ${Buffer.from(step.bytes)}`;
    const { state } = step;
    return state ? { ...state, bytes: Buffer.from(state.bytes).toString() } : 'no file';
  }

  it('puts back exactly what is as the apply left it', async () => {
    assert.deepEqual(await stepOf({ before: file('a\r\n'), after: file('b\n') }, file('b\n')), { bytes: 'a\r\n' });
    assert.equal(await stepOf({ before: undefined, after: file('b\n') }, file('b\n')), 'no file');
    assert.deepEqual(await stepOf({ before: file('\0\xff'), after: undefined }, undefined), { bytes: '\0\xff' });
    const unsaved = Buffer.from('unsaved\n');
    assert.deepEqual(await stepOf({ before: file('a\n', { unsaved }), after: file('b\n') }, file('b\n')), {
      bytes: 'a\n',
      unsaved,
    });
  });

  it('knows what of a candidate was applied to a folder, newest first', async () => {
    const of = (id: string, folder: string, appliedAt: number): Apply => ({
      ...applyOf([], folder),
      candidateId: id as CandidateId,
      appliedAt,
    });
    const [first, second] = [of('a', '/folder', 1), of('a', '/folder', 2)];
    for (const apply of [first, of('b', '/folder', 3), of('a', '/other', 4), second]) await applies.keep(apply);
    const known = async () => (await applies.ofCandidate('/folder', 'a' as CandidateId)).map(({ id }) => id);
    assert.deepEqual(await known(), [second.id, first.id]);
    await applies.forget(second);
    assert.deepEqual(await known(), [first.id]);
  });

  it('has nothing to do where everything is as it was before', async () => {
    assert.equal(await stepOf({ before: file('a\n'), after: file('b\n') }, file('a\n')), undefined);
    assert.equal(await stepOf({ before: undefined, after: file('b\n') }, undefined), undefined);
  });

  it('brings the disk back too where only the editor was undone', async () => {
    const current = file('b\n', { unsaved: Buffer.from('a\n') });
    assert.deepEqual(await stepOf({ before: file('a\n'), after: file('b\n') }, current), { bytes: 'a\n' });
  });

  it('puts back the executable bit, unless the user set it since', async () => {
    const before = file('a\n', { executable: false });
    const after = file('a\n', { executable: true });
    assert.deepEqual(await stepOf({ before, after }, after), { bytes: 'a\n', executable: false });
    const tool = { before: file('a\n', { executable: false }), after: file('b\n', { executable: false }) };
    assert.deepEqual(await stepOf(tool, file('b\n', { executable: true })), { bytes: 'a\n', executable: true });
  });

  it('takes only the apply’s change out of what the user changed since', async () => {
    const applied = { before: file(lines()), after: file(lines([2, 'theirs'])) };
    assert.equal(await stepOf(applied, file(lines([2, 'theirs'], [9, 'mine']))), `merge: ${lines([9, 'mine'])}`);
  });

  it('has nothing to do where it did it before, though the user changed more', async () => {
    const applied = { before: file(lines()), after: file(lines([2, 'theirs'])) };
    assert.equal(await stepOf(applied, file(lines([9, 'mine']))), undefined);
    assert.equal(await stepOf(applied, file(lines([9, 'mine']).replaceAll('\n', '\r\n'))), undefined);
    const tool = { before: file('a\n', { executable: false }), after: file('b\n', { executable: false }) };
    assert.equal(await stepOf(tool, file('a\n', { executable: true })), undefined);
    const unsaved = (text: string) => file('a\n', { unsaved: Buffer.from(text) });
    assert.equal(await stepOf({ before: unsaved('b\r\n'), after: unsaved('c\r\n') }, unsaved('b\n')), undefined);
  });

  it('leaves alone what it can’t take back without losing the user’s work', async () => {
    const applied = { before: file(lines()), after: file(lines([2, 'theirs'])) };
    assert.equal(await stepOf(applied, file(lines([2, 'mine']))), 'conflict');
    assert.equal(await stepOf(applied, undefined), 'conflict');
    assert.equal(await stepOf({ before: undefined, after: file('new\n') }, file('newer\n')), 'conflict');
    assert.equal(await stepOf({ before: file('gone\n'), after: undefined }, file('other\n')), 'conflict');
    assert.equal(await stepOf({ before: file('\0a'), after: file('\0b') }, file('\0c')), 'conflict');
  });

  it('is possible after a reload, with every byte', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const unsaved = Buffer.from('ü\r\n');
    const apply = applyOf([{ path: 'a', before: { bytes, unsaved, executable: true }, after: undefined }]);
    await applies.keep(apply);
    const found = await new Applies(storage).last(['/folder']);
    assert.ok(found);
    assert.deepEqual([found.id, found.newFolders], [apply.id, ['made']]);
    const { before, after } = found.files[0] ?? {};
    assert.ok(before?.unsaved);
    assert.deepEqual([Buffer.from(before.bytes), Buffer.from(before.unsaved)], [Buffer.from(bytes), unsaved]);
    assert.deepEqual([before.executable, after], [true, undefined]);
  });

  it('is for the folder it was applied to, last one first, and once', async () => {
    const [first, second] = [applyOf([]), { ...applyOf([]), appliedAt: Date.now() + 1 }];
    await applies.keep(first);
    await applies.keep(second);
    assert.equal(await applies.canUndo(['/other']), false);
    assert.equal(await applies.last(['/other'], first.id), undefined);
    assert.equal((await applies.last(['/folder', '/other']))?.id, second.id);
    assert.equal((await applies.last(['/folder'], first.id))?.id, first.id);
    await applies.forget(second);
    assert.equal((await applies.last(['/folder']))?.id, first.id);
    await applies.forget(first);
    assert.equal(await applies.canUndo(['/folder']), false);
  });

  it('keeps the last twenty, and what it keeps is for the user alone', async () => {
    for (let time = 1; time <= 25; time++) await applies.keep({ ...applyOf([]), appliedAt: time });
    const directory = join(storage, 'applies');
    const names = readdirSync(directory);
    assert.equal(names.length, 20);
    assert.equal((await applies.last(['/folder']))?.appliedAt, 25);
    assert.ok(!names.some((name) => name.includes('-00000000000005-')));
    if (process.platform !== 'win32') {
      for (const name of names) assert.equal(statSync(join(directory, name)).mode & 0o077, 0);
    }
  });

  it('passes over a record that can’t be read', async () => {
    const [first, second] = [applyOf([]), { ...applyOf([]), appliedAt: Date.now() + 1 }];
    await applies.keep(first);
    await applies.keep(second);
    const directory = join(storage, 'applies');
    const [name] = readdirSync(directory).filter((entry) => entry.includes(second.id));
    writeFileSync(join(directory, name ?? ''), '{"id"');
    assert.equal((await applies.last(['/folder']))?.id, first.id);
  });
});
