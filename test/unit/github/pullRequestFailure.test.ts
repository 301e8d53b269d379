import assert from 'node:assert/strict';
import { openPullRequest } from '../../../src/core/github/pullRequest.ts';
import { createSample, type Prepared, prepareOrder, refused, token } from './prepareOrder.ts';
import type { Fault, Local } from './standIn.ts';

const steps: readonly Pick<Fault, 'method' | 'path'>[] = [
  { method: 'POST', path: /\/git\/blobs$/ },
  { method: 'POST', path: /\/git\/trees$/ },
  { method: 'POST', path: /\/git\/commits$/ },
  { method: 'POST', path: /\/git\/refs$/ },
  { method: 'GET', path: /\/pulls$/ },
  { method: 'POST', path: /\/pulls$/ },
];

describe('A pull request whose opening goes wrong', () => {
  let local: Local;
  before(() => {
    local = createSample();
  });
  after(() => local.remove());

  async function withOrder(check: (prepared: Prepared) => Promise<void>): Promise<void> {
    const prepared = await prepareOrder(local, token);
    try {
      await check(prepared);
    } finally {
      await prepared.github.stop();
    }
  }
  /** Each step has a stand-in of its own; together, because most of the time is spent waiting between tries. */
  const atEachStep = (check: (prepared: Prepared, step: (typeof steps)[number], name: string) => Promise<void>) =>
    Promise.all(steps.map((step) => withOrder((prepared) => check(prepared, step, `${step.method} ${step.path}`))));

  for (const answer of ['cut', 'lose', 'half', refused(502, 'Server Error')] as const) {
    const what = typeof answer === 'string' ? `a connection that breaks (${answer})` : 'a 502';
    it(`outlives ${what} once, at every step`, async () => {
      await atEachStep(async ({ github, order, branches, pulls }, step, name) => {
        github.add({ ...step, answer, times: 1 });
        assert.equal((await openPullRequest(order)).branch, order.branch, name);
        assert.deepEqual(await branches(), [order.branch], name);
        assert.equal((await pulls()).length, 1, name);
      });
    }).timeout(10_000);
  }

  for (const answer of ['cut', refused(503, 'Unavailable')] as const) {
    it(`leaves no branch when a step keeps failing (${typeof answer === 'string' ? answer : answer.status})`, async () => {
      await atEachStep(async ({ github, branches, problemOf }, step, name) => {
        github.add({ ...step, answer });
        const problem = await problemOf();
        assert.deepEqual([problem.code, problem.action?.type], ['github-failed', 'retry'], name);
        assert.deepEqual(await branches(), [], name);
      });
    }).timeout(10_000);
  }

  it('leaves no branch when it is aborted, at every step', async () => {
    await atEachStep(async ({ github, order, branches }, step, name) => {
      const stop = new AbortController();
      const reason = new Error('the user canceled');
      github.add({ ...step, answer: 'hang', onHeard: () => stop.abort(reason) });
      await assert.rejects(openPullRequest({ ...order, signal: stop.signal }), (thrown) => thrown === reason, name);
      assert.deepEqual(await branches(), [], name);
    });
  });

  it('leaves no branch when it is aborted while GitHub makes the branch or the pull request all the same', async () => {
    for (const path of [/\/git\/refs$/, /\/pulls$/]) {
      await withOrder(async ({ github, order, branches }) => {
        const stop = new AbortController();
        github.add({ method: 'POST', path, answer: 'mute', onHeard: () => stop.abort() });
        await assert.rejects(openPullRequest({ ...order, signal: stop.signal }), { name: 'AbortError' });
        assert.deepEqual(await branches(), []);
      });
    }
  });

  it('says so when a branch had to be left behind', () =>
    withOrder(async ({ github, problemOf }) => {
      github.add({ method: 'POST', path: /\/pulls$/, answer: refused(403, 'Resource not accessible by integration') });
      github.add({
        method: 'DELETE',
        path: /\/git\/refs\//,
        answer: refused(403, 'Resource not accessible by integration'),
      });
      assert.match((await problemOf()).message, /The branch dursor\/change-a-1 is left on GitHub/);
    }));

  it('names the permission for workflows where GitHub only says that nothing is there', () =>
    withOrder(async ({ github, problemOf }) => {
      github.add({ method: 'POST', path: /\/git\/trees$/, answer: refused(404, 'Not Found') });
      const version = { mode: '100644', bytes: Buffer.from('on: push\n') } as const;
      const changes = [{ path: '.github/workflows/x.yml', version }];
      assert.match((await problemOf({ changes })).message, /permission "Workflows"/);
      assert.match((await problemOf()).message, /may not write to octocat/);
    }));

  const answers: readonly [string, Fault['answer'], Record<string, unknown>][] = [
    [
      'a rejected sign-in',
      refused(401, 'Bad credentials'),
      { code: 'not-signed-in', action: 'sign-in', message: /Sign in/ },
    ],
    [
      'a missing permission',
      refused(403, 'Resource not accessible by integration'),
      { code: 'no-permission', message: /may not write to octocat\/hello-world/ },
    ],
    ['a 404 on writing', refused(404, 'Not Found'), { code: 'no-permission', message: /may not write/ }],
    [
      'a single sign-on',
      refused(403, 'Resource protected by organization SAML enforcement.', undefined, {
        'x-github-sso': 'required; url=https://github.com/orgs/o/sso?authorization_request=A',
      }),
      { code: 'no-permission', action: 'open-url', message: /single sign-on/ },
    ],
    [
      'a single sign-on at an odd address',
      refused(403, 'SAML', undefined, { 'x-github-sso': 'required; url=javascript:alert(1)' }),
      { code: 'no-permission', action: undefined, message: /single sign-on/ },
    ],
    [
      'a secondary rate limit',
      refused(403, 'You have exceeded a secondary rate limit', undefined, { 'retry-after': '45' }),
      { code: 'rate-limited', action: 'retry', message: /in 45 seconds/ },
    ],
    [
      'a rate limit',
      refused(429, 'Slow down', undefined, {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 1500),
      }),
      { code: 'rate-limited', action: 'retry', message: /in \d\d minutes/ },
    ],
    [
      'an archived repository',
      refused(403, 'Repository was archived so is read-only.'),
      { code: 'no-permission', message: /archived/ },
    ],
    [
      'a workflow file',
      refused(
        403,
        'refusing to allow a GitHub App to create or update workflow `.github/workflows/x.yml` without `workflows` permission',
      ),
      { code: 'no-permission', message: /Workflows/ },
    ],
    ['an empty repository', refused(409, 'Git Repository is empty.'), { code: 'no-remote', message: /empty/ }],
    [
      'a rule of the repository',
      refused(422, 'Repository rule violations found'),
      { code: 'no-permission', message: /rule/ },
    ],
    [
      'a missing base',
      refused(422, 'Validation Failed', [{ resource: 'PullRequest', field: 'base', code: 'invalid' }]),
      { code: 'github-failed', message: /base branch/ },
    ],
    [
      'no difference',
      refused(422, 'Validation Failed', [{ message: 'No commits between main and dursor/change-a-1' }]),
      { code: 'nothing-to-ship', message: /nothing to open/ },
    ],
    ['anything else', refused(422, `Odd ghp_${'x1'.repeat(18)}`), { code: 'github-failed', message: /Odd \[hidden\]/ }],
  ];
  for (const [what, answer, expected] of answers) {
    it(`explains ${what}, and leaves no branch`, () =>
      withOrder(async ({ github, branches, problemOf }) => {
        for (const path of [/\/git\/refs$/, /\/pulls$/]) {
          github.add({ method: 'POST', path, times: 1, answer });
          const { code, action, message, detail } = await problemOf();
          assert.equal(code, expected.code);
          if ('action' in expected) assert.equal(action?.type, expected.action);
          assert.match(message, expected.message as RegExp);
          assert.match(detail ?? '', /^POST \/repos\/octocat\/hello-world\/\S+: \d{3} \S/);
          assert.deepEqual(await branches(), []);
        }
      }));
  }
});
