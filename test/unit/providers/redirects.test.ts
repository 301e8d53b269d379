import assert from 'node:assert/strict';
import { UserError } from '../../../src/core/problem.ts';
import { collect, listen, providerAt, requestOf, serviceIds, user } from './wire.ts';

const never = new AbortController().signal;

/** A service that sends everything on to another place, and what that place is asked. */
async function redirecting() {
  let asked = 0;
  const elsewhere = await listen((_request, response) => {
    asked++;
    response.end('{}');
  });
  const service = await listen((request, response) => {
    response.writeHead(307, { location: `${elsewhere.url.replace('127.0.0.1', 'localhost')}${request.url}` });
    response.end();
  });
  return {
    url: service.url,
    asked: () => asked,
    close: () => Promise.all([service.close(), elsewhere.close()]),
  };
}

for (const id of serviceIds) {
  describe(`a redirect of ${id}`, () => {
    it('takes no key to another place when models are listed', async () => {
      const service = await redirecting();
      const listed = (await providerAt(id, service.url)).listModels(never);
      await assert.rejects(listed, (error) => {
        assert.ok(error instanceof UserError);
        assert.match(error.problem.detail ?? '', /redirects to http:\/\/localhost:\d+, which dursor doesn't follow/);
        return true;
      });
      assert.equal(service.asked(), 0);
      await service.close();
    });

    // Google's SDK fetches by itself and can't be told not to.
    if (id === 'google') return;
    it('takes neither key nor code to another place when a model is asked', async () => {
      const service = await redirecting();
      const { end } = await collect((await providerAt(id, service.url)).stream(requestOf(id, user('hi')), never));
      assert.ok(end.reason === 'error' && !end.failure.retryable);
      assert.match(end.failure.problem.detail ?? '', /redirects to/);
      assert.equal(service.asked(), 0);
      await service.close();
    });
  });
}
