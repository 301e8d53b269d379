import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderLeft, persist, removeFolder } from '../../../src/core/workspace/removeFolder.ts';
import { problem } from './sandbox.ts';

const failure = (code: string) => Object.assign(new Error(code), { code });

describe('removing a folder', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'dursor-remove-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('takes everything in it, read-only files and folders too, and follows no link', async () => {
    const folder = join(root, 'folder');
    mkdirSync(join(folder, 'a', 'b'), { recursive: true });
    mkdirSync(join(root, 'outside'));
    writeFileSync(join(root, 'outside', 'kept'), '');
    writeFileSync(join(folder, 'a', 'b', 'file'), '');
    symlinkSync(join(root, 'outside'), join(folder, 'a', 'link'));
    chmodSync(join(folder, 'a', 'b', 'file'), 0o444);
    chmodSync(join(folder, 'a', 'b'), 0o555);
    chmodSync(join(folder, 'a'), 0o555);
    await removeFolder(folder);
    assert.deepEqual(readdirSync(root), ['outside']);
    assert.ok(existsSync(join(root, 'outside', 'kept')));
    await removeFolder(folder);
  });

  it('goes on with one whose removal was interrupted, and does it once for two that ask', async () => {
    mkdirSync(join(root, '.deleting-x', 'half'), { recursive: true });
    mkdirSync(join(root, 'whole', 'a'), { recursive: true });
    await Promise.all([
      removeFolder(join(root, '.deleting-x')),
      removeFolder(join(root, 'whole')),
      removeFolder(join(root, 'whole')),
    ]);
    assert.deepEqual(readdirSync(root), []);
  });

  it('says which folder is left', async () => {
    writeFileSync(join(root, 'file'), '');
    const path = join(root, 'file', 'folder');
    await assert.rejects(removeFolder(path), (error) => {
      assert.ok(error instanceof FolderLeft && error.path === path && error.message.includes(path));
      return problem('folder-in-use')(error);
    });
  });
});

describe('persisting', () => {
  const attempts = (...codes: string[]) => {
    const left = [...codes];
    return async () => {
      const code = left.shift();
      if (code) throw failure(code);
    };
  };

  it('tries again while a file is in use', async () => {
    await persist(attempts('EBUSY', 'EPERM', 'ENOTEMPTY', 'EACCES'), undefined, [0, 0, 0, 0]);
  });

  it('gives up when its patience is over, and at once on any other failure', async () => {
    await assert.rejects(persist(attempts('EBUSY', 'EBUSY', 'EBUSY'), undefined, [0, 0]), failure('EBUSY'));
    await assert.rejects(persist(attempts('ENOSPC'), undefined, [0, 0]), failure('ENOSPC'));
  });

  it('waits no longer when it is aborted', async () => {
    const controller = new AbortController();
    const waiting = persist(attempts('EBUSY'), controller.signal, [60_000]);
    controller.abort();
    await assert.rejects(waiting, { name: 'AbortError' });
  });

  it('names the file that another program uses', () => {
    const left = new FolderLeft('/folder', Object.assign(failure('EBUSY'), { path: '/folder/a.log' }));
    assert.match(left.message, /^The folder \/folder could not be removed: another program uses \/folder\/a\.log\./);
  });
});
