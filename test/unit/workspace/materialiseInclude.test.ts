import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createPolicy } from '../../../src/core/policy/createPolicy.ts';
import type { IncludeRequest } from '../../../src/core/workspace/materialise.ts';
import { Sandbox } from './sandbox.ts';

describe('materialise with ignored things', function () {
  this.timeout(30_000);
  let box: Sandbox;
  let destination: string;
  beforeEach(() => {
    box = new Sandbox();
    destination = join(box.root, 'folders', 'ws');
    mkdirSync(join(box.root, 'folders'));
  });
  afterEach(() => box.dispose());

  async function materialise(patterns: readonly string[], more: Partial<IncludeRequest> = {}, folder = box.folder) {
    const snapshot = await box.snapshot({}, folder);
    const include = { patterns, by: 'copy', policy: createPolicy({}), ...more } as const;
    return box.task.materialise({ snapshot, tree: snapshot.tree, destination, include });
  }
  const at = (path: string) => join(destination, path);
  const read = (path: string) => readFileSync(at(path), 'utf8');
  const skippedPaths = ({ skipped }: { readonly skipped: readonly { readonly path: string }[] }) =>
    skipped.map(({ path }) => path);

  it('brings what matches and is ignored, and nothing else', async () => {
    box.commit({ '.gitignore': 'node_modules\ndist/\n*.log\n/cache/x\n', 'packages/a/index.ts': 'a' });
    box.write({
      'node_modules/m/index.js': 'm',
      'packages/a/node_modules/n/index.js': 'n',
      'dist/out.js': 'o',
      'debug.log': 'd',
      'cache/x/1': '1',
      'cache/y': 'y',
      'untracked.txt': 'u',
    });
    const brought = await materialise(['node_modules', 'cache', 'untracked.txt']);
    assert.deepEqual(brought, { included: ['cache/x', 'node_modules', 'packages/a/node_modules'], skipped: [] });
    assert.equal(read('node_modules/m/index.js'), 'm');
    assert.equal(read('packages/a/node_modules/n/index.js'), 'n');
    assert.equal(read('cache/x/1'), '1');
    assert.equal(read('untracked.txt'), 'u', 'it is in the snapshot');
    assert.ok(!existsSync(at('dist')) && !existsSync(at('debug.log')));
  });

  it('heeds .worktreeinclude, which can also take patterns of the settings back', async () => {
    box.commit({ '.gitignore': 'node_modules\nvendor\n*.local\n', 'deep/down/tracked': 't' });
    box.write({
      'node_modules/m': 'm',
      'vendor/v': 'v',
      'app.local': 'l',
      'deep/down/app.local': 'l2',
      '.worktreeinclude': '# what we need\n\n*.local\r\n!vendor\n',
    });
    const { included } = await materialise(['node_modules', 'vendor']);
    assert.deepEqual(included, ['app.local', 'deep/down/app.local', 'node_modules']);
    assert.equal(read('deep/down/app.local'), 'l2');
  });

  it('never brings .env files by a wildcard or with their folder, only when they are named', async () => {
    box.commit({ '.gitignore': '.env*\nsecret*\nvendor\n*.pem\n', 'app/a': 'a' });
    const secrets = { '.env': 's', '.env.test': 't', '.envrc': 'r', 'app/.env': 'a', 'secret.key': 'k' };
    box.write({ ...secrets, 'vendor/.env': 'v', 'vendor/lib/x.pem': 'p', 'vendor/lib/ok': 'o', 'secrets.txt': 'x' });
    for (const patterns of [['*'], ['**'], ['.*', 'secret*', '*.key', '[.]env'], ['app/*', '?env', '/*']]) {
      const { included } = await materialise([...patterns, 'vendor']);
      assert.deepEqual(
        included.filter((path) => !['vendor', 'secrets.txt'].includes(path)),
        patterns[1] === 'secret*' ? ['secret.key'] : [],
        patterns.join(),
      );
      assert.deepEqual(readdirSync(at('vendor')), ['lib']);
      assert.deepEqual(readdirSync(at('vendor/lib')), ['ok']);
      rmSync(destination, { recursive: true });
    }
    const named = await materialise(['.env.test', '/app/.env', 'vendor']);
    assert.deepEqual(named.included, ['.env.test', 'app/.env', 'vendor']);
    assert.deepEqual(skippedPaths(named), ['vendor/.env', 'vendor/lib/x.pem']);
    rmSync(destination, { recursive: true });
    const all = await materialise(['.env*']);
    assert.deepEqual(all.included, ['.env', '.env.test', '.envrc', 'app/.env', 'vendor/.env']);
  });

  it('holds to the user’s own forbidden paths and leaves nested repositories’ .git behind, but not public certificates', async () => {
    box.commit({ '.gitignore': 'vendor\nhidden/cacert.pem\n', 'hidden/tracked': 't' });
    box.write({
      'vendor/lib/.git/config': 'c',
      'vendor/lib/a': 'a',
      'vendor/private/x': 'x',
      'vendor/cacert.pem': 'ca',
      'vendor/lib/private.key/cacert.pem': 'k',
      'hidden/cacert.pem': 'h',
    });
    const brought = await materialise(['vendor', '.git', 'hidden/*'], {
      policy: createPolicy({ forbidden: ['vendor/private/**', 'hidden'] }),
    });
    assert.deepEqual(brought.included, ['vendor']);
    assert.deepEqual(skippedPaths(brought).sort(), [
      'hidden/cacert.pem',
      'vendor/lib/.git',
      'vendor/lib/private.key',
      'vendor/private',
    ]);
    assert.deepEqual(readdirSync(at('vendor')).sort(), ['cacert.pem', 'lib']);
    assert.deepEqual(readdirSync(at('vendor/lib')), ['a']);
  });

  it('copies so that nothing written there is written here, with modes, times, links and odd names', async () => {
    box.commit({ '.gitignore': 'node_modules\n.venv\n', 'packages/p/index.js': 'p' });
    box.write({ 'node_modules/.bin/placeholder': '', 'node_modules/m/cli.js': 'c', 'node_modules/m/odd\n"name"': 'o' });
    const raw = Buffer.concat([Buffer.from(join(box.folder, 'node_modules/m/')), Buffer.from([0x66, 0xff])]);
    writeFileSync(raw, 'raw');
    chmodSync(join(box.folder, 'node_modules/m/cli.js'), 0o755);
    utimesSync(join(box.folder, 'node_modules/m/cli.js'), 1_600_000_000, 1_600_000_000);
    symlinkSync('../m/cli.js', join(box.folder, 'node_modules/.bin/cli'));
    symlinkSync('../packages/p', join(box.folder, 'node_modules/p'));
    symlinkSync(join(box.folder, 'packages', 'p'), join(box.folder, 'node_modules/absolute'));
    symlinkSync('/usr/bin/env', join(box.folder, 'node_modules/outside'));
    mkdirSync(join(box.folder, 'node_modules/readonly'));
    writeFileSync(join(box.folder, 'node_modules/readonly/f'), 'f');
    chmodSync(join(box.folder, 'node_modules/readonly'), 0o555);

    const { included, skipped } = await materialise(['node_modules', '.venv']);
    assert.deepEqual({ included, skipped }, { included: ['node_modules'], skipped: [] });
    assert.equal(statSync(at('node_modules/m/cli.js')).mode & 0o777, 0o755);
    assert.equal(statSync(at('node_modules/m/cli.js')).mtimeMs, 1_600_000_000_000);
    assert.equal(readlinkSync(at('node_modules/.bin/cli')), '../m/cli.js');
    assert.equal(readlinkSync(at('node_modules/outside')), '/usr/bin/env');
    assert.equal(read('node_modules/m/odd\n"name"'), 'o');
    assert.equal(
      readFileSync(Buffer.concat([Buffer.from(at('node_modules/m/')), Buffer.from([0x66, 0xff])]), 'utf8'),
      'raw',
    );

    rmSync(raw);
    const before = box.fingerprint();
    writeFileSync(at('node_modules/m/cli.js'), 'changed');
    writeFileSync(at('node_modules/p/index.js'), 'changed');
    writeFileSync(at('node_modules/absolute/index.js'), 'changed too');
    writeFileSync(at('node_modules/readonly/f'), 'changed');
    assert.deepEqual(box.fingerprint(), before);
    assert.equal(read('packages/p/index.js'), 'changed too');
    chmodSync(join(box.folder, 'node_modules/readonly'), 0o755);
  });

  it('follows no link out of the folder, neither here nor there', async () => {
    const outside = join(box.root, 'outside');
    mkdirSync(join(outside, 'modules'), { recursive: true });
    writeFileSync(join(outside, 'modules', 'm'), 'm');
    box.commit({ '.gitignore': 'node_modules\ntarget\nvendor\nhere\n', a: 'a' });
    symlinkSync(join(outside, 'modules'), join(box.folder, 'node_modules'));
    symlinkSync('nowhere', join(box.folder, 'vendor'));
    symlinkSync('a', join(box.folder, 'here'));
    box.write({ 'target/x': 'x', 'deep/target/y': 'y', 'deep/f': 'f' });

    const snapshot = await box.snapshot();
    const copy = await box.copy(snapshot);
    await copy.write('target/own', Buffer.from('the run’s'));
    const { tree } = await copy.patch();
    const include = {
      patterns: ['node_modules', 'target', 'vendor', 'here'],
      by: 'copy',
      policy: createPolicy({}),
    } as const;
    const brought = await box.task.materialise({ snapshot, tree, destination, include });
    assert.deepEqual(brought.included, ['deep/target', 'here']);
    assert.deepEqual(brought.skipped, [
      { path: 'node_modules', why: 'it is a link that leads out of the folder' },
      { path: 'target', why: 'the run has something of that name itself' },
      { path: 'vendor', why: 'it is a link that leads nowhere' },
    ]);
    assert.deepEqual(readdirSync(at('target')), ['own']);
    assert.equal(readlinkSync(at('here')), 'a');
  });

  it('puts nothing through a link that the tree has', async () => {
    const outside = join(box.root, 'outside');
    mkdirSync(outside);
    box.commit({ '.gitignore': 'target\n' });
    symlinkSync(outside, join(box.folder, 'app'));
    const snapshot = await box.snapshot();
    rmSync(join(box.folder, 'app'));
    box.write({ 'app/target/x': 'x', 'app/f': 'f' });
    const include = { patterns: ['target'], by: 'copy', policy: createPolicy({}) } as const;
    const brought = await box.task.materialise({ snapshot, tree: snapshot.tree, destination, include });
    assert.deepEqual(brought, {
      included: [],
      skipped: [{ path: 'app/target', why: 'app is not a folder in the run' }],
    });
    assert.deepEqual(readdirSync(outside), []);
  });

  it('brings a folder that has only ignored things in it', async () => {
    box.commit({ '.gitignore': 'target\n*.local\n' });
    box.write({
      'deep/target/x': 'x',
      'deep/down/app.local': 'l',
      'other/app.local': 'o',
      'mixed/app.local': 'm',
      'mixed/b.x': 'b',
    });
    const { included } = await materialise(['target', '*.local', 'mixed']);
    assert.deepEqual(included, ['deep', 'mixed/app.local', 'other']);
    assert.equal(read('deep/down/app.local'), 'l');
    assert.equal(read('mixed/app.local'), 'm');
  });

  it('links to the user’s own when that is wanted', async () => {
    const outside = join(box.root, 'outside');
    mkdirSync(outside);
    box.commit({ '.gitignore': 'node_modules\n.venv\n*.local\n' });
    box.write({ 'node_modules/m': 'm', 'app.local': 'l' });
    symlinkSync('../outside', join(box.folder, '.venv'));
    const { included } = await materialise(['node_modules', '.venv', 'app.local'], { by: 'link' });
    assert.deepEqual(included, ['.venv', 'app.local', 'node_modules']);
    assert.equal(readlinkSync(at('node_modules')), join(box.folder, 'node_modules'));
    assert.equal(readlinkSync(at('.venv')), outside);
    assert.equal(readlinkSync(at('app.local')), join(box.folder, 'app.local'));
  });

  it('works in a sub-folder of a repository and in a folder without Git', async () => {
    box.commit({
      '.gitignore': 'node_modules\n',
      'packages/app/a': 'a',
      '.worktreeinclude': '/packages/app/node_modules\n',
    });
    box.write({ 'node_modules/top': 't', 'packages/app/node_modules/m': 'm', 'packages/app/d/node_modules/n': 'n' });
    const { included } = await materialise([], {}, join(box.folder, 'packages', 'app'));
    assert.deepEqual(included, ['node_modules']);
    assert.equal(read('node_modules/m'), 'm');
    rmSync(destination, { recursive: true });

    const plain = new Sandbox();
    plain.write({ '.gitignore': 'node_modules\n', 'node_modules/m': 'm', '.env': 's', a: 'a' });
    const snapshot = await plain.snapshot();
    const include = { patterns: ['node_modules', '.env'], by: 'copy', policy: createPolicy({}) } as const;
    const brought = await plain.task.materialise({ snapshot, tree: snapshot.tree, destination, include });
    assert.deepEqual(brought.included, ['.env', 'node_modules'], '.env is what the snapshot left out');
    await plain.dispose();
  });

  it('brings what was too large for the snapshot when a pattern matches it, and else says that it is missing', async () => {
    box.commit({ 'data/tracked.bin': 'small', 'data/other': 'o' });
    const large = 'x'.repeat(3 * 1024 * 1024);
    box.write({ 'data/tracked.bin': large, 'data/untracked.bin': large, 'huge.log': large });
    const small = createPolicy({ maxFileBytes: 1024 * 1024 });
    const snapshot = await box.task.takeSnapshot({ folder: box.folder, unsaved: [], policy: small });
    assert.deepEqual(snapshot.tooLarge, ['data/tracked.bin', 'data/untracked.bin', 'huge.log']);
    const include = { patterns: ['*.bin'], by: 'copy', policy: small } as const;
    const brought = await box.task.materialise({ snapshot, tree: snapshot.tree, destination, include });
    assert.deepEqual(brought.included, ['data/tracked.bin', 'data/untracked.bin']);
    assert.deepEqual(brought.skipped, [
      { path: 'huge.log', why: 'it is too large for a snapshot, and no pattern brings it along' },
    ]);
    assert.equal(read('data/tracked.bin'), large);
  });

  it('leaves one thing out that can’t be copied as a whole, and says why', async function () {
    if (process.platform !== 'linux') this.skip();
    box.commit({ '.gitignore': 'node_modules\nvendor\n' });
    box.write({ 'node_modules/m': 'm', 'vendor/a': 'a' });
    // Paths may have 4095 bytes, and where this goes to is a few longer.
    let deep = join(box.folder, 'vendor');
    while (deep.length < 4084) deep = join(deep, 'd'.repeat(Math.min(200, 4085 - deep.length)));
    mkdirSync(deep, { recursive: true });
    writeFileSync(join(deep, 'f'), 'f');
    const brought = await materialise(['node_modules', 'vendor']);
    assert.deepEqual(brought.included, ['node_modules']);
    assert.equal(brought.skipped[0]?.path, 'vendor');
    assert.match(brought.skipped[0]?.why ?? '', /could not be copied \(ENAMETOOLONG/);
    assert.ok(!existsSync(at('vendor')));
  });

  it('copies no socket and no pipe, but what is beside them', async () => {
    box.commit({ '.gitignore': 'target\n' });
    box.write({ 'target/x': 'x' });
    const { createServer } = await import('node:net');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(box.folder, 'target', 's'), resolve));
    const { included } = await materialise(['target']);
    await new Promise((resolve) => server.close(resolve));
    assert.deepEqual(included, ['target']);
    assert.deepEqual(readdirSync(at('target')), ['x']);
  });

  it('stops a long copy at once when it is aborted, and leaves nothing', async () => {
    box.commit({ '.gitignore': 'node_modules\n' });
    for (let folder = 0; folder < 200; folder++) {
      box.write(Object.fromEntries([1, 2, 3, 4, 5].map((file) => [`node_modules/m${folder}/f${file}`, 'x'])));
    }
    const abort = new AbortController();
    const snapshot = await box.snapshot();
    const include = { patterns: ['node_modules'], by: 'copy', policy: createPolicy({}) } as const;
    const stages: string[] = [];
    const copying = box.task.materialise(
      { snapshot, tree: snapshot.tree, destination, include },
      abort.signal,
      (stage) => {
        stages.push(stage);
        if (stage === 'Copying node_modules') setTimeout(() => abort.abort(), 5);
      },
    );
    await assert.rejects(copying, { name: 'AbortError' });
    assert.ok(stages.includes('Copying node_modules'));
    assert.deepEqual(readdirSync(join(box.root, 'folders')), []);
    assert.ok(lstatSync(join(box.folder, 'node_modules/m199/f5')).isFile());
  });
});
