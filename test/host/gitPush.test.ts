import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../src/core/problem.ts';
import { pushWithGit } from '../../src/vscode/gitPush.ts';

const { signal } = new AbortController();

describe('pushing by VS Code’s Git extension', function () {
  this.timeout(30_000);
  let root: string;
  let folder: string;
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.com', ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'dursor-push-'));
    folder = root;
    git('init', '-q', '--bare', 'there.git');
    git('init', '-q', '-b', 'main', 'here');
    folder = join(root, 'here');
    git('commit', '-q', '--allow-empty', '-m', 'first');
    git('remote', 'add', 'origin', join(root, 'there.git'));
    git('branch', 'dursor/new');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));

  it('brings a branch to the remote, and checks nothing out', async () => {
    await pushWithGit({ folder, remote: 'origin', branch: 'dursor/new', signal });
    assert.equal(git('ls-remote', 'origin', 'refs/heads/dursor/new').split('\t')[0], git('rev-parse', 'main'));
    assert.equal(git('symbolic-ref', '--short', 'HEAD'), 'main');
  });

  it('takes a name for nothing but the name of that branch', async () => {
    git('push', '-q', 'origin', 'main');
    const theirs = git('commit-tree', '-m', 'theirs', '-p', 'main', 'main^{tree}');
    git('push', '-q', 'origin', `${theirs}:refs/heads/main`);
    const mine = git('commit-tree', '-m', 'mine', '-p', 'main', 'main^{tree}');
    git('update-ref', 'refs/heads/main', mine);
    for (const branch of ['+main', 'heads/main', 'refs/heads/main']) {
      git('update-ref', `refs/heads/${branch}`, mine);
      await pushWithGit({ folder, remote: 'origin', branch, signal });
      assert.equal(git('ls-remote', 'origin', `refs/heads/${branch}`).split('\t')[0], mine, branch);
    }
    assert.equal(git('--git-dir', join(root, 'there.git'), 'rev-parse', 'refs/heads/main'), theirs);
  });

  it('forces nothing, and tells what to do', async () => {
    git('commit', '-q', '--allow-empty', '-m', 'theirs');
    git('push', '-q', 'origin', 'main:refs/heads/dursor/new');
    git('checkout', '-q', 'dursor/new');
    git('commit', '-q', '--allow-empty', '-m', 'mine');
    await assert.rejects(
      pushWithGit({ folder, remote: 'origin', branch: 'dursor/new', signal }),
      (error) => error instanceof UserError && /could not push the branch dursor\/new to origin/.test(error.message),
    );
  });
});
