import type { Problem, ProblemAction, ProblemCode } from '../problem.ts';
import { type ProviderId, providerNames } from '../providerId.ts';
import type { ProviderFailure } from './provider.ts';
import { redact } from './redact.ts';

/** Whom a request went to, and with what: for the sentence, and for taking the key out of it. */
export interface Asked {
  readonly provider: ProviderId;
  readonly apiKey: string;
  /** What the user knows the service by where its provider is no single one: its host. */
  readonly service?: string;
  /** Absent when no model was asked, as when listing them. */
  readonly model?: string;
}

/** As when a model was asked. */
export type AskedModel = Asked & { readonly model: string };

/** The ways in which asking a model fails. Each has one code, one sentence, and is worth another try or not. */
export type FailureKind = keyof typeof kinds;

interface KindOfFailure {
  readonly code: ProblemCode;
  readonly retryable: boolean;
  readonly say: (name: string, model: string, hint: string) => string;
  readonly action?: 'set-key' | 'retry' | 'show-log';
}

const kinds = {
  'unusable-key': {
    code: 'authentication',
    retryable: false,
    say: (name) => `The ${name} key has characters that no key has. Set a new key and run again.`,
    action: 'set-key',
  },
  authentication: {
    code: 'authentication',
    retryable: false,
    say: (name) => `${name} refused the API key. Set a new key and run again.`,
    action: 'set-key',
  },
  'key-missing': {
    code: 'authentication',
    retryable: false,
    say: (name) => `${name} wants an API key. Set one and run again.`,
    action: 'set-key',
  },
  permission: {
    code: 'permission',
    retryable: false,
    say: (name, model) =>
      `${name} does not let this key use ${model}. Choose another model, or set a key that may use it.`,
    action: 'set-key',
  },
  'model-not-found': {
    code: 'model-not-found',
    retryable: false,
    say: (name, model) => `${name} does not know ${model}. Check the model's name and the base URL, then run again.`,
  },
  'rate-limited': {
    code: 'rate-limited',
    retryable: true,
    say: (name) => `${name} limits how much this key may ask for. Wait a moment and run again.`,
    action: 'retry',
  },
  'out-of-quota': {
    code: 'rate-limited',
    retryable: false,
    say: (name) => `The ${name} account has no quota left. Check its plan and billing, then run again.`,
  },
  overloaded: {
    code: 'overloaded',
    retryable: true,
    say: (name) => `${name} is overloaded. Run again in a moment.`,
    action: 'retry',
  },
  'server-error': {
    code: 'overloaded',
    retryable: true,
    say: (name) => `${name} had an error of its own. Run again in a moment.`,
    action: 'retry',
  },
  timeout: {
    code: 'timeout',
    retryable: true,
    say: (name) => `${name} took too long to answer. Run again.`,
    action: 'retry',
  },
  network: {
    code: 'network',
    retryable: true,
    say: (name) => `${name} can't be reached. Check the network and the base URL, then run again.`,
    action: 'retry',
  },
  'not-listening': {
    code: 'network',
    retryable: true,
    say: (name, _model, hint) =>
      `${name} can't be reached: nothing answers at that address. ${hint} Start it or correct the base URL, then run again.`,
    action: 'retry',
  },
  'cut-off': {
    code: 'network',
    retryable: true,
    say: (name) => `The connection to ${name} broke off in the middle of the answer. Run again.`,
    action: 'retry',
  },
  'context-too-long': {
    code: 'context-too-long',
    retryable: false,
    say: (_name, model) =>
      `The conversation is longer than ${model} accepts. Start a new task, or choose a model with a larger context.`,
  },
  'refused-by-model': {
    code: 'refused-by-model',
    retryable: false,
    say: (name) => `${name} refused to answer this request. Rephrase it, or choose another model.`,
  },
  'no-tools': {
    code: 'bad-request',
    retryable: false,
    say: (name, model) =>
      `${model} of ${name} can't call tools. Set its tool calls to text in the model's options, or choose another model.`,
  },
  'bad-request': {
    code: 'bad-request',
    retryable: false,
    say: (name, model) =>
      `${name} rejected the request for ${model}. See the log for its reason and check the model's options.`,
    action: 'show-log',
  },
  'malformed-answer': {
    code: 'malformed-answer',
    retryable: true,
    say: (name) => `${name} sent an answer that can't be read. Run again, and check the base URL if this stays.`,
    action: 'retry',
  },
  internal: {
    code: 'internal',
    retryable: false,
    say: (name) => `Asking ${name} failed because of a fault in dursor. See the log for details.`,
    action: 'show-log',
  },
} as const satisfies Record<string, KindOfFailure>;

/** A failure of a known kind, in the words for people. `detail` may still hold the key. */
export function failure(kind: FailureKind, asked: Asked, detail = '', retryAfterMs?: number): ProviderFailure {
  const { code, retryable, say, action }: KindOfFailure = kinds[kind];
  const problem: Problem = {
    code,
    message: redact(say(nameOf(asked), asked.model ?? 'the model', hintFor(asked.service)), asked.apiKey),
    ...(action ? { action: actionOf(action, asked.provider) } : {}),
    ...(detail ? { detail: redact(detail, asked.apiKey).slice(0, 2000) } : {}),
  };
  const lacksTools = kind === 'no-tools' ? ({ lacksTools: true } as const) : {};
  return { problem, retryable, ...lacksTools, ...(retryable && retryAfterMs !== undefined ? { retryAfterMs } : {}) };
}

function actionOf(type: 'set-key' | 'retry' | 'show-log', provider: ProviderId): ProblemAction {
  return type === 'set-key' ? { type, provider } : { type };
}

function nameOf({ provider, service }: Asked): string {
  return service ?? providerNames[provider];
}

/** The ports that these servers' own documentation names. */
const usualPorts: Readonly<Record<string, string>> = {
  '11434': 'Ollama',
  '1234': 'LM Studio',
  '8080': 'llama.cpp',
  '8000': 'vLLM',
};

/** What may be missing where a server on this machine or network refuses the connection. */
function hintFor(service = ''): string {
  const server = usualPorts[/:(\d+)$/.exec(service)?.[1] ?? ''];
  return server === undefined ? 'Is the server running?' : `Is ${server}, or what you run there, running?`;
}
