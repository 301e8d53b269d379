import { constants } from 'node:fs';
import { open, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { FolderView } from '../evidence/checks/suggestion.ts';
import { inside, isFolder } from '../workspace/folderPaths.ts';

const maxBytes = 1_000_000;

/** What suggestions are made from: files directly in a folder, or in folders of it, that are neither links nor large. */
export function folderView(folder: string): FolderView {
  return {
    platform: process.platform,
    names: (below) => namesIn(folder, below === undefined ? folder : join(folder, below)).catch(() => []),
    read: (path) => readPlainFile(folder, join(folder, path)).catch(() => undefined),
  };
}

async function namesIn(folder: string, path: string): Promise<readonly string[]> {
  if (!(await isFolder(path)) || inside(await realpath(folder), await realpath(path)) === undefined) return [];
  return readdir(path);
}

async function readPlainFile(folder: string, path: string): Promise<string | undefined> {
  if (inside(await realpath(folder), await realpath(path)) === undefined) return undefined;
  // On Windows there is no such flag, and a link needs rights to be made.
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const { size } = await file.stat().then((stats) => (stats.isFile() ? stats : { size: Infinity }));
    return size <= maxBytes ? await file.readFile('utf8') : undefined;
  } finally {
    await file.close();
  }
}
