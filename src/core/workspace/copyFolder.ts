import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, readdir, readlink, symlink, utimes } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { inside } from './folderPaths.ts';
import { Limit } from './limit.ts';

/** What is copied where, as absolute paths, and what of it stays behind. */
export interface CopyJob {
  readonly from: string;
  readonly to: string;
  /** Asked about everything below `from`, by its path relative to that, with forward slashes; false leaves it and what is in it out. */
  readonly accepts: (path: string) => boolean;
  readonly relink: Relink;
}

/** Absolute links into one of `folders` (spellings of one folder) lead to the same place in `instead` in the copy. */
export interface Relink {
  readonly folders: readonly string[];
  readonly instead: string;
}

interface Pending {
  readonly from: Buffer;
  readonly to: Buffer;
  readonly path: string;
}

const foldersAtOnce = 8;
const filesAtOnce = 16;

/**
 * Copies a folder without sharing anything that can be written through: files as reflinks where the file system has them, links
 * as links. Keeps modes and times of files, as build tools look at them. Sockets and the like are left out. Names are bytes,
 * so that those that are not UTF-8 come along.
 */
export async function copyFolder(job: CopyJob, signal: AbortSignal): Promise<void> {
  const files = new Limit(filesAtOnce);
  const pending: Pending[] = [{ from: Buffer.from(job.from), to: Buffer.from(job.to), path: '' }];
  while (pending.length > 0) {
    const batch = pending.splice(-foldersAtOnce);
    // Waits for all of them also when one fails: nothing may still be writing when the caller cleans up.
    const found = await Promise.allSettled(batch.map((folder) => copyEntries(folder, job, files, signal)));
    for (const result of found) {
      if (result.status === 'rejected') throw result.reason;
      pending.push(...result.value);
    }
  }
}

/** Copies what is directly in a folder and answers the folders in it. */
async function copyEntries(folder: Pending, job: CopyJob, files: Limit, signal: AbortSignal): Promise<Pending[]> {
  signal.throwIfAborted();
  await mkdir(folder.to);
  const folders: Pending[] = [];
  const entries = await readdir(folder.from, { withFileTypes: true, encoding: 'buffer' });
  const copies = entries.map((entry) => {
    const path = folder.path === '' ? entry.name.toString() : `${folder.path}/${entry.name.toString()}`;
    if (!job.accepts(path)) return undefined;
    const child = { from: joined(folder.from, entry.name), to: joined(folder.to, entry.name), path };
    if (entry.isDirectory()) folders.push(child);
    else if (entry.isSymbolicLink()) return files.run(() => copyLink(child.from, child.to, job.relink), signal);
    else if (entry.isFile()) return files.run(() => copyOneFile(child.from, child.to), signal);
    return undefined;
  });
  const failed = (await Promise.allSettled(copies)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return folders;
}

/** Copies one file, with its mode and time. */
export async function copyOneFile(from: string | Buffer, to: string | Buffer): Promise<void> {
  const { atime, mtime } = await lstat(from);
  await copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  await utimes(to, atime, mtime);
}

/** Makes the same link; an absolute one into the folder would lead what is written through it back there, and is turned around. */
export async function copyLink(from: string | Buffer, to: string | Buffer, relink: Relink): Promise<void> {
  const target = await readlink(from, { encoding: 'buffer' });
  const text = target.toString();
  const withins = isAbsolute(text) ? relink.folders.map((folder) => inside(folder, text)) : [];
  const within = withins.find((path) => path !== undefined);
  if (within !== undefined) await symlink(join(relink.instead, within), to, 'junction');
  else await symlink(target, to, isAbsolute(text) ? 'junction' : undefined);
}

function joined(folder: Buffer, name: Buffer): Buffer {
  return Buffer.concat([folder, Buffer.from(sep), name]);
}
