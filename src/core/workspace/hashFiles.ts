import { access, constants, lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { codeOf, UserError } from '../problem.ts';
import { ChangedFiles, type FileEntry, type Files, type NamedEntry } from './files.ts';
import { decodeName, type RawName } from './gitNames.ts';
import { GitError } from './gitProcess.ts';
import { ListedFiles } from './listedFiles.ts';
import type { ObjectStore } from './objectStore.ts';
import type { SnapshotIndex } from './snapshotIndex.ts';

export interface HashTarget {
  readonly store: ObjectStore;
  /** An index over the files; its own entries are not looked at. */
  readonly index: SnapshotIndex;
  /** A path that indexes of a few entries can be put beside. */
  readonly indexFile: string;
  /** What the files were before: git keeps line endings and modes of it where the configuration says so. */
  readonly before: Files;
  /** The `.gitattributes` there are, for where no file of that name is on disk. */
  readonly attributes: readonly RawName[];
  /** Whether a file of so many bytes belongs in. */
  readonly isFitting: (name: RawName, bytes: number) => boolean;
}

/** What files became. One that is in none of these is gone. */
export interface HashedFiles {
  readonly entries: ReadonlyMap<RawName, FileEntry>;
  readonly tooLarge: readonly RawName[];
  readonly unreadable: readonly RawName[];
}

const maxAttempts = 8;
const pauseMilliseconds = 25;

let nextIndex = 0;

/**
 * Hashes files the way `git add` would, and brings their content into the task's store. The work is that of these files alone,
 * however many others there are. Each file is taken as it was at one moment: one that changes meanwhile is taken again.
 * Throws `UserError` (`snapshot-failed`) when one doesn't stop changing, and whatever git says of a file that can be read.
 */
export async function hashFiles(target: HashTarget, names: readonly RawName[]): Promise<HashedFiles> {
  const entries = new Map<RawName, FileEntry>();
  const unreadable: RawName[] = [];
  const tooLarge: RawName[] = [];
  let open = names;
  for (let attempt = 1; open.length > 0; attempt++) {
    const before = await stampsOf(target.index.folder, open);
    const fitting = open.filter((name) => {
      const isFitting = target.isFitting(name, before.get(name)?.size ?? 0);
      if (!isFitting) tooLarge.push(name);
      return isFitting && before.has(name);
    });
    const hashed = await hashReadable({ ...target, before: withoutFolders(target.before, before) }, fitting).catch(
      asGitError,
    );
    const after = await stampsOf(target.index.folder, fitting);
    const isSteady = (name: RawName) => before.get(name)?.stamp === after.get(name)?.stamp;
    if (hashed instanceof GitError) {
      // Git gives up where a file goes away while it reads.
      if (fitting.every(isSteady)) throw hashed;
      open = fitting;
    } else {
      for (const [name, entry] of hashed.entries) {
        if (isSteady(name)) entries.set(name, entry);
      }
      unreadable.push(...hashed.unreadable);
      open = fitting.filter((name) => !isSteady(name) && !hashed.unreadable.includes(name));
    }
    if (open.length > 0 && attempt === maxAttempts) throw restless(open);
    if (open.length > 0) await wait(pauseMilliseconds * attempt);
  }
  return { entries, tooLarge, unreadable };
}

interface Stamp {
  readonly stamp: string;
  /** Bytes of a file; 0 for anything else. */
  readonly size: number;
  readonly isFolder: boolean;
}

/** A file that is another repository by now would be taken for one that is gone. */
function withoutFolders(files: Files, stamps: ReadonlyMap<RawName, Stamp>): Files {
  const folders = [...stamps].filter(([name, { isFolder }]) => isFolder && files.get(name)?.mode !== '160000');
  return new ChangedFiles(files, new Map(folders.map(([name]) => [name, undefined])));
}

/** The names that are there. */
async function stampsOf(folder: string, names: readonly RawName[]): Promise<ReadonlyMap<RawName, Stamp>> {
  const stamps = new Map<RawName, Stamp>();
  // A few hundred at a time: each takes a thread and a moment.
  for (let at = 0; at < names.length; at += 256) {
    const some = names.slice(at, at + 256);
    await Promise.all(
      some.map(async (name) => {
        // A name that is not UTF-8 has to be asked for by its bytes.
        const path = Buffer.concat([Buffer.from(join(folder, '/')), Buffer.from(name, 'latin1')]);
        const found = await lstat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => error);
        if (found instanceof Error) {
          // Whatever else it is, git will say.
          const isGone = found.code === 'ENOENT' || found.code === 'ENOTDIR';
          if (!isGone) stamps.set(name, { stamp: found.message, size: 0, isFolder: false });
        } else {
          const stamp = [found.dev, found.ino, found.mode, found.size, found.mtimeNs, found.ctimeNs].join(' ');
          stamps.set(name, { stamp, size: found.isFile() ? Number(found.size) : 0, isFolder: found.isDirectory() });
        }
      }),
    );
  }
  return stamps;
}

async function hashReadable(
  target: HashTarget,
  names: readonly RawName[],
): Promise<Pick<HashedFiles, 'entries' | 'unreadable'>> {
  try {
    return { entries: await hash(target, names), unreadable: [] };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const unreadable = await findUnreadable(target.index.folder, names);
    if (unreadable.size === 0) throw error;
    const readable = names.filter((name) => !unreadable.has(name));
    return { entries: await hash(target, readable), unreadable: [...unreadable] };
  }
}

/** Content that the user's repository has is only named, never written again: see `ObjectStore`. */
async function hash(target: HashTarget, names: readonly RawName[]): Promise<ReadonlyMap<RawName, FileEntry>> {
  if (names.length === 0) return new Map();
  const { store } = target;
  if ((await store.borrowed()).length === 0) return addToNewIndex(target, names, true);
  const probed = await addToNewIndex(target, names, false);
  const blobs = [...probed.values()].map(({ blob }) => blob);
  const missing = await store.missing(blobs, 'all');
  const isMissing = (entry: FileEntry | undefined) => entry !== undefined && missing.has(entry.blob);
  const unknown = names.filter((name) => isMissing(probed.get(name)));
  const stored = await addToNewIndex(target, unknown, true);
  const known = [...probed].filter(([, entry]) => !missing.has(entry.blob));
  return new Map([...known, ...stored]);
}

async function addToNewIndex(
  { index, indexFile, before, attributes }: HashTarget,
  names: readonly RawName[],
  store: boolean,
): Promise<ReadonlyMap<RawName, FileEntry>> {
  if (names.length === 0) return new Map();
  const small = index.with({ indexFile: `${indexFile}.${nextIndex++}` });
  const seeds = [...new Set([...attributes, ...names])];
  await small.set(
    seeds.flatMap((name): NamedEntry[] => {
      const entry = before.get(name);
      return entry ? [[name, entry]] : [];
    }),
  );
  await small.add(names, store);
  const wanted = new Set(names);
  const all = new ListedFiles(await small.list());
  return new Map([...all.below('')].filter(([name]) => wanted.has(name)));
}

function asGitError(error: unknown): GitError {
  if (error instanceof GitError) return error;
  throw error;
}

async function findUnreadable(folder: string, names: readonly RawName[]): Promise<ReadonlySet<RawName>> {
  const unreadable = new Set<RawName>();
  for (const name of names) {
    const path = join(folder, decodeName(name));
    try {
      if ((await lstat(path)).isFile()) {
        await access(path, constants.R_OK);
      }
    } catch (error) {
      if (codeOf(error) === 'EACCES' || codeOf(error) === 'EPERM') {
        unreadable.add(name);
      }
    }
  }
  return unreadable;
}

function restless(names: readonly RawName[]): UserError {
  const shown = names.slice(0, 3).map(decodeName).join(', ');
  const rest = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return new UserError({
    code: 'snapshot-failed',
    message: `The state of the folder could not be recorded: ${shown}${rest} did not stop changing. Stop what writes there, or have Git ignore it, and try again.`,
    action: { type: 'retry' },
  });
}
