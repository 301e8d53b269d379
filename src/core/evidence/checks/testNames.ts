import { isAbsolute, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestResult } from '../../evidence.ts';

/** What a report is read relative to. */
export interface ReportPlace {
  /** The top of the copy that the command ran in, by its real path. */
  readonly root: string;
  /** Where it ran, relative to the top with forward slashes; empty for the top. */
  readonly folder: string;
}

/** A test as a report has it, before it is made the same in every copy. */
export interface ReportedTest {
  /** Its suites, and itself last. */
  readonly path: readonly string[];
  readonly status: TestResult['status'];
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly message?: string | undefined;
}

const longestName = 500;
const longestPart = 2000;
const longestMessage = 2000;
/** Messages are for people; nobody reads more of them. */
const mostMessages = 200;
/** More tests than that are not kept apart. */
export const mostTests = 50_000;

/** How bad it is when tests of one name ended differently. */
const weight: Readonly<Record<TestResult['status'], number>> = { skipped: 0, passed: 1, failed: 2 };

/**
 * Gives tests names, places and messages that are the same in every copy: without the copy's path, durations and addresses in memory.
 * Tests that share a name become one, which failed if one of them did.
 */
export function settleTests(reported: readonly ReportedTest[], place: ReportPlace): readonly TestResult[] {
  const tests = new Map<string, TestResult>();
  let messages = 0;
  for (const test of reported) {
    const path = test.path.map((part) => stable(part, place)).filter((part) => part !== '');
    const name = path.join(' › ').slice(0, longestName);
    const known = tests.get(name);
    if (name === '' || (known && weight[known.status] >= weight[test.status])) continue;
    const message = messages < mostMessages ? test.message?.trim() : undefined;
    if (message) messages++;
    tests.set(name, {
      name,
      status: test.status,
      ...placeOf({ ...test, message }, place),
      ...(message && { message: relativeTo(place, message).slice(0, longestMessage) }),
    });
  }
  return [...tests.values()];
}

function stable(part: string, place: ReportPlace): string {
  return relativeTo(place, part.slice(0, longestPart))
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/\s*[([]\s*\d+(\.\d+)?\s*(ns|[uµμ]s|ms|s|sec|seconds?|milliseconds?)\s*[)\]]\s*$/u, '')
    .replace(/0x[0-9a-f]{6,}/gi, '0x…')
    .split(/\/dursor-check-\w+\//)
    .map((piece, index, { length }) => (index < length - 1 ? piece.replace(pathAtEnd, '$1') : piece))
    .join('')
    .trim();
}

/** What stands before the folder that a command was given for itself. */
const pathAtEnd = /(?<!\S)([^\s/]*)(?:\/\S*)?$/;

function relativeTo({ root }: ReportPlace, text: string): string {
  const spelled = root.replaceAll('\\', '/');
  return text
    .replaceAll(`file://${spelled.startsWith('/') ? '' : '/'}${spelled}/`, '')
    .replaceAll(`${root}\\`, '')
    .replaceAll(`${spelled}/`, '');
}

/** Where a test is: where the report says so, or else its failure, as far as that is inside the copy. */
function placeOf(test: ReportedTest, place: ReportPlace): Pick<TestResult, 'file' | 'line'> {
  const file = test.file === undefined ? undefined : fileIn(place, test.file);
  const line = test.line !== undefined && Number.isSafeInteger(test.line) && test.line > 0 ? test.line : undefined;
  if (file !== undefined && line !== undefined) return { file, line };
  const failed = test.message === undefined ? undefined : lineIn(test.message, file, place);
  if (failed) return failed;
  return file === undefined ? {} : { file };
}

/** A file that a report names, relative to the top of the copy; undefined for one outside of it. */
export function fileIn(place: ReportPlace, named: string): string | undefined {
  let path = named.trim();
  if (path === '' || path.includes('\0') || path.length > 1000) return undefined;
  if (path.startsWith('file://')) {
    try {
      path = fileURLToPath(path);
    } catch {
      return undefined;
    }
  }
  path = relativeTo(place, path);
  if (isAbsolute(path) || posix.isAbsolute(path)) return undefined;
  const wasAbsolute = path !== named.trim();
  const slashed = path.replaceAll('\\', '/');
  const whole = posix.normalize(wasAbsolute ? slashed : posix.join(place.folder, slashed));
  return whole === '.' || whole === '..' || whole.startsWith('../') ? undefined : whole;
}

/** `a/b.ts:12`, and what Python's traceback has. */
const places =
  /(?<![\w@+\-./\\])(?:File ")?((?:file:\/\/)?[\w@+\-./\\]{1,200}\.[A-Za-z]{1,6})(?::|", line |\()(\d{1,7})\b/g;
/** A failure says where it happened at its beginning; all of a long one isn't looked through. */
const searched = 8000;

/** The first place in a failure's text that is in the test's file, or, where that isn't known, in the copy. */
function lineIn(message: string, file: string | undefined, place: ReportPlace): TestPlace | undefined {
  for (const [, path = '', line] of message.slice(0, searched).matchAll(places)) {
    if (/(^|\/)node_modules\//.test(path)) continue;
    const found = fileIn(place, path);
    // A name without a folder may be any file's.
    const isFiles = file === undefined ? found?.includes('/') : found === file || file.endsWith(`/${path}`);
    if (found !== undefined && isFiles) return { file: file ?? found, line: Number(line) };
  }
  return undefined;
}

interface TestPlace {
  readonly file: string;
  readonly line: number;
}
