import * as v from 'valibot';
import type { ObjectName } from '../../domain.ts';
import type { CheckRun, CheckVerdict, CommandOutput } from '../../evidence.ts';
import { boundedLine, counted } from './bounded.ts';
import { defineTool, failed, type Tool, type ToolOutcome } from './tool.ts';

/** The checks that a run may have, which the user agreed to. */
export interface AgentChecks {
  readonly names: readonly string[];
  /** Runs one of them on a tree. Rejects with the signal's reason; throws `UserError` where it can't be run. */
  run(name: string, tree: ObjectName, signal: AbortSignal): Promise<AgentCheck>;
}

/** What came of a check. */
export interface AgentCheck {
  readonly run: CheckRun;
  /** Against the folder as it was, where the check has run on that too. */
  readonly verdict?: CheckVerdict;
}

const mostNames = 20;
const maxName = 200;
/** Of what there is room for: a command says at its end what went wrong. */
const headShare = 1 / 3;
const leastOutput = 200;

/** `run_check`: one of the agreed checks, on the copy as it is now. */
export function runCheck({ names, run }: AgentChecks): Tool {
  return defineTool({
    name: 'run_check',
    description:
      'Runs one of the checks of this project (tests, types, lint) on your copy as it is now, in a sandbox, and shows what it says. Takes a while, so run it when a piece of work is complete. No other command can be run.',
    properties: { name: { type: 'string', enum: names, description: 'Which check.' } },
    required: ['name'],
    schema: v.object({ name: v.picklist(names, `must be one of ${names.join(', ')}`) }),
    target: ({ name }) => name,
    async run({ name }, { copy, maxOutput, signal }) {
      const { tree } = await copy.patch(signal);
      const check = await run(name, tree, signal);
      signal.throwIfAborted();
      return outcomeOf(check, maxOutput);
    },
  });
}

function outcomeOf({ run, verdict }: AgentCheck, maxOutput: number): ToolOutcome {
  const { end, output } = run;
  if (end.type === 'not-started') return failed('could not be run', `The check could not be run: ${end.reason}`);
  if (end.type === 'canceled') return failed('canceled', 'The check was canceled.');
  const isWell = end.type === 'exit' && end.code === 0;
  const said = [isWell ? 'It passed.' : `It failed: ${endOf(end)}.`, ...comparison(run, verdict)].join('\n');
  const room = Math.max(leastOutput, maxOutput - said.length - leastOutput);
  const broken = verdict?.tests?.broken.length ?? 0;
  return {
    outcome: 'ok',
    content: `${said}\n\nOutput:\n${bothEnds(output, room)}`,
    detail: `${isWell ? 'passed' : 'failed'}${broken > 0 ? `, ${counted(broken, 'test')} broken` : ''}`,
  };
}

function endOf(end: Exclude<CheckRun['end'], { type: 'not-started' | 'canceled' }>): string {
  switch (end.type) {
    case 'exit':
      return `it ended with code ${end.code}`;
    case 'signal':
      return `it was ended by ${end.signal}`;
    case 'timeout':
      return `it had not ended after ${end.seconds} seconds`;
    default:
      return end satisfies never;
  }
}

/** What your changes did, and what was so before. */
function comparison({ tests }: CheckRun, verdict: CheckVerdict | undefined): readonly string[] {
  if (!verdict?.tests) {
    const failing = (tests ?? []).filter(({ status }) => status === 'failed').map(({ name }) => name);
    return [
      ...list('Failing tests', failing),
      ...(verdict?.verdict === 'still-failing' ? ['It failed before your changes, too.'] : []),
    ];
  }
  const { broken, fixed, stillFailing } = verdict.tests;
  return [
    ...list('Tests that passed before your changes and fail now', broken),
    ...list('Tests that failed before your changes, too', stillFailing),
    ...list('Tests that failed before and pass now', fixed),
  ];
}

function list(title: string, names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, mostNames).map((name) => `- ${boundedLine(name, maxName)}`);
  const more = names.length - shown.length;
  return [`${title}:`, ...shown, ...(more > 0 ? [`- and ${more} more`] : [])];
}

/** Both ends of what was printed, within a number of characters. */
function bothEnds({ head, tail, omittedBytes }: CommandOutput, room: number): string {
  const whole = omittedBytes === 0 ? head + tail : undefined;
  if (whole !== undefined && whole.length <= room) return whole === '' ? '(it printed nothing)' : whole;
  const first = head.slice(0, Math.floor(room * headShare));
  const last = (whole ?? tail).slice(-Math.ceil(room * (1 - headShare)));
  return `${first.toWellFormed()}\n[cut: the middle of the output]\n${last.toWellFormed()}`;
}
