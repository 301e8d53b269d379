import type { CandidateId, Timestamp, TokenUsage } from '../core/domain.ts';
import type { Cost } from '../core/modelFacts/price.ts';
import type { FileId } from './fileId.ts';

/** How a fact is to be taken: newly better, newly worse, to be looked at, or just said. */
export type Tone = 'good' | 'bad' | 'look' | 'plain';

/** One line of evidence in a candidate's head, in words with numbers. */
export interface EvidenceLine {
  readonly text: string;
  readonly tone: Tone;
  /** Longer, for a tooltip and screen readers. */
  readonly detail?: string;
}

/** One check of a candidate. */
export interface CheckLine extends EvidenceLine {
  readonly check: string;
  readonly isRunning: boolean;
  /** When it began, while it runs. */
  readonly startedAt?: Timestamp;
  /** Whether there is output to be shown. */
  readonly hasOutput: boolean;
}

/** A mark of the patch or a reviewer's finding, with its place where it has one. */
export interface MarkLine extends EvidenceLine {
  readonly fileId?: FileId;
  /** In the candidate's file, counted from 1. */
  readonly line?: number;
}

/** A note for all candidates. */
export interface NoteLine extends EvidenceLine {
  /** The check whose output on the base says more. */
  readonly check?: string;
}

/** What is known about a candidate besides its patch. */
export interface EvidenceFacts {
  readonly checks: readonly CheckLine[];
  readonly crossTests?: EvidenceLine;
  readonly review?: EvidenceLine;
  /** What reviewers found, gravest first. */
  readonly findings: readonly MarkLine[];
  readonly marks: readonly MarkLine[];
  /** Counted from 1; absent until there is something to rank by. */
  readonly place?: number;
  readonly isTied: boolean;
  readonly isRecommended: boolean;
  /** Why it has its place, in one sentence. */
  readonly reason?: string;
}

/** How far something is: so many of all. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** What can be done about evidence, and what stands in its way. */
export interface EvidenceState {
  /** How many checks the user agreed to. */
  readonly checks: number;
  /** How many are to be agreed to first. */
  readonly notAgreed: number;
  /** What keeps checks to their copies: "bubblewrap, no network". */
  readonly isolation?: string;
  readonly problem?: string;
  readonly isChecking: boolean;
  readonly isReviewing: boolean;
  /** What held a reviewer up since the last answer: "rate limited". */
  readonly reviewWait?: string;
  /** What all reviews of the round have used; absent where nobody was asked. Without `cost` where a price is unknown. */
  readonly reviewUse?: { readonly usage: TokenUsage; readonly cost?: Cost };
  /** While checks run: how many of them have ended, on the base and on all candidates. */
  readonly checked?: Progress;
  /** While models review: how many answers came, or won't. */
  readonly reviewed?: Progress;
  /** What it all comes to: which candidate is recommended, or why none is. Absent while nothing is known, and while checks run. */
  readonly verdict?: EvidenceLine;
  /** What the base fails already, and other notes for all candidates. */
  readonly notes: readonly NoteLine[];
}

/** What a reviewer found, in the file that is looked at. */
export interface FindingView {
  /** Names it in its round. */
  readonly id: string;
  readonly candidate: CandidateId;
  /** In the candidate's file, counted from 1. */
  readonly line: number;
  readonly severity: 'blocker' | 'major' | 'minor';
  readonly reason: string;
  readonly reviewer: string;
  /** Whether it was sent to its run as a message already. */
  readonly isSent: boolean;
}
