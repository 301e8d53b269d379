import type * as vscode from 'vscode';
import { noUsage, type TokenUsage } from '../core/domain.ts';
import { UserError } from '../core/problem.ts';
import { type Answer, type Delta, streamAnswer } from '../core/providers/answer.ts';
import type { ModelRequest, Provider, Turn } from '../core/providers/provider.ts';
import { argumentsAsObject, objectOf } from '../core/providers/untrusted.ts';
import { languageModelFailure } from './languageModelFailure.ts';

/** The part of VS Code's API that its language models are reached through. */
export type LanguageModelApi = Pick<
  typeof vscode,
  | 'LanguageModelChatMessage'
  | 'LanguageModelTextPart'
  | 'LanguageModelToolCallPart'
  | 'LanguageModelToolResultPart'
  | 'CancellationTokenSource'
> & { readonly lm: Pick<typeof vscode.lm, 'selectChatModels'> };

const asked = { provider: 'vscode', apiKey: '' } as const;
const justification = 'dursor runs the messages you send on the models you chose.';
/** How long counting may hold up the end of an answer, in milliseconds. */
const countingTime = 3000;

/**
 * The language models of VS Code and its extensions as a provider. A model's name is `vendor/id`. VS Code asks the user
 * for consent at the first request, so nothing but a run that the user started may send one.
 */
export function createLanguageModelProvider(api: LanguageModelApi): Provider {
  const counted = new WeakMap<Turn, Promise<number>>();
  return {
    stream: (request, signal) => {
      const about = { ...asked, model: request.model };
      return streamAnswer(about, signal, async function* (answer, requestSignal) {
        try {
          yield* readAnswer(api, request, counted, answer, requestSignal);
        } catch (error) {
          answer.end = { reason: 'error', failure: languageModelFailure(error, about) };
        }
      });
    },
    async listModels(signal) {
      try {
        const models = await api.lm.selectChatModels({});
        signal.throwIfAborted();
        return models.map((model) => ({ id: nameOf(model), label: model.name || nameOf(model) }));
      } catch (error) {
        signal.throwIfAborted();
        throw new UserError(languageModelFailure(error, asked).problem);
      }
    },
    async contextTokens(model) {
      const found = await find(api, model).catch(() => undefined);
      return found && found.maxInputTokens > 0 ? found.maxInputTokens : undefined;
    },
  };
}

async function* readAnswer(
  api: LanguageModelApi,
  request: ModelRequest,
  counted: WeakMap<Turn, Promise<number>>,
  answer: Answer,
  signal: AbortSignal,
): AsyncGenerator<Delta, void> {
  const model = await find(api, request.model);
  if (!model) {
    const problem = languageModelFailure({ code: 'NotFound' }, { ...asked, model: request.model });
    answer.end = { reason: 'error', failure: problem };
    return;
  }
  const cancellation = new api.CancellationTokenSource();
  const cancel = () => cancellation.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const messages = request.turns.map((turn) => messageOf(api, turn));
    const system = request.system ? [api.LanguageModelChatMessage.User(request.system)] : [];
    const tools = request.tools.map(({ name, description, parameters }) => ({
      name,
      description,
      inputSchema: parameters,
    }));
    const response = await model.sendRequest(
      [...system, ...messages],
      { justification, ...(tools.length > 0 && { tools }) },
      cancellation.token,
    );
    let written = '';
    let calls = 0;
    for await (const part of response.stream) {
      answer.isStarted = true;
      const delta = deltaOf(api, part);
      if (!delta) continue;
      if (delta.type === 'tool-call') calls++;
      written += delta.type === 'tool-call' ? delta.call.arguments : delta.text;
      yield delta;
    }
    answer.usage = await usageOf(model, request, messages, counted, written);
    answer.end = { reason: calls > 0 ? 'tool-calls' : 'stop' };
  } finally {
    signal.removeEventListener('abort', cancel);
    // Also when the reader stopped reading, which VS Code doesn't notice by itself.
    cancellation.cancel();
    cancellation.dispose();
  }
}

function nameOf({ vendor, id }: Pick<vscode.LanguageModelChat, 'vendor' | 'id'>): string {
  return `${vendor}/${id}`;
}

async function find(api: LanguageModelApi, name: string): Promise<vscode.LanguageModelChat | undefined> {
  const slash = name.indexOf('/');
  const models = await api.lm.selectChatModels({ vendor: name.slice(0, slash), id: name.slice(slash + 1) });
  return models.find((model) => nameOf(model) === name);
}

function messageOf(api: LanguageModelApi, turn: Turn): vscode.LanguageModelChatMessage {
  switch (turn.role) {
    case 'user':
      return api.LanguageModelChatMessage.User(turn.text);
    case 'assistant':
      return api.LanguageModelChatMessage.Assistant([
        ...(turn.text ? [new api.LanguageModelTextPart(turn.text)] : []),
        ...turn.toolCalls.map(
          (call) => new api.LanguageModelToolCallPart(call.id, call.name, argumentsAsObject(call.arguments)),
        ),
      ]);
    case 'tool':
      return api.LanguageModelChatMessage.User(
        turn.results.map(
          ({ callId, content }) =>
            new api.LanguageModelToolResultPart(callId, [new api.LanguageModelTextPart(content)]),
        ),
      );
    default:
      return turn satisfies never;
  }
}

/** Undefined for parts that dursor has no use for, such as images, and for kinds that are newer than this. */
function deltaOf(api: LanguageModelApi, part: unknown): Delta | undefined {
  if (part instanceof api.LanguageModelTextPart) return part.value ? { type: 'text', text: part.value } : undefined;
  if (part instanceof api.LanguageModelToolCallPart) {
    const { callId, name, input } = part;
    return { type: 'tool-call', call: { id: callId, name, arguments: JSON.stringify(input ?? {}) } };
  }
  const text = thoughtIn(part);
  return text ? { type: 'reasoning', text } : undefined;
}

/** The thinking part of newer versions of VS Code, which has no type yet; nothing but thinking has text and metadata. */
function thoughtIn(part: unknown): string {
  const fields = objectOf(part);
  if (!fields || !('metadata' in fields)) return '';
  const { value } = fields;
  if (Array.isArray(value)) return value.filter((piece) => typeof piece === 'string').join('');
  return typeof value === 'string' ? value : '';
}

/**
 * VS Code doesn't tell what a request used, so it is counted with the model's own tokenizer, each turn once; what the
 * tools' descriptions take is not in it. Nothing at all when it can't be counted in time.
 */
async function usageOf(
  model: vscode.LanguageModelChat,
  { system, turns }: ModelRequest,
  messages: readonly vscode.LanguageModelChatMessage[],
  counted: WeakMap<Turn, Promise<number>>,
  written: string,
): Promise<TokenUsage> {
  const inputs = turns.map((turn, index) => {
    const message = messages[index];
    const count = counted.get(turn) ?? Promise.resolve(message ? model.countTokens(message) : 0);
    counted.set(turn, count);
    return count;
  });
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), countingTime);
  try {
    const counts = await Promise.race([
      Promise.all([model.countTokens(written), model.countTokens(system), ...inputs]),
      late,
    ]);
    if (!counts) return noUsage;
    const [output = 0, ...input] = counts;
    return { ...noUsage, input: input.reduce((sum, count) => sum + count, 0), output };
  } catch {
    return noUsage;
  } finally {
    clearTimeout(timer);
  }
}
