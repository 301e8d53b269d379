import type { Stats } from 'node:fs';
import { lstat, mkdir, readlink, realpath, rm, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { codeOf } from '../problem.ts';
import { copyFolder, copyLink, copyOneFile, type Relink } from './copyFolder.ts';
import { inside } from './folderPaths.ts';
import type { IncludeGate } from './includePatterns.ts';

export interface Skipped {
  readonly path: string;
  /** Part of a sentence: "it leads out of the folder". */
  readonly why: string;
}

/** What was brought along, by paths relative to the folder. Of very many skipped ones only the first are listed. */
export interface BroughtAlong {
  readonly included: readonly string[];
  readonly skipped: readonly Skipped[];
}

export interface BringAlongJob {
  /** The user's folder, only read. */
  readonly folder: string;
  /** Where the files are being put. */
  readonly into: string;
  /** Where they will be in the end. */
  readonly destination: string;
  /** `link` makes links to the user's own files, so that what is written there is written here. */
  readonly by: 'copy' | 'link';
  readonly gate: IncludeGate;
}

/** How many skipped paths are listed at most. */
export const mostSkipped = 200;

/** The disk, rather than the file, is in the way of these. */
const fatal: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EMFILE', 'ENFILE']);

/**
 * Brings files and folders of the user's folder along, each as a whole or not at all. What can't be brought is answered; throws
 * when the disk is full, or the signal's reason.
 */
export async function bringAlong(
  job: BringAlongJob,
  paths: readonly string[],
  signal: AbortSignal,
  onProgress: (path: string) => void,
): Promise<BroughtAlong> {
  const included: string[] = [];
  const skipped: Skipped[] = [];
  const skip = (path: string, why: string) => {
    if (skipped.length < mostSkipped) skipped.push({ path, why });
  };
  for (const path of paths) {
    signal.throwIfAborted();
    onProgress(path);
    const why = job.gate(path) ?? (await placeProblem(job.into, path));
    if (why !== undefined) {
      skip(path, why);
      continue;
    }
    const to = join(job.into, path);
    try {
      await mkdir(dirname(to), { recursive: true });
      const problem = await bring(job, path, to, skip, signal);
      if (problem === undefined) included.push(path);
      else skip(path, problem);
    } catch (error) {
      if (signal.aborted || fatal.has(codeOf(error))) throw error;
      // Half of a dependency is worse than none.
      await rm(to, { recursive: true, force: true, maxRetries: 3 });
      skip(path, `it could not be copied (${error instanceof Error ? error.message : String(error)})`);
    }
  }
  return { included, skipped };
}

/** Why nothing can be put there without touching what the run made: something is there, or a link or a file is on the way. */
async function placeProblem(into: string, path: string): Promise<string | undefined> {
  const components = path.split('/');
  for (let depth = 1; depth <= components.length; depth++) {
    const found = await statsOf(join(into, ...components.slice(0, depth)));
    if (!found) return undefined;
    if (depth === components.length) return 'the run has something of that name itself';
    if (!found.isDirectory()) return `${components.slice(0, depth).join('/')} is not a folder in the run`;
  }
  return undefined;
}

/** Why it was not brought; undefined when it was. */
async function bring(
  job: BringAlongJob,
  path: string,
  to: string,
  skip: (path: string, why: string) => void,
  signal: AbortSignal,
): Promise<string | undefined> {
  const from = join(job.folder, path);
  const found = await statsOf(from);
  if (!found) return 'it is no longer there';
  const real = await realpath(job.folder);
  const relink = { folders: [job.folder, real], instead: job.destination };
  if (found.isSymbolicLink() && job.by === 'copy') return copyLinkWithin(real, from, to, relink);
  if (found.isSymbolicLink()) await symlink(resolve(dirname(from), await readlink(from)), to, 'junction');
  else if (!found.isDirectory() && !found.isFile()) return 'it is neither a file nor a folder';
  else if (job.by === 'link') await symlink(from, to, found.isDirectory() ? 'junction' : 'file');
  else if (found.isFile()) await copyOneFile(from, to);
  else {
    const accepts = (below: string) => {
      const why = job.gate(`${path}/${below}`);
      if (why !== undefined) skip(`${path}/${below}`, why);
      return why === undefined;
    };
    await copyFolder({ from, to, accepts, relink }, signal);
  }
  return undefined;
}

async function copyLinkWithin(folder: string, from: string, to: string, relink: Relink): Promise<string | undefined> {
  const target = await realpath(from).catch(() => undefined);
  if (target === undefined) return 'it is a link that leads nowhere';
  if (inside(folder, target) === undefined) return 'it is a link that leads out of the folder';
  await copyLink(from, to, relink);
  return undefined;
}

function statsOf(path: string): Promise<Stats | undefined> {
  return lstat(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  });
}
