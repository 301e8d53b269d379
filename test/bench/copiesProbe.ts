/** Our side of `copies.ts`, in a process of its own: FOLDER STORAGE RUNS once|often. Prints its figures as JSON. */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createPolicy } from '../../src/core/policy/createPolicy.ts';
import type { Copy } from '../../src/core/workspace/copy.ts';
import { openTaskStorage } from '../../src/core/workspace/taskStorage.ts';
import { diskOf } from './figures.ts';

/** Milliseconds, of one each but for `copiesMs`; bytes. */
export interface CopyFigures {
  readonly snapshotMs: number;
  /** All of them. */
  readonly copiesMs: number;
  readonly editMs: number;
  /** The first read starts the git that serves the others. */
  readonly firstReadMs: number;
  readonly readMs: number;
  readonly listMs: number;
  readonly searchMs: number;
  readonly patchMs: number;
  readonly materialiseMs: number;
  /** One run's share of the task's storage, after some edits and its patch. */
  readonly diskBytes: number;
  /** What the snapshot and the copies keep in memory. */
  readonly heapBytes: number;
}

const [folder = '', storage = '', runs = '', how = ''] = process.argv.slice(2);
const policy = createPolicy({});

async function measure(directory: string): Promise<CopyFigures> {
  const task = openTaskStorage(directory);
  const heapBefore = await memory();
  let at = performance.now();
  const lap = () => {
    const now = performance.now();
    const ms = now - at;
    at = now;
    return Math.round(ms * 100) / 100;
  };
  const snapshot = await task.takeSnapshot({ folder, unsaved: [], policy });
  const snapshotMs = lap();
  const copies = await Promise.all(
    Array.from({ length: Number(runs) }, () => task.openCopy(snapshot, snapshot.tree, policy)),
  );
  const copiesMs = lap();
  const heapBytes = (await memory()) - heapBefore;

  const [copy] = copies as [Copy];
  const paths = (await copy.list()).map((entry) => entry.path);
  const nth = (share: number) => paths[Math.floor(paths.length * share)] ?? '';
  lap();
  await copy.write(nth(0.3), Buffer.from('edited\n'));
  const editMs = lap();
  await copy.read(nth(0.5));
  const firstReadMs = lap();
  await copy.read(nth(0.7));
  const readMs = lap();
  await copy.list();
  const listMs = lap();
  // In no file, so that every one of them is looked through.
  await copy.search({ pattern: 'nowhere to be found', isRegex: false, ignoreCase: false, maxHits: 100 });
  const searchMs = lap();
  for (const each of copies) {
    for (const share of [0.1, 0.2, 0.4, 0.6, 0.8]) await each.write(nth(share), Buffer.from(`edited ${share}\n`));
  }
  lap();
  const patch = await copy.patch();
  const patchMs = lap();
  for (const each of copies) await task.keep((await each.patch()).changes);
  const used = diskOf(directory);
  lap();
  await task.materialise({
    snapshot,
    tree: patch.tree,
    destination: join(storage, 'materialised'),
    include: { patterns: [], by: 'copy', policy },
  });
  const materialiseMs = lap();
  await task.close();
  const diskBytes = Math.round(used / copies.length);
  return {
    snapshotMs,
    copiesMs,
    editMs,
    firstReadMs,
    readMs,
    listMs,
    searchMs,
    patchMs,
    materialiseMs,
    diskBytes,
    heapBytes,
  };
}

/** What is still used after a collection: objects and the buffers beside them. */
async function memory(): Promise<number> {
  // What was only just let go of is found by a later collection.
  for (let round = 0; round < 5; round++) {
    await wait(50);
    globalThis.gc?.();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function snapshotOnly(directory: string): Promise<Pick<CopyFigures, 'snapshotMs' | 'copiesMs'>> {
  const task = openTaskStorage(directory);
  const started = performance.now();
  const snapshot = await task.takeSnapshot({ folder, unsaved: [], policy });
  const taken = performance.now();
  await Promise.all(Array.from({ length: Number(runs) }, () => task.openCopy(snapshot, snapshot.tree, policy)));
  const opened = performance.now();
  await task.close();
  return { snapshotMs: Math.round(taken - started), copiesMs: Math.round((opened - taken) * 100) / 100 };
}

if (how === 'once') {
  console.log(JSON.stringify(await snapshotOnly(join(storage, 'task'))));
} else {
  // First, so that nothing of other tasks is still in memory.
  const figures = await measure(join(storage, 'task'));
  // A new task each time, as in a window that has been open for a while; the median of five snapshots.
  const warm = [];
  for (let index = 0; index < 5; index++) warm.push(await snapshotOnly(join(storage, `warm${index}`)));
  const median = [...warm].sort((a, b) => a.snapshotMs - b.snapshotMs)[2] ?? figures;
  console.log(JSON.stringify({ ...figures, ...median }));
}
