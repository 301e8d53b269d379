/** One character of a name, or with `isStar` any number of them. */
interface Token {
  readonly isStar: boolean;
  readonly fits: (character: string) => boolean;
}

const star: Token = { isStar: true, fits: () => true };

/**
 * Tells whether a path fits a glob, which means what it means to git: `*`, `?`, `[a-z]`, a backslash before what is no wildcard, and
 * `**` for any folders. Globs come from models and repositories, so that it never takes longer than the product of the lengths
 * of path and glob, as a regular expression would.
 */
export function globMatcher(glob: string): (path: string) => boolean {
  const names = glob.split('/');
  // What is in a folder, but not the folder itself.
  if (names.at(-1) === '**') names.push('*');
  const folders = names.map((name) => (name === '**' ? undefined : tokensOf(name)));
  return (path) =>
    isSequence(
      folders,
      path.split('/'),
      (tokens) => tokens === undefined,
      (tokens, name) => tokens !== undefined && fitsName(tokens, name),
    );
}

function fitsName(tokens: readonly Token[], name: string): boolean {
  return isSequence(
    tokens,
    [...name],
    (token) => token.isStar,
    (token, character) => token.fits(character),
  );
}

/** Whether the items fit the pattern one by one; a wild part of it stands for any number of them. Only the last such part is ever tried again. */
function isSequence<P, T>(
  pattern: readonly P[],
  items: readonly T[],
  isWild: (part: P) => boolean,
  fits: (part: P, item: T) => boolean,
): boolean {
  let part = 0;
  let item = 0;
  let retry: { readonly part: number; item: number } | undefined;
  while (item < items.length) {
    const wanted = pattern[part];
    if (part < pattern.length && isWild(wanted as P)) retry = { part: ++part, item };
    else if (part < pattern.length && fits(wanted as P, items[item] as T)) {
      part++;
      item++;
    } else if (retry) {
      part = retry.part;
      item = ++retry.item;
    } else return false;
  }
  return pattern.slice(part).every(isWild);
}

function tokensOf(name: string): readonly Token[] {
  return Array.from(name.matchAll(/\*+|\[([!^]?)(\]?[^\]]*)\]|\\?(.)/gsu), ([text, not, set, character]) => {
    if (text.startsWith('*')) return star;
    if (text === '?') return { isStar: false, fits: () => true };
    if (set !== undefined) return { isStar: false, fits: (one) => isOneOf(set, one) === (not === '') };
    return { isStar: false, fits: (one) => one === character };
  });
}

/** Whether a character is in a set such as `a-z_`. */
function isOneOf(set: string, one: string): boolean {
  return Array.from(set.matchAll(/(.)-(.)|(.)/gsu)).some(([, first, last, single]) =>
    first !== undefined && last !== undefined ? first <= one && one <= last : single === one,
  );
}
