import { stackOf, UserError } from '../core/problem.ts';
import { exitCodeOf, UsageError } from './exitCode.ts';
import { type CommandName, commandNames, helpOf } from './help.ts';
import type { CommandResult } from './options.ts';
import type { CommandContext } from './session.ts';
import { plainLines } from './terminal.ts';

type Command = (args: readonly string[], context: CommandContext) => Promise<CommandResult>;

/** Each is loaded when it is asked for. */
const commands: Readonly<Record<CommandName, () => Promise<Command>>> = {
  run: async () => (await import('./runTask.ts')).runTask,
  check: async () => (await import('./checkCandidates.ts')).checkCandidates,
  pick: async () => (await import('./pickCandidate.ts')).pickCandidate,
  pr: async () => (await import('./openPull.ts')).openPull,
  begin: async () => (await import('./beginWork.ts')).beginWork,
  answer: async () => (await import('./answerRequest.ts')).answerRequest,
};

/** Carries out a command line and answers with the exit code. Never rejects. */
export async function dispatch(args: readonly string[], context: CommandContext): Promise<number> {
  const [first = '', ...rest] = args;
  const { signal } = context;
  const terminal = { ...context.terminal, err: (text: string) => context.terminal.err(plainLines(text)) };
  const name = commandNames.find((each) => each === first);
  if (args.length === 0 || first === '--help' || first === '-h' || first === 'help' || isHelp(rest)) {
    terminal.out(helpOf(name));
    return 0;
  }
  const isJson = rest.includes('--json');
  try {
    if (!name) throw new UsageError(`There is no command “${first}”. Use one of ${commandNames.join(', ')}.`);
    const run = await commands[name]();
    const { code, json, text } = await run(rest, { ...context, terminal });
    terminal.out(isJson ? jsonLine(json) : plainLines(text));
    return code;
  } catch (error) {
    const message = messageOf(error, signal);
    terminal.err(message);
    if (error instanceof UsageError && !signal.aborted)
      terminal.err(`dursor ${name ?? ''} --help tells more.`.replace('  ', ' '));
    else if (!(error instanceof UserError) && !signal.aborted) terminal.err(stackOf(error));
    const code = exitCodeOf(error, signal);
    if (isJson) terminal.out(jsonLine({ ...(name && { command: name }), error: { code, message } }));
    return code;
  }
}

/** On one line, in which a runner of GitHub Actions finds nothing to obey. */
function jsonLine(value: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(value).replaceAll('##[', '#\\u0023[');
}

function isHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end === -1 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h');
}

function messageOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'Canceled.';
  if (error instanceof UserError || error instanceof UsageError) return error.message;
  return 'Something in dursor went wrong. Please report it with what follows.';
}
