import { type FileChange, pathOf } from '../domain.ts';

/** How the subjects of a repository's recent commits are written. */
export interface CommitStyle {
  /** `type(scope): subject`: https://www.conventionalcommits.org */
  readonly isConventional: boolean;
  readonly startsSmall: boolean;
  readonly endsWithDot: boolean;
  /** The words before the colon that were used, the most frequent first. */
  readonly types: readonly string[];
  /** The scopes that were used. */
  readonly scopes: ReadonlySet<string>;
}

const conventional = /^([a-z]+)(?:\(([^()]+)\))?!?: +(.+)$/;
/** Of fewer subjects nothing is concluded. */
const enough = 5;
/** Written by tools, in the style of the tools. */
const notTelling = /^(?:Merge |Revert |Bump |Update dependency |Release |Initial commit|fixup!|squash!|v?\d+\.\d+)/i;

/** Reads the style off subjects, newest first. */
export function readStyle(subjects: readonly string[]): CommitStyle {
  const telling = subjects.map((subject) => subject.trim()).filter((subject) => subject && !notTelling.test(subject));
  const parts = telling.flatMap((subject) => conventional.exec(subject) ?? []);
  const matches = telling.map((subject) => conventional.exec(subject)).filter((match) => match !== null);
  const isKnown = telling.length >= enough;
  const isConventional = isKnown && parts.length > 0 && matches.length > telling.length * 0.6;
  const texts = isConventional ? matches.map(([, , , text = '']) => text) : telling;
  const counts = Map.groupBy(matches, ([, type = '']) => type);
  return {
    isConventional,
    startsSmall: isKnown && mostly(texts, (text) => /^\p{Ll}/u.test(text)),
    endsWithDot: isKnown && mostly(texts, (text) => /\w\.$/.test(text)),
    types: [...counts].sort(([, a], [, b]) => b.length - a.length).map(([type]) => type),
    scopes: new Set(matches.flatMap(([, , scope]) => scope ?? [])),
  };
}

/** A title as the repository would write it, at most `longest` characters where that is possible without cutting it. */
export function inStyle(title: string, style: CommitStyle, changes: readonly FileChange[], longest: number): string {
  if (!style.isConventional) return finished(title, style, longest);
  if (conventional.test(title)) return title;
  const prefixed = `${typeOf(title, style, changes)}${scopeOf(style, changes)}: ${cased(title, style.startsSmall)}`;
  return prefixed.length <= longest ? finished(prefixed, { ...style, startsSmall: false }, longest) : title;
}

function finished(title: string, { startsSmall, endsWithDot }: CommitStyle, longest: number): string {
  const text = startsSmall ? cased(title, true) : title;
  return endsWithDot && text.length < longest && /[\p{L}\p{N})]$/u.test(text) ? `${text}.` : text;
}

/** A first word with other capitals or digits in it is a name, and stays. */
function cased(text: string, isSmall: boolean): string {
  return isSmall && /^\p{Lu}\p{Ll}*(?=[\s,]|$)/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

const verbs: readonly (readonly [RegExp, string])[] = [
  [/^(?:fix|correct|repair|prevent|avoid|stop|handle|don['’]?t|make sure|resolve)\b|\bbugs?\b/i, 'fix'],
  [/^(?:refactor|rename|extract|move|simplify|clean|split|inline|reorgani[sz]e|tidy)\b/i, 'refactor'],
  [/^(?:speed|optimi[sz]e|cache)\b|\bfaster\b|\bperformance\b/i, 'perf'],
  [/^(?:document|explain|describe)\b/i, 'docs'],
  [/^(?:test|cover)\b/i, 'test'],
  [/^(?:upgrade|bump|update dependenc)/i, 'chore'],
];

function typeOf(title: string, { types }: CommitStyle, changes: readonly FileChange[]): string {
  const paths = changes.map(pathOf);
  const all = (pattern: RegExp) => paths.length > 0 && paths.every((path) => pattern.test(path));
  const byFiles = all(/\.(?:md|mdx|rst|adoc|txt)$|(?:^|\/)docs?\//i)
    ? 'docs'
    : all(/(?:^|\/)(?:tests?|__tests__|spec)\/|[._-](?:test|spec)\.\w+$|(?:^|\/)test_[^/]+$|_test\.\w+$/i)
      ? 'test'
      : undefined;
  const wanted = byFiles ?? verbs.find(([pattern]) => pattern.test(title))?.[1] ?? 'feat';
  // A repository that never uses a type has another word for it, or none.
  return types.includes(wanted) || ['feat', 'fix'].includes(wanted) ? wanted : (types[0] ?? wanted);
}

/** The scope that was used before and that all files are in; none where there is more than one. */
function scopeOf({ scopes }: CommitStyle, changes: readonly FileChange[]): string {
  const common = [...scopes].filter((scope) =>
    changes.every((change) =>
      pathOf(change)
        .split(/[/.]/)
        .some((part) => part.toLowerCase() === scope.toLowerCase()),
    ),
  );
  return changes.length > 0 && common.length === 1 ? `(${common[0]})` : '';
}

function mostly(texts: readonly string[], test: (text: string) => boolean): boolean {
  return texts.filter(test).length > texts.length * 0.6;
}
