import { Anthropic } from '@anthropic-ai/sdk';
import { type Answer, type Delta, streamAnswer } from './answer.ts';
import { AnthropicBlocks } from './anthropicBlocks.ts';
import { eventsOf } from './anthropicEvents.ts';
import { OutputLimits, roomLeft } from './anthropicLimits.ts';
import { type AnthropicPart, anthropicBody, anthropicParts } from './anthropicMessages.ts';
import { valuesOf } from './eventStream.ts';
import type { Asked } from './failure.ts';
import { fetchHere } from './fetchHere.ts';
import { listModels } from './modelList.ts';
import { keep } from './playback.ts';
import type { EndReason, ModelRequest, Provider, ProviderAccount } from './provider.ts';
import { askLearning, Refusals } from './refusals.ts';
import { countOf, type JsonObject, objectOf, textOf } from './untrusted.ts';

/** What refusals have taught of the account's models. */
interface Learned {
  readonly limits: OutputLimits;
  readonly refusals: Refusals<AnthropicPart>;
}

/** Anthropic's models. */
export function createAnthropicProvider(account: ProviderAccount): Provider {
  const asked: Asked = { provider: 'anthropic', apiKey: account.apiKey };
  const learned: Learned = { limits: new OutputLimits(), refusals: new Refusals(anthropicParts) };
  return {
    stream: (request, signal) =>
      streamAnswer({ ...asked, model: request.model }, signal, (answer, requestSignal) =>
        readAnswer(ask(clientFor(account), request, learned, requestSignal), request, answer),
      ),
    listModels: (signal) =>
      listModels(asked, signal, async () => {
        const models = [];
        for await (const model of clientFor(account).models.list({ limit: 1000 }, { signal })) {
          const createdAt = Date.parse(model.created_at) || 0;
          const contextTokens = countOf(model.max_input_tokens);
          const maxOutputTokens = countOf(model.max_tokens);
          models.push({
            id: model.id,
            label: model.display_name,
            createdAt,
            ...(contextTokens > 0 ? { contextTokens } : {}),
            ...(maxOutputTokens > 0 ? { maxOutputTokens } : {}),
          });
        }
        return models;
      }),
  };
}

/** Says everything that the SDK would otherwise take from the environment: another address, key or header of it. */
function clientFor({ apiKey, baseUrl }: ProviderAccount): Anthropic {
  return new Anthropic({
    apiKey,
    baseURL: baseUrl || 'https://api.anthropic.com',
    webhookKey: null,
    defaultHeaders: { 'X-Api-Key': apiKey, Authorization: null },
    openTelemetry: false,
    maxRetries: 0,
    fetch: fetchHere,
    // It would print what it can't parse to the console.
    logLevel: 'off',
  });
}

/** Sends the request as often as what the model accepts has to be learned. */
async function ask(
  client: Anthropic,
  request: ModelRequest,
  { limits, refusals }: Learned,
  signal: AbortSignal,
): Promise<Response> {
  let room: number | undefined;
  let body: JsonObject = {};
  return askLearning(
    () => {
      const maxTokens = Math.min(limits.of(request), room ?? Number.POSITIVE_INFINITY);
      body = anthropicBody(request, maxTokens, refusals.of(request.model));
      // The same request as `messages.create`, which prints to the console each time when a model is to be retired.
      return client.post('/v1/messages', { body, stream: true, signal }).asResponse();
    },
    (refusal) => {
      const left = room === undefined ? roomLeft(refusal.message) : undefined;
      room ??= left;
      return (
        left !== undefined || limits.learn(request, refusal.message) || refusals.learn(request.model, refusal, body)
      );
    },
  );
}

async function* readAnswer(
  response: Promise<Response>,
  request: ModelRequest,
  answer: Answer,
): AsyncGenerator<Delta, void> {
  const blocks = new AnthropicBlocks();
  let usage: JsonObject = {};
  let stopReason = '';
  for await (const event of eventsOf(valuesOf(await response))) {
    const index = Number(event.index);
    switch (event.type) {
      case 'error':
        throw { error: event.error };
      case 'message_start':
        answer.isStarted = true;
        blocks.restart();
        usage = objectOf(objectOf(event.message)?.usage) ?? {};
        answer.usage = usageOf(usage);
        break;
      case 'content_block_start':
        blocks.start(index, objectOf(event.content_block) ?? {});
        // Gateways may begin a block with all that is in it.
        yield* pieces(objectOf(event.content_block) ?? {});
        break;
      case 'content_block_delta': {
        const delta = objectOf(event.delta) ?? {};
        blocks.add(index, delta);
        yield* pieces(delta);
        break;
      }
      case 'content_block_stop':
        blocks.stop(index);
        break;
      case 'message_delta':
        stopReason = textOf(objectOf(event.delta)?.stop_reason) || stopReason;
        // The counts are totals; those that are missing stand as they were at the start.
        usage = { ...usage, ...withoutNulls(objectOf(event.usage) ?? {}) };
        answer.usage = usageOf(usage);
        break;
      case 'message_stop':
        yield* finish(stopReason, blocks, request.model, answer);
        return;
    }
  }
  if (stopReason !== '') {
    yield* finish(stopReason, blocks, request.model, answer);
  }
}

function* pieces(delta: JsonObject): Generator<Delta> {
  const text = textOf(delta.text);
  const reasoning = textOf(delta.thinking);
  if (/^text(_delta)?$/.test(textOf(delta.type)) && text !== '') {
    yield { type: 'text', text };
  }
  if (/^thinking(_delta)?$/.test(textOf(delta.type)) && reasoning !== '') {
    yield { type: 'reasoning', text: reasoning };
  }
}

function withoutNulls(usage: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(usage).filter(([, count]) => count !== null));
}

/** Calls are handed on only here, when no second message can take them back and the answer was not refused. */
function* finish(stopReason: string, blocks: AnthropicBlocks, model: string, answer: Answer): Generator<Delta> {
  const end = reasonOf(stopReason, 0);
  if (end === 'stop') {
    blocks.stopAll();
  }
  const calls = end === 'refusal' ? [] : blocks.calls();
  for (const call of calls) {
    yield { type: 'tool-call', call };
  }
  const callIds = calls.map((call) => call.id);
  answer.opaque =
    stopReason === 'refusal' ? undefined : keep({ provider: 'anthropic', model }, callIds, blocks.complete());
  answer.end = { reason: reasonOf(stopReason, calls.length) };
}

function reasonOf(stopReason: string, calls: number): Exclude<EndReason['reason'], 'error'> {
  switch (stopReason) {
    case 'refusal':
      return 'refusal';
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length';
    default:
      return calls > 0 ? 'tool-calls' : 'stop';
  }
}

/** Anthropic counts what it reads from and writes to the cache beside the rest of the input. */
function usageOf(usage: JsonObject) {
  const cachedInput = countOf(usage.cache_read_input_tokens);
  const cacheWrite = countOf(usage.cache_creation_input_tokens);
  return {
    input: countOf(usage.input_tokens) + cacheWrite + cachedInput,
    cachedInput,
    ...('cache_creation_input_tokens' in usage ? { cacheWrite } : {}),
    output: countOf(usage.output_tokens),
    reasoning: countOf(objectOf(usage.output_tokens_details)?.thinking_tokens),
  };
}
