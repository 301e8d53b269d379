import type { FileMode, ObjectName } from '../domain.ts';
import { decodeName, foldersOf, type RawName } from './gitNames.ts';

/** A file without its content. */
export interface FileEntry {
  readonly mode: FileMode;
  readonly blob: ObjectName;
}

export type NamedEntry = readonly [name: RawName, entry: FileEntry];

/** What is in a folder, all levels of it, by name. */
export interface Files {
  get(name: RawName): FileEntry | undefined;
  /** The entries below a folder in no order that counts; with an empty name all there are. */
  below(folder: RawName): Iterable<NamedEntry>;
}

/** What became of files: undefined for one that is gone. */
export type FileChanges = ReadonlyMap<RawName, FileEntry | undefined>;

/** Files with changes laid over them. */
export class ChangedFiles implements Files {
  readonly #base: Files;
  readonly #changes: FileChanges;

  constructor(base: Files, changes: FileChanges) {
    this.#base = base;
    this.#changes = changes;
  }

  get(name: RawName): FileEntry | undefined {
    return this.#changes.has(name) ? this.#changes.get(name) : this.#base.get(name);
  }

  *below(folder: RawName): Iterable<NamedEntry> {
    for (const named of this.#base.below(folder)) {
      if (!this.#changes.has(named[0])) {
        yield named;
      }
    }
    for (const [name, entry] of this.#changes) {
      if (entry && isBelow(name, folder)) {
        yield [name, entry];
      }
    }
  }
}

/** Why no file can be called `name` beside what is there, in words that follow the name; undefined when one can. */
export function obstacleTo(files: Files, name: RawName): string | undefined {
  const own = files.get(name);
  if (own) {
    return own.mode === '120000' || own.mode === '160000' ? `is ${kindOf(own.mode)}` : undefined;
  }
  for (const folder of foldersOf(name)) {
    const entry = files.get(folder);
    if (entry) {
      return `can't exist because ${JSON.stringify(decodeName(folder))} is ${kindOf(entry.mode)}, not a folder`;
    }
  }
  for (const _ of files.below(name)) {
    return 'is a folder';
  }
  return undefined;
}

function isBelow(name: RawName, folder: RawName): boolean {
  return folder === '' || (name.startsWith(folder) && name[folder.length] === '/');
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
