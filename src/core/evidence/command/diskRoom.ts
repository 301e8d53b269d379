import { statfs } from 'node:fs/promises';
import type { CommandEnd } from '../../evidence.ts';

/** What a command usually must leave free, in bytes; of a disk that has less than twice that, half of what is free. */
const usualLeastFree = 1024 ** 3;
/** A fast disk takes less than the least in this time. */
const lookEveryMs = 250;

export interface DiskRoom {
  /** Resolves when one of the disks is nearly full; never, if it's disposed of before. */
  readonly reached: Promise<CommandEnd>;
  dispose(): void;
}

/** Watches the disks that a command can write to: nothing else keeps it from filling them. `leastFree` is in bytes. */
export async function watchDisks(folders: readonly string[], leastFree?: number): Promise<DiskRoom> {
  const floors = await Promise.all(
    folders.map(async (folder) => ({
      folder,
      floor: leastFree ?? Math.min(usualLeastFree, (await freeIn(folder)) / 2),
    })),
  );
  const { promise, resolve } = Promise.withResolvers<CommandEnd>();
  let isLooking = false;
  const look = async () => {
    if (isLooking) return;
    isLooking = true;
    for (const { folder, floor } of floors) {
      if ((await freeIn(folder)) < floor) resolve({ type: 'not-started', reason: reasonFor(folder, floor) });
    }
    isLooking = false;
  };
  const timer = setInterval(() => void look(), lookEveryMs);
  return { reached: promise, dispose: () => clearInterval(timer) };
}

/** In bytes; without end where the system can't tell. */
async function freeIn(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return Infinity;
  }
}

function reasonFor(folder: string, floor: number): string {
  return `It was stopped, as it left less than ${Math.floor(floor / 1024 ** 2)} MB on the disk of ${folder}. Free some space, or mend what it writes, then run it again.`;
}
