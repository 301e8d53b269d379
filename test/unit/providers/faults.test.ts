import assert from 'node:assert/strict';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProblemCode } from '../../../src/core/problem.ts';
import { beginnings, endings } from './answers.ts';
import { collect, providerAt, requestOf, type ServiceId, serviceIds, user } from './wire.ts';

const never = new AbortController().signal;

/** A server that knows which connections to it are open. */
class WatchedServer {
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  constructor(answer: (response: ServerResponse) => void) {
    this.#server = createServer((request, response) => {
      request.resume();
      request.on('end', () => answer(response));
    });
    this.#server.on('connection', (socket) => {
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Fails by never settling, which the test's own timeout tells. */
  async untilNothingIsOpen(): Promise<void> {
    while (this.#open.size > 0) await sleep(5);
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

function begin(response: ServerResponse, text = ''): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  if (text) response.write(text);
}

/** The body of an error, in words that fit every wire. */
function errorBody(status: number): string {
  const details = status === 429 ? [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '3s' }] : [];
  return JSON.stringify({ error: { message: 'No.', details } });
}

interface Fault {
  readonly answer: (response: ServerResponse, id: ServiceId) => void;
  readonly code?: ProblemCode;
  readonly retryAfterMs?: number;
}

function status(status: number): (response: ServerResponse) => void {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...(status === 429 && { 'retry-after': '3' }) });
    response.end(errorBody(status));
  };
}

const faults: Readonly<Record<string, Fault>> = {
  'a 429 that says when': { answer: status(429), code: 'rate-limited', retryAfterMs: 3000 },
  'a 529': { answer: status(529), code: 'overloaded' },
  'a 503': { answer: status(503), code: 'overloaded' },
  'a 500': { answer: status(500), code: 'overloaded' },
  'a 504': { answer: status(504), code: 'timeout' },
  'a 408': { answer: status(408), code: 'timeout' },
  'a stream cut between events': {
    answer: (response, id) => {
      begin(response, beginnings[id]);
      setTimeout(() => response.destroy(), 10);
    },
    code: 'network',
  },
  'a stream cut inside an event': {
    answer: (response, id) => {
      begin(response, beginnings[id] + beginnings[id].slice(0, 40));
      setTimeout(() => response.destroy(), 10);
    },
    code: 'network',
  },
  'a connection closed without an answer': { answer: (response) => response.destroy(), code: 'network' },
  'an answer that is no JSON': {
    answer: (response) => {
      begin(response);
      response.end('data: {"oops\n\n');
    },
    code: 'malformed-answer',
  },
  'an empty answer': {
    answer: (response) => {
      begin(response);
      response.end();
    },
    code: 'malformed-answer',
  },
  'a slow first byte': {
    answer: (response, id) => {
      setTimeout(() => {
        begin(response);
        setTimeout(() => response.end(beginnings[id] + endings[id]), 30);
      }, 30);
    },
  },
};

/** Where an answer may stop coming: the run is stopped there. */
const stages: Readonly<Record<string, (response: ServerResponse, id: ServiceId) => void>> = {
  'before the headers': () => {},
  'after the headers': (response) => begin(response),
  'inside the first event': (response, id) => begin(response, beginnings[id].slice(0, 20)),
  'after the first text': (response, id) => begin(response, beginnings[id]),
  'inside a later event': (response, id) => begin(response, beginnings[id] + beginnings[id].slice(0, 40)),
  'inside the body of an error': (response) => {
    response.writeHead(500, { 'content-type': 'application/json' });
    response.write('{"error":');
  },
};

for (const id of serviceIds) {
  describe(`${id}, when the wire fails:`, () => {
    for (const [name, { answer, code, retryAfterMs }] of Object.entries(faults)) {
      it(`${name} is ${code ?? 'no failure'}`, async () => {
        const server = new WatchedServer((response) => answer(response, id));
        const provider = await providerAt(id, await server.listen());
        const { failure, end, text } = await collect(provider.stream(requestOf(id, user('hi')), never));
        await server.close();
        assert.equal(failure?.problem.code, code, JSON.stringify(end));
        assert.equal(failure?.retryAfterMs, retryAfterMs);
        if (code === undefined) {
          assert.deepEqual([text, end.reason], ['Hi', 'stop']);
        } else {
          assert.equal(failure?.retryable, true);
          assert.ok(failure?.problem.message.endsWith('.'), failure?.problem.message);
        }
      });
    }

    for (const [stage, answer] of Object.entries(stages)) {
      it(`a run that is stopped ${stage} leaves no connection open`, async () => {
        const asked = Promise.withResolvers<void>();
        const server = new WatchedServer((response) => {
          answer(response, id);
          setTimeout(asked.resolve, 20);
        });
        const abort = new AbortController();
        const provider = await providerAt(id, await server.listen());
        const answered = collect(provider.stream(requestOf(id, user('hi')), abort.signal));
        await asked.promise;
        abort.abort();
        assert.equal((await answered).end.reason, 'aborted');
        await server.untilNothingIsOpen();
        await server.close();
      });
    }
  });
}

// Google's wire has no last event: usage may follow the finish reason.
for (const id of serviceIds.filter((each) => each !== 'google')) {
  it(`a server of ${id} that goes on after the last event is not listened to any longer`, async () => {
    const server = new WatchedServer((response) => begin(response, beginnings[id] + endings[id]));
    const provider = await providerAt(id, await server.listen());
    const { end } = await collect(provider.stream(requestOf(id, user('hi')), never));
    assert.equal(end.reason, 'stop');
    await server.untilNothingIsOpen();
    await server.close();
  });
}
