import type { CheckLine, EvidenceFacts, EvidenceState, Progress } from '../../../src/protocol/compareEvidence.ts';
import { costText, countText, tokensText } from '../../shared/figures.ts';
import { mostUrgentFirst } from './evidenceRoom.ts';

/** A candidate's place in words: "1st", "tied 2nd"; absent until there is one. */
export function placeText({ place, isTied }: Pick<EvidenceFacts, 'place' | 'isTied'>): string | undefined {
  if (place === undefined) return undefined;
  return `${isTied ? 'tied ' : ''}${ordinal(place)}`;
}

function ordinal(place: number): string {
  const isTeen = place % 100 >= 11 && place % 100 <= 13;
  const ending = isTeen ? undefined : { 1: 'st', 2: 'nd', 3: 'rd' }[place % 10];
  return `${place}${ending ?? 'th'}`;
}

/** The last line of checks, which stands for those without one of their own: "4 more checks, 1 worse". */
export function restText(rest: readonly CheckLine[]): string {
  const worse = rest.filter(({ tone }) => tone === 'bad').length;
  return `${rest.length} more ${rest.length === 1 ? 'check' : 'checks'}${worse > 0 ? `, ${worse} worse` : ''}`;
}

/** All checks of a candidate in one line; absent where none of them has run. */
export type ChecksSummary = Pick<CheckLine, 'text' | 'tone' | 'isRunning' | 'startedAt'>;

export function checksSummary(checks: readonly CheckLine[]): ChecksSummary | undefined {
  if (!checks.some(hasRun)) return undefined;
  const running = checks.filter(({ isRunning }) => isRunning);
  if (running.length > 0) {
    const starts = running.flatMap(({ startedAt }) => startedAt ?? []);
    const done = checks.filter((check) => !check.isRunning && hasRun(check)).length;
    return {
      text: checks.length === 1 ? 'checks running' : `${done} of ${checks.length} checks done`,
      tone: 'plain',
      isRunning: true,
      ...(starts.length > 0 && { startedAt: Math.min(...starts) }),
    };
  }
  const sorted = mostUrgentFirst(checks);
  return {
    text: sorted.map(({ check, text }) => (checks.length === 1 ? text : `${check}: ${text}`)).join(' · '),
    tone: sorted[0]?.tone ?? 'plain',
    isRunning: false,
  };
}

/** Whether a check has begun at least; one that could not be run says so in another tone. */
function hasRun({ isRunning, hasOutput, tone }: CheckLine): boolean {
  return isRunning || hasOutput || tone !== 'plain';
}

/** Something that holds for all candidates, or goes on. */
export type RoundFact = Pick<CheckLine, 'text' | 'tone' | 'isRunning'>;

/** How many checks there are, what keeps them to their copies, and what goes on. */
export function roundFacts(evidence: EvidenceState): readonly RoundFact[] {
  const { checks, notAgreed, isolation, isChecking, isReviewing, checked, reviewed, reviewWait, reviewUse } = evidence;
  const fact = (text: string, isRunning = false): RoundFact => ({ text, tone: 'plain', isRunning });
  const wait = reviewWait === undefined ? '' : `, held up: ${reviewWait}`;
  const reviews = [
    ...(isReviewing ? [fact(`reviewers are at work${progressText(reviewed, 'answers')}${wait}`, true)] : []),
    ...(reviewUse ? [fact(`reviews used ${useText(reviewUse)}`)] : []),
  ];
  if (checks + notAgreed === 0) return [fact('No checks are set up'), ...reviews];
  const count = countText(checks, 'check');
  return [
    ...(isChecking ? [fact(`checks running${progressText(checked, 'done')}`, true)] : checks > 0 ? [fact(count)] : []),
    ...(notAgreed > 0 ? [fact(`${countText(notAgreed, 'check')} to agree to first`)] : []),
    ...(isolation !== undefined ? [fact(isolation)] : []),
    ...reviews,
  ];
}

function useText({ usage, cost }: NonNullable<EvidenceState['reviewUse']>): string {
  const tokens = tokensText(usage);
  return tokens === '' ? 'no tokens that were told' : `${tokens}, ${costText(cost)}`;
}

function progressText(progress: Progress | undefined, what: string): string {
  return progress && progress.total > 0 ? `, ${progress.done} of ${progress.total} ${what}` : '';
}

/** What screen readers are told, politely, when it changes. */
export function evidenceNews({ isChecking, isReviewing, verdict }: EvidenceState): string {
  if (isChecking) return 'Checks are running.';
  if (isReviewing) return 'Reviewers are at work.';
  return verdict?.text ?? '';
}
