import { isParentByFolding } from './nameAliases.ts';

/** Where a symbolic link leads, as components from the top of the folder, or why it may not be made. The words follow the link's path. */
export type LinkLead =
  | { readonly ok: true; readonly readings: readonly (readonly string[])[] }
  | { readonly ok: false; readonly rule: string };

/**
 * Where a link at `path` with this target leads. A backslash is part of a name on one system and a separator on another, so there
 * may be two readings. Only the target's first names may be `..`: after a name that is itself a link, it would lead anywhere.
 */
export function leadOf(path: string, target: string): LinkLead {
  if (target === '' || target.includes('\0') || !target.isWellFormed()) {
    return { ok: false, rule: 'is a symbolic link whose target is no path.' };
  }
  if (/^(?:[/\\]|.:)/su.test(target)) {
    return {
      ok: false,
      rule: 'is a symbolic link with an absolute target; a link may only lead to a path in the folder.',
    };
  }
  const readings: (readonly string[])[] = [];
  for (const separator of target.includes('\\') ? [/\//, /[/\\]/] : [/\//]) {
    const lead = path.split('/').slice(0, -1);
    let isBelow = false;
    for (const name of target.split(separator)) {
      if (name === '' || name === '.') {
        continue;
      }
      if (!isParent(name)) {
        isBelow = true;
        lead.push(name);
      } else if (isBelow || lead.pop() === undefined) {
        return { ok: false, rule: 'is a symbolic link that leads out of the folder, or may do so.' };
      }
    }
    readings.push(lead);
  }
  return { ok: true, readings };
}

/** Windows drops trailing dots and spaces, so that `.. ` is `..` there. */
function isParent(name: string): boolean {
  return isParentByFolding(name) || /^[. ]{2,}$/.test(name);
}
