/**
 * The names that a file system may take for the same file. HFS+ ignores some code points and NTFS drops
 * trailing dots and spaces, ignores case, appends streams (`name:stream`) and makes short names (`NAME~1.EXT`);
 * git guards `.git` against the same list: https://github.com/git/git/blob/v2.39.5/path.c (is_ntfs_dotgit).
 * All in lower case, the name itself first.
 */
export function aliasesOf(component: string): readonly string[] {
  const name = component.toLowerCase();
  const bare = bareName(component);
  const aliases = bare === name || bare === '' ? [name] : [name, bare];
  const short = /^([^.~]{1,6})~\d+(\.[^.]{1,3})?$/.exec(bare);
  if (short) {
    aliases.push(`.${short[1]}${short[2] ?? ''}`);
  }
  return aliases;
}

/** What is left of a name once everything is dropped and folded that some file system drops or folds. */
export function bareName(component: string): string {
  return withoutTrail(foldName(component.replace(/:.*$/s, '')));
}

/** True for `.git` and everything that some file system takes for it. */
export function isGitDirectoryName(component: string): boolean {
  return aliasesOf(component).includes('.git');
}

/** True for `..` and for what folds to it. */
export function isParentByFolding(component: string): boolean {
  return component === '..' || foldName(component) === '..';
}

/** True when NTFS may have given a file of the name `long`, or of a name like `*.extension`, the short name `short`; both in lower case. */
export function isShortNameOf(short: string, long: string): boolean {
  const parts = /^([^.~]{1,6})~\d+(?:\.([^.]{1,3}))?$/.exec(short);
  if (!parts) {
    return false;
  }
  const dot = long.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [long.slice(0, dot), long.slice(dot + 1)] : [long, ''];
  const isStem = stem === '*' || stem.replace(/[. ]/g, '').slice(0, 6) === parts[1];
  return isStem && extension.slice(0, 3) === (parts[2] ?? '');
}

/** Git's own files with the beginnings of their NTFS short names: the usual one, and the one with a hash in it (git's path.c). */
const controlFiles: readonly (readonly [name: string, short: string, hashed: string])[] = [
  ['.gitmodules', 'gitmod', 'gi7eba'],
  ['.gitattributes', 'gitatt', 'gi7d29'],
  ['.gitignore', 'gitign', 'gi250a'],
  ['.mailmap', 'mailma', 'maba30'],
];

/** Which of the files that steer git some file system takes this name for. Git follows none of them when it is a symbolic link. */
export function controlFileOf(component: string): string | undefined {
  const bare = bareName(component);
  const [, start] = /^([^~]{0,6})~\d+$/.exec(bare) ?? [];
  const isStart = (beginning: string) =>
    start === beginning || (start !== undefined && bare.length === 8 && beginning.startsWith(start));
  return controlFiles.find(([name, short, hashed]) => bare === name || isStart(short) || isStart(hashed))?.[0];
}

/** Upper case and back: some letters have no lower case of their own but share an upper case. */
function foldName(name: string): string {
  return name
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .normalize('NFKC')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC');
}

function withoutTrail(name: string): string {
  let end = name.length;
  while (end > 0 && (name[end - 1] === '.' || name[end - 1] === ' ')) {
    end--;
  }
  return name.slice(0, end);
}
