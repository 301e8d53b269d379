import type { ToolSpec } from '../../providers/provider.ts';

/** Done with blocks of their own, so that nothing in them has to be escaped. */
const withOwnBlocks: ReadonlySet<string> = new Set(['edit_file', 'apply_patch', 'write_file']);

/** How a model without tool calls of its own is told to call tools, to go at the end of the system text. */
export function describeTools(tools: readonly ToolSpec[]): string {
  const called = tools.filter(({ name }) => !withOwnBlocks.has(name)).map(describeTool);
  return `How to call tools
You call a tool by writing a block into your answer; then stop, and the results come in the next message. Several blocks may go into one answer. A block begins at the start of a line, and nothing in it is escaped but JSON.

To call one of the tools below, give its arguments as JSON:
<call tool="read_file">
{"path": "src/a.ts"}
</call>
${called.join('\n')}

To edit a file, write its path on a line, then the exact lines to replace and what replaces them. Give as few lines as make the place unique; for several places write several blocks:
src/a.ts
<<<<<<< SEARCH
const a = 1;
=======
const a = 2;
>>>>>>> REPLACE

To make a file, or to replace all of one, write a fenced block with "file" and the path behind the fence. When the content has fences in it, use a longer one:
\`\`\`file src/new.ts
all of the content
\`\`\``;
}

function describeTool({ name, description, parameters }: ToolSpec): string {
  const required = new Set(Array.isArray(parameters.required) ? parameters.required : []);
  const given = Object.entries(recordOf(parameters.properties)).map(([key, property]) => {
    const { type, description: meaning } = recordOf(property);
    const optional = required.has(key) ? '' : ', optional';
    return `    ${key} (${typeof type === 'string' ? type : 'any'}${optional})${typeof meaning === 'string' ? `: ${meaning}` : ''}`;
  });
  return [`- ${name}: ${description}`, ...given].join('\n');
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
