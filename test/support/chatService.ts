import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StoryStep } from './modelStory.ts';

/** A request as the service got it. */
export interface ChatRequest {
  readonly path: string;
  /** The header as it came; empty for none. */
  readonly authorization: string;
}

export interface ChatServiceOptions {
  /** The names of its models. */
  readonly models: readonly string[];
  /** What a model does, step by step, with an instruction; also for a run that goes on after a limit stopped it. */
  readonly steps: (instruction: string, isContinued: boolean) => readonly StoryStep[];
}

/** A stand-in for a server that speaks OpenAI's Chat Completions and wants no key. */
export interface ChatService extends AsyncDisposable {
  /** Ends in /v1. */
  readonly baseUrl: string;
  readonly requests: readonly ChatRequest[];
  /** Answers the next request for a completion with 429 and asks to wait this many seconds. */
  limitNext(seconds: number): void;
}

interface Message {
  readonly role: string;
  readonly content: unknown;
}

/** Starts the service on this machine. */
export async function startChatService(options: ChatServiceOptions): Promise<ChatService> {
  const requests: ChatRequest[] = [];
  let wait: number | undefined;
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const path = incoming.url ?? '';
    requests.push({ path, authorization: incoming.headers.authorization ?? '' });
    if (path === '/v1/models') {
      reply(outgoing, 200, { object: 'list', data: options.models.map((id) => ({ id, object: 'model' })) });
    } else if (path !== '/v1/chat/completions') {
      reply(outgoing, 404, { error: { message: 'There is nothing here' } });
    } else if (wait !== undefined) {
      outgoing.setHeader('retry-after', String(wait));
      wait = undefined;
      reply(outgoing, 429, { error: { message: 'Too many requests', type: 'rate_limit_error' } });
    } else {
      const { messages } = JSON.parse(await textOf(incoming)) as { readonly messages: readonly Message[] };
      stream(outgoing, messages, options.steps);
    }
  };
  const server = createServer((incoming, outgoing) => void serve(incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    limitNext: (seconds) => {
      wait = seconds;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The step that comes next: as many are behind the model as there are results of tools. */
function stream(outgoing: ServerResponse, messages: readonly Message[], script: ChatServiceOptions['steps']): void {
  const first = String(messages.find(({ role }) => role === 'user')?.content);
  const [, instruction = ''] = /<instruction>\n([\s\S]*?)\n<\/instruction>/.exec(first) ?? [];
  const steps = script(instruction, first.includes('<progress>'));
  const done = messages.filter(({ role }) => role === 'tool').length;
  const step = steps[Math.min(done, steps.length - 1)] as StoryStep;
  const call = { name: step.tool, arguments: JSON.stringify(step.arguments) };
  const deltas = [
    { role: 'assistant', content: step.say },
    { tool_calls: [{ index: 0, id: `call_${done + 1}`, type: 'function', function: call }] },
  ];
  const chunks = [
    ...deltas.map((delta) => ({ choices: [{ index: 0, delta, finish_reason: null }] })),
    { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
    { choices: [], usage: usageOf(1200 + 300 * done, done === 0 ? 0 : 1024) },
  ];
  outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
  outgoing.end([...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'].map((data) => `data: ${data}\n\n`).join(''));
}

function usageOf(input: number, cached: number) {
  const counts = { prompt_tokens: input, completion_tokens: 40, total_tokens: input + 40 };
  return { ...counts, prompt_tokens_details: { cached_tokens: cached } };
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of incoming.setEncoding('utf8')) text += chunk;
  return text;
}

function reply(outgoing: ServerResponse, status: number, body: unknown): void {
  outgoing.writeHead(status, { 'content-type': 'application/json' });
  outgoing.end(JSON.stringify(body));
}
