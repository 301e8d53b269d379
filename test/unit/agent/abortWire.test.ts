import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AccountGate } from '../../../src/core/agent/accountGate.ts';
import { runAgent } from '../../../src/core/agent/agent.ts';
import type { ProfileId } from '../../../src/core/domain.ts';
import { beginnings } from '../providers/answers.ts';
import { models, providerAt, type ServiceId, serviceIds } from '../providers/wire.ts';
import { MemoryCopy } from './support/memoryCopy.ts';
import { limits } from './support/running.ts';

type Stage = 'before the first byte' | 'in the middle of an answer' | 'between two tries';

/** A service that leaves a run hanging at one stage, and counts the requests that nobody has ended. */
async function serviceThat(stage: Stage, id: ServiceId) {
  let open = 0;
  let asked = 0;
  const reached = Promise.withResolvers<void>();
  const hang = (response: ServerResponse) => {
    if (stage === 'between two tries') response.writeHead(429, { 'retry-after': '60' }).end('{}');
    if (stage === 'in the middle of an answer') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(beginnings[id]);
    }
  };
  const server = createServer((request, response) => {
    asked++;
    open++;
    response.on('close', () => open--);
    request.resume().on('end', () => {
      hang(response);
      reached.resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url, reached: reached.promise, close, open: () => open, asked: () => asked };
}

describe('A run that is aborted', () => {
  for (const id of serviceIds) {
    for (const stage of ['before the first byte', 'in the middle of an answer', 'between two tries'] as const) {
      it(`${stage} leaves no request at ${id} open`, async () => {
        const service = await serviceThat(stage, id);
        const controller = new AbortController();
        const waiting = Promise.withResolvers<void>();
        const running = runAgent(
          {
            provider: await providerAt(id, service.url),
            gate: new AccountGate(),
            profile: { id: 'p' as ProfileId, provider: id, model: models[id], label: 'M', options: {} },
            copy: new MemoryCopy(),
            instruction: 'Go.',
            conversation: [],
            folderName: 'shop',
            markerKey: 'key',
            limits,
          },
          (event) => {
            if (event.type === 'waiting' || event.type === 'text') waiting.resolve();
          },
          controller.signal,
        );
        await service.reached;
        if (stage !== 'before the first byte') await waiting.promise;
        controller.abort();
        assert.deepEqual(await running, { kind: 'aborted' });
        for (let tries = 0; service.open() > 0 && tries < 200; tries++) {
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        assert.equal(service.open(), 0);
        assert.equal(service.asked(), 1);
        service.close();
      });
    }
  }
});
