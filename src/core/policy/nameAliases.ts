/**
 * The names that a file system may take for the same file. HFS+ ignores some code points and NTFS drops
 * trailing dots and spaces, ignores case, appends streams (`name:stream`) and makes short names (`NAME~1.EXT`);
 * git guards `.git` against the same list: https://github.com/git/git/blob/v2.39.5/path.c (is_ntfs_dotgit).
 * All in lower case, the name itself first.
 */
export function aliasesOf(component: string): readonly string[] {
  const name = component.toLowerCase();
  const bare = withoutTrail(
    name
      .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
      .replace(/:.*$/s, '')
      .normalize('NFKC')
      .toLowerCase(),
  );
  const aliases = bare === name || bare === '' ? [name] : [name, bare];
  const short = /^([^.~]{1,6})~\d+(\.[^.]{1,3})?$/.exec(bare);
  if (short) {
    aliases.push(`.${short[1]}${short[2] ?? ''}`);
  }
  return aliases;
}

/** True for `.git` and everything that some file system takes for it. */
export function isGitDirectoryName(component: string): boolean {
  return aliasesOf(component).includes('.git');
}

function withoutTrail(name: string): string {
  let end = name.length;
  while (end > 0 && (name[end - 1] === '.' || name[end - 1] === ' ')) {
    end--;
  }
  return name.slice(0, end);
}
