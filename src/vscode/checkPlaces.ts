/** A place that a command's output names. */
export interface OutputPlace {
  /** Where it stands in the output, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** As the command wrote it. */
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column?: number;
}

const mostPlaces = 2000;
/** `File "a b.py", line 3`; `src/a.ts:3:5`, `src/a.ts:3`; `src/a.ts(3,5)`. Lengths are bounded, as an output can be one long line. */
const pattern =
  /File "(?<quoted>[^"\n]{1,400})", line (?<at>\d{1,7})|(?<scheme>file:)?(?<path>[^\s"'`()[\]{}<>|:,;=]{1,400})(?::(?<line>\d{1,7})(?::(?<column>\d{1,7}))?|\((?<inLine>\d{1,7})(?:,(?<inColumn>\d{1,7}))?\))/g;

/** Where an output names lines of files. Pure. */
export function placesIn(output: string): readonly OutputPlace[] {
  const places: OutputPlace[] = [];
  for (const match of output.matchAll(pattern)) {
    const { quoted, at, scheme, path, line, column, inLine, inColumn } = match.groups ?? {};
    const named = quoted ?? (scheme ? decoded(path ?? '') : path) ?? '';
    // A time of day or a port is none, nor is a word before a number.
    if (!/[./\\]/.test(named) || !/[a-z_]/i.test(named)) continue;
    const across = column ?? inColumn;
    places.push({
      start: match.index,
      end: match.index + match[0].length,
      path: named,
      line: Number(at ?? line ?? inLine),
      ...(across !== undefined && { column: Number(across) }),
    });
    if (places.length === mostPlaces) break;
  }
  return places;
}

/**
 * What a path of an output may be in the task's folder, the likeliest first: the output says it from the folder that the check ran in,
 * from the top, or with the place of the copy, which is gone by then. None for a file elsewhere. Pure.
 */
export function pathsFor(path: string, checkFolder = ''): readonly string[] {
  const plain = path.replaceAll('\\', '/');
  // Not always absolute: a storage with a blank in its name is read from there on.
  const inCopy = /\/(?:checks\/[0-9a-f]{12}|dursor-\w{6})\/[^/]+\/(.+)$/.exec(plain)?.[1];
  if (inCopy !== undefined) return within(inCopy);
  if (/^(\/|[a-z]:\/)/i.test(plain)) return [];
  return [...new Set([...within(`${checkFolder}/${plain}`), ...within(plain)])];
}

/** The path of a URL. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // A stray percent sign: it is no URL.
    return path;
  }
}

/** Without `.` and `..`; none where it leads out. */
function within(path: string): readonly string[] {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return [];
    } else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.length > 0 ? [parts.join('/')] : [];
}
