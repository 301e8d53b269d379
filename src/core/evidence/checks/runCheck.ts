import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Check, CheckRun, CommandEnd, TestResult } from '../../evidence.ts';
import type { Log } from '../../ports.ts';
import { stackOf } from '../../problem.ts';
import { runCommand } from '../command/runCommand.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { readReport } from './report.ts';
import { type ReportSearch, readReports, reportsBefore } from './reportFiles.ts';
import { type ReportedTest, settleTests } from './testNames.ts';

/** What all checks of a round run in. */
export interface CheckSurroundings {
  readonly sandbox: Sandbox;
  /** Names of variables of ours that the user lets checks have. */
  readonly variables?: readonly string[];
  /** Folders that they may read besides the system's, such as those that links in a copy lead to. */
  readonly readable?: readonly string[];
  readonly log: Log;
}

/** Runs a check once in the copy at `root` (a real path), whose report it then reads. Whatever goes wrong is in its answer. */
export async function runCheck(
  check: Check,
  root: string,
  { sandbox, log, ...allowed }: CheckSurroundings,
  signal: AbortSignal,
): Promise<CheckRun> {
  const folder = join(root, check.folder ?? '');
  const search = check.report === undefined ? undefined : { root, folder, pattern: check.report };
  const takeReport = search && (await watchReport(search, check, log));
  const startedAt = Date.now();
  const { command, timeoutSeconds, network = false } = check;
  const request = { command, timeoutSeconds, network, folder, root, sandbox, signal, log, ...allowed };
  const { end, output } = await runCommand(request);
  const endedAt = Date.now();
  const hasRun = end.type !== 'canceled' && end.type !== 'not-started';
  const report = hasRun && takeReport ? await takeReport() : {};
  return { check, isolation: sandbox.isolation, startedAt, endedAt, end, output, ...report };
}

/** A check's answer where its command never ran, or was not to run on. */
export function withoutRun(check: Check, { sandbox }: CheckSurroundings, end: CommandEnd): CheckRun {
  const now = Date.now();
  const output = { head: '', tail: '', omittedBytes: 0 };
  return { check, isolation: sandbox.isolation, startedAt: now, endedAt: now, end, output };
}

type Report = { readonly tests: readonly TestResult[] } | { readonly reportProblem: string };

/** To be called before the command runs; what it answers, afterwards. */
async function watchReport(search: ReportSearch, check: Check, log: Log): Promise<() => Promise<Report>> {
  const attempt = async <T>(work: () => Promise<T>) => {
    try {
      return { value: await work() };
    } catch (error) {
      return { problem: problemWith(check, error, log) };
    }
  };
  const before = await attempt(() => reportsBefore(search));
  return async () => {
    if (before.problem !== undefined) return { reportProblem: before.problem };
    const read = await attempt(async () => {
      const texts = await readReports(search, before.value);
      if (texts.length === 0) return undefined;
      const reported: (readonly ReportedTest[])[] = [];
      for (const text of texts) {
        reported.push(readReport(text));
        // There may be thousands of them, and other work to do.
        await setImmediate();
      }
      return settleTests(reported.flat(), { root: search.root, folder: check.folder ?? '' });
    });
    if (read.problem !== undefined) return { reportProblem: read.problem };
    return read.value ? { tests: read.value } : { reportProblem: `The command wrote no report ${check.report}.` };
  };
}

function problemWith(check: Check, error: unknown, log: Log): string {
  const isExpected = error instanceof SyntaxError || error instanceof RangeError;
  if (!isExpected) log.warn(`The report of ${check.name}: ${stackOf(error)}`);
  return `The report ${check.report} could not be read: ${error instanceof Error ? error.message : String(error)}.`;
}
