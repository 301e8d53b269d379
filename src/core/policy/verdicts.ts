import type { RefusalKind } from '../problem.ts';
import type { Refusal, Verdict } from './policy.ts';

export function allow(path: string): Verdict {
  return { allowed: true, path };
}

/** `rule` follows the path and ends with a full stop. */
export function refuse(kind: RefusalKind, path: string, rule: string): Refusal {
  return { allowed: false, kind, reason: `${quote(path)} ${rule}` };
}

/** A path in quotes, on one line and of bounded length, fit for a message. */
export function quote(path: string): string {
  return JSON.stringify(path.length > 200 ? `${path.slice(0, 200)}…` : path);
}
