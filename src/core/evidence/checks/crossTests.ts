import type { CandidateId, FileChange, FileVersion, ObjectName } from '../../domain.ts';
import type { Check, CheckRun, CrossTest, TestResult } from '../../evidence.ts';
import { isTestFile } from '../testFiles.ts';
import type { CheckRunner } from './checkRunner.ts';
import { hasFailed } from './runAgain.ts';

/** A candidate whose own checks have ended. */
export interface CrossCandidate {
  readonly id: CandidateId;
  readonly tree: ObjectName;
  readonly changes: readonly FileChange[];
  readonly runs: readonly CheckRun[];
}

export interface CrossTestParts {
  readonly runner: Pick<CheckRunner, 'runOnTree'>;
  /**
   * The tree that `tree` becomes with these files in it; what stood at their paths is replaced. Paths are as in a patch. Reads and writes
   * the task's own objects alone.
   */
  readonly treeWith: (tree: ObjectName, files: readonly FileVersion[], signal: AbortSignal) => Promise<ObjectName>;
  /** How many runs there are at most; 24 when absent. */
  readonly mostRuns?: number;
}

export interface CrossTests {
  readonly results: readonly CrossTest[];
  /** What was not run and why, a sentence each, for people. */
  readonly skipped: readonly string[];
}

/** The tests of one candidate that are run on others' code. */
interface OwnTests {
  readonly of: CandidateId;
  readonly tree: ObjectName;
  readonly files: readonly FileVersion[];
  readonly check: Check;
  /** By name, those that pass on the candidate's own code; absent where no report tells them apart. */
  readonly names?: ReadonlySet<string>;
}

const usualMostRuns = 24;

/**
 * Runs the test files that each candidate added or changed on the others' code. Only tests that pass on their own candidate count, and of
 * those, where a report can be read, only the ones in these files. A run that is canceled has no result. Files of tests that a candidate
 * deleted stay with the others. Throws what `treeWith` throws, once nothing is at work any more.
 */
export async function crossTests(
  { runner, treeWith, mostRuns = usualMostRuns }: CrossTestParts,
  candidates: readonly CrossCandidate[],
  base: readonly CheckRun[],
  signal: AbortSignal,
): Promise<CrossTests> {
  const pairs = candidates
    .flatMap((candidate) => ownTests(candidate, base))
    .flatMap((own) => candidates.flatMap((code) => (code.tree === own.tree ? [] : [{ own, code }])));
  // Waits for all of them also when one fails: nothing may still be at work when the caller goes on.
  const found = await Promise.allSettled(
    pairs.slice(0, mostRuns).map(async ({ own, code }) => {
      const tree = await treeWith(code.tree, own.files, signal);
      const run = await runner.runOnTree(tree, own.check, { signal, isConfirmed: true });
      return resultOf(own, code.id, run);
    }),
  );
  const failure = found.find(({ status }) => status === 'rejected');
  if (failure?.status === 'rejected' && !signal.aborted) throw failure.reason;
  const left = pairs.length - mostRuns;
  return {
    results: found.flatMap((one) => (one.status === 'fulfilled' && one.value ? [one.value] : [])),
    skipped:
      left > 0
        ? [`${left} of ${pairs.length} combinations of tests and candidates were not run: ${mostRuns} are the limit.`]
        : [],
  };
}

/** The files of a patch that are tests as it leaves them. */
export function testFilesOf(changes: readonly FileChange[]): readonly FileVersion[] {
  return changes.flatMap(({ after }) => (after && after.mode !== '160000' && isTestFile(after.path) ? [after] : []));
}

function ownTests({ id, tree, changes, runs }: CrossCandidate, base: readonly CheckRun[]): readonly OwnTests[] {
  const files = testFilesOf(changes);
  if (files.length === 0) return [];
  return runs.flatMap((run): readonly OwnTests[] => {
    const own = { of: id, tree, files, check: run.check };
    if (run.end.type !== 'exit') return [];
    // A check of types or style says nothing about another candidate's behaviour.
    if (!run.tests) return isAboutTests(run.check) && !hasFailed(run) ? [own] : [];
    const names = namesIn(
      files,
      run,
      base.find(({ check }) => check.name === run.check.name),
    );
    return names.size > 0 ? [{ ...own, names }] : [];
  });
}

/** The tests in these files that pass; where the report doesn't say where tests are, those that the base doesn't have. */
function namesIn(files: readonly FileVersion[], run: CheckRun, base: CheckRun | undefined): ReadonlySet<string> {
  const passing = (run.tests ?? []).filter(({ name, status }) => status === 'passed' && !run.flaky?.includes(name));
  const inFiles = passing.filter((test) => files.some(({ path }) => isIn(path, test)));
  const before = new Set(base?.tests?.map(({ name }) => name));
  const counted =
    inFiles.length > 0 ? inFiles : passing.filter(({ file, name }) => file === undefined && !before.has(name));
  return new Set(counted.map(({ name }) => name));
}

/** By the report's file, or by a class or module named after the path: `tests.test_a.TestA`, `com.example.ATest`. */
function isIn(path: string, { file, name }: TestResult): boolean {
  if (file !== undefined) return file === path;
  const place = name.split(' › ', 1)[0] ?? '';
  if (place === path || place === `./${path}`) return true;
  const module = path.replace(/\.[^./]+$/, '').replaceAll('/', '.');
  return isModule(module, place) || (/\.(java|kt|scala|groovy)$/.test(path) && isClass(module, place));
}

const isModule = (module: string, place: string) => place === module || place.startsWith(`${module}.`);

/** A class's path begins with folders of the build tool, `src/test/java`, that are no part of its name. */
const isClass = (module: string, place: string) => {
  const outer = place.split('$', 1)[0] ?? '';
  return outer !== '' && module.endsWith(`.${outer}`);
};

function resultOf(own: OwnTests, codeOf: CandidateId, run: CheckRun): CrossTest | undefined {
  if (run.end.type === 'canceled' || run.end.type === 'not-started') return undefined;
  const whole = { testsOf: own.of, codeOf, check: own.check.name, ok: run.end.type === 'exit' && run.end.code === 0 };
  if (!own.names || (!run.tests && whole.ok)) return { ...whole, passed: 0, failed: [] };
  const passed = new Set(run.tests?.flatMap(({ name, status }) => (status === 'passed' ? [name] : [])));
  // A test that isn't there at all could not be loaded with this code.
  const failed = [...own.names].filter((name) => !passed.has(name));
  return { ...whole, passed: own.names.size - failed.length, failed };
}

const testWords = /(^|[^a-z])(tests?|r?spec|(py|unit|php)test|phpunit|jest|vitest|mocha|tox|make check)([^a-z]|$)/i;
/** What looks at sources without running them, tests among them. */
const otherWords =
  /(^|[^a-z])(lint|eslint|tsc|types?|type-?check|mypy|pyright|ruff|flake8|biome|prettier|clippy|vet|rubocop|phpstan|format)([^a-z]|$)/i;

/** By its name, or else by its command: `eslint src test` is no test. */
const isAboutTests = ({ name, command }: Check) =>
  testWords.test(name) || (testWords.test(command) && !otherWords.test(`${name} ${command}`));
