import type { Expected } from './wireExpectation.ts';
import { expectedOf } from './wireExpected.ts';
import { parse, readRows, type UnplayableRow, type WireRow } from './wireRows.ts';
import { Crash, type Outcome, playRow } from './wireTrial.ts';

/** In all: a row is lost when a call, text, or opaque state of it is. Rows that can't be played are neither clean nor crashed. */
export interface WireReport {
  readonly rows: number;
  readonly clean: number;
  readonly crashed: number;
  readonly lost: number;
}

/** What is wrong with a row, and whether something that the service sent was lost. */
interface Faults {
  readonly lost: readonly string[];
  readonly wrong: readonly string[];
}

/** Plays every recording of a folder over HTTP through the real adapters; `say` gets what came of each. Throws `UnreadableFile`. */
export async function evalWire(folder: string, say: (row: object) => void): Promise<WireReport> {
  const report = { rows: 0, clean: 0, crashed: 0, lost: 0 };
  for (const row of readRows(folder)) {
    report.rows += 1;
    const label = { name: row.name, provider: row.folder };
    try {
      const { outcome, faults } = await judged(row);
      const why = [...faults.lost, ...faults.wrong];
      report.clean += why.length === 0 ? 1 : 0;
      report.lost += faults.lost.length > 0 ? 1 : 0;
      say({ ...label, ...shown(outcome), clean: why.length === 0, ...(why.length > 0 && { why }) });
    } catch (error) {
      if (!('reason' in row)) report.crashed += 1;
      say({ ...label, ...empty, clean: false, why: [error instanceof Crash ? error.message : String(error)] });
    }
  }
  return report;
}

const empty = { events: { text: '', toolCalls: [], reasoning: '' }, end: 'none', usage: {} };

async function judged(row: WireRow | UnplayableRow): Promise<{ outcome: Outcome; faults: Faults }> {
  if ('reason' in row) throw new Crash(row.reason);
  const outcome = await playRow(row);
  return { outcome, faults: faultsOf(expectedOf(row), outcome) };
}

function shown({ text, calls: toolCalls, reasoning, end, usage }: Outcome) {
  return {
    events: { text, toolCalls, reasoning },
    end: end.reason,
    usage,
    ...(end.reason === 'error' && { error: end.failure.problem.code, retryAfterMs: end.failure.retryAfterMs }),
  };
}

function faultsOf(expected: Expected, outcome: Outcome): Faults {
  return {
    lost: [...lostCalls(expected, outcome), ...lostState(expected, outcome), ...lostText(expected, outcome)],
    wrong: [...wrongEnd(expected, outcome), ...wrongUsage(expected, outcome)],
  };
}

function lostCalls({ calls }: Expected, outcome: Outcome): readonly string[] {
  if (calls.length !== outcome.calls.length) return [`${outcome.calls.length} of ${calls.length} tool calls came out.`];
  return calls.flatMap(({ name, pieces }, index) => {
    const call = outcome.calls[index];
    if (call?.name !== name) return [`Call ${index + 1} is ${call?.name} and not ${name}.`];
    // Escaped once more inside the text of a patch.
    const json = JSON.stringify(parse(call.arguments)) ?? '';
    const missing = pieces.filter((piece) => !json.includes(piece));
    return missing.length > 0 ? [`The arguments of ${name} lack ${missing[0]}.`] : [];
  });
}

/** Opaque state counts as kept when the next request has it word for word. */
function lostState({ opaque }: Expected, { next }: Outcome): readonly string[] {
  const sent = new Set(textsIn(parse(next ?? '')));
  const missing = opaque.filter((state) => state !== '' && !sent.has(state));
  return missing.length > 0
    ? [`${missing.length} pieces of state are not played back: ${missing[0]?.slice(0, 60)}…`]
    : [];
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function lostText({ text, reasoning }: Expected, outcome: Outcome): readonly string[] {
  return [
    ...(outcome.text.includes(text) ? [] : ['Text was lost.']),
    ...(outcome.reasoning.includes(reasoning) ? [] : ['Reasoning was lost.']),
  ];
}

function wrongEnd({ end, codes, saysWhen }: Expected, outcome: Outcome): readonly string[] {
  if (outcome.end.reason !== end) return [`The end is ${outcome.end.reason} and not ${end}.`];
  if (outcome.end.reason !== 'error') return [];
  const { problem, retryable, retryAfterMs } = outcome.end.failure;
  return [
    ...(codes && !codes.includes(problem.code) ? [`The error is ${problem.code} and not ${codes.join(' or ')}.`] : []),
    ...(saysWhen && retryable && retryAfterMs === undefined ? ['How long to wait was lost.'] : []),
  ];
}

function wrongUsage({ usage }: Expected, outcome: Outcome): readonly string[] {
  const isRight = !usage || (usage.input === outcome.usage.input && usage.output === outcome.usage.output);
  return isRight ? [] : [`The usage is ${JSON.stringify(outcome.usage)} and not ${JSON.stringify(usage)}.`];
}
