import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** How many entries are asked for at once, so that others get their turn at the disk. */
const atOnce = 32;

export interface DiskUse {
  readonly bytes: number;
  /** When the newest of the files was written, in milliseconds since the epoch, without those that claim the future; 0 when there is none. */
  readonly changedAt: number;
}

/** Measures files and folders, each path once, and a file with several names the first time that one of them is met. */
export class DiskMeter {
  readonly #paths = new Set<string>();
  readonly #shared = new Set<string>();

  /**
   * What a file, or a folder with all that is in it, takes on disk, without what was measured before. What can't be looked
   * at, or goes away meanwhile, isn't counted; links are not followed. Rejects with the signal's reason.
   */
  async measure(path: string, signal: AbortSignal): Promise<DiskUse> {
    // The clock in whole milliseconds is behind a file that was written just now, and clocks of other machines differ.
    const now = Date.now() + 60_000;
    const pending = [path];
    const total = { bytes: 0, changedAt: 0 };
    while (pending.length > 0) {
      signal.throwIfAborted();
      const paths = pending.splice(-atOnce);
      await Promise.all(
        paths.map(async (entry) => {
          const stats = await lstat(entry).catch(() => undefined);
          if (!stats) return;
          total.bytes += this.#bytesOf(stats);
          if (stats.isFile() && stats.mtimeMs <= now) total.changedAt = Math.max(total.changedAt, stats.mtimeMs);
          if (!stats.isDirectory()) return;
          const inside = await readdir(entry).catch(() => []);
          for (const name of inside) if (!this.#paths.has(join(entry, name))) pending.push(join(entry, name));
        }),
      );
    }
    this.#paths.add(path);
    return total;
  }

  #bytesOf(stats: Stats): number {
    if (stats.nlink > 1 && !stats.isDirectory()) {
      const id = `${stats.dev}:${stats.ino}`;
      if (this.#shared.has(id)) return 0;
      this.#shared.add(id);
    }
    // Blocks of 512 bytes, whatever the file system's own are: a sparse or compressed file takes less than its size.
    return Number.isFinite(stats.blocks) ? stats.blocks * 512 : stats.size;
  }
}
