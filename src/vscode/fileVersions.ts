import { type Candidate, type Composition, candidatesOf, isComposition } from '../core/composition.ts';
import type { FileVersion, Round, Run } from '../core/domain.ts';
import { keyOf } from './comparisonIds.ts';

/** A file of a round, seen from one of its candidates. */
export interface Versions {
  /** As the round began; absent where it was not there. */
  readonly base: FileVersion | undefined;
  /** As the candidate left it. */
  readonly after: FileVersion | undefined;
  /** Where the candidate has the file, or had it. */
  readonly path: string;
  /** Whether the candidate did something to it. */
  readonly isChanged: boolean;
  readonly hasLines: boolean;
}

/** What a candidate has of the file that is called `key` over all candidates. */
export function versionsOf(round: Round, key: string, candidate: Candidate): Versions {
  const base = baseOf(round, key);
  const own = isComposition(candidate) ? composed(candidate, key) : changed(candidate, key);
  if (!own) return { base, after: base, path: key, isChanged: false, hasLines: true };
  return { base, ...own, path: own.after?.path ?? key, isChanged: true };
}

/** Whether every candidate has a file as text, as far as their patches tell. */
export function isText(round: Round, key: string): boolean {
  return candidatesOf(round).every((candidate) => versionsOf(round, key, candidate).hasLines);
}

/** Whoever changed the file knows what it was before. */
export function baseOf(round: Round, key: string): FileVersion | undefined {
  const changes = candidatesOf(round).flatMap((candidate) => candidate.changes);
  return changes.find(({ base }) => base?.path === key)?.base;
}

function changed({ changes }: Run, key: string) {
  const change = changes.find((candidate) => keyOf(candidate) === key);
  return change && { after: change.after, hasLines: change.lines !== undefined };
}

/** Its files say what became of which; its changes, as Git sees them, may pair them otherwise. */
function composed({ files, changes }: Composition, key: string) {
  const result = files.find((file) => file.key === key)?.result;
  if (!result) return undefined;
  const path = result.type === 'lines' ? result.place?.path : result.version?.path;
  const after = changes.find((change) => change.after && change.after.path === path)?.after;
  return { after, hasLines: result.type === 'lines' };
}
