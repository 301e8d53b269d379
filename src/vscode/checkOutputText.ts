import { stripVTControlCharacters } from 'node:util';
import type { CheckRun, TestResult } from '../core/evidence.ts';
import { isolationText } from './comparisonEvidence.ts';
import { endText } from './evidenceCheckLine.ts';

/** What a check did, as a text to read: how it ran and ended, the tests that failed, what it printed. Pure. */
export function checkOutputText(label: string, run: CheckRun): string {
  const { check, isolation, startedAt, endedAt, end, reportProblem, flaky = [] } = run;
  const failed = run.tests?.filter(({ status }) => status === 'failed') ?? [];
  return [
    `${check.name} on ${label}`,
    ...check.command.split('\n').map((line) => `$ ${line}`),
    ...(check.folder ? [`in ${check.folder}`] : []),
    `${isolationText(isolation, [check])}, ${((endedAt - startedAt) / 1000).toFixed(1)} s`,
    endText(end),
    ...(reportProblem === undefined ? [] : [reportProblem]),
    ...(run.tests ? ['', testCounts(run.tests), ...failed.map(testText)] : []),
    ...(flaky.length > 0 ? ['', `Flaky, failed once and passed once: ${flaky.join(', ')}`] : []),
    '',
    '─'.repeat(40),
    ...printed(run),
    '',
  ].join('\n');
}

function testCounts(tests: readonly TestResult[]): string {
  const count = (wanted: TestResult['status']) => tests.filter(({ status }) => status === wanted).length;
  const skipped = count('skipped');
  return `${count('passed')} passed, ${count('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function testText({ name, file, line, message }: TestResult): string {
  const place = file === undefined ? '' : ` (${file}${line === undefined ? '' : `:${line}`})`;
  const said = message ? `\n    ${plain(message).trim().replaceAll('\n', '\n    ')}` : '';
  return `✗ ${name}${place}${said}`;
}

function printed({ output: { head, tail, omittedBytes } }: CheckRun): readonly string[] {
  if (head === '' && tail === '') return ['(It printed nothing.)'];
  if (omittedBytes === 0) return [plain(head + tail)];
  return [plain(head), `… ${omittedBytes} bytes are left out here …`, plain(tail)];
}

function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll('\r\n', '\n');
}
