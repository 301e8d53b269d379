import { readJunit } from './junit.ts';
import { readTap } from './tap.ts';
import type { ReportedTest } from './testNames.ts';

/**
 * The tests of one of a report's files: JUnit XML or TAP, told by what is in it. Throws `SyntaxError` with part of a sentence that says
 * why it can't be read.
 */
export function readReport(file: string): readonly ReportedTest[] {
  const text = file.replace(/^\uFEFF/, '');
  if (/^\s*</.test(text)) return readJunit(text);
  if (/^(TAP version|1\.\.\d|[ \t]{0,100}(not )?ok\b)/m.test(text)) return readTap(text);
  throw new SyntaxError(text.trim() === '' ? 'it is empty' : 'it is neither JUnit XML nor TAP');
}
