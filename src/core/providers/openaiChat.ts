import { OpenAI } from 'openai';
import { UserError } from '../problem.ts';
import { type Answer, type Delta, streamAnswer } from './answer.ts';
import { ChatAnswer } from './chatAnswer.ts';
import { chatBody } from './chatBody.ts';
import { type ChatPart, chatParts } from './chatRefusals.ts';
import { valuesOf } from './eventStream.ts';
import type { Asked } from './failure.ts';
import { fetchWithError } from './fetchWithError.ts';
import { type ListedModel, listModels } from './modelList.ts';
import type { Author } from './playback.ts';
import type { ModelRequest, Provider, ProviderAccount } from './provider.ts';
import { askLearning, Refusals } from './refusals.ts';
import { countOf, type JsonObject, objectOf, objectsOf, textOf } from './untrusted.ts';

/** Whatever speaks OpenAI's Chat Completions: local servers, gateways, other services. Throws `UserError` without a base URL. */
export function createOpenAIChatProvider(account: ProviderAccount): Provider {
  const address = addressOf(account);
  const client = clientFor(account.apiKey, address);
  const asked: Asked = { provider: 'openai-compatible', apiKey: account.apiKey, service: address.host };
  const refusals = new Refusals(chatParts);
  return {
    stream: (request, signal) => {
      const author: Author = { provider: 'openai-compatible', model: request.model, service: address.host };
      const askedModel = { ...asked, model: request.model };
      return streamAnswer(askedModel, signal, (answer, requestSignal) =>
        readAnswer(() => ask(client, request, author, refusals, requestSignal), author, askedModel, answer),
      );
    },
    listModels: (signal) =>
      listModels(asked, signal, async () => {
        const response = await client.get('/models', { signal }).asResponse();
        const list: unknown = await response.json();
        return objectsOf(Array.isArray(list) ? list : objectOf(list)?.data).map(listed);
      }),
  };
}

function addressOf({ baseUrl = '' }: ProviderAccount): URL {
  const address = URL.parse(baseUrl.trim());
  if (address && /^https?:$/.test(address.protocol)) {
    return address;
  }
  throw new UserError({
    code: 'bad-request',
    message:
      'This model has no base URL, or none that is one. Set where its service is, for example http://localhost:11434/v1.',
    action: { type: 'open-settings', setting: 'dursor.models' },
  });
}

/** Says everything that the SDK would otherwise take from the environment. A query in the address goes with each request. */
function clientFor(apiKey: string, address: URL): OpenAI {
  const isAzure = /\.azure\.com$/.test(address.hostname);
  return new OpenAI({
    // The SDK insists on one; the header below is what counts.
    apiKey: apiKey || 'none',
    baseURL: address.origin + address.pathname.replace(/\/+$/, ''),
    defaultQuery: Object.fromEntries(address.searchParams),
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    defaultHeaders: {
      Authorization: apiKey === '' || isAzure ? null : `Bearer ${apiKey}`,
      ...(isAzure && apiKey !== '' ? { 'api-key': apiKey } : {}),
    },
    fetch: fetchWithError,
    maxRetries: 0,
    // It would print what it can't parse to the console.
    logLevel: 'off',
  });
}

async function ask(
  client: OpenAI,
  request: ModelRequest,
  author: Author,
  refusals: Refusals<ChatPart>,
  signal: AbortSignal,
): Promise<Response> {
  let body: JsonObject = {};
  return askLearning(
    () => {
      body = chatBody(request, author, refusals.of(request.model));
      return client.post('/chat/completions', { body, signal, stream: true }).asResponse();
    },
    (refusal) => refusals.learn(request.model, refusal, body),
  );
}

async function* readAnswer(
  send: () => Promise<Response>,
  author: Author,
  asked: Asked,
  answer: Answer,
): AsyncGenerator<Delta, void> {
  const chat = new ChatAnswer();
  const values = valuesOf(await send());
  for (;;) {
    const next = await values.next();
    if (next.done) {
      yield* chat.finish(author, asked, next.value, answer);
      return;
    }
    yield* chat.add(next.value, answer);
  }
}

/** Some servers also tell how much a model reads at once, each by another name. */
function listed(model: JsonObject): ListedModel {
  const { id, name, created, ...rest } = model;
  const contextTokens =
    countOf(rest.context_length) ||
    countOf(rest.max_context_length) ||
    countOf(rest.max_model_len) ||
    countOf(rest.context_window) ||
    countOf(objectOf(rest.meta)?.n_ctx);
  const maxOutputTokens =
    countOf(rest.max_completion_tokens) || countOf(objectOf(rest.top_provider)?.max_completion_tokens);
  return {
    id: textOf(id),
    label: textOf(name) || textOf(id),
    createdAt: countOf(created),
    ...(contextTokens > 0 ? { contextTokens } : {}),
    ...(maxOutputTokens > 0 ? { maxOutputTokens } : {}),
  };
}
