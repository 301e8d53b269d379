/** A call as it is in the text, before it has an id. `problem`: why it can't be carried out, for the model. */
export interface WrittenCall {
  readonly name: string;
  readonly arguments: string;
  readonly problem?: string;
  /** The SEARCH/REPLACE blocks it is made of, where it is. */
  readonly blocks?: string;
}

/** Blocks that a text can have calls in; `fence`: what ends it is the same fence again. */
export type BlockStart =
  | { readonly kind: 'call'; readonly tool: string; readonly rest: string }
  | { readonly kind: 'json-call'; readonly rest: string }
  | { readonly kind: 'file'; readonly path: string; readonly fence: string }
  | { readonly kind: 'json-fence'; readonly fence: string }
  | { readonly kind: 'search' }
  | { readonly kind: 'patch' };

/** The block that a line opens, if it opens one. */
export function blockStart(line: string): BlockStart | undefined {
  const call = /^\s*<call\s+(?:tool|name)\s*=\s*["']?([\w.-]+)["']?\s*>(.*)$/.exec(line);
  if (call) return { kind: 'call', tool: call[1] ?? '', rest: call[2] ?? '' };
  const jsonCall = /^\s*<(?:tool_call|function_call)>(.*)$/.exec(line);
  if (jsonCall) return { kind: 'json-call', rest: jsonCall[1] ?? '' };
  if (/^<{3,} ?(?:SEARCH|ORIGINAL)>?\s*$/.test(line)) return { kind: 'search' };
  if (/^\*\*\* Begin Patch\s*$/.test(line)) return { kind: 'patch' };
  const [, fence = '', behind = ''] = /^(`{3,}|~{3,})(.*)$/s.exec(line) ?? [];
  if (fence === '') return undefined;
  const info = behind.trim();
  if (/^(?:json|tool|tool_call|tool_code)$/.test(info)) return { kind: 'json-fence', fence };
  const path =
    /^file(?:[:=]\s*|\s+)(?:path=)?["']?(.+?)["']?$/.exec(info)?.[1] ??
    /^[\w+#-]*(?:\s+|:)(?:path=|file=|title=)?["']?([\w./@+-]*[./][\w./@+-]+)["']?$/.exec(info)?.[1];
  return path === undefined ? undefined : { kind: 'file', path, fence };
}

/** Whether a line closes the block; what stands in front of the mark belongs to the block. */
export function blockEnd(start: BlockStart, line: string): { readonly last?: string } | undefined {
  switch (start.kind) {
    case 'call':
      return tagEnd(line, '</call>');
    case 'json-call':
      return tagEnd(line, '</tool_call>') ?? tagEnd(line, '</function_call>');
    case 'file':
    case 'json-fence':
      return line.trimEnd() === start.fence ? {} : undefined;
    case 'search':
      return /^>{3,} ?(?:REPLACE|UPDATED)\s*$/.test(line) ? { last: line } : undefined;
    case 'patch':
      return /^\*\*\* End Patch\s*$/.test(line) ? { last: line } : undefined;
    default:
      return start satisfies never;
  }
}

function tagEnd(line: string, tag: string): { readonly last?: string } | undefined {
  const at = line.trimEnd().endsWith(tag) ? line.lastIndexOf(tag) : -1;
  if (at === -1) return undefined;
  return at === 0 || line.slice(0, at).trim() === '' ? {} : { last: line.slice(0, at) };
}

/** The call that a block is; undefined where it turns out to be none. `above`: the lines in front of it that may name its file. */
export function callOf(
  start: BlockStart,
  body: readonly string[],
  isClosed: boolean,
  above: readonly string[],
): WrittenCall | undefined {
  const text = body.join('\n');
  switch (start.kind) {
    case 'call':
      return { name: start.tool, arguments: text.trim() };
    case 'json-call':
      return namedCall(text) ?? { name: 'unknown', arguments: '{}', problem: unnamed };
    case 'json-fence':
      return namedCall(text);
    case 'file':
      return isClosed
        ? {
            name: 'write_file',
            arguments: JSON.stringify({ path: start.path, content: text === '' ? '' : `${text}\n` }),
          }
        : { name: 'write_file', arguments: JSON.stringify({ path: start.path }), problem: unclosed(start.fence) };
    case 'search':
      return blocksCall([...above, '<<<<<<< SEARCH', ...body].join('\n'));
    case 'patch':
      return { name: 'apply_patch', arguments: JSON.stringify({ patch: ['*** Begin Patch', ...body].join('\n') }) };
    default:
      return start satisfies never;
  }
}

/** A call that makes SEARCH/REPLACE blocks. */
export function blocksCall(blocks: string): WrittenCall {
  return { name: 'apply_patch', arguments: JSON.stringify({ patch: blocks }), blocks };
}

const unnamed =
  'The block is not JSON with the "name" of a tool and its "arguments". Write the call as the system text shows it.';
const unclosed = (fence: string) =>
  `The block has no closing ${fence}, so the file may have been cut off. Nothing was written; write the block again, with all of the content.`;

/** `{"name": …, "arguments": {…}}`, in the variants that models are trained to write. */
function namedCall(text: string): WrittenCall | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { name, tool, arguments: given, parameters, input, ...others } = value as Record<string, unknown>;
  const called = name ?? tool;
  if (typeof called !== 'string') return undefined;
  const values = given ?? parameters ?? input ?? others;
  return { name: called, arguments: typeof values === 'string' ? values : JSON.stringify(values) };
}
