import type { Mark } from '../../evidence.ts';
import { isTestFile } from '../testFiles.ts';
import type { ChangedFile } from './changedFile.ts';
import { languageOf } from './languages.ts';
import { casesGone, isExpectation, otherValues } from './otherValues.ts';
import { scan } from './scan.ts';
import { testCommandMarks } from './testCommands.ts';

const assertion =
  /\b(?:assert|expect|ASSERT|EXPECT|CHECK|REQUIRE)\w*\b|\b(?:t|b)\.(?:Error|Fatal|is|not|deepEqual|throws|true|false)f?\b|(?:^|[;{}\s])(?:ok|is|isnt|like|unlike|is_deeply|cmp_ok|isa_ok|can_ok|throws_ok|dies_ok|pass)\s*[( ]|\.should\b/g;
/** Those that say what the value is, and not only that there is one. */
const exactAssertion =
  /\b\w*(?:[eE]quals?|EQ|_eq|STREQ|Is|toBe|toMatch|toContain|toThrow|[rR]aises|[tT]hrows)\w*!?\s*\(|\b(?:is|is_deeply|cmp_ok|like)\s*\(|\bassert\b[^\n]*==/g;
const test =
  /\b(?:it|test|specify|subtest)(?:\.(?:each|only|skip|todo))?\s*(?:\(|')|\bdef\s+test\w*|\bfunc\s+Test\w+|\bfn\s+test_\w+|@Test\b|@test\b|(?:^|\n)\s*test\s+[\w.-]+\s+[{"]|#\[(?:tokio::)?test\]|\bTEST(?:_F|_P)?\s*\(|\bstatic\s+(?:void|int)\s+test_\w+\s*\(/g;
const skip =
  /\b(?:it|test|describe|context|suite)\.(?:skip|only|todo|fixme|failing)\b|\b(?:xit|xdescribe|xtest|fit|fdescribe)\s*\(|\b(?:skip|only|todo)\s*:\s*(?:true|['"])|@(?:unittest\.)?(?:skip(?:If|Unless)?|expectedFailure)\b|\b(?:self|this|t|ctx|context)\.skip(?:Test)?\(|\bSkipTest\b|(?:^|[\n;{])\s*skip\b\s*\(?\s*['"]|\bif\s*\(?\s*(?:False|false|0)\b|\bcatch\s*(?:\(\w*\))?\s*\{\s*\}|\bexcept\b[^\n]*:\s*pass\b|\bpytest\.(?:skip|xfail)|\bmark\.(?:skip|skipif|xfail)\b|\bt\.Skip\w*\(|#\[ignore|@(?:Ignore|Disabled)\b|\b(?:skip_all|todo_skip)\b|\bSKIP\s*:|\bTODO\s*:\s*\{|\$TODO\b/g;
const trivial =
  /\bassert(?:\.ok|True|\.isTrue)?\s*\(\s*(?:true|True|1)\s*[,)]|\bassert\s+True\b|\bexpect\s*\(\s*(true|1)\s*\)\.to(?:Be|Equal)\(\s*\1\s*\)|\b(?:assert\w*(?:\.\w*[eE]qual\w*)?|is)\s*\(\s*([^\s,()]+)\s*,\s*\2\s*[,)]|\bok\s*\(\s*1\b|\bpass\s*\(|\bor\s+True\b|\|\|\s*(?:true|1)\b|^\s*exit 0\s*$|\b(?:process|sys)\.exit\(0\)/gm;
interface Counts {
  readonly assertions: number;
  readonly exact: number;
  readonly tests: number;
  readonly skips: number;
  readonly trivial: number;
}

const noCounts: Counts = { assertions: 0, exact: 0, tests: 0, skips: 0, trivial: 0 };

/** Marks for what a patch does to tests: none but them changed, tests deleted, or made to say less. Pure. */
export function testChangeMarks(files: readonly ChangedFile[]): readonly Mark[] {
  const changed = files.filter((file) => file.isTest || hasInlineTests(file));
  const total = sum(changed.map((file) => difference(file)));
  // What goes in one file and comes in another has only moved.
  const isFewer = { tests: total.tests < 0, assertions: total.assertions < 0, exact: total.exact < 0 };
  return [
    ...(files.length > 0 && files.every(({ isTest }) => isTest) ? [testsOnly()] : []),
    ...changed.flatMap((file) => (isGone(file) ? deleted(file, isFewer) : weakened(file, isFewer))),
    ...files.flatMap(testCommandMarks),
  ];
}

type Fewer = { readonly [Name in 'tests' | 'assertions' | 'exact']: boolean };

function testsOnly(): Mark {
  return { kind: 'tests-only', isGate: false, text: 'Changes nothing but tests.' };
}

/** It is no test any more, or has a name that nothing runs: `a.test.js.disabled`. */
function isGone({ change, path, isTest }: ChangedFile): boolean {
  const wasCode = languageOf(change.base?.path ?? path) !== undefined;
  return change.kind === 'deleted' || (isTest && !isTestFile(path)) || (wasCode && languageOf(path) === undefined);
}

/** Rust has its tests in the files that they test. */
function hasInlineTests({ change, path, before, after }: ChangedFile): boolean {
  const [old, now] = [testsIn(change.base?.path ?? path, before ?? ''), testsIn(path, after ?? '')];
  return !isTestFile(path) && change.kind === 'modified' && old !== now && old !== '';
}

/** The part of a file that is tests. */
function testsIn(path: string, text: string): string {
  if (isTestFile(path)) return text;
  const start = path.endsWith('.rs') ? text.search(/#\[cfg\(test\)\]/) : -1;
  return start < 0 ? '' : text.slice(start);
}

function deleted(file: ChangedFile, { tests, assertions }: Fewer): readonly Mark[] {
  const own = difference(file);
  const hadTests = own.tests < 0 || own.assertions < 0;
  const isLost = hadTests ? tests || assertions : file.before === undefined || isExpectation(file.path);
  const path = file.change.base?.path ?? file.path;
  return isLost ? [{ kind: 'deletes-tests', isGate: false, path, text: `Deletes the tests in ${path}.` }] : [];
}

/** At most one mark for a file: the plainest of what is the matter with it. */
function weakened(file: ChangedFile, isFewer: Fewer): readonly Mark[] {
  if (file.before === undefined || file.after === undefined) return addedWeak(file);
  const by = difference(file);
  const { path } = file;
  const weak = (text: string, pattern?: RegExp) => [
    { kind: 'weakens-tests', isGate: false, path, ...firstLine(file, pattern), text } as const,
  ];
  if (by.skips > 0) return weak(`Keeps tests in ${path} from running.`, skip);
  if (by.trivial > 0) return weak(`Makes what ${path} asserts always true.`, trivial);
  if (by.tests < 0 && isFewer.tests) return weak(`Removes ${count(-by.tests, 'test')} from ${path}.`);
  if (by.assertions < 0 && isFewer.assertions)
    return weak(`Removes ${count(-by.assertions, 'assertion')} from ${path}.`);
  if (by.exact < 0 && isFewer.exact) return weak(`Makes ${count(-by.exact, 'assertion')} in ${path} less exact.`);
  const gone = casesGone(file, isUnknown(file));
  if (gone > 0) return weak(`Removes ${count(gone, 'case')} from ${path}.`);
  const first = otherValues(file, file.after.split('\n').length - testsIn(path, file.after).split('\n').length);
  if (!first) return [];
  const text = `Changes what tests in ${path} expect.`;
  return [{ kind: 'changes-expectations', isGate: false, path, line: first.line, text }];
}

/** A new test can't weaken an old one; what is never run or always true is still none. */
function addedWeak(file: ChangedFile): readonly Mark[] {
  if (file.after === undefined || file.change.kind !== 'added') return [];
  const { tests, assertions, trivial: always, skips } = difference(file);
  if (always === 0 || always < assertions || tests + skips === 0) return [];
  const { path } = file;
  const text = `The assertions in ${path} are always true.`;
  return [{ kind: 'weakens-tests', isGate: false, path, ...firstLine(file, trivial), text }];
}

/** Whether its tests are written in a way that isn't known here; in a language that is, a file without any is no test but a help. */
function isUnknown({ change, path, before = '' }: ChangedFile): boolean {
  const { tests, assertions } = counted(change.base?.path ?? path, before);
  return tests + assertions === 0 && languageOf(path) === undefined;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function firstLine({ added }: ChangedFile, pattern: RegExp | undefined): { line?: number } {
  const found = pattern && added.find(({ text }) => text.search(pattern) >= 0);
  return found ? { line: found.line } : {};
}

function difference(file: ChangedFile): Counts {
  const { change, path, before = '', after = '' } = file;
  const now = isGone(file) ? noCounts : counted(path, after);
  return combine(now, counted(change.base?.path ?? path, before), -1);
}

function sum(all: readonly Counts[]): Counts {
  return all.reduce((a, b) => combine(a, b, 1), noCounts);
}

function combine(a: Counts, b: Counts, sign: 1 | -1): Counts {
  return {
    assertions: a.assertions + sign * b.assertions,
    exact: a.exact + sign * b.exact,
    tests: a.tests + sign * b.tests,
    skips: a.skips + sign * b.skips,
    trivial: a.trivial + sign * b.trivial,
  };
}

function counted(path: string, text: string): Counts {
  const tests = testsIn(path, text);
  if (tests === '') return noCounts;
  const code = withoutComments(path, tests);
  const occurrences = (pattern: RegExp) => code.match(pattern)?.length ?? 0;
  return {
    assertions: occurrences(assertion),
    exact: occurrences(exactAssertion),
    tests: occurrences(test),
    skips: occurrences(skip) + (/^\/\/ ?(?:go:build|\+build) ignore/m.test(tests) ? 1 : 0),
    trivial: occurrences(trivial),
  };
}

/** What is commented out doesn't test anything. */
function withoutComments(path: string, text: string): string {
  const language = languageOf(path);
  if (!language) return text;
  return scan(text, language)
    .map((piece) => (piece.kind === 'comment' ? '' : piece.text))
    .join('');
}
