import picomatch from 'picomatch';
import { aliasesOf, isGitDirectoryName } from './nameAliases.ts';

/** What no model ever sees or changes: git's own folder, and files that usually hold secrets. */
export const defaultForbidden: readonly string[] = ['.git', '.env', '.env.*', '*.secret', '*.key', '*.pem'];

/** Files that show which variables there are without their values. They stay allowed unless a pattern names them exactly. */
const templates: ReadonlySet<string> = new Set(['.env.example', '.env.sample', '.env.template']);

/** The pattern that a path falls under, if any. */
export type ForbiddenPaths = (components: readonly string[], spelling: 'real' | 'model') => string | undefined;

type Matcher = (text: string) => boolean;
interface Rule {
  readonly pattern: string;
  readonly matches: Matcher;
  readonly source: string;
}

/**
 * Compiles patterns. One without a slash matches any component of a path, one with a slash matches from the top of the folder;
 * whatever is below a match is matched too. Case never counts. In a model's spelling the aliases of a name count as the name.
 */
export function compileForbidden(patterns: readonly string[]): ForbiddenPaths {
  const byName: Rule[] = [];
  const byPath: Rule[] = [];
  const named = new Set(patterns.map((pattern) => pattern.trim().toLowerCase()));
  for (const written of patterns) {
    const pattern = written.trim().replace(/^\.\//, '').replace(/\/+$/, '');
    const anchored = pattern.includes('/');
    const glob = pattern.replace(/^\/+/, '');
    if (glob !== '') {
      (anchored ? byPath : byName).push({ pattern, ...compile(glob) });
    }
  }

  // Most names are plain and match nothing, which one expression can tell.
  const anyName = new RegExp(byName.map(({ source }) => `(?:${source})`).join('|') || '^(?!)', 'i');
  const isHarmless = (component: string) => /^[\w-][\w.-]*[\w-]$/.test(component) && !anyName.test(component);

  // A folder has few distinct names and very many paths, and most of a snapshot's time here would go into matching.
  const cache = new Map<string, string | undefined>();
  const ofName = (component: string, spelling: 'real' | 'model'): string | undefined => {
    const key = `${spelling}/${component}`;
    if (cache.has(key)) {
      return cache.get(key);
    }
    const found = isHarmless(component)
      ? undefined
      : isGitDirectoryName(component)
        ? '.git'
        : firstMatch(byName, component, spelling, named);
    if (cache.size > 100_000) {
      cache.clear();
    }
    cache.set(key, found);
    return found;
  };

  return (components, spelling) => {
    let path = '';
    for (const component of components) {
      const found = ofName(component, spelling);
      if (found !== undefined) {
        return found;
      }
      if (byPath.length > 0) {
        path = path === '' ? component : `${path}/${component}`;
        const rule = byPath.find((candidate) => candidate.matches(path));
        if (rule) {
          return rule.pattern;
        }
      }
    }
    return undefined;
  };
}

function firstMatch(
  rules: readonly Rule[],
  component: string,
  spelling: 'real' | 'model',
  named: ReadonlySet<string>,
): string | undefined {
  const names = spelling === 'real' ? [component.toLowerCase()] : aliasesOf(component);
  for (const name of names) {
    if (templates.has(name) && !named.has(name)) {
      continue;
    }
    const rule = rules.find((candidate) => candidate.matches(name));
    if (rule) {
      return rule.pattern;
    }
  }
  return undefined;
}

function compile(glob: string): Omit<Rule, 'pattern'> {
  // Paths here have forward slashes on every system, and `!` is a character like any other.
  const options = { dot: true, nocase: true, nonegate: true, windows: false };
  return { matches: picomatch(glob, options), source: picomatch.makeRe(glob, options).source };
}
