import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createProvider } from '../../../src/core/providers/createProvider.ts';
import type { ModelEvent, ModelRequest, Provider, Turn } from '../../../src/core/providers/provider.ts';

/** A key that no text of ours may ever show. */
export const secretKey = 'sk-secret-0123456789abcdef';

/** The providers that are services on a wire; VS Code's own models are not. */
export const serviceIds = ['openai', 'anthropic', 'google', 'openai-compatible'] as const;
export type ServiceId = (typeof serviceIds)[number];

/** One model of each provider, by the names that the recordings and the mock accept. */
export const models = {
  openai: 'gpt-5',
  anthropic: 'claude-sonnet-4-5',
  google: 'gemini-3-pro',
  'openai-compatible': 'qwen3-coder',
} as const;

/** The provider pointed at a server of ours: each SDK takes its address in its own way. */
export function providerAt(id: ServiceId, url: string, apiKey = secretKey): Promise<Provider> {
  return createProvider(id, { apiKey, baseUrl: id.startsWith('openai') ? `${url}/v1` : url });
}

export function requestOf(id: ServiceId, ...turns: Turn[]): ModelRequest {
  const parameters = { type: 'object', properties: { path: { type: 'string' } }, additionalProperties: false };
  return {
    model: models[id],
    system: 'You are a test.',
    turns,
    tools: [{ name: 'read_file', description: 'Reads a file', parameters }],
    options: {},
  };
}

export function user(text: string): Turn {
  return { role: 'user', text };
}

type End = Extract<ModelEvent, { type: 'end' }>;

/** Everything that one stream gave. Fails when there is not exactly one end, at the end. */
export async function collect(stream: AsyncIterable<ModelEvent>) {
  const events: ModelEvent[] = [];
  for await (const event of stream) {
    events.push(event);
  }
  const ends = events.filter((event) => event.type === 'end');
  const end = events.at(-1);
  if (ends.length !== 1 || end?.type !== 'end') {
    throw new Error(`${ends.length} ends, and ${end?.type} last`);
  }
  return {
    events,
    end: end as End,
    failure: end.reason === 'error' ? end.failure : undefined,
    text: joined(events, 'text'),
    reasoning: joined(events, 'reasoning'),
    calls: events.flatMap((event) => (event.type === 'tool-call' ? [event.call] : [])),
  };
}

function joined(events: readonly ModelEvent[], type: 'text' | 'reasoning'): string {
  return events.map((event) => (event.type === type ? event.text : '')).join('');
}

/** What reached a server of ours. */
export interface Received {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** An HTTP server on this machine that remembers what it was asked. */
export async function listen(answer: RequestListener) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      received.push({ url: request.url ?? '', headers: request.headers, body: text ? JSON.parse(text) : undefined });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** A server that gives every request the same answer. */
export function answering(status: number, body: string | Buffer, headers: Record<string, string> = {}) {
  return listen((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(body);
  });
}
