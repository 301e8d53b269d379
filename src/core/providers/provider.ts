import type { ModelOptions, TokenUsage } from '../domain.ts';
import type { Problem } from '../problem.ts';

/** A tool as a model is told about it. `parameters` is a JSON Schema object. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** The arguments as the model wrote them: JSON text, not yet parsed or checked. */
  readonly arguments: string;
}

export interface ToolResult {
  readonly callId: string;
  readonly name: string;
  readonly content: string;
  readonly isError: boolean;
}

/** One turn of the conversation with a model. */
export type Turn =
  | { readonly role: 'user'; readonly text: string }
  | {
      readonly role: 'assistant';
      readonly text: string;
      readonly toolCalls: readonly ToolCall[];
      /** What the provider wants played back untouched (reasoning items, thought signatures); only its adapter reads it. */
      readonly opaque?: unknown;
    }
  | { readonly role: 'tool'; readonly results: readonly ToolResult[] };

export interface ModelRequest {
  readonly model: string;
  readonly system: string;
  readonly turns: readonly Turn[];
  readonly tools: readonly ToolSpec[];
  readonly options: ModelOptions;
}

/** A provider's failure, and how long it asked to wait before another try (milliseconds), where trying again makes sense. */
export interface ProviderFailure {
  readonly problem: Problem;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  /** The model can't be given tools; with tool calls written into its text it may still work. */
  readonly lacksTools?: true;
}

export type ModelEvent =
  /** A piece of the answer's text, or of its visible reasoning. */
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  /** A complete tool call. */
  | { readonly type: 'tool-call'; readonly call: ToolCall }
  | ({ readonly type: 'end'; readonly usage: TokenUsage; readonly opaque?: unknown } & EndReason);

export type EndReason =
  | { readonly reason: 'stop' | 'tool-calls' | 'length' | 'refusal' | 'aborted' }
  | { readonly reason: 'error'; readonly failure: ProviderFailure };

export interface ModelInfo {
  /** The name to put into a profile. */
  readonly id: string;
  readonly label: string;
  /** How many tokens a conversation with it may have, where the service tells. */
  readonly contextTokens?: number;
  /** How many tokens one answer of it may have, where the service tells. */
  readonly maxOutputTokens?: number;
}

/** One account at one provider. */
export interface Provider {
  /** Streams one answer. Never rejects; the last event, and only the last, is `end`. One try: retrying is the loop's job. */
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>;
  /** The models this account can use. Rejects with `UserError`. */
  listModels(signal: AbortSignal): Promise<readonly ModelInfo[]>;
  /** How long a conversation with the model may get, where the provider itself says so. Never rejects. */
  contextTokens?(model: string, signal: AbortSignal): Promise<number | undefined>;
}

export interface ProviderAccount {
  /** Empty for a local server that wants none. */
  readonly apiKey: string;
  /**
   * Where the service is, exactly as the provider's SDK takes it: OpenAI's ends in `/v1`, Anthropic's and Google's have
   * no version. The provider's own address when absent, and required for `openai-compatible`; the environment (`OPENAI_BASE_URL` …) never counts.
   */
  readonly baseUrl?: string;
}
