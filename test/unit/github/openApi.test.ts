import assert from 'node:assert/strict';
import { sequences } from '../../eval/pullRequestSequences.ts';
import { checkRequests, type Exchange } from '../../support/openApi.ts';

const json = { 'content-type': 'application/json; charset=utf-8', 'content-length': '2' };
const repository = '/repos/octocat/hello-world';

describe('the requests to GitHub', function () {
  this.timeout(120_000);

  for (const { name, begin } of sequences) {
    it(`are as GitHub describes them: ${name}`, async () => {
      const lane = await begin();
      try {
        const act = await lane.prepare();
        await act(AbortSignal.timeout(60_000));
        assert.deepEqual(lane.wrong(), []);
        const { heard } = lane.world.github;
        const rest = heard.filter(({ path }) => path !== '/graphql');
        assert.ok(rest.length > 0);
        assert.deepEqual(await checkRequests(rest), []);
      } finally {
        await lane.dispose();
      }
    });
  }

  const odd: readonly (readonly [what: string, exchange: Exchange, RegExp])[] = [
    ['a path that GitHub lacks', { method: 'GET', url: '/nowhere', headers: {}, body: '' }, /no such path/],
    ['a method that a path lacks', { method: 'PUT', url: `${repository}/pulls`, headers: json, body: '{}' }, /no such/],
    [
      'a missing field',
      { method: 'POST', url: `${repository}/pulls`, headers: json, body: '{"title":"a","head":"b"}' },
      /'base'/,
    ],
    [
      'a field that GitHub doesn’t know',
      { method: 'POST', url: `${repository}/issues/1/comments`, headers: json, body: '{"body":"a","text":"b"}' },
      /text/,
    ],
    [
      'a wrong value',
      {
        method: 'POST',
        url: `${repository}/git/trees`,
        headers: json,
        body: '{"tree":[{"path":"a","mode":"100666","type":"blob","sha":null}]}',
      },
      /mode/,
    ],
    ['a wrong filter', { method: 'GET', url: `${repository}/pulls?state=odd`, headers: {}, body: '' }, /state/],
    ['an unknown filter', { method: 'GET', url: `${repository}/pulls?status=open`, headers: {}, body: '' }, /status/],
  ];
  for (const [what, exchange, expected] of odd) {
    it(`are found to be wrong for ${what}`, async () => {
      assert.match((await checkRequests([exchange])).join('\n'), expected);
    });
  }
});
