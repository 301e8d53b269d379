import type { RunEvent } from '../domain.ts';
import { UserError } from '../problem.ts';
import type { ToolCall, ToolResult } from '../providers/provider.ts';
import { bounded, boundedLine } from './tools/bounded.ts';
import { failed, type ReadyCall, type Tool, type ToolContext, type ToolOutcome } from './tools/tool.ts';

const maxTarget = 200;
const maxDetail = 120;

/** A call and what came of it. */
export interface DoneCall {
  readonly call: ToolCall;
  /** For people and in one line: what the call worked on, and its result. */
  readonly target: string;
  readonly detail: string;
  readonly outcome: ToolOutcome;
}

/** What calls are carried out with. */
export interface Carrying {
  readonly tools: readonly Tool[];
  readonly context: ToolContext;
  readonly emit: (event: RunEvent) => void;
  /** What speaks against the end of the run, when the model says it is done. */
  readonly objection: () => string | undefined;
}

/** Carries out the calls of one answer in their order, up to the first `finish` that is accepted. */
export async function carryOut(calls: readonly ToolCall[], carrying: Carrying): Promise<readonly DoneCall[]> {
  const { tools, context, emit, objection } = carrying;
  const done: DoneCall[] = [];
  for (const call of calls) {
    context.signal.throwIfAborted();
    const ready = prepare(call, tools);
    const target = 'run' in ready ? inOneLine(ready.target, maxTarget) : '';
    emit({ type: 'tool-started', callId: call.id, tool: call.name, target });
    const earlierFailed = done.some(({ outcome }) => outcome.outcome !== 'ok');
    let outcome = 'run' in ready ? afterEarlier(await runGuarded(ready, context), earlierFailed) : ready;
    const against = outcome.summary === undefined ? undefined : objection();
    if (against !== undefined) outcome = failed('not yet', against);
    const detail = inOneLine(outcome.detail, maxDetail);
    emit({ type: 'tool-ended', callId: call.id, outcome: outcome.outcome, detail });
    done.push({ call, target, detail, outcome: { ...outcome, content: bounded(outcome.content, context.maxOutput) } });
    if (outcome.summary !== undefined) break;
  }
  return done;
}

/** The results as the model gets them. */
export function resultsOf(done: readonly DoneCall[]): ToolResult[] {
  return done.map(({ call, outcome }) => ({
    callId: call.id,
    name: call.name,
    content: outcome.content,
    isError: outcome.outcome !== 'ok',
  }));
}

/** For people: a path or a message of somebody else's may hold line breaks and other control characters. */
function inOneLine(text: string, maxCharacters: number): string {
  return boundedLine(text.replace(/\p{Cc}/gu, '\uFFFD'), maxCharacters);
}

function prepare(call: ToolCall, tools: readonly Tool[]): ReadyCall | ToolOutcome {
  const tool = tools.find(({ spec }) => spec.name === call.name);
  if (tool === undefined) {
    const names = tools.map(({ spec }) => spec.name).join(', ');
    return failed('unknown tool', `There is no tool ${call.name}. The tools are ${names}.`);
  }
  const ready = tool.prepare(call.arguments);
  return typeof ready === 'string' ? failed('bad arguments', ready) : ready;
}

/** A summary written before the model knew that a call beside it failed would claim what isn't so. */
function afterEarlier(outcome: ToolOutcome, earlierFailed: boolean): ToolOutcome {
  if (outcome.summary === undefined || !earlierFailed) return outcome;
  return failed('not yet', 'Not finished: an earlier call of this answer failed. See its result, then finish.');
}

async function runGuarded(ready: ReadyCall, context: ToolContext): Promise<ToolOutcome> {
  try {
    return await ready.run(context);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, message, refusal } = error.problem;
    return code === 'refused-by-policy'
      ? { outcome: 'refused', content: message, detail: refusal ?? 'not allowed' }
      : failed(message, message);
  }
}
