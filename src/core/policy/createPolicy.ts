import { checkChange } from './changeRules.ts';
import { compileForbidden, defaultForbidden } from './forbiddenPaths.ts';
import { normaliseSpelling, type Spelling } from './pathSpelling.ts';
import type { Policy, Verdict } from './policy.ts';
import { allow, quote, refuse } from './verdicts.ts';
import { impossibleOnWindowsBecause } from './windowsName.ts';

/** What the user decided about a task's folder. */
export interface PolicySettings {
  /** The user's own glob patterns, added to those that always hold; one without a slash matches a file or folder of that name at any depth. */
  readonly forbidden?: readonly string[];
  /** The only sub-folder that may be changed, compared to the letter; the whole folder when it is missing or empty. */
  readonly scope?: string;
  /** Where the files are to be, which decides what names there can be. Aliases of forbidden names count on every one. */
  readonly platform?: NodeJS.Platform;
  /** The most that a tool may read of a file or write into one. */
  readonly maxFileBytes?: number;
}

const defaultMaxFileBytes = 2 * 1024 * 1024;

/** Makes the one object that is asked at every gate. */
export function createPolicy(settings: PolicySettings): Policy {
  const { platform = process.platform, maxFileBytes = defaultMaxFileBytes } = settings;
  // On Windows people write paths with backslashes, which would otherwise quote the character behind them.
  const own = (settings.forbidden ?? []).map((glob) => (platform === 'win32' ? glob.replaceAll('\\', '/') : glob));
  const forbidden = compileForbidden([...defaultForbidden, ...own]);
  const scope = scopeOf(settings.scope, platform);

  const check: Policy['check'] = (path, gate) => {
    if (gate === 'snapshot') {
      const pattern = forbidden.ofPath(path);
      return pattern === undefined ? allow(path) : refuseForbidden(path, pattern);
    }
    const spelling = normaliseSpelling(path, platform);
    if (!spelling.allowed) {
      return spelling;
    }
    const pattern = forbidden.ofSpelling(spelling.components);
    if (pattern !== undefined) {
      return refuseForbidden(path, pattern);
    }
    return gate === 'write' ? checkWrite(path, spelling, scope, platform) : allow(spelling.path);
  };

  return {
    check,
    checkChange: (change) => checkChange(change, { check }),
    checkSize: (path, bytes) =>
      bytes <= maxFileBytes
        ? allow(path)
        : refuse('too large', path, `has ${bytes} bytes; at most ${maxFileBytes} can be read or written.`),
  };
}

function checkWrite(
  spelled: string,
  { path, components }: Spelling,
  scope: string,
  platform: NodeJS.Platform,
): Verdict {
  if (platform === 'win32') {
    for (const component of components) {
      const problem = impossibleOnWindowsBecause(component);
      if (problem !== undefined) {
        return refuse('not a possible name', spelled, `can't be written: ${quote(component)} ${problem}.`);
      }
    }
  }
  return scope === '' || path.startsWith(`${scope}/`)
    ? allow(path)
    : refuse(
        'outside the scope',
        spelled,
        `is outside ${quote(scope)}, the only folder this task may change. You may read it.`,
      );
}

function scopeOf(scope: string | undefined, platform: NodeJS.Platform): string {
  if (scope === undefined || scope === '' || scope === '.' || scope === './') {
    return '';
  }
  const spelling = normaliseSpelling(scope, platform);
  if (!spelling.allowed) {
    throw new Error(`The scope is not a folder inside the workspace folder: ${spelling.reason}`);
  }
  return spelling.path;
}

function refuseForbidden(path: string, pattern: string): Verdict {
  return refuse(
    'forbidden path',
    path,
    `falls under the forbidden pattern ${quote(pattern)}; it can be neither read nor changed.`,
  );
}
