import { hasRun } from '../core/evidence/verdict.ts';
import type { CheckProgress, CheckRun, CheckVerdict, CommandEnd } from '../core/evidence.ts';
import { counted } from '../core/words.ts';
import type { CheckLine, EvidenceLine } from '../protocol/compareEvidence.ts';

type Tests = NonNullable<CheckVerdict['tests']>;

const mostNamed = 2;
const mostInDetail = 10;

/** A check of a candidate, in words with numbers: "214 of 214, 3 newly pass", "2 newly fail (queue.test)". Pure. */
export function checkLine({ check, state, verdict }: CheckProgress): CheckLine {
  const facts = { check, isRunning: state.status === 'running', hasOutput: state.status === 'ended' };
  if (state.status === 'waiting') return { ...facts, text: 'waiting', tone: 'plain' };
  if (state.status === 'running') return { ...facts, startedAt: state.startedAt, text: 'running', tone: 'plain' };
  if (!hasRun(state.run)) return { ...facts, ...notRun(state.run.end) };
  if (!verdict) return { ...facts, text: 'waiting for the base', tone: 'plain' };
  return { ...facts, ...lineOf(verdict, state.run) };
}

/** What a check found on the base, where that is worth a note; undefined where it passed or isn't known yet. Pure. */
export function baseLine({ check, state }: CheckProgress): EvidenceLine | undefined {
  if (state.status !== 'ended') return undefined;
  const { end, tests = [], flaky = [] } = state.run;
  if (!hasRun({ end })) {
    if (end.type === 'canceled') return undefined;
    return { text: `“${check}” could not be run on the base`, tone: 'look', detail: endText(end) };
  }
  const failed = tests.filter(({ name, status }) => status === 'failed' && !flaky.includes(name));
  if (failed.length > 0) {
    const ran = tests.filter(({ status }) => status !== 'skipped').length;
    const text = `On the base ${failed.length} of ${ran} tests of “${check}” fail already; no candidate is blamed for ${failed.length === 1 ? 'it' : 'them'}`;
    return { text, tone: 'look', detail: listed(failed.map(({ name }) => name)) };
  }
  if (flaky.length > 0) {
    const text = `On the base ${counted(flaky.length, 'test')} of “${check}” ${flaky.length === 1 ? 'is' : 'are'} flaky`;
    return { text, tone: 'look', detail: listed(flaky) };
  }
  if (end.type === 'exit' && end.code === 0) return undefined;
  return {
    text: `“${check}” fails on the base already; no candidate is blamed for it`,
    tone: 'look',
    detail: endText(end),
  };
}

/** How a command ended, in a sentence. */
export function endText(end: CommandEnd): string {
  switch (end.type) {
    case 'exit':
      return end.code === 0 ? 'It ended well.' : `It ended with exit code ${end.code}.`;
    case 'signal':
      return `It was ended by ${end.signal}.`;
    case 'timeout':
      return `It was stopped after ${end.seconds} seconds, its time limit.`;
    case 'canceled':
      return 'It was canceled.';
    case 'not-started':
      return end.reason;
    default:
      return end satisfies never;
  }
}

function lineOf({ verdict, tests }: CheckVerdict, run: CheckRun): EvidenceLine {
  switch (verdict) {
    case 'broken':
      return brokenLine(tests, run);
    case 'unknown':
      return { text: 'no verdict', tone: 'look', detail: 'It could not be run on the base.' };
    case 'passed':
    case 'fixed':
    case 'still-failing':
      return tests ? countLine(tests, verdict, run) : plainLine(verdict, run);
    default:
      return verdict satisfies never;
  }
}

function brokenLine(tests: Tests | undefined, run: CheckRun): EvidenceLine {
  const ending = endText(run.end);
  if (!tests) return { text: `newly fails${shortEnd(run.end)}`, tone: 'bad', detail: ending };
  const { broken } = tests;
  // All that the base passes passes: a new test fails, or the command for something that is in no report.
  if (broken.length === 0) {
    const added = newlyFailing(tests, run);
    const text =
      added.length > 0 ? `${counted(added.length, 'new test')} fail${added.length === 1 ? 's' : ''}` : 'fails';
    return {
      text: `${fraction(tests)}, but ${text}${added.length > 0 ? '' : shortEnd(run.end)}`,
      tone: 'bad',
      detail: added.length > 0 ? listed(added) : ending,
    };
  }
  return {
    text: `${broken.length} newly fail${broken.length === 1 ? 's' : ''} (${placesOf(broken, run)})`,
    tone: 'bad',
    detail: listed(broken),
  };
}

function countLine(tests: Tests, verdict: 'passed' | 'fixed' | 'still-failing', run: CheckRun): EvidenceLine {
  const { fixed, added, stillFailing, flaky, missing } = tests;
  const newly = fixed.length + added;
  const parts = [
    ...(ofBase(tests) > 0 || newly + stillFailing.length === 0 ? [fraction(tests)] : []),
    ...(newly > 0 ? [`${newly} newly pass${newly === 1 ? 'es' : ''}`] : []),
    ...(missing.length > 0 ? [`${missing.length} no longer run${missing.length === 1 ? 's' : ''}`] : []),
    ...(stillFailing.length > 0
      ? [`${stillFailing.length} fail${stillFailing.length === 1 ? 's' : ''} as before`]
      : []),
    ...(flaky.length > 0 ? [`${flaky.length} flaky`] : []),
  ];
  const details = [
    ...(missing.length > 0 ? [`No longer run: ${listed(missing)}`] : []),
    ...(fixed.length > 0 ? [`Newly pass: ${listed(fixed)}`] : []),
    ...(stillFailing.length > 0 ? [`Fail as before: ${listed(stillFailing)}`] : []),
    ...(flaky.length > 0 ? [`Flaky: ${listed(flaky)}`] : []),
    ...(verdict === 'still-failing' && stillFailing.length === 0 ? [`As on the base: ${endText(run.end)}`] : []),
  ];
  return {
    text: parts.join(', '),
    tone: missing.length > 0 ? 'look' : verdict === 'still-failing' ? 'plain' : 'good',
    ...(details.length > 0 && { detail: details.join('\n') }),
  };
}

function plainLine(verdict: 'passed' | 'fixed' | 'still-failing', run: CheckRun): EvidenceLine {
  const isFlaky = (run.flaky?.length ?? 0) > 0;
  const flaky = isFlaky ? ', flaky' : '';
  if (verdict === 'still-failing') return { text: `fails as before${flaky}`, tone: 'plain', detail: endText(run.end) };
  return { text: `${verdict === 'fixed' ? 'newly passes' : 'passes'}${flaky}`, tone: isFlaky ? 'look' : 'good' };
}

function notRun(end: CommandEnd): EvidenceLine {
  return end.type === 'canceled'
    ? { text: 'canceled', tone: 'plain' }
    : { text: 'could not be run', tone: 'look', detail: endText(end) };
}

/** Of the tests that the base passes, those that pass. */
function fraction(tests: Tests): string {
  return `${tests.passed} of ${ofBase(tests)}`;
}

function ofBase({ passed, broken, missing }: Tests): number {
  return passed + broken.length + missing.length;
}

function newlyFailing({ broken, stillFailing, flaky }: Tests, { tests = [] }: CheckRun): readonly string[] {
  const told = new Set([...broken, ...stillFailing, ...flaky]);
  return tests.filter(({ name, status }) => status === 'failed' && !told.has(name)).map(({ name }) => name);
}

/** The files of tests where they are known, else their suites, else their names. */
function placesOf(names: readonly string[], { tests = [] }: CheckRun): string {
  const files = new Map(tests.map(({ name, file }) => [name, file]));
  const places = [...new Set(names.map((name) => shortPlace(name, files.get(name))))];
  const more = places.length - mostNamed;
  return [...places.slice(0, mostNamed), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

function shortPlace(name: string, file: string | undefined): string {
  if (file) return file.replace(/^.*\//, '').replace(/\.\w+$/, '');
  const [suite = name] = name.split(' › ');
  return suite.length > 40 ? `${suite.slice(0, 39)}…` : suite;
}

function shortEnd(end: CommandEnd): string {
  if (end.type === 'exit') return ` (exit code ${end.code})`;
  return end.type === 'timeout' ? ` (over ${end.seconds} seconds)` : end.type === 'signal' ? ` (${end.signal})` : '';
}

function listed(names: readonly string[]): string {
  const more = names.length - mostInDetail;
  return [...names.slice(0, mostInDetail), ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}
