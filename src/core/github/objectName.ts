import type { ObjectName } from '../domain.ts';
import { CutAnswer } from './attempt.ts';

/** A name that GitHub gave for a commit or a tree: it goes into git's arguments, so it is looked at. Throws `CutAnswer`. */
export function objectName(sha: unknown): ObjectName {
  if (typeof sha === 'string' && /^[0-9a-f]{40}$/.test(sha)) return sha as ObjectName;
  throw new CutAnswer('an object without a name');
}
