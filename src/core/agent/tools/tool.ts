import * as v from 'valibot';
import type { ToolSpec } from '../../providers/provider.ts';
import type { Copy } from '../../workspace/copy.ts';

/** What a tool may use. Runs of one round differ in nothing but the copy. */
export interface ToolContext {
  readonly copy: Copy;
  /** Characters of one result. */
  readonly maxOutput: number;
  readonly signal: AbortSignal;
}

/** What came of a call: `content` for the model, `detail` for people. */
export interface ToolOutcome {
  readonly outcome: 'ok' | 'refused' | 'failed';
  readonly content: string;
  /** The result in a line: "212 lines", "no match". */
  readonly detail: string;
  /** The copy is different now. */
  readonly mutated?: true;
  /** Set by `finish` alone: the run is over, and this is its summary. */
  readonly summary?: string;
}

/** A call whose arguments are sound. */
export interface ReadyCall {
  /** What the call works on, for people: a path, a pattern. */
  readonly target: string;
  run(context: ToolContext): Promise<ToolOutcome>;
}

/** A tool: what a model is told about it, and how a call of it is prepared. */
export interface Tool {
  readonly spec: ToolSpec;
  /** Reads the arguments as the model wrote them. A string says what is wrong with them. */
  prepare(argumentsJson: string): ReadyCall | string;
}

type Schema = v.GenericSchema<unknown, unknown>;

interface ToolDefinition<S extends Schema> {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of each argument, for the model; `schema` is what is checked. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly required: readonly string[];
  readonly schema: S;
  target(input: v.InferOutput<S>): string;
  run(input: v.InferOutput<S>, context: ToolContext): Promise<ToolOutcome>;
}

/** Makes a tool whose arguments are parsed and checked before it runs. */
export function defineTool<S extends Schema>(definition: ToolDefinition<S>): Tool {
  const { name, description, properties, required, schema } = definition;
  return {
    spec: {
      name,
      description,
      parameters: { type: 'object', properties, required, additionalProperties: false },
    },
    prepare(argumentsJson) {
      const parsed = parseJson(argumentsJson);
      if (typeof parsed === 'string') return parsed;
      const checked = v.safeParse(schema, parsed.value);
      if (!checked.success) {
        return `The arguments of ${name} are wrong. ${checked.issues.map(describeIssue).join(' ')}`;
      }
      const input = checked.output;
      return { target: definition.target(input), run: (context) => definition.run(input, context) };
    },
  };
}

function parseJson(text: string): { readonly value: unknown } | string {
  // Some models write nothing at all for a call without arguments.
  if (text.trim() === '') return { value: {} };
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return `The arguments are not valid JSON (${error instanceof Error ? error.message : 'unreadable'}). Send the call again with a complete JSON object.`;
  }
}

function describeIssue(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  return path === null ? `${issue.message}.` : `${path}: ${issue.message}.`;
}

/** A call that did not work, in words the model can act on. */
export function failed(detail: string, content: string): ToolOutcome {
  return { outcome: 'failed', content, detail };
}
