import { isParentByFolding } from './nameAliases.ts';
import type { Refusal } from './policy.ts';
import { refuse } from './verdicts.ts';

/** A path as a model may spell it, brought to one spelling. */
export interface Spelling {
  readonly allowed: true;
  readonly path: string;
  readonly components: readonly string[];
}

/** What file systems take of one name, in bytes. */
const maxNameBytes = 255;
/** Half of what Linux takes of a path, so that the folder fits in front of it. */
const maxPathBytes = 2048;

/** Normalises `./a`, `a//b` and `a/../b`; refuses whatever is not a path inside the folder, as this platform reads it. */
export function normaliseSpelling(spelled: string, platform: NodeJS.Platform): Spelling | Refusal {
  const problem = problemOf(spelled) ?? (platform === 'win32' ? problemOnWindows(spelled) : undefined);
  if (problem) {
    return problem;
  }
  const components: string[] = [];
  for (const component of spelled.split('/')) {
    if (component === '' || component === '.') {
      continue;
    }
    if (component !== '..') {
      components.push(component);
    } else if (components.pop() === undefined) {
      return outside(spelled, 'leads out of the folder; use a path inside it.');
    }
  }
  if (components.length === 0) {
    return outside(spelled, 'is the folder itself; name a file in it.');
  }
  for (const component of components) {
    if (Buffer.byteLength(component) > maxNameBytes) {
      return impossible(spelled, `has a name in it that is longer than ${maxNameBytes} bytes.`);
    }
    // A backslash separates folders for those who get the patch on Windows.
    if (component.split('\\').some(isParentByFolding)) {
      return outside(spelled, 'leads out of the folder on some systems; use a path inside it.');
    }
  }
  return { allowed: true, path: components.join('/'), components };
}

function problemOf(spelled: string): Refusal | undefined {
  if (spelled === '') {
    return impossible(spelled, 'is empty; name a file, relative to the folder.');
  }
  if (spelled.includes('\0')) {
    return impossible(spelled, 'has a NUL character in it.');
  }
  if (!spelled.isWellFormed()) {
    return impossible(spelled, 'is not valid Unicode.');
  }
  if (Buffer.byteLength(spelled) > maxPathBytes) {
    return impossible(spelled, `is longer than ${maxPathBytes} bytes.`);
  }
  return spelled.startsWith('/') ? outside(spelled, 'is absolute; use a path relative to the folder.') : undefined;
}

function problemOnWindows(spelled: string): Refusal | undefined {
  // Any character can be a drive: `subst` takes more than letters.
  if (/^.:/su.test(spelled)) {
    return outside(spelled, 'has a drive letter; use a path relative to the folder.');
  }
  // UNC paths, the namespaces \\?\ and \\.\, and the root of the current drive.
  if (spelled.startsWith('\\')) {
    return outside(spelled, 'is absolute on Windows; use a path relative to the folder.');
  }
  if (spelled.includes('\\')) {
    return impossible(spelled, 'has a backslash in it; separate folders with "/", relative to the folder.');
  }
  return undefined;
}

function outside(spelled: string, rule: string): Refusal {
  return refuse('outside the folder', spelled, rule);
}

function impossible(spelled: string, rule: string): Refusal {
  return refuse('not a possible name', spelled, rule);
}
