import type { PullRequest, PullRequestStatus } from '../../src/core/pullRequest.ts';
import { countText } from './figures.ts';

/** How something stands: good, bad, or neither. */
export type Tone = 'good' | 'bad' | 'quiet';

/** Something about a pull request in a few words, with an icon of VS Code's. */
export interface PullRequestFact {
  readonly id: 'review' | 'checks' | 'threads' | 'conflicts';
  readonly icon: string;
  readonly text: string;
  readonly tone: Tone;
  /** More, for who points at it. */
  readonly title?: string;
}

/** Where a pull request is: a word, with the icon that GitHub uses for it. The word is empty before anybody looked. */
export function pullRequestState({ status }: Pick<PullRequest, 'status'>): { word: string; icon: string; id: string } {
  if (!status) return { word: '', icon: 'git-pull-request', id: 'unknown' };
  switch (status.state) {
    case 'merged':
      return { word: 'Merged', icon: 'git-merge', id: 'merged' };
    case 'closed':
      return { word: 'Closed', icon: 'git-pull-request-closed', id: 'closed' };
    case 'open':
      return status.isDraft
        ? { word: 'Draft', icon: 'git-pull-request-draft', id: 'draft' }
        : { word: 'Open', icon: 'git-pull-request', id: 'open' };
    default:
      return status.state satisfies never;
  }
}

/** What there is to know of an open pull request, most pressing last; of a closed one nothing is pressing. */
export function pullRequestFacts({ status, base }: Pick<PullRequest, 'status' | 'base'>): readonly PullRequestFact[] {
  if (status?.state !== 'open') return [];
  return [reviewFact(status), ...checkFacts(status), threadFact(status), conflictFact(status, base)].flatMap(
    (fact) => fact ?? [],
  );
}

function reviewFact({ review }: PullRequestStatus): PullRequestFact | undefined {
  switch (review) {
    case 'none':
      return undefined;
    case 'required':
      return { id: 'review', icon: 'eye', text: 'Review required', tone: 'quiet' };
    case 'approved':
      return { id: 'review', icon: 'pass', text: 'Approved', tone: 'good' };
    case 'changes-requested':
      return { id: 'review', icon: 'request-changes', text: 'Changes requested', tone: 'bad' };
    default:
      return review satisfies never;
  }
}

function checkFacts({ checks: { passed, pending, failed } }: PullRequestStatus): readonly PullRequestFact[] {
  const facts: PullRequestFact[] = [];
  if (passed > 0 && failed.length === 0 && pending === 0)
    facts.push({ id: 'checks', icon: 'check', text: `${countText(passed, 'check')} passed`, tone: 'good' });
  if (pending > 0)
    facts.push({ id: 'checks', icon: 'circle-outline', text: `${countText(pending, 'check')} pending`, tone: 'quiet' });
  if (failed.length > 0) {
    const names = failed.join(', ');
    const text = failed.length === 1 ? `${names} failed` : `${countText(failed.length, 'check')} failed`;
    facts.push({ id: 'checks', icon: 'error', text, tone: 'bad', title: `Failed: ${names}` });
  }
  return facts;
}

function threadFact({ openThreads }: PullRequestStatus): PullRequestFact | undefined {
  if (openThreads === 0) return undefined;
  return {
    id: 'threads',
    icon: 'comment-unresolved',
    text: countText(openThreads, 'open thread'),
    tone: 'quiet',
  };
}

function conflictFact({ hasConflicts }: PullRequestStatus, base: string): PullRequestFact | undefined {
  return hasConflicts ? { id: 'conflicts', icon: 'warning', text: `Conflicts with ${base}`, tone: 'bad' } : undefined;
}
