import type { CheckVerdict } from '../evidence.ts';
import { counted } from '../words.ts';
import type { Scores } from './rankingScores.ts';
import { ratioOf, type Votes } from './review/preferences.ts';

/**
 * Why a candidate has its place, in one sentence without a full stop: what keeps it from being merged, or what it passes; what others'
 * tests and reviewers say; where its size stands. `all` are the candidates of the round, `tied` how many others share its place. Pure.
 */
export function reasonFor(scores: Scores, all: readonly Scores[], tied: number): string {
  const parts = [
    ...scores.gates.map(({ text }) => clause(text)),
    ...(scores.gates.length > 0 ? [] : [checksOf(scores)]),
    ...scores.doubts.map(({ text }) => clause(text)),
    ...crossTestsOf(scores),
    ...reviewOf(scores),
    ...(scores.leftovers > 0 ? ['leaves debug output or something to do'] : []),
    ...sizeAmong(scores, all),
    ...(tied > 0 ? [`tied with ${counted(tied, 'other candidate')}`] : []),
  ];
  return parts.join('; ');
}

function clause(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '');
}

function checksOf({ evidence: { checks } }: Scores): string {
  const named = (verdict: CheckVerdict['verdict']) => checks.filter((check) => check.verdict === verdict);
  const broken = named('broken');
  if (broken.length > 0) return brokenOf(broken);
  const known = checks.filter(({ verdict }) => verdict !== 'unknown');
  if (known.length === 0) return checks.length === 0 ? 'no check has run on it' : 'its checks could not be run';
  const tests = known.flatMap((check) => (check.tests ? [check.tests] : []));
  const count = (figure: (one: (typeof tests)[number]) => number) =>
    tests.reduce((total, one) => total + figure(one), 0);
  const missing = count((one) => one.missing.length);
  const parts = [
    ...(tests.length > 0 ? [passedTests(count, missing)] : passedChecks(named('passed'), named('fixed'))),
    ...(missing > 0 ? [`${counted(missing, 'test')} of the base no longer ${missing === 1 ? 'runs' : 'run'}`] : []),
    ...stillFailing(
      named('still-failing'),
      count((one) => one.stillFailing.length),
    ),
    ...(named('unknown').length > 0 ? [`${names(named('unknown'))} could not be run`] : []),
  ];
  return parts.join(', ');
}

/** Where no report tells tests apart. */
function passedChecks(passed: readonly CheckVerdict[], fixed: readonly CheckVerdict[]): readonly string[] {
  return [
    ...(passed.length > 0 ? [`passes ${passed.length === 1 ? names(passed) : `${passed.length} checks`}`] : []),
    ...(fixed.length > 0 ? [`fixes ${names(fixed)}`] : []),
  ];
}

function passedTests(
  count: (figure: (one: NonNullable<CheckVerdict['tests']>) => number) => number,
  missing: number,
): string {
  const [passed, fixed, added] = [
    count((one) => one.passed),
    count((one) => one.fixed.length),
    count((one) => one.added),
  ];
  const more = fixed + added;
  if (passed + missing === 0)
    return more > 0 ? `passes ${counted(more, 'test')} the base didn't` : 'the base passes no test';
  const base =
    missing > 0
      ? `passes ${counted(passed, 'test')} of the base`
      : `passes ${passed === 1 ? 'the one test' : `all ${passed} tests`} the base passes`;
  return more > 0 ? `${base}, and ${more} it didn't` : base;
}

function brokenOf(broken: readonly CheckVerdict[]): string {
  const tests = broken.flatMap((check) => check.tests?.broken ?? []);
  if (tests.length === 0) return `breaks ${names(broken)}`;
  const [first = ''] = tests;
  return tests.length === 1 ? `breaks the test “${first}”` : `breaks ${tests.length} tests, such as “${first}”`;
}

function stillFailing(checks: readonly CheckVerdict[], tests: number): readonly string[] {
  if (tests > 0) return [`${counted(tests, 'test')} that failed before still ${tests === 1 ? 'fails' : 'fail'}`];
  return checks.length > 0
    ? [`${names(checks)} failed before and still ${checks.length === 1 ? 'fails' : 'fail'}`]
    : [];
}

function crossTestsOf({ evidence }: Scores): readonly string[] {
  const others = evidence.crossTests.filter(
    ({ testsOf, codeOf }) => codeOf === evidence.candidate && testsOf !== codeOf,
  );
  if (others.length === 0) return [];
  const authors = new Set(others.map(({ testsOf }) => testsOf));
  const failed = new Set(
    others
      .filter(({ ok, passed, failed: names }) => names.length > 0 || (passed === 0 && !ok))
      .map(({ testsOf }) => testsOf),
  );
  if (authors.size === 1)
    return [failed.size === 0 ? 'passes the tests of another candidate' : 'fails tests of another candidate'];
  if (failed.size === 0) return [`passes the tests of ${authors.size} other candidates`];
  if (failed.size === authors.size) return [`fails tests of all ${authors.size} other candidates that have some`];
  return [`fails tests of ${failed.size} of ${authors.size} other candidates`];
}

function reviewOf({ review: { wouldMerge, votes, mean, spread } }: Scores): readonly string[] {
  if (wouldMerge === undefined) return [];
  const split = spread > 0.25 ? ` (score ${mean.toFixed(2)} ± ${spread.toFixed(2)})` : '';
  return [`${wouldMerge < 0.5 ? 'most reviewers would not merge it' : preferenceOf(votes)}${split}`];
}

function preferenceOf(votes: Votes): string {
  if (votes.for + votes.against === 0) return 'reviewers would merge it';
  if (votes.for >= votes.against) return `reviewers prefer it ${ratioOf(votes)}`;
  return `reviewers prefer others ${ratioOf({ ...votes, for: votes.against, against: votes.for })}`;
}

function sizeAmong({ evidence: { size } }: Scores, all: readonly Scores[]): readonly string[] {
  const open = all.filter(({ gates }) => gates.length === 0).map(({ evidence }) => evidence.size);
  if (open.length < 2 || !open.includes(size)) return [];
  const isAlone = open.filter((other) => other === size).length === 1;
  if (isAlone && size === Math.min(...open)) return ['smallest patch'];
  return isAlone && size === Math.max(...open) ? ['largest patch'] : [];
}

function names(checks: readonly CheckVerdict[]): string {
  return checks.map(({ check }) => `“${check}”`).join(', ');
}
