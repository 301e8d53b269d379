import { type Candidate, candidatesOf, isComposition, labelOf } from '../core/composition.ts';
import { type CandidateId, isEnded, type Round } from '../core/domain.ts';
import { findingMessage } from '../core/evidence/review/findingMessage.ts';
import { findingsOf, type RoundFinding } from '../core/evidence/review/findings.ts';
import { type CandidatePreference, ratioOf, summariseReviews } from '../core/evidence/review/preferences.ts';
import type { Check, CrossTest, Isolation, Mark, RoundEvidence } from '../core/evidence.ts';
import type {
  EvidenceFacts,
  EvidenceLine,
  EvidenceState,
  FindingView,
  MarkLine,
  NoteLine,
  Progress,
} from '../protocol/compareEvidence.ts';
import { type FileIds, keyOf } from './comparisonIds.ts';
import { baseLine, checkLine } from './evidenceCheckLine.ts';
import { claimsText, missingReviews, reviewFacts } from './reviewFacts.ts';
import { isSentTo } from './sentFindings.ts';

const longestReason = 48;

/** What is known about each candidate that ended. Pure, but for the names that files get. */
export function evidenceFacts(
  round: Round,
  evidence: RoundEvidence,
  ids: FileIds,
): ReadonlyMap<CandidateId, EvidenceFacts> {
  const labels = new Map<CandidateId, string>(candidatesOf(round).map((each) => [each.id, labelOf(each)]));
  const found = Map.groupBy(findingsOf(evidence.reviews), ({ candidate }) => candidate);
  const reviews = reviewLines(evidence, found);
  const isOpen = openOnes(evidence);
  const isContest = (evidence.ranking?.candidates.length ?? 0) > 1;
  return new Map(
    candidatesOf(round)
      .filter((candidate) => isComposition(candidate) || isEnded(candidate))
      .map((candidate) => {
        const known = evidence.candidates.find((each) => each.candidate === candidate.id);
        const ranked = evidence.ranking?.candidates.find((each) => each.candidate === candidate.id);
        const crossTests = crossTestLine(candidate.id, known?.crossTests ?? [], labels);
        const review = reviews.get(candidate.id);
        const findings = (found.get(candidate.id) ?? []).toSorted(gravestFirst);
        const facts: EvidenceFacts = {
          checks: known?.checks.map(checkLine) ?? [],
          ...(crossTests && { crossTests }),
          ...(review && { review }),
          findings: findings.map((each) => findingLine(each, candidate, ids)),
          marks: known?.marks?.map((mark) => markLine(mark, candidate, ids)) ?? [],
          ...(ranked && isOpen.size === 0 && isContest && { place: ranked.place }),
          ...(ranked && !isOpen.has(candidate.id) && { reason: ranked.reason }),
          isTied: ranked?.isTied ?? false,
          isRecommended: evidence.ranking?.recommended === candidate.id,
        };
        return [candidate.id, facts];
      }),
  );
}

/** Those whose checks go on: what is known of them so far says nothing yet, and no place holds before they are done. */
function openOnes({ candidates, isChecking }: RoundEvidence): ReadonlySet<CandidateId> {
  const open = candidates.filter(({ checks }) => checks.some(({ state }) => state.status !== 'ended'));
  return new Set(isChecking ? open.map(({ candidate }) => candidate) : []);
}

/** What holds for all candidates of a round. Pure. */
export function evidenceState(round: Round, evidence: RoundEvidence): EvidenceState {
  const { checks, notAgreed, isolation, problem, isChecking, isReviewing, reviewProgress } = evidence;
  const verdict = isChecking ? undefined : verdictLine(round, evidence);
  return {
    checks: checks.length,
    notAgreed: notAgreed.length,
    ...(isolation && { isolation: isolationText(isolation, checks) }),
    ...(problem !== undefined && { problem }),
    isChecking,
    isReviewing,
    ...(isChecking && { checked: checksDone(evidence) }),
    ...(isReviewing && reviewProgress && { reviewed: { done: reviewProgress.done, total: reviewProgress.total } }),
    ...reviewFacts(evidence),
    ...(verdict && { verdict }),
    notes: notesOf(evidence),
  };
}

/** What reviewers found in the file that is called `key` over all candidates; `rounds` are the task's. Pure. */
export function findingViews(
  round: Round,
  { reviews }: RoundEvidence,
  key: string,
  rounds: readonly Round[],
): readonly FindingView[] {
  const candidates = new Map<CandidateId, Candidate>(candidatesOf(round).map((each) => [each.id, each]));
  return findingsOf(reviews).flatMap(({ id, candidate: of, reviewerLabel, finding }) => {
    const candidate = candidates.get(of);
    if (!candidate || keyAt(candidate, finding.path) !== key) return [];
    const { line, severity, reason } = finding;
    const isSent = isSentTo(rounds, of, findingMessage(finding));
    return [{ id, candidate: of, line, severity, reason, reviewer: reviewerLabel, isSent }];
  });
}

/** What a file of a candidate, at the path where the candidate has it, is called over all candidates. */
export function keyAt({ changes }: Pick<Candidate, 'changes'>, path: string): string {
  const change = changes.find(({ after }) => after?.path === path);
  return change ? keyOf(change) : path;
}

/** What the evidence of a round says, in a sentence; undefined where it says nothing. Pure. */
export function evidenceSentence(round: Round, { ranking }: RoundEvidence): string | undefined {
  if (!ranking) return undefined;
  const best = candidatesOf(round).find(({ id }) => id === ranking.recommended);
  const reason = ranking.candidates.find(({ candidate }) => candidate === best?.id)?.reason;
  if (best) return `${labelOf(best)} is recommended${reason ? `: ${reason}` : ''}.`;
  return `The evidence is in, and no candidate is recommended${ranking.note ? `. ${ranking.note}` : '.'}`;
}

function checksDone({ base, candidates }: RoundEvidence): Progress {
  const all = [...base, ...candidates.flatMap(({ checks }) => checks)];
  return { done: all.filter(({ state }) => state.status === 'ended').length, total: all.length };
}

function verdictLine(round: Round, { ranking }: RoundEvidence): EvidenceLine | undefined {
  if (!ranking) return undefined;
  const best = ranking.candidates.find(({ candidate }) => candidate === ranking.recommended);
  const label = candidatesOf(round).find(({ id }) => id === best?.candidate);
  if (best && label) return { text: `${labelOf(label)} is recommended`, tone: 'good', detail: best.reason };
  const isNone = ranking.candidates.length > 0 && ranking.candidates.every(({ isMergeable }) => !isMergeable);
  if (isNone && ranking.candidates.length === 1) return { text: 'It can’t be merged as it is.', tone: 'bad' };
  return ranking.note ? { text: ranking.note, tone: isNone ? 'bad' : 'plain' } : undefined;
}

/** "bubblewrap, no network". */
export function isolationText(isolation: Isolation, checks: readonly Check[]): string {
  if (isolation === 'none') return 'no sandbox';
  const online = checks.filter(({ network }) => network).map(({ name }) => `“${name}”`);
  return `${isolation}, ${online.length > 0 ? `network for ${online.join(', ')}` : 'no network'}`;
}

function notesOf(evidence: RoundEvidence): readonly NoteLine[] {
  const { base, reviews } = evidence;
  const { noneIsMergeable } = summariseReviews(reviews);
  const { yes, of } = noneIsMergeable;
  return [
    ...base.flatMap((progress) => {
      const line = baseLine(progress);
      return line ? [{ ...line, check: progress.check }] : [];
    }),
    ...(yes > 0 ? [{ text: `${yes} of ${of} review answers say that none is mergeable`, tone: 'look' as const }] : []),
    ...missingReviews(evidence),
  ];
}

/** "preferred 3 : 1, no finding", "1 finding: retries 4xx", "not mergeable, 2 findings". */
function reviewLines(
  { reviews }: RoundEvidence,
  findings: ReadonlyMap<CandidateId, readonly RoundFinding[]>,
): ReadonlyMap<CandidateId, EvidenceLine> {
  const judged = summariseReviews(reviews).candidates.filter(({ wouldMerge }) => wouldMerge.of > 0);
  const answersOn = (id: CandidateId) =>
    reviews.flatMap(({ candidates }) => candidates.filter(({ candidate }) => candidate === id));
  return new Map(
    judged.map((each) => {
      const line = reviewLine(each, findings.get(each.candidate) ?? []);
      return [each.candidate, { ...line, detail: `${line.detail}\n${claimsText(answersOn(each.candidate))}` }];
    }),
  );
}

function reviewLine({ votes, wouldMerge }: CandidatePreference, findings: readonly RoundFinding[]): EvidenceLine {
  const { yes, of } = wouldMerge;
  const preferred = votes.for + votes.against > 0 ? `preferred ${ratioOf(votes)}` : undefined;
  const detail = `${yes} of ${of} answers would merge it${preferred ? `; ${preferred}` : ''}.`;
  const gravest = findings.toSorted(gravestFirst)[0];
  const count = gravest ? `${findings.length} finding${findings.length === 1 ? '' : 's'}` : 'no finding';
  if (yes * 2 < of) return { text: `not mergeable${gravest ? `, ${count}` : ''}`, tone: 'bad', detail };
  const isBest = votes.for > votes.against;
  const isHarmless = !gravest || gravest.finding.severity === 'minor';
  if (isBest && isHarmless)
    return { text: `${preferred}, ${gravest ? `${count}, minor` : count}`, tone: 'good', detail };
  if (!gravest) return { text: `${preferred ?? 'mergeable'}, ${count}`, tone: 'plain', detail };
  return { text: `${count}: ${shortened(gravest.finding.reason)}`, tone: 'look', detail };
}

function gravestFirst({ finding: a }: RoundFinding, { finding: b }: RoundFinding): number {
  const severities = ['blocker', 'major', 'minor'] as const;
  return severities.indexOf(a.severity) - severities.indexOf(b.severity);
}

function findingLine({ finding, reviewerLabel }: RoundFinding, candidate: Candidate, ids: FileIds): MarkLine {
  const { path, line, severity, reason } = finding;
  return {
    text: `${severity}: ${reason}`,
    tone: severity === 'blocker' ? 'bad' : severity === 'major' ? 'look' : 'plain',
    detail: `${path}:${line}, ${reviewerLabel}`,
    fileId: ids.idOf(keyAt(candidate, path)),
    line,
  };
}

/** The first clause of a reason, as far as there is room. */
function shortened(reason: string): string {
  const [clause = ''] = reason.split(/[.;:!?](?:\s|$)|\n/, 1);
  return clause.length > longestReason ? `${clause.slice(0, longestReason - 1).trimEnd()}…` : clause;
}

/** The tests of the others on this one's code. */
function crossTestLine(
  id: CandidateId,
  crossTests: readonly CrossTest[],
  labels: ReadonlyMap<CandidateId, string>,
): EvidenceLine | undefined {
  const others = crossTests.filter(({ testsOf, codeOf }) => codeOf === id && testsOf !== id);
  if (others.length === 0) return undefined;
  const nameOf = (author: CandidateId) => labels.get(author) ?? 'another candidate';
  const isBad = ({ failed, passed, ok }: CrossTest) => failed.length > 0 || (passed === 0 && !ok);
  const bad = others.filter(isBad);
  const authors = [...new Set((bad.length > 0 ? bad : others).map(({ testsOf }) => nameOf(testsOf)))].join(', ');
  const detail = others.map((each) => {
    const { testsOf, check, passed, failed } = each;
    const outcome = isBad(each)
      ? failed.length > 0
        ? `fails ${failed.join(', ')}`
        : 'fails'
      : `passes ${passed || 'all'}`;
    return `${nameOf(testsOf)}’s tests in “${check}”: ${outcome}`;
  });
  const failed = bad.reduce((sum, each) => sum + each.failed.length, 0);
  const text =
    bad.length === 0
      ? `passes ${authors}’s tests`
      : `fails ${failed || 'the'} test${failed === 1 ? '' : 's'} of ${authors}`;
  return { text, tone: bad.length === 0 ? 'good' : 'look', detail: detail.join('\n') };
}

function markLine({ isGate, path, line, text }: Mark, candidate: Candidate, ids: FileIds): MarkLine {
  return {
    text,
    tone: isGate ? 'bad' : 'look',
    ...(path !== undefined && { fileId: ids.idOf(keyAt(candidate, path)) }),
    ...(line !== undefined && { line }),
  };
}
