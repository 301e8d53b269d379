import type { FileMode, ObjectName } from '../domain.ts';
import { decodeExactName } from './gitNames.ts';
import type { IndexEntry } from './snapshotIndex.ts';

/** A file of a copy, without its content. */
export interface CopyFileEntry {
  readonly mode: FileMode;
  readonly blob: ObjectName;
}

/** What every copy of one tree starts with; shared between them and never changed. */
export type BaseEntries = ReadonlyMap<string, CopyFileEntry>;

/** Files whose name is not UTF-8 are not in the map: no path can name them. They stay in the index as they are. */
export function toBaseEntries(entries: readonly IndexEntry[]): BaseEntries {
  const map = new Map<string, CopyFileEntry>();
  for (const { name, mode, blob } of entries) {
    const path = decodeExactName(name);
    if (path !== undefined) {
      map.set(path, { mode: mode as FileMode, blob: blob as ObjectName });
    }
  }
  return map;
}

/** The files of one copy in memory: what it started with, and what it changed. */
export class CopyEntries {
  readonly #base: BaseEntries;
  readonly #changed = new Map<string, CopyFileEntry | undefined>();

  constructor(base: BaseEntries) {
    this.#base = base;
  }

  get(path: string): CopyFileEntry | undefined {
    return this.#changed.has(path) ? this.#changed.get(path) : this.#base.get(path);
  }

  set(path: string, entry: CopyFileEntry | undefined): void {
    this.#changed.set(path, entry);
  }

  *all(): Iterable<readonly [string, CopyFileEntry]> {
    for (const [path, entry] of this.#base) {
      if (!this.#changed.has(path)) {
        yield [path, entry];
      }
    }
    for (const [path, entry] of this.#changed) {
      if (entry) {
        yield [path, entry];
      }
    }
  }

  /** Why no file can be at `path` beside what is there, in words that follow the path; undefined when one can. */
  obstacleTo(path: string): string | undefined {
    const own = this.get(path);
    if (own) {
      return own.mode === '120000' || own.mode === '160000' ? `is ${kindOf(own.mode)}` : undefined;
    }
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
      const folder = path.slice(0, at);
      const entry = this.get(folder);
      if (entry) {
        return `can't exist because ${JSON.stringify(folder)} is ${kindOf(entry.mode)}, not a folder`;
      }
    }
    for (const [other] of this.all()) {
      if (other.startsWith(path) && other[path.length] === '/') {
        return 'is a folder';
      }
    }
    return undefined;
  }
}

function kindOf(mode: FileMode): string {
  switch (mode) {
    case '100644':
    case '100755':
      return 'a file';
    case '120000':
      return 'a symbolic link';
    case '160000':
      return 'another repository';
    default:
      return mode satisfies never;
  }
}
