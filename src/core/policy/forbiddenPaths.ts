import picomatch from 'picomatch';
import { aliasesOf, bareName, isGitDirectoryName, isShortNameOf } from './nameAliases.ts';

/** What no model ever sees or changes: git's own folder, and files that usually hold secrets. */
export const defaultForbidden: readonly string[] = ['.git', '.env', '.env.*', '*.secret', '*.key', '*.pem'];

/** Files that show which variables there are without their values. They stay allowed unless a pattern names them exactly. */
const templates: ReadonlySet<string> = new Set(['.env.example', '.env.sample', '.env.template']);

/** Answers with the pattern that a path falls under, if any. */
export interface ForbiddenPaths {
  /** For a path of the folder's own. */
  ofPath(path: string): string | undefined;
  /** For a path as a model spells it, in its components. */
  ofSpelling(components: readonly string[]): string | undefined;
}

interface Rule {
  readonly pattern: string;
  readonly source: string;
  /** In lower case, NFC. */
  readonly glob: string;
  readonly matches: (text: string) => boolean;
}

/**
 * Compiles patterns. One without a slash matches any component of a path, one with a slash matches from the top of the folder;
 * whatever is below a match is matched too. Case never counts. In a model's spelling the aliases of a name count as the name,
 * and a backslash separates names like a slash, which it does for those who get the patch on Windows.
 */
export function compileForbidden(patterns: readonly string[]): ForbiddenPaths {
  const byName: Rule[] = [];
  const byPath: Rule[] = [];
  const named = new Set(patterns.map((pattern) => pattern.trim().toLowerCase()));
  for (const written of patterns) {
    const pattern = written.trim().replace(/^\.\//, '').replace(/\/+$/, '');
    const glob = pattern.replace(/^\/+/, '');
    if (glob !== '') {
      (pattern.includes('/') ? byPath : byName).push(compile(pattern, glob));
    }
  }

  // Most names are plain and match nothing, which one expression can tell.
  const anyName = new RegExp(byName.map(({ source }) => `(?:${source})`).join('|') || '^(?!)', 'i');
  const isHarmless = (component: string) => /^[\w-][\w.-]*[\w-]$/.test(component) && !anyName.test(component);

  // What isn't plain is looked at closely, but once.
  const cache = new Map<string, string | undefined>();
  const ofName = (component: string, spelling: 'real' | 'model'): string | undefined => {
    if (isHarmless(component)) {
      return undefined;
    }
    const key = `${spelling}/${component}`;
    if (cache.has(key)) {
      return cache.get(key);
    }
    const found = firstMatch(byName, component, spelling, named);
    if (cache.size > 10_000) {
      cache.clear();
    }
    cache.set(key, found);
    return found;
  };
  const ofNames = (components: readonly string[], spelling: 'real' | 'model'): string | undefined => {
    for (const component of components) {
      const found = ofName(component, spelling);
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  };

  // Paths come in the order of their folders, so that most have the folder of the one before.
  let folder = '';
  let ofFolder: string | undefined;
  return {
    ofPath(path) {
      const slash = path.lastIndexOf('/');
      const parent = path.slice(0, Math.max(slash, 0));
      if (parent !== folder) {
        folder = parent;
        ofFolder = ofNames(parent.split('/'), 'real');
      }
      const found = ofFolder ?? ofName(path.slice(slash + 1), 'real');
      return found === undefined && byPath.length > 0 ? firstBelow(byPath, path.split('/').map(literalName)) : found;
    },
    ofSpelling(components) {
      const found = ofNames(components, 'model');
      if (found !== undefined || byPath.length === 0) {
        return found;
      }
      return (
        firstBelow(byPath, components.map(literalName)) ?? firstBelow(byPath, components.flatMap(namesIn).map(bareName))
      );
    },
  };
}

function firstMatch(
  rules: readonly Rule[],
  component: string,
  spelling: 'real' | 'model',
  named: ReadonlySet<string>,
): string | undefined {
  if (spelling === 'real') {
    return isGitDirectoryName(component) ? '.git' : matchOf(rules, [literalName(component)], named);
  }
  for (const name of namesIn(component)) {
    const aliases = aliasesOf(name);
    const found = aliases.includes('.git') ? '.git' : matchOf(rules, [literalName(name), ...aliases], named);
    if (found !== undefined) {
      return found;
    }
  }
  // A pattern may name a file that has a backslash in its name.
  return matchOf(rules, [literalName(component)], named);
}

function matchOf(rules: readonly Rule[], names: readonly string[], named: ReadonlySet<string>): string | undefined {
  for (const name of names) {
    if (templates.has(name) && !named.has(name)) {
      continue;
    }
    const rule = rules.find(({ matches, glob }) => matches(name) || isShortNameOf(name, glob));
    if (rule) {
      return rule.pattern;
    }
  }
  return undefined;
}

/** The pattern that matches a path or a folder it is in. */
function firstBelow(rules: readonly Rule[], components: readonly string[]): string | undefined {
  let path = '';
  for (const component of components) {
    path = path === '' ? component : `${path}/${component}`;
    const rule = rules.find(({ matches }) => matches(path));
    if (rule) {
      return rule.pattern;
    }
  }
  return undefined;
}

function namesIn(component: string): readonly string[] {
  return component.split('\\').filter((name) => name !== '');
}

/** macOS may give the same name in another normal form than the pattern was typed in. */
function literalName(component: string): string {
  return component.toLowerCase().normalize('NFC');
}

function compile(pattern: string, written: string): Rule {
  const glob = literalName(written);
  // Paths here have forward slashes on every system, and `!` is a character like any other.
  const options = { dot: true, nocase: true, nonegate: true, windows: false };
  return { pattern, glob, matches: picomatch(glob, options), source: picomatch.makeRe(glob, options).source };
}
