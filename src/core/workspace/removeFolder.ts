import { randomUUID } from 'node:crypto';
import { chmod, lstat, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, UserError } from '../problem.ts';

/** How a folder is called from when its removal begins; one of this name at a start is what a crash or a lock left. */
export const deletingPrefix = '.deleting-';

/** Another program has it open (mostly on Windows), or something was put into it meanwhile: a moment later it may go. */
const passing: ReadonlySet<unknown> = new Set(['EBUSY', 'EPERM', 'EACCES', 'ENOTEMPTY', 'EMFILE', 'ENFILE']);

/** A virus scanner or an indexer lets go within a second or two; a person's terminal doesn't. */
const patienceMs = [20, 50, 100, 200, 400, 800, 1600];

/** A folder that could not be removed: what is left of it is at `path`. */
export class FolderLeft extends UserError {
  readonly path: string;

  constructor(path: string, reason: unknown) {
    super({
      code: 'folder-in-use',
      message: `The folder ${path} could not be removed${heldBy(path, reason)}. Close what uses it, then try again.`,
      action: { type: 'retry' },
      detail: String(reason),
    });
    this.path = path;
  }
}

/**
 * Removes a folder with everything in it, read-only files included; links in it are removed, never followed. It is renamed
 * first, so that it is either whole or known to be on its way out. One that isn't there is fine.
 * Throws `FolderLeft` when a file stays locked, or with the signal's reason when `signal` aborts while it waits for one.
 */
export async function removeFolder(path: string, signal?: AbortSignal): Promise<void> {
  const parent = dirname(path);
  // Short: a path below it must not become longer than the system takes.
  const doomed = basename(path).startsWith(deletingPrefix)
    ? path
    : join(parent, `${deletingPrefix}${randomUUID().slice(0, 8)}`);
  await removing(path, async () => {
    if (doomed === path || !(await isThere(path))) return;
    await persist(
      () =>
        rename(path, doomed).catch(async (error: unknown) => {
          // Another window may have been faster.
          if (await isThere(path)) throw error;
        }),
      signal,
    );
  });
  await removing(doomed, () => {
    let isWritable = false;
    return persist(async () => {
      try {
        await rm(doomed, { recursive: true, force: true });
      } catch (error) {
        if (!isWritable) await makeRemovable(doomed);
        isWritable = true;
        throw error;
      }
    }, signal);
  });
}

/**
 * Does something to the file system again while that fails as it does when another program has a file open for a moment.
 * Throws the last failure when its patience is over, and any other failure at once.
 */
export async function persist(attempt: () => Promise<void>, signal?: AbortSignal, waits = patienceMs): Promise<void> {
  for (const wait of waits) {
    try {
      return await attempt();
    } catch (error) {
      if (!passing.has(codeOf(error))) throw error;
    }
    await sleep(wait, undefined, { signal });
  }
  await attempt();
}

async function removing(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') throw error;
    throw new FolderLeft(path, error);
  }
}

/**
 * Lets everything in a folder be removed. Elsewhere than on Windows that depends on folders alone. A file with a second name
 * may be the user's own under that one, and modes belong to both, so it keeps its mode.
 */
async function makeRemovable(folder: string): Promise<void> {
  await chmod(folder, 0o700).catch(() => {});
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await makeRemovable(path);
    else if (process.platform === 'win32' && entry.isFile()) {
      const stats = await lstat(path).catch(() => undefined);
      if (stats?.nlink === 1) await chmod(path, 0o600).catch(() => {});
    }
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** The file that is in the way, where the failure names one. */
function heldBy(path: string, reason: unknown): string {
  const file = reason instanceof Error && 'path' in reason ? String(reason.path) : path;
  if (!passing.has(codeOf(reason))) return `: ${reason instanceof Error ? reason.message : String(reason)}`;
  return file === path ? ': another program uses it' : `: another program uses ${file}`;
}
