import { UserError } from '../problem.ts';

const longestSlug = 40;
const longestName = 200;

/** What a template may have in it. */
export interface BranchNameParts {
  readonly title: string;
  /** Tells candidates apart. */
  readonly shortId: string;
}

/**
 * A branch's name from a template with `${slug}` (the title in small letters) and `${shortId}` in it, such as
 * `dursor/fix-the-login-3f2a`. Throws `UserError` where it isn't a name by the rules of `git check-ref-format`.
 */
export function branchName(template: string, { title, shortId }: BranchNameParts): string {
  const values: Readonly<Record<string, string>> = {
    slug: cut(slug(title), longestSlug) || 'change',
    shortId: slug(shortId).slice(0, 12) || 'x',
  };
  const name = template.trim().replace(/\$\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole);
  if (isBranchName(name)) return name;
  throw new UserError({
    code: 'bad-request',
    message: `“${name.slice(0, 100)}” can't be the name of a branch. Correct the setting dursor.github.branchName; dursor/\${slug}-\${shortId} is the usual one.`,
    action: { type: 'open-settings', setting: 'dursor.github.branchName' },
  });
}

/** Whether git takes it for a branch: https://git-scm.com/docs/git-check-ref-format */
export function isBranchName(name: string): boolean {
  if (name === '' || name.length > longestName || name === 'HEAD' || /^[-/]|[/.]$|@\{|\.\.|\/\//.test(name))
    return false;
  if (/[\s~^:?*[\\\p{Cc}]/u.test(name) || name === '@') return false;
  return name.split('/').every((part) => !part.startsWith('.') && !part.endsWith('.lock'));
}

/** Small letters, digits and single dashes. */
export function slug(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

function cut(words: string, length: number): string {
  if (words.length <= length) return words;
  return words
    .slice(0, length + 1)
    .replace(/-[^-]*$/, '')
    .slice(0, length)
    .replace(/-+$/, '');
}
