import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { ObjectName, Snapshot } from '../../../src/core/domain.ts';
import { policy, problem, Sandbox } from './sandbox.ts';

/** Every file and link below a folder, by the bytes of its path: what it is, and what is in it. */
function filesBelow(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (path: Buffer, name: string) => {
    for (const entry of readdirSync(path, { withFileTypes: true, encoding: 'buffer' })) {
      const child = Buffer.concat([path, Buffer.from('/'), entry.name]);
      const childName = `${name}${entry.name.toString('latin1')}`;
      if (childName === '.git') continue;
      if (entry.isSymbolicLink()) found[childName] = `link to ${readlinkSync(child)}`;
      else if (entry.isDirectory()) visit(child, `${childName}/`);
      else found[childName] = `${(lstatSync(child).mode & 0o111) > 0 ? 'x' : '-'} ${readFileSync(child, 'latin1')}`;
    }
  };
  visit(Buffer.from(folder), '');
  return found;
}

describe('materialise', function () {
  this.timeout(30_000);
  let box: Sandbox;
  let destination: string;
  beforeEach(() => {
    box = new Sandbox();
    destination = join(box.root, 'folders', 'ws');
    mkdirSync(join(box.root, 'folders'));
  });
  afterEach(() => box.dispose());

  async function materialise(snapshot: Snapshot, tree: ObjectName = snapshot.tree, signal?: AbortSignal) {
    const include = { patterns: [], by: 'copy', policy } as const;
    return box.task.materialise({ snapshot, tree, destination, include }, signal);
  }
  const made = () => filesBelow(destination);
  const nothingIsLeft = () => assert.deepEqual(readdirSync(join(box.root, 'folders')), []);

  it('gives the same files as the folder has, of every kind and name', async () => {
    box.commit({ 'run.sh': '#!/bin/sh\n', 'd/deep/x.bin': Buffer.from([0, 255, 13, 10]), 'empty.txt': '', gone: '1' });
    chmodSync(join(box.folder, 'run.sh'), 0o755);
    const odd = ['with space', '"quoted"', "it's", 'line\nbreak', 'back\\slash', '-dash', 'ünïcödé', ':(top)', '*'];
    box.write(Object.fromEntries(odd.map((name) => [`odd/${name}`, name])));
    const bytes = Buffer.concat([Buffer.from(`${box.folder}/odd/`), Buffer.from([0x66, 0xff, 0xfe])]);
    writeFileSync(bytes, 'not UTF-8');
    symlinkSync('run.sh', join(box.folder, 'link'));
    symlinkSync('../outside', join(box.folder, 'dangling'));
    unlinkSync(join(box.folder, 'gone'));
    await materialise(await box.snapshot());
    assert.deepEqual(made(), filesBelow(box.folder));
    assert.equal(made()['odd/f\xff\xfe'], '- not UTF-8');
    assert.equal(made()['run.sh'], 'x #!/bin/sh\n');
    assert.deepEqual(readdirSync(join(box.root, 'folders')), ['ws']);
  });

  it('leaves every byte and every time in the folder and its .git as they were', async () => {
    box.commit({ a: 'one', 'b/c': 'two', '.gitignore': 'node_modules\n', 'sub/app/x': 'x\n' });
    box.git('gc', '-q');
    box.write({ a: 'changed', new: 'two', 'node_modules/m/index.js': 'm', 'sub/app/y': 'y' });
    for (const [path] of box.fingerprint()) {
      if (!path.endsWith('/.git/index')) utimesSync(path, 1_600_000_000, 1_600_000_000);
    }
    const before = box.fingerprint();
    const snapshot = await box.snapshot();
    const include = { patterns: ['node_modules'], by: 'copy', policy } as const;
    await box.task.materialise({ snapshot, tree: snapshot.tree, destination, include });
    assert.ok(existsSync(join(destination, 'node_modules/m/index.js')));
    assert.deepEqual(box.fingerprint(), before);
  });

  it('gives what a run made of it', async () => {
    box.commit({ a: '1', b: '2', 'd/e': '3' });
    const snapshot = await box.snapshot();
    const copy = await box.copy(snapshot);
    await copy.write('a', Buffer.from('changed'));
    await copy.write('new/file', Buffer.from('new'));
    await copy.delete('d/e');
    const { tree } = await copy.patch();
    await materialise(snapshot, tree);
    assert.deepEqual(made(), { a: '- changed', b: '- 2', 'new/file': '- new' });
  });

  it('has the line endings and runs the filters of the user as a checkout would', async () => {
    box.userConfig('[core]\n\tautocrlf = true\n[filter "up"]\n\tclean = tr a-z A-Z\n\tsmudge = tr A-Z a-z\n');
    box.commit({
      '.gitattributes': '.gitattributes eol=lf\n*.up filter=up\n*.unix eol=lf\n*.dos eol=crlf\n*.bin -text\n',
      'text.txt': 'a\r\nb\r\n',
      'x.up': 'why\r\n',
      'x.unix': 'u\n',
      'x.dos': 'd\r\n',
      'x.bin': 'b\r\nb\n',
    });
    box.write({ 'new.txt': 'n\r\n' });
    await materialise(await box.snapshot());
    assert.deepEqual(made(), filesBelow(box.folder));
    assert.equal(made()['x.up'], '- why\r\n');
  });

  it('holds to the attributes of the tree, not to those the folder has by now', async () => {
    box.commit({ '.gitattributes': '*.txt eol=crlf\n', 'a.txt': 'a\r\n' });
    const snapshot = await box.snapshot();
    box.write({ '.gitattributes': '*.txt eol=lf\n' });
    await materialise(snapshot);
    assert.equal(made()['a.txt'], '- a\r\n');
  });

  it('gives a sub-folder of a repository by itself, with the attributes of the folders above', async () => {
    box.commit({
      '.gitattributes': '*.crlf text eol=crlf\n',
      'packages/.gitattributes': 'app/*.special text eol=crlf\n',
      'packages/app/.gitattributes': '*.own text eol=crlf\n',
      'packages/app/a.crlf': 'a\r\n',
      'packages/app/b.special': 'b\r\n',
      'packages/app/c.own': 'c\r\n',
      'packages/app/d/e': 'e\n',
      'packages/other/o': 'o',
    });
    const folder = join(box.folder, 'packages', 'app');
    await materialise(await box.snapshot({}, folder));
    assert.deepEqual(made(), filesBelow(folder));
    assert.deepEqual(readdirSync(join(box.root, 'folders')), ['ws']);
  });

  it('works without Git, in a SHA-256 repository, for an empty folder and in a linked worktree', async () => {
    const check = async (folder: string) => {
      await materialise(await box.snapshot({}, folder));
      assert.deepEqual(made(), filesBelow(folder));
      rmSync(destination, { recursive: true });
      await box.dispose();
      box = new Sandbox();
      destination = join(box.root, 'folders', 'ws');
      mkdirSync(join(box.root, 'folders'));
    };
    box.write({ a: '1\r\n', 'd/b': '2' });
    await check(box.folder);

    await check(box.folder);

    box.git('init', '-q', '--object-format=sha256');
    box.write({ a: '1', 'd/b': '2' });
    box.git('add', '-A');
    box.git('commit', '-qm', 'first');
    box.write({ a: 'changed' });
    await check(box.folder);

    box.commit({ a: '1' });
    const linked = join(box.root, 'linked');
    box.git('worktree', 'add', '-q', linked);
    writeFileSync(join(linked, 'n'), 'new');
    const { '.git': _, ...files } = filesBelow(linked);
    await materialise(await box.snapshot({}, linked));
    assert.deepEqual(made(), files);
  });

  it('makes an empty folder of a submodule', async () => {
    box.commit({ a: '1' });
    const inner = join(box.folder, 'inner');
    mkdirSync(inner);
    box.gitIn(inner, 'init', '-q');
    writeFileSync(join(inner, 'f'), 'f');
    box.gitIn(inner, 'add', '-A');
    box.gitIn(inner, 'commit', '-qm', 'inner');
    await materialise(await box.snapshot());
    assert.deepEqual(made(), { a: '- 1' });
    assert.deepEqual(readdirSync(join(destination, 'inner')), []);
  });

  it('runs no Git LFS, whatever its filter is called, and has the large files that are here already', async () => {
    const trace = join(box.root, 'lfs-ran');
    const content = 'a large file';
    const oid = createHash('sha256').update(content).digest('hex');
    const pointer = (name: string, size = content.length) =>
      `version https://git-lfs.github.com/spec/v1\noid sha256:${name}\nsize ${size}\n`;
    box.commit({
      '.gitattributes': '*.psd filter=lfs -text\n*.other filter=my-lfs -text\n',
      'app/here.psd': pointer(oid),
      'app/here.other': pointer(oid),
      'app/run.psd': pointer(oid),
      'app/elsewhere.psd': pointer('0'.repeat(64)),
      'app/wrong.psd': pointer(oid, 7),
      'app/empty.psd': '',
      'app/not-lfs.txt': pointer(oid),
    });
    chmodSync(join(box.folder, 'app/run.psd'), 0o755);
    const kept = join(box.folder, '.git', 'lfs', 'objects', oid.slice(0, 2), oid.slice(2, 4));
    mkdirSync(kept, { recursive: true });
    writeFileSync(join(kept, oid), content, { mode: 0o444 });
    const snapshot = await box.snapshot({}, join(box.folder, 'app'));
    box.userConfig(
      ['lfs', 'my-lfs']
        .map((name) => `[filter "${name}"]\n\trequired = true\n\tsmudge = "touch '${trace}'; cat; : git-lfs smudge"\n`)
        .join(''),
    );
    const before = box.fingerprint();
    const { skipped } = await materialise(snapshot);
    assert.deepEqual(made(), {
      'elsewhere.psd': `- ${pointer('0'.repeat(64))}`,
      'empty.psd': '- ',
      'here.other': `- ${content}`,
      'here.psd': `- ${content}`,
      'not-lfs.txt': `- ${pointer(oid)}`,
      'run.psd': `x ${content}`,
      'wrong.psd': `- ${pointer(oid, 7)}`,
    });
    assert.deepEqual(
      skipped.map(({ path }) => path),
      ['elsewhere.psd', 'wrong.psd'],
    );
    writeFileSync(join(destination, 'here.psd'), 'may be written');
    assert.deepEqual(box.fingerprint(), before);
    assert.ok(!existsSync(trace));
  });

  it('does without the repository once its folder is gone, when the objects are the task’s own', async () => {
    box.userConfig('[filter "up"]\n\tclean = tr a-z A-Z\n\tsmudge = tr A-Z a-z\n');
    box.git('init', '-q');
    box.write({ 'x.up': 'x', 'x.dos': 'a\r\n', '.gitattributes': '*.up filter=up\n*.dos eol=crlf\n' });
    const snapshot = await box.snapshot();
    rmSync(box.folder, { recursive: true });
    await materialise(snapshot);
    assert.deepEqual(made(), {
      '.gitattributes': '- *.up filter=up\n*.dos eol=crlf\n',
      'x.dos': '- a\r\n',
      'x.up': '- X',
    });
  });

  it('says so when the files are gone with the repository, and leaves nothing', async () => {
    box.commit({ a: '1', b: '2' });
    const snapshot = await box.snapshot();
    renameSync(box.folder, join(box.root, 'moved'));
    await assert.rejects(materialise(snapshot), problem('folder-failed', /gone.*new round/));
    nothingIsLeft();
  });

  it('leaves nothing when a filter fails or the run is aborted meanwhile', async () => {
    box.commit({ '.gitattributes': '*.x filter=x\n', 'a.x': 'a', b: 'b' });
    const snapshot = await box.snapshot();
    box.userConfig('[filter "x"]\n\tsmudge = false\n\trequired = true\n');
    await assert.rejects(materialise(snapshot), problem('folder-failed', /Git could not write the files/));
    nothingIsLeft();

    const started = join(box.root, 'started');
    box.userConfig(`[filter "x"]\n\tsmudge = "touch '${started}'; sleep 20"\n`);
    const abort = new AbortController();
    const running = assert.rejects(materialise(snapshot, snapshot.tree, abort.signal), { name: 'AbortError' });
    while (!existsSync(started)) await new Promise((resolve) => setTimeout(resolve, 10));
    abort.abort();
    await running;
    nothingIsLeft();
  });

  it('refuses to put anything into the folder itself, and over something that is there', async () => {
    box.commit({ a: '1' });
    const snapshot = await box.snapshot();
    destination = join(box.folder, 'copy');
    await assert.rejects(materialise(snapshot), /inside the folder/);
    assert.deepEqual(readdirSync(box.folder), ['.git', 'a']);

    destination = join(box.root, 'folders', 'ws');
    mkdirSync(destination);
    writeFileSync(join(destination, 'mine'), 'mine');
    await assert.rejects(materialise(snapshot));
    assert.deepEqual(made(), { mine: '- mine' });
  });
});
