import type { Policy } from '../policy/policy.ts';
import { globMatcher } from './globMatch.ts';

/** Why a path of the folder is not brought along; undefined when it may be. */
export type IncludeGate = (path: string) => string | undefined;

/**
 * Certificates of authorities as Python's certifi and others ship them: public, whatever the rules say about `*.pem`, and
 * programs can't open an https address without them.
 */
const publicNames: ReadonlySet<string> = new Set(['cacert.pem']);

/** The lines of a `.gitignore`-like text that are patterns. */
export function patternsIn(text: string): readonly string[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
}

/**
 * Decides about what `patterns` (gitignore syntax, from the top of the repository) match: `.env*`, and what policy forbids, only
 * comes along when one of them names it itself. Paths given to the gate are relative to the folder, `prefix` is where that is
 * in the repository.
 */
export function createIncludeGate(policy: Policy, patterns: readonly string[], prefix: string): IncludeGate {
  const names = namesItself(patterns);
  const isForbidden = (path: string) => /(^|\/)\.env/i.test(path) || !policy.check(path, 'snapshot').allowed;
  return (path) => {
    const components = path.split('/');
    if (components.some((component) => component.toLowerCase() === '.git')) return 'it belongs to another repository';
    if (!isForbidden(path)) return undefined;
    // A folder that is forbidden but named comes with what is in it.
    const first = components.map((_, index) => components.slice(0, index + 1).join('/')).find(isForbidden) ?? path;
    if (first === path && publicNames.has(components.at(-1) ?? '')) return undefined;
    return names(prefix + first) ? undefined : 'its path is forbidden, and no pattern names it itself';
  };
}

/** Whether one of the patterns is about this very path: what the last part of the pattern begins with is more than a dot or a wildcard. */
function namesItself(patterns: readonly string[]): (path: string) => boolean {
  const matchers = patterns.flatMap((written) => {
    const pattern = written.trim().replace(/\/+$/, '');
    const last = pattern.slice(pattern.lastIndexOf('/') + 1);
    if (written.startsWith('!') || !/^\.?[^.*?[\\]/.test(last)) return [];
    const matches = globMatcher(pattern.replace(/^\/+/, ''));
    return pattern.includes('/') ? matches : (path: string) => matches(path.slice(path.lastIndexOf('/') + 1));
  });
  return (path) => matchers.some((matches) => matches(path));
}
