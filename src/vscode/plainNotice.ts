/** A text for a notification, where VS Code would make links, also of commands, out of what others wrote. Pure. */
export function plainNotice(text: string): string {
  return text.replaceAll('](', '] (');
}
