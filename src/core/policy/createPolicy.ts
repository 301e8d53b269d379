import { compileForbidden, defaultForbidden } from './forbiddenPaths.ts';
import { normaliseSpelling, quote } from './pathSpelling.ts';
import type { Policy, Verdict } from './policy.ts';
import { unportableBecause } from './portableName.ts';

/** What the user decided about a task's folder. */
export interface PolicySettings {
  /** The user's own glob patterns, added to those that always hold; one without a slash matches a file or folder of that name at any depth. */
  readonly forbidden?: readonly string[];
  /** The only sub-folder that may be changed; the whole folder when it is missing or empty. */
  readonly scope?: string;
}

/** Makes the one object that is asked at every gate. */
export function createPolicy(settings: PolicySettings): Policy {
  const forbiddenBy = compileForbidden([...defaultForbidden, ...(settings.forbidden ?? [])]);
  const scope = scopeOf(settings.scope);

  return {
    check(path, gate): Verdict {
      if (gate === 'snapshot') {
        const pattern = forbiddenBy(path.split('/'), 'real');
        return pattern === undefined ? { allowed: true, path } : forbidden(path, pattern);
      }
      const spelling = normaliseSpelling(path);
      if (!spelling.ok) {
        return { allowed: false, reason: spelling.reason };
      }
      const pattern = forbiddenBy(spelling.components, 'model');
      if (pattern !== undefined) {
        return forbidden(path, pattern);
      }
      return gate === 'write' ? checkWrite(path, spelling.path, spelling.components, scope) : allow(spelling.path);
    },
  };
}

function checkWrite(spelled: string, path: string, components: readonly string[], scope: string): Verdict {
  for (const component of components) {
    const problem = unportableBecause(component);
    if (problem !== undefined) {
      return { allowed: false, reason: `${quote(spelled)} can't be written: ${quote(component)} ${problem}.` };
    }
  }
  if (scope !== '' && !path.startsWith(`${scope}/`)) {
    return {
      allowed: false,
      reason: `${quote(spelled)} is outside ${quote(scope)}, the only folder this task may change. You may read it.`,
    };
  }
  return allow(path);
}

function scopeOf(scope: string | undefined): string {
  if (scope === undefined || scope === '' || scope === '.' || scope === './') {
    return '';
  }
  const spelling = normaliseSpelling(scope);
  if (!spelling.ok) {
    throw new Error(`The scope is not a folder inside the workspace folder: ${spelling.reason}`);
  }
  return spelling.path;
}

function allow(path: string): Verdict {
  return { allowed: true, path };
}

function forbidden(path: string, pattern: string): Verdict {
  return {
    allowed: false,
    reason: `${quote(path)} falls under the forbidden pattern ${quote(pattern)}; it can be neither read nor changed. Go on without it.`,
  };
}
