import { OpenAI } from 'openai';
import { type Answer, type Delta, streamAnswer } from './answer.ts';
import { failureOf } from './classify.ts';
import { valuesOf } from './eventStream.ts';
import type { Asked } from './failure.ts';
import { fetchWithError } from './fetchWithError.ts';
import { listModels } from './modelList.ts';
import { callOf, isCall } from './openaiCalls.ts';
import { openaiBody } from './openaiInput.ts';
import { type OpenAIPart, openaiParts } from './openaiRefusals.ts';
import { keep } from './playback.ts';
import type { EndReason, ModelRequest, Provider, ProviderAccount } from './provider.ts';
import { askLearning, Refusals } from './refusals.ts';
import { countOf, type JsonObject, objectOf, objectsOf, textOf } from './untrusted.ts';

/** Models of OpenAI, and of whatever else speaks its Responses API. */
export function createOpenAIProvider(account: ProviderAccount): Provider {
  const asked: Asked = { provider: 'openai', apiKey: account.apiKey };
  const refusals = new Refusals(openaiParts);
  return {
    stream: (request, signal) =>
      streamAnswer({ ...asked, model: request.model }, signal, (answer, requestSignal) =>
        readAnswer(ask(clientFor(account), request, refusals, requestSignal), request, asked, answer),
      ),
    listModels: (signal) =>
      listModels(asked, signal, async () => {
        const models = [];
        for await (const { id, created } of clientFor(account).models.list({ signal })) {
          models.push({ id, label: id, createdAt: created });
        }
        return models;
      }),
  };
}

/** Says everything that the SDK would otherwise take from the environment: another key, address or organization. */
function clientFor({ apiKey, baseUrl }: ProviderAccount): OpenAI {
  return new OpenAI({
    apiKey,
    baseURL: baseUrl || 'https://api.openai.com/v1',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    defaultHeaders: { Authorization: `Bearer ${apiKey}` },
    fetch: fetchWithError,
    maxRetries: 0,
    // It would print what it can't parse to the console.
    logLevel: 'off',
  });
}

function ask(
  client: OpenAI,
  request: ModelRequest,
  refusals: Refusals<OpenAIPart>,
  signal: AbortSignal,
): Promise<Response> {
  let body: JsonObject = {};
  return askLearning(
    () => {
      body = openaiBody(request, refusals.of(request.model));
      return client.post('/responses', { body, stream: true, signal }).asResponse();
    },
    (refusal) => refusals.learn(request.model, refusal, body),
  );
}

async function* readAnswer(
  response: Promise<Response>,
  request: ModelRequest,
  asked: Asked,
  answer: Answer,
): AsyncGenerator<Delta, void> {
  const items: JsonObject[] = [];
  const said = new Set<Delta['type']>();
  for await (const raw of valuesOf(await response)) {
    const event = eventOf(raw);
    const type = textOf(event?.type);
    if (!event || type === '') {
      continue;
    }
    answer.isStarted ||= type.startsWith('response.');
    switch (type) {
      case 'response.output_text.delta':
      case 'response.refusal.delta':
        said.add('text');
        yield* piece('text', event.delta);
        break;
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        said.add('reasoning');
        yield* piece('reasoning', event.delta);
        break;
      case 'response.output_item.done': {
        const item = objectOf(event.item);
        if (item) {
          items.push(item);
        }
        break;
      }
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
        for (const delta of saidIn(objectOf(event.response)?.output)) {
          if (!said.has(delta.type)) {
            yield delta;
          }
        }
        yield* finish(objectOf(event.response) ?? {}, type, items, request.model, asked, answer);
        return;
      case 'error':
        throw { error: event };
    }
  }
}

/** An event, or what a gateway sends that doesn't stream: the whole response, or an error alone. */
function eventOf(value: unknown): JsonObject | undefined {
  const event = objectOf(value);
  if (event?.object === 'response') {
    return { type: `response.${textOf(event.status)}`, response: event };
  }
  return event?.error && event.type === undefined ? { type: 'error', error: event.error } : event;
}

/** What a response says that came without its pieces. */
function* saidIn(output: unknown): Generator<Delta> {
  for (const item of objectsOf(output)) {
    for (const content of objectsOf(item.type === 'reasoning' ? item.summary : item.content)) {
      yield* piece(item.type === 'reasoning' ? 'reasoning' : 'text', content.text ?? content.refusal);
    }
  }
}

function* piece(type: 'text' | 'reasoning', delta: unknown): Generator<Delta> {
  const text = textOf(delta);
  if (text !== '') {
    yield { type, text };
  }
}

/** The last event: who has called what, at what cost, and why it is the last. */
function* finish(
  response: JsonObject,
  type: string,
  streamed: readonly JsonObject[],
  model: string,
  asked: Asked,
  answer: Answer,
): Generator<Delta> {
  answer.usage = usageOf(objectOf(response.usage));
  if (type === 'response.failed') {
    answer.end = { reason: 'error', failure: failureOf({ error: response.error ?? {} }, { ...asked, model }) };
    return;
  }
  // A gateway may send the items with the last event only.
  const items = (streamed.length > 0 ? streamed : objectsOf(response.output)).filter(
    (item) => item.status !== 'incomplete',
  );
  const why = textOf(objectOf(response.incomplete_details)?.reason);
  const isRefused = why === 'content_filter' || items.some(refuses);
  const calls = isRefused ? [] : items.filter(isCall);
  for (const item of calls) {
    yield { type: 'tool-call', call: callOf(item) };
  }
  // Tools that the service runs itself have a call_id too: with one of those, playing back falls back to text.
  const callIds = items.map((item) => textOf(item.call_id)).filter((id) => id !== '');
  answer.opaque = keep({ provider: 'openai', model }, callIds, items);
  const isIncomplete = type === 'response.incomplete' || response.status === 'incomplete';
  answer.end = { reason: reasonOf(isIncomplete, isRefused, calls.length) };
}

function reasonOf(isIncomplete: boolean, isRefused: boolean, calls: number): Exclude<EndReason['reason'], 'error'> {
  if (isRefused) {
    return 'refusal';
  }
  if (isIncomplete) {
    return 'length';
  }
  return calls > 0 ? 'tool-calls' : 'stop';
}

function refuses(item: JsonObject): boolean {
  return item.type === 'message' && objectsOf(item.content).some((content) => content.type === 'refusal');
}

function usageOf(usage: JsonObject | undefined) {
  return {
    input: countOf(usage?.input_tokens),
    cachedInput: countOf(objectOf(usage?.input_tokens_details)?.cached_tokens),
    output: countOf(usage?.output_tokens),
    reasoning: countOf(objectOf(usage?.output_tokens_details)?.reasoning_tokens),
  };
}
