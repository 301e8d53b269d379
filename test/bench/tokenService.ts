import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A stand-in for a server that speaks OpenAI's Chat Completions, and streams numbered tokens at a steady pace. */
export interface TokenService extends AsyncDisposable {
  /** Ends in /v1. */
  readonly baseUrl: string;
  /** When each token was written to the wire, in milliseconds since the epoch, by model and by the token's number. */
  readonly sent: ReadonlyMap<string, readonly number[]>;
}

export interface Pace {
  readonly tokensPerSecond: number;
  readonly seconds: number;
}

/** Four characters: a space, and the token's number in base 36. */
export function tokenText(number: number): string {
  return ` ${number.toString(36).padStart(3, '0')}`;
}

/** Starts the service on this machine. Each answer is as many tokens as the pace says, and then the call that ends the run. */
export async function startTokenService(pace: Pace): Promise<TokenService> {
  const sent = new Map<string, number[]>();
  const server = createServer((incoming, outgoing) => {
    let text = '';
    incoming.setEncoding('utf8');
    incoming.on('data', (chunk: string) => (text += chunk));
    incoming.on('end', () => {
      const { model } = JSON.parse(text) as { readonly model: string };
      const times: number[] = [];
      sent.set(model, times);
      stream(outgoing, pace, times);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    sent,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function stream(outgoing: ServerResponse, { tokensPerSecond, seconds }: Pace, times: number[]): void {
  const started = Date.now();
  const total = tokensPerSecond * seconds;
  outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
  // A timer that is late catches up, so that the pace is kept.
  const timer = setInterval(() => {
    const due = Math.min(total, Math.floor(((Date.now() - started) * tokensPerSecond) / 1000));
    while (times.length < due) {
      const content = tokenText(times.length);
      times.push(Date.now());
      outgoing.write(event({ choices: [{ index: 0, delta: { content }, finish_reason: null }] }));
    }
    if (due === total) finish(outgoing);
  }, 1000 / tokensPerSecond);
  outgoing.once('close', () => clearInterval(timer));
}

function finish(outgoing: ServerResponse): void {
  const call = { name: 'finish', arguments: '{"summary":"Done."}' };
  const delta = { tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: call }] };
  outgoing.write(event({ choices: [{ index: 0, delta, finish_reason: null }] }));
  outgoing.write(event({ choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] }));
  const usage = { prompt_tokens: 1000, completion_tokens: 1500, total_tokens: 2500 };
  outgoing.end(`${event({ choices: [], usage })}data: [DONE]\n\n`);
}

function event(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}
