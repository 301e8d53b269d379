import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cleanEnvironment, GitError, runGit } from '../../../src/core/workspace/gitProcess.ts';
import { checkVersion } from '../../../src/core/workspace/gitVersion.ts';
import { Limit } from '../../../src/core/workspace/limit.ts';
import { problem, Sandbox } from './sandbox.ts';

describe('git process', () => {
  let box: Sandbox;
  const path = process.env.PATH;
  beforeEach(() => {
    box = new Sandbox();
  });
  afterEach(async () => {
    process.env.PATH = path;
    delete process.env.GIT_DIR;
    await box.dispose();
  });

  const pretend = (script: string) => {
    const bin = join(box.root, 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'git'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, 'git'), 0o755);
    process.env.PATH = `${bin}${delimiter}${path}`;
  };

  it('hands over bytes both ways', async () => {
    const stdin = Buffer.from([0, 255, 10, 13, 10, 128]);
    box.git('init', '-q');
    const { stdout } = await runGit(['hash-object', '-w', '--stdin'], { folder: box.folder, stdin });
    const read = await runGit(['cat-file', 'blob', stdout.toString().trim()], { folder: box.folder });
    assert.deepEqual(read.stdout, stdin);
  });

  it('is not led elsewhere by the environment it was started in', async () => {
    process.env.GIT_DIR = '/nowhere';
    assert.equal(cleanEnvironment().GIT_DIR, undefined);
    await runGit(['init', '-q'], { folder: box.folder });
    const { stdout } = await runGit(['rev-parse', '--git-dir'], { folder: box.folder });
    assert.equal(stdout.toString().trim(), '.git');
  });

  it('reports what git said when it fails', async () => {
    await assert.rejects(
      runGit(['rev-parse', 'HEAD'], { folder: box.folder }),
      (error) => error instanceof GitError && error.code === 128 && /not a git repository/.test(error.stderr),
    );
  });

  it('kills git when aborted and frees its place', async () => {
    pretend('exec sleep 30');
    for (let round = 0; round < 3; round++) {
      const controller = new AbortController();
      const runs = Array.from({ length: 12 }, () =>
        assert.rejects(runGit(['x'], { folder: box.folder, signal: controller.signal }), { name: 'AbortError' }),
      );
      setTimeout(() => controller.abort(), 30);
      await Promise.all(runs);
    }
    process.env.PATH = path;
    await runGit(['--version'], { folder: box.folder });
    await assert.rejects(runGit(['--version'], { folder: box.folder, signal: AbortSignal.abort() }), {
      name: 'AbortError',
    });
  });

  it('ends git once the reader has enough', async () => {
    pretend('yes');
    let received = 0;
    await runGit(['x'], {
      folder: box.folder,
      onOutput: (chunk) => {
        received += chunk.length;
        return received > 1000;
      },
    });
    assert.ok(received > 1000);
  });

  it('says what to do without git, with a broken one and with an old one', async () => {
    await checkVersion();
    pretend('echo git version 2.37.9.windows.1');
    await assert.rejects(checkVersion(), problem('git-too-old', /Git 2\.37\.9 is installed.*2\.38/));
    pretend('echo git version 3.0.0-rc1');
    await checkVersion();
    pretend('echo "xcrun: error: invalid active developer path" >&2; exit 1');
    await assert.rejects(checkVersion(), problem('git-missing'));
    process.env.PATH = join(box.root, 'empty');
    await assert.rejects(box.snapshot(), problem('git-missing', /Install Git/));
  });

  it('bounds how much goes on at once, in order, and lets the waiting give up', async () => {
    const limit = new Limit(2);
    const begun: number[] = [];
    let running = 0;
    let most = 0;
    const controller = new AbortController();
    const work = Array.from({ length: 6 }, (_, number) =>
      limit.run(
        async () => {
          begun.push(number);
          most = Math.max(most, ++running);
          await new Promise((resolve) => setTimeout(resolve, 2));
          running--;
        },
        number === 3 ? controller.signal : undefined,
      ),
    );
    controller.abort();
    const outcomes = await Promise.allSettled(work);
    assert.deepEqual(begun, [0, 1, 2, 4, 5]);
    assert.equal(outcomes[3]?.status, 'rejected');
    assert.equal(most, 2);
  });
});
