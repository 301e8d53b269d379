import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AccountGate } from '../../src/core/agent/accountGate.ts';
import { runAgent } from '../../src/core/agent/agent.ts';
import { systemPrompt } from '../../src/core/agent/prompt.ts';
import { toolSpecs } from '../../src/core/agent/tools.ts';
import type { ProfileId } from '../../src/core/domain.ts';
import { createProvider } from '../../src/core/providers/createProvider.ts';
import { MemoryCopy } from '../unit/agent/support/memoryCopy.ts';
import type { Bench } from './bench.ts';
import { session, sessionFiles } from './tokensSession.ts';
import { type WireFormat, wireFormats } from './tokensWire.ts';

/** The rule of thumb for English and code. */
const bytesPerToken = 4;
const maxStandingTokens = 2_500;
const leastRepeated = 0.95;

type ProviderName = keyof typeof wireFormats;

/** One request against the one before it. Bytes are of the body as it was sent. */
interface StepFigures {
  readonly step: number;
  readonly bytes: number;
  /** Bytes at the start of the conversation that the request before had too; marks of where to cache don't count. */
  readonly repeated: number;
  /** `repeated` as a share of the conversation of the request before: 1 when it was only added to. */
  readonly kept: number;
  /** `repeated`, the tools and the system prompt as a share of the whole request. */
  readonly share: number;
}

/**
 * Plays one session of 20 answers over HTTP on each wire, and measures what is sent: in all, by request, and how much of it repeats
 * the start of the request before, which is what the services' caches read again at a fraction of the price.
 */
export const benchTokens: Bench = async ({ say }) => {
  const system = Buffer.byteLength(systemPrompt('shop', ''));
  const tools = Buffer.byteLength(JSON.stringify(toolSpecs));
  const tokens = (bytes: number) => Math.ceil(bytes / bytesPerToken);
  const standing = {
    rule: `${bytesPerToken} bytes a token`,
    systemTokens: tokens(system),
    toolTokens: tokens(tools),
    tokens: tokens(system + tools),
    aim: maxStandingTokens,
  };
  say(`System prompt and tools: ${standing.tokens} tokens (${standing.rule}).`);
  const formats: Record<string, unknown> = {};
  for (const name of Object.keys(wireFormats) as ProviderName[]) {
    const { bodies, end } = await play(name, wireFormats[name]);
    if (end !== 'finished' || bodies.length !== session.length) {
      throw new Error(`The session on ${name} ended as ${end} after ${bodies.length} requests.`);
    }
    const steps = figuresOf(bodies, wireFormats[name]);
    const sum = (of: (step: StepFigures) => number) => steps.reduce((all, step) => all + of(step), 0);
    const bytes = sum((step) => step.bytes);
    // The first request has nothing to repeat.
    const later = steps.slice(1);
    const kept = later.reduce((least, step) => Math.min(least, step.kept), 1);
    const repeated = rounded(
      later.reduce((all, step) => all + step.bytes * step.share, 0) / (bytes - (steps[0]?.bytes ?? 0)),
    );
    formats[name] = { bytes, repeated, leastKept: kept, isGood: Math.min(repeated, kept) >= leastRepeated, steps };
    say(
      `${name}: ${bytes} bytes in ${steps.length} requests, ${(repeated * 100).toFixed(1)} % repeated, at least ${(kept * 100).toFixed(1)} % kept.`,
    );
  }
  return { standing, aim: leastRepeated, formats };
};

/** Lets the scripted model of one wire work through the session, and answers with the bodies that it was sent. */
async function play(name: ProviderName, format: WireFormat) {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      bodies.push(Buffer.concat(chunks).toString());
      const step = session[bodies.length - 1];
      response.writeHead(step ? 200 : 400, { 'content-type': 'text/event-stream' });
      response.end(step && format.answer(step, bodies.length));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}${format.basePath}`;
  const outcome = await runAgent(
    {
      provider: await createProvider(name, { apiKey: 'key', baseUrl }),
      gate: new AccountGate(),
      profile: { id: 'p' as ProfileId, provider: name, model: format.model, label: name, options: {} },
      copy: new MemoryCopy(sessionFiles),
      instruction: 'Round all totals to cents instead of whole numbers, and bring the tests up to date.',
      conversation: [],
      folderName: 'shop',
      markerKey: 'key',
      limits: { maxSteps: 60, maxSeconds: 60, maxToolOutput: 30_000, stallSeconds: 10 },
    },
    () => {},
    new AbortController().signal,
  );
  server.closeAllConnections();
  server.close();
  return { bodies, end: outcome.kind === 'failed' ? outcome.problem.message : outcome.kind };
}

function figuresOf(bodies: readonly string[], format: WireFormat): StepFigures[] {
  // Where a request is to be cached up to is no part of what is cached, and moves with every request.
  const withoutMarks = (key: string, value: unknown) => (key === 'cache_control' ? undefined : value);
  const parsed = bodies.map((body) => JSON.parse(body, withoutMarks) as Record<string, unknown>);
  const conversations = parsed.map((body) => Buffer.from(JSON.stringify(body[format.conversation])));
  const fixed = parsed.map((body) => JSON.stringify([body.tools, format.system && body[format.system]]));
  return bodies.map((body, index) => {
    const bytes = Buffer.byteLength(body);
    const before = conversations[index - 1] ?? Buffer.alloc(0);
    const isFixed = fixed[index] === fixed[index - 1];
    // What is before the conversation changes all that follows it.
    const repeated = isFixed ? samePrefix(before, conversations[index] ?? Buffer.alloc(0)) : 0;
    // The last byte only closes the list.
    const kept = before.length > 1 ? repeated / (before.length - 1) : 0;
    const again = isFixed ? repeated + Buffer.byteLength(fixed[index] ?? '') : 0;
    return { step: index + 1, bytes, repeated, kept: rounded(kept), share: rounded(again / bytes) };
  });
}

function samePrefix(a: Buffer, b: Buffer): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

function rounded(share: number): number {
  return Math.round(share * 10_000) / 10_000;
}
