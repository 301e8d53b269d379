import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ObjectName } from '../../../src/core/domain.ts';
import { createClient } from '../../../src/core/github/client.ts';
import { gitHubTreeSource } from '../../../src/core/github/treeSource.ts';
import { UserError } from '../../../src/core/problem.ts';
import { createLocal, type Local, repository, type StandIn, startGitHub, userToken } from './standIn.ts';

describe('The objects of a repository on GitHub', function () {
  this.timeout(20_000);
  let github: StandIn;
  let local: Local;
  beforeEach(async () => {
    local = createLocal();
    github = await startGitHub();
  });
  afterEach(async () => {
    local.remove();
    await github.stop();
  });
  const source = async (signal = new AbortController().signal) =>
    gitHubTreeSource(await createClient(github.url, { auth: userToken }), repository, signal);
  const name = (revision: string) => local.git('rev-parse', revision) as ObjectName;
  const pushed = async () => {
    writeFileSync(join(local.directory, 'ünïcode'), Buffer.from([0, 1, 0xff, 0xfe]));
    writeFileSync(join(local.directory, 'empty'), '');
    local.commit('first');
    await local.push(github);
  };

  it('come as they are, at the price of a request each', async () => {
    await pushed();
    const { readTree, readBlob } = await source();
    github.heard.length = 0;
    assert.deepEqual(
      (await readTree(name('HEAD^{tree}'))).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      [
        { mode: '100644', name: 'empty', object: name('HEAD:empty') },
        { mode: '100644', name: 'ünïcode', object: name('HEAD:ünïcode') },
      ],
    );
    assert.deepEqual([...(await readBlob(name('HEAD:ünïcode')))], [0, 1, 0xff, 0xfe]);
    assert.equal((await readBlob(name('HEAD:empty'))).length, 0);
    assert.deepEqual(
      github.heard.map(({ method, path }) => `${method} ${path}`),
      [
        `GET /repos/octocat/hello-world/git/trees/${name('HEAD^{tree}')}`,
        `GET /repos/octocat/hello-world/git/blobs/${name('HEAD:ünïcode')}`,
        `GET /repos/octocat/hello-world/git/blobs/${name('HEAD:empty')}`,
      ],
    );
  });

  it('are asked for again after an outage, and fail when it lasts', async () => {
    await pushed();
    const { readTree, readBlob } = await source();
    const unavailable = { status: 502, body: {} };
    github.add({ method: 'GET', path: /git\/trees/, answer: unavailable, times: 1 });
    assert.equal((await readTree(name('HEAD^{tree}'))).length, 2);
    github.add({ method: 'GET', path: /git\/blobs/, answer: unavailable });
    await assert.rejects(
      readBlob(name('HEAD:empty')),
      (error) => error instanceof UserError && error.problem.code === 'github-failed',
    );
  });

  it('are not taken from an answer that has none, or another kind of one', async () => {
    const { readTree, readBlob } = await source();
    const answers: readonly [RegExp, unknown][] = [
      [/trees/, {}],
      [/blobs/, { encoding: 'base64' }],
      [/blobs/, { content: 'plain', encoding: 'utf-8' }],
    ];
    for (const [path, body] of answers) {
      github.add({ method: 'GET', path, answer: { status: 200, body }, times: 3 });
      const read = path.source === 'trees' ? readTree : readBlob;
      await assert.rejects(
        read('1'.repeat(40) as ObjectName),
        (error) => error instanceof UserError && /connection broke/.test(error.message),
      );
    }
  });

  it('are not waited for once nobody wants them', async () => {
    const abort = new AbortController();
    const { readTree } = await source(abort.signal);
    github.add({ method: 'GET', path: /trees/, answer: 'hang', onHeard: () => abort.abort(new Error('left')) });
    await assert.rejects(readTree('1'.repeat(40) as ObjectName), /left/);
  });
});
