import type { ToolCall, ToolResult, Turn } from '../../providers/provider.ts';

/** What a wrapped answer keeps: its text as it came, for its calls, and what the provider itself keeps. */
export interface KeptText {
  readonly writtenText: string;
  readonly calls: readonly string[];
  /** By a call's id: why it can't be carried out, to be said in place of what the tool makes of it. */
  readonly problems: Readonly<Record<string, string>>;
  readonly inner?: unknown;
}

/** The turns as a model sees them that has no tools: calls and results are text. */
export function renderTurns(turns: readonly Turn[]): readonly Turn[] {
  const notes = new Map(turns.flatMap(problemsIn));
  const rendered: Turn[] = [];
  for (const turn of turns) {
    const next = renderTurn(turn, notes);
    const last = rendered.at(-1);
    // Some services insist that the two sides take turns.
    if (next.role === 'user' && last?.role === 'user') {
      rendered[rendered.length - 1] = { role: 'user', text: `${last.text}\n\n${next.text}` };
    } else rendered.push(next);
  }
  return rendered;
}

function renderTurn(turn: Turn, notes: ReadonlyMap<string, string>): Turn {
  switch (turn.role) {
    case 'user':
      return turn;
    case 'tool':
      return { role: 'user', text: turn.results.map((result) => renderResult(result, notes)).join('\n\n') };
    case 'assistant': {
      const kept = keptText(turn.opaque);
      const isOurs = kept && kept.calls.join() === turn.toolCalls.map(({ id }) => id).join();
      const text = isOurs
        ? kept.writtenText
        : [turn.text, ...turn.toolCalls.map(renderCall)].filter(Boolean).join('\n\n');
      const inner = isOurs ? kept.inner : undefined;
      return { role: 'assistant', text, toolCalls: [], ...(inner !== undefined && { opaque: inner }) };
    }
    default:
      return turn satisfies never;
  }
}

function problemsIn(turn: Turn): readonly (readonly [string, string])[] {
  return turn.role === 'assistant' ? Object.entries(keptText(turn.opaque)?.problems ?? {}) : [];
}

function keptText(opaque: unknown): KeptText | undefined {
  return typeof opaque === 'object' && opaque !== null && 'writtenText' in opaque ? (opaque as KeptText) : undefined;
}

function renderCall({ name, arguments: given }: ToolCall): string {
  return `<call tool="${name}">\n${given}\n</call>`;
}

/** What a file says can't end its result, nor look like another. */
function renderResult({ callId, name, content, isError }: ToolResult, notes: ReadonlyMap<string, string>): string {
  const text = (notes.get(callId) ?? content).replace(/<(?=\/?result\b)/g, '&lt;');
  return `<result tool="${name}"${isError ? ' failed' : ''}>\n${text}\n</result>`;
}
