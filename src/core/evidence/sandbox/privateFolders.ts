import { lstat, mkdir, mkdtemp, readdir, realpath, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Log } from '../../ports.ts';
import { codeOf } from '../../problem.ts';
import { inside } from '../../workspace/folderPaths.ts';
import { removeFolder } from '../../workspace/removeFolder.ts';
import type { PrivateFolders } from './sandbox.ts';

/** Private folders, and the folder to remove when they are no longer needed. */
export interface MadeFolders extends PrivateFolders {
  readonly top: string;
}

/** Named after the process that made them, so that what a crash left can be told from what is in use. */
const prefix = 'dursor-check-';
const namePattern = /^dursor-check-(\d+)_\w+$/;

/** Makes an empty home and an empty temporary folder that nobody else can look into. */
export async function makePrivateFolders(): Promise<MadeFolders> {
  // Short, as sockets in it have paths of at most 107 bytes.
  const top = await realpath(await mkdtemp(join(tmpdir(), `${prefix}${process.pid}_`)));
  const made = { top, home: join(top, 'home'), temporary: join(top, 'tmp') };
  await mkdir(made.home);
  await mkdir(made.temporary);
  return made;
}

/** Removes the private folders that processes of this user which are gone have left. Never rejects. */
export async function removeLeftPrivateFolders(log: Log, signal: AbortSignal): Promise<void> {
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const maker = Number(namePattern.exec(name)?.[1] ?? Number.NaN);
    if (signal.aborted) return;
    if (Number.isNaN(maker) || isThere(maker)) continue;
    const path = join(tmpdir(), name);
    try {
      const found = await lstat(path);
      if (found.isDirectory() && found.uid === (process.getuid?.() ?? found.uid)) await removeFolder(path, signal);
    } catch (error) {
      if (!signal.aborted) log.warn(`${path} is still left over: ${String(error)}`);
    }
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

/** Lets tools that look for their parts in the home folder find them in a private one: by links to the user's own. */
export async function linkTools(privateHome: string, home: string, tools: readonly string[]): Promise<void> {
  for (const tool of tools) {
    const name = inside(home, tool);
    if (!name) continue;
    const link = join(privateHome, name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(tool, link);
  }
}
