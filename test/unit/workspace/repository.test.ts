import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { locateRepository } from '../../../src/core/workspace/locateRepository.ts';
import { readRepositoryFacts } from '../../../src/core/workspace/repository.ts';
import { Sandbox } from './sandbox.ts';

describe('repository facts', () => {
  let box: Sandbox;
  beforeEach(() => {
    box = new Sandbox();
  });
  afterEach(() => box.dispose());

  it('names remotes, branch, upstream and history', async () => {
    box.commit({ a: '1', 'sub/b': '2' });
    box.git('commit', '-q', '--allow-empty', '-m', 'second');
    box.git('remote', 'add', 'origin', 'https://github.com/o/r.git');
    box.git('remote', 'add', 'team/fork', 'git@github.com:x/r.git');
    box.git('checkout', '-qb', 'feature/x');
    box.git('config', 'branch.feature/x.remote', 'team/fork');
    box.git('config', 'branch.feature/x.merge', 'refs/heads/topic/y');
    const facts = await readRepositoryFacts(join(box.folder, 'sub'));
    assert.deepEqual(facts, {
      remotes: [
        { name: 'origin', url: 'https://github.com/o/r.git' },
        { name: 'team/fork', url: 'git@github.com:x/r.git' },
      ],
      branch: 'feature/x',
      upstream: { remote: 'team/fork', branch: 'topic/y' },
      history: box.git('rev-list', 'HEAD').split('\n'),
    });
  });

  it('does not mind programs that the environment names', async () => {
    const names = ['EDITOR', 'VISUAL', 'PAGER', 'SSH_ASKPASS', 'GIT_ASKPASS', 'GIT_SSH_COMMAND', 'GIT_PAGER'];
    const before = names.map((name) => [name, process.env[name]] as const);
    for (const name of names) process.env[name] = 'some-program';
    try {
      box.commit({ a: '1' });
      assert.equal((await readRepositoryFacts(box.folder))?.history.length, 1);
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });

  it('does without a branch, an upstream, a commit or a repository', async () => {
    assert.equal(await readRepositoryFacts(box.folder), undefined);
    box.git('init', '-q');
    assert.deepEqual(await readRepositoryFacts(box.folder), { remotes: [], branch: 'main', history: [] });
    box.commit({ a: '1' });
    box.git('checkout', '-q', '--detach');
    const facts = await readRepositoryFacts(box.folder);
    assert.deepEqual(facts, { remotes: [], history: [box.git('rev-parse', 'HEAD')] });
  });

  it('stops at an abort and changes nothing', async () => {
    box.commit({ a: '1' });
    const before = box.fingerprint();
    await readRepositoryFacts(box.folder);
    assert.deepEqual(box.fingerprint(), before);
    await assert.rejects(readRepositoryFacts(box.folder, AbortSignal.abort()), { name: 'AbortError' });
  });

  it('locates a folder in its repository', async () => {
    box.commit({ 'a b/c/d': '1' });
    mkdirSync(join(box.folder, 'a b', 'c'), { recursive: true });
    const location = await locateRepository(join(box.folder, 'a b', 'c'));
    assert.deepEqual(location, {
      gitDir: join(box.folder, '.git'),
      top: box.folder,
      prefix: 'a b/c/',
      objects: join(box.folder, '.git', 'objects'),
      index: join(box.folder, '.git', 'index'),
      objectFormat: 'sha1',
      head: box.git('rev-parse', 'HEAD'),
      headTree: box.git('rev-parse', 'HEAD:a b/c'),
      isPartial: false,
    });
    assert.equal(await locateRepository(box.root), undefined);
  });
});
