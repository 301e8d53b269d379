import { type Candidate, candidatesOf, labelOf } from '../composition.ts';
import type { CandidateId, Round } from '../domain.ts';
import type { CandidateProgress, CheckProgress, RoundEvidence } from '../evidence.ts';
import { quoteMarkdown } from '../github/quoting.ts';

/**
 * A round's evidence as Markdown: a table of its candidates, then why they stand as they do. What it quotes shows neither secrets nor
 * where a home folder is, and nothing of what commands printed is in it. `chosen` is the one it is about. Pure.
 */
export function evidenceMarkdown(round: Round, evidence: RoundEvidence, chosen?: CandidateId): string {
  const candidates = ordered(round, evidence);
  const hasReviews = evidence.reviews.length > 0;
  const hasCross = evidence.candidates.some(({ crossTests }) => crossTests.length > 0);
  const columns = ['', 'Candidate', ...evidence.checks.map(({ name }) => name)];
  if (hasCross) columns.push('Tests of others');
  if (hasReviews) columns.push('Would merge');
  columns.push('Lines');
  const rows = candidates.map((candidate) => {
    const own = evidence.candidates.find((each) => each.candidate === candidate.id);
    const ranked = evidence.ranking?.candidates.find((each) => each.candidate === candidate.id);
    const row = [
      ranked ? `${ranked.place}.` : '',
      `${labelOf(candidate)}${candidate.id === chosen ? ' (this one)' : ''}`,
    ];
    row.push(...evidence.checks.map(({ name }) => checkCell(own?.checks.find(({ check }) => check === name))));
    if (hasCross) row.push(crossCell(own));
    if (hasReviews) row.push(reviewCell(candidate.id, evidence));
    row.push(linesOf(candidate));
    return row;
  });
  const base = evidence.base.length > 0 ? [baseRow(columns, evidence)] : [];
  const table = [columns, columns.map(() => '---'), ...rows, ...base].map(
    (cells) => `| ${cells.map(cell).join(' | ')} |`,
  );
  return [table.join('\n'), ...reasons(candidates, evidence, chosen)].join('\n\n');
}

/** By place, and those without one after all others, in the round's order. */
function ordered(round: Round, { candidates, ranking }: RoundEvidence): readonly Candidate[] {
  const known = candidatesOf(round).filter(({ id }) => candidates.some(({ candidate }) => candidate === id));
  const placeOf = ({ id }: Candidate) => {
    const place = ranking?.candidates.findIndex(({ candidate }) => candidate === id) ?? -1;
    return place === -1 ? known.length : place;
  };
  return known.toSorted((a, b) => placeOf(a) - placeOf(b));
}

function linesOf({ changes }: Candidate): string {
  const count = (of: 'added' | 'removed') => changes.reduce((sum, { lines }) => sum + (lines?.[of] ?? 0), 0);
  return `+${count('added')} −${count('removed')}`;
}

function checkCell(progress: CheckProgress | undefined): string {
  if (progress?.state.status !== 'ended') return progress ? 'running' : '–';
  const { verdict } = progress;
  if (!verdict) return '–';
  const { tests } = verdict;
  const counts = tests && [
    `${tests.passed} passed`,
    ...(tests.broken.length > 0 ? [`${tests.broken.length} broken`] : []),
    ...(tests.fixed.length > 0 ? [`${tests.fixed.length} fixed`] : []),
    ...(tests.added > 0 ? [`${tests.added} new`] : []),
    ...(tests.stillFailing.length > 0 ? [`${tests.stillFailing.length} failed before, too`] : []),
    ...(tests.flaky.length > 0 ? [`${tests.flaky.length} flaky`] : []),
  ];
  return counts ? `${words[verdict.verdict]}: ${counts.join(', ')}` : words[verdict.verdict];
}

const words = {
  passed: 'passes',
  broken: 'broken',
  fixed: 'fixed',
  'still-failing': 'failed before, too',
  unknown: 'not run',
} as const;

function crossCell(progress: CandidateProgress | undefined): string {
  const tests = progress?.crossTests ?? [];
  if (tests.length === 0) return '–';
  const failed = tests.filter(({ ok, failed: names, passed }) => names.length > 0 || (passed === 0 && !ok));
  return `${tests.length - failed.length} of ${tests.length}`;
}

function reviewCell(id: CandidateId, { reviews }: RoundEvidence): string {
  const own = reviews.flatMap(({ candidates }) => candidates.filter(({ candidate }) => candidate === id));
  return own.length === 0 ? '–' : `${own.filter(({ wouldMerge }) => wouldMerge).length} of ${own.length}`;
}

function baseRow(columns: readonly string[], { base, checks }: RoundEvidence): readonly string[] {
  const cells = checks.map(({ name }) => {
    const state = base.find(({ check }) => check === name)?.state;
    if (state?.status !== 'ended') return '–';
    const { end } = state.run;
    if (end.type === 'canceled' || end.type === 'not-started') return words.unknown;
    return end.type === 'exit' && end.code === 0 ? 'passes' : 'fails';
  });
  const row = ['', 'Before', ...cells];
  return columns.map((_, index) => row[index] ?? '');
}

function reasons(candidates: readonly Candidate[], evidence: RoundEvidence, chosen?: CandidateId): readonly string[] {
  const { ranking, reviews, isolation } = evidence;
  const why = candidates.flatMap((candidate) => {
    const ranked = ranking?.candidates.find((each) => each.candidate === candidate.id);
    const tie = ranked?.isTied ? ' (tied)' : '';
    return ranked ? [`- ${text(labelOf(candidate))}${tie}: ${text(ranked.reason)}.`] : [];
  });
  const reviewers = [...new Set(reviews.map(({ reviewerLabel }) => reviewerLabel))];
  const notes = [
    ...(chosen !== undefined && ranking?.recommended === chosen ? ['The recommended one was chosen.'] : []),
    ...(ranking?.note ? [text(ranking.note)] : []),
    ...(isolation && evidence.base.length > 0
      ? [`Checks ran in ${isolation === 'none' ? 'no sandbox' : isolation}.`]
      : []),
    ...(reviewers.length > 0 ? [`Reviewed by ${reviewers.map(text).join(', ')}, without knowing whose is whose.`] : []),
  ];
  return [...(why.length > 0 ? [why.join('\n')] : []), ...(notes.length > 0 ? [notes.join(' ')] : [])];
}

function text(value: string): string {
  return quoteMarkdown(value.replace(/\s+/g, ' '), { mayClose: false });
}

function cell(value: string): string {
  return text(value).replaceAll('|', '\\|');
}
