import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type JournalEntry, LLMock } from '@copilotkit/aimock';
import { noteSteps, type StoryStep, storyInstruction, storySteps } from './modelStory.ts';
import { reviewAnswer } from './reviewStory.ts';

type ChatRequest = Parameters<NonNullable<Parameters<LLMock['on']>[0]['predicate']>>[0];

export interface ModelsOptions {
  /** Milliseconds until the first token, and tokens a second. Defaults: a pace that can be watched. */
  readonly ttft?: number;
  readonly tps?: number;
}

/** A stand-in for the three providers on one port. */
export interface ModelsStandIn {
  /** Base URLs as the providers' SDKs take them. */
  readonly baseUrls: Readonly<Record<'openai' | 'anthropic' | 'google', string>>;
  /** Accepts any key except `wrong`. */
  readonly key: string;
  readonly mock: LLMock;
  /** Adds this many milliseconds before each answer. */
  setDelay(milliseconds: number): void;
  /** How many requests wait for their delay to be over. */
  waiting(): number;
  requests(): readonly JournalEntry[];
  stop(): Promise<void>;
}

const modelNames = {
  openai: ['gpt-5.1-codex', 'gpt-5.1'],
  anthropic: ['claude-opus-4-5', 'claude-sonnet-4-5'],
  google: ['gemini-3-pro-preview', 'gemini-2.5-flash'],
} as const;

/** Starts the stand-in: aimock plays the answers; a thin front adds model lists and key checks. */
export async function startModels(options: ModelsOptions = {}): Promise<ModelsStandIn> {
  const mock = new LLMock({ port: 0, host: '127.0.0.1', logLevel: 'silent', journalMaxEntries: 0 });
  mock.addFixture({
    match: { predicate: () => true },
    response: (chat) => answer(chat),
    streamingProfile: { ttft: options.ttft ?? 800, tps: options.tps ?? 40 },
  });
  await mock.start();
  let delay = 0;
  const waiting = new Set<NodeJS.Timeout>();
  const upstream = mock.url;
  const front = createServer((incoming, outgoing) => {
    const timer = setTimeout(() => {
      waiting.delete(timer);
      serve(incoming, outgoing, upstream);
    }, delay);
    waiting.add(timer);
    outgoing.once('close', () => {
      clearTimeout(timer);
      waiting.delete(timer);
    });
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
  return {
    baseUrls: { openai: `${url}/v1`, anthropic: url, google: url },
    key: 'stand-in-key',
    mock,
    setDelay: (milliseconds) => {
      delay = milliseconds;
    },
    waiting: () => waiting.size,
    requests: () => mock.getRequests(),
    stop: async () => {
      front.closeAllConnections();
      front.close();
      // It waits for its open connections, and a window that is closing may hold some for long.
      await Promise.race([mock.stop(), sleep(2_000, undefined, { ref: false })]);
    },
  };
}

/** The next answer of a conversation: a review, or as many steps are behind us as there are tool results. */
function answer(chat: ChatRequest) {
  const texts = chat.messages.map(({ role, content }) => ({ role, text: textOf(content) }));
  const asked = texts.find(({ role, text }) => role === 'user' && text.includes('Now call submit_review'));
  if (asked) {
    const call = reviewAnswer(asked.text);
    return {
      content: '',
      toolCalls: [{ id: 'call_1', ...call }],
      usage: usageOf(chat, call),
    };
  }
  const first = texts.find(({ role, text }) => role === 'user' && text.includes('<instruction>'))?.text ?? '';
  const system = texts.find(({ role }) => role === 'system')?.text ?? '';
  const instruction = sections(first, 'instruction').at(-1) ?? '';
  const scope = /Change files in (.+)\/ only\./.exec(system)?.[1] ?? '';
  const isStory = instruction === storyInstruction && scope === '';
  const steps = isStory
    ? storySteps(chat.model)
    : noteSteps(chat.model, [...sections(first, 'earlier-instruction'), instruction], scope);
  const done = texts.filter(({ role }) => role === 'tool').length;
  const step = steps[Math.min(done, steps.length - 1)] as StoryStep;
  return {
    content: step.say,
    toolCalls: [{ id: `call_${done + 1}`, name: step.tool, arguments: JSON.stringify(step.arguments) }],
    usage: usageOf(chat, step),
  };
}

/** Roughly what it would have cost, under the names of all three services. */
function usageOf({ messages }: ChatRequest, answered: unknown) {
  const inputTokens = Math.ceil(JSON.stringify(messages).length / 4);
  const outputTokens = Math.ceil(JSON.stringify(answered).length / 4);
  return {
    ...{ input_tokens: inputTokens, output_tokens: outputTokens },
    ...{ promptTokenCount: inputTokens, candidatesTokenCount: outputTokens },
    totalTokenCount: inputTokens + outputTokens,
  };
}

function textOf(content: ChatRequest['messages'][number]['content']): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map(({ text }) => text ?? '').join('');
}

function sections(text: string, name: string): string[] {
  return [...text.matchAll(new RegExp(`<${name}>\\n([\\s\\S]*?)\\n</${name}>`, 'g'))].map(([, inner = '']) => inner);
}

function serve(incoming: IncomingMessage, outgoing: ServerResponse, upstream: string): void {
  const url = new URL(incoming.url ?? '/', upstream);
  const key = keyOf(incoming, url);
  if (key === '' || key === 'wrong') {
    reply(outgoing, 401, wrongKey(incoming, url));
    return;
  }
  if (incoming.method === 'GET' && /^\/v1(beta)?\/models$/.test(url.pathname)) {
    reply(outgoing, 200, modelList(incoming, url));
    return;
  }
  const onward = request(url, { method: incoming.method, headers: incoming.headers }, (response) => {
    outgoing.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  outgoing.on('close', () => onward.destroy());
  incoming.pipe(onward);
}

function keyOf({ headers }: IncomingMessage, url: URL): string {
  const bearer = headers.authorization?.replace(/^Bearer /, '');
  const named = headers['x-api-key'] ?? headers['x-goog-api-key'];
  return bearer ?? (Array.isArray(named) ? named[0] : named) ?? url.searchParams.get('key') ?? '';
}

function serviceOf({ headers }: IncomingMessage, url: URL): keyof typeof modelNames {
  if (url.pathname.startsWith('/v1beta')) return 'google';
  return 'anthropic-version' in headers ? 'anthropic' : 'openai';
}

function wrongKey(incoming: IncomingMessage, url: URL): unknown {
  switch (serviceOf(incoming, url)) {
    case 'openai':
      return {
        error: { message: 'Incorrect API key provided.', type: 'invalid_request_error', code: 'invalid_api_key' },
      };
    case 'anthropic':
      return { type: 'error', error: { type: 'authentication_error', message: 'invalid x-api-key' } };
    case 'google':
      return { error: { code: 401, message: 'API key not valid.', status: 'UNAUTHENTICATED' } };
  }
}

function modelList(incoming: IncomingMessage, url: URL): unknown {
  const service = serviceOf(incoming, url);
  const created = 1_760_000_000;
  switch (service) {
    case 'openai':
      return {
        object: 'list',
        data: modelNames.openai.map((id) => ({ id, object: 'model', created, owned_by: 'openai' })),
      };
    case 'anthropic':
      return {
        data: modelNames.anthropic.map((id) => ({
          type: 'model',
          id,
          display_name: id,
          created_at: '2025-11-01T00:00:00Z',
        })),
        ...{ has_more: false, first_id: null, last_id: null },
      };
    case 'google':
      return {
        models: modelNames.google.map((id) => ({
          ...{ name: `models/${id}`, displayName: id, inputTokenLimit: 1_000_000, outputTokenLimit: 65_536 },
          supportedGenerationMethods: ['generateContent', 'countTokens'],
        })),
      };
  }
}

function reply(outgoing: ServerResponse, status: number, body: unknown): void {
  outgoing.writeHead(status, { 'content-type': 'application/json' });
  outgoing.end(JSON.stringify(body));
}
