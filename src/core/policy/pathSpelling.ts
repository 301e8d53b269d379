/** A path as a model may spell it, brought to one spelling, or the reason it can't be one of the folder's paths. */
export type Spelling =
  | { readonly ok: true; readonly path: string; readonly components: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/** Normalises `./a`, `a//b` and `a/../b`; refuses whatever is not a path inside the folder on every system. */
export function normaliseSpelling(spelled: string): Spelling {
  const problem = problemOf(spelled);
  if (problem !== undefined) {
    return { ok: false, reason: `${quote(spelled)} ${problem}` };
  }
  const components: string[] = [];
  for (const component of spelled.split('/')) {
    if (component === '' || component === '.') {
      continue;
    }
    if (component !== '..') {
      components.push(component);
    } else if (components.pop() === undefined) {
      return { ok: false, reason: `${quote(spelled)} leads out of the folder; use a path inside it.` };
    }
  }
  if (components.length === 0) {
    return { ok: false, reason: `${quote(spelled)} is the folder itself; name a file in it.` };
  }
  return { ok: true, path: components.join('/'), components };
}

/** A path in quotes, on one line and of bounded length, fit for a message. */
export function quote(path: string): string {
  return JSON.stringify(path.length > 200 ? `${path.slice(0, 200)}…` : path);
}

function problemOf(spelled: string): string | undefined {
  if (spelled === '') {
    return 'is empty; name a file, relative to the folder.';
  }
  if (spelled.includes('\0')) {
    return 'has a NUL character in it.';
  }
  if (!spelled.isWellFormed()) {
    return 'is not valid Unicode.';
  }
  // Also covers UNC paths and the \\?\ and \\.\ namespaces.
  if (spelled.includes('\\')) {
    return 'has a backslash in it; separate folders with "/", relative to the folder.';
  }
  if (spelled.startsWith('/')) {
    return 'is absolute; use a path relative to the folder.';
  }
  if (/^[a-z]:/i.test(spelled)) {
    return 'has a drive letter; use a path relative to the folder.';
  }
  return undefined;
}
