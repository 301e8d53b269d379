import { setTimeout as wait } from 'node:timers/promises';
import type { CandidateId } from '../domain.ts';
import type { MadeHead } from '../github/pullRequest.ts';
import type { PullRequest } from '../pullRequest.ts';
import type { PullRequestRows } from '../store/pullRequests.ts';
import type { Ownership } from './ownership.ts';

export interface ClaimParts {
  readonly rows: Pick<PullRequestRows, 'find' | 'claimant' | 'claim' | 'release' | 'made' | 'noteMade'>;
  readonly ownership: Pick<Ownership, 'owner' | 'isAlive'>;
}

/** What a window that crashed has left on GitHub, and where to note what this one makes there. */
export interface Traces {
  readonly left?: MadeHead;
  readonly note: (made: MadeHead | undefined) => void;
}

/** How often a window looks whether another one has opened the pull request that it waits for. */
const lookMs = 300;

/**
 * Lets one window open a candidate's pull request. Another that wants the same waits, and answers with the first one's; it opens it itself
 * where the first one failed or is gone. Rejects with the signal's reason when aborted, else like `open`.
 */
export async function claimed(
  { rows, ownership }: ClaimParts,
  id: CandidateId,
  waiting: { readonly onWait: () => void; readonly signal: AbortSignal },
  open: (traces: Traces) => Promise<PullRequest>,
): Promise<PullRequest> {
  const { owner } = ownership;
  for (let isFirst = true; ; isFirst = false) {
    const known = rows.find(id);
    if (known) return known;
    const other = rows.claimant(id);
    // A claim of this window's own is left by a call that could not take it back.
    const previous = other === undefined || (other !== owner && ownership.isAlive(other)) ? undefined : other;
    if ((other === undefined || previous !== undefined) && rows.claim(id, owner, Date.now(), previous)) break;
    if (isFirst) waiting.onWait();
    await wait(lookMs, undefined, { signal: waiting.signal }).catch(() => waiting.signal.throwIfAborted());
  }
  try {
    // Between the first look and the claim the other window may have come to its end.
    const known = rows.find(id);
    if (known) return known;
    const left = rows.made(id);
    return await open({ ...(left && { left }), note: (made) => rows.noteMade(id, owner, made) });
  } finally {
    rows.release(id, owner);
  }
}
