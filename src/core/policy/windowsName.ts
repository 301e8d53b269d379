/**
 * Why Windows can't hold a file of this name, or takes it for another file's; undefined when it can. The words follow the name.
 * The list is Microsoft's: https://learn.microsoft.com/windows/win32/fileio/naming-a-file
 */
export function impossibleOnWindowsBecause(component: string): string | undefined {
  if (/[. ]$/.test(component)) {
    return 'ends with a dot or a space, which Windows drops';
  }
  if (component.includes(':')) {
    return 'has a colon in it, which means a drive or a stream on Windows';
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[<>"|?*\\\u0000-\u001f]/.test(component)) {
    return 'has a character in it that no name may have on Windows';
  }
  if (/^(con|prn|aux|nul|clock\$|conin\$|conout\$|com[1-9¹²³]|lpt[1-9¹²³]) *(\.|$)/i.test(component)) {
    return 'is a name that Windows reserves for a device';
  }
  if (/^[^.~]{1,6}~\d+(\.[^.]{0,3})?$/.test(component)) {
    return 'may be the short name that Windows gives another file';
  }
  return undefined;
}
