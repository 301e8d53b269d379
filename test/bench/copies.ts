import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench } from './bench.ts';
import type { CopyFigures } from './copiesProbe.ts';
import { diskOf, round } from './figures.ts';
import { git, makeRepository } from './repository.ts';

type Figures = Record<string, unknown>;

/**
 * A snapshot with copies for R runs and what they do with them, beside what others do for R runs: `git worktree add` and a recursive
 * copy. Milliseconds and bytes on disk. `cold` is measured first, in a process of its own and, where that is
 * permitted, with the system's file cache dropped; everything else is warm. With `--growth` for 1,000 files up to `--files`.
 */
export const benchCopies: Bench = async (options) => {
  const figures = await measure(options.files, options.runs, options.say);
  if (!options.growth) return figures;
  const growth: Figures[] = [];
  for (let files = 1000; files < options.files; files *= 10) {
    growth.push(await measure(files, options.runs, options.say));
  }
  return { ...figures, growth: [...growth, figures].map(growing) };
};

/** How the work of one run grows. */
function growing({
  files,
  snapshotMs,
  copyMs,
  editMs,
  readMs,
  listMs,
  searchMs,
  patchMs,
  heapBytes,
}: Figures): Figures {
  return { files, snapshotMs, copyMs, editMs, readMs, listMs, searchMs, patchMs, heapBytes };
}

async function measure(files: number, runs: number, say: (line: string) => void): Promise<Figures> {
  const root = mkdtempSync(join(tmpdir(), 'dursor-bench-'));
  try {
    const folder = join(root, 'folder');
    say(`Making a repository of ${files} files`);
    await makeRepository(folder, files);
    const coldCache = dropCaches();
    say(`Cold: a snapshot and ${runs} copies in a new process`);
    const cold = probe(root, folder, runs, 'once');
    say('Warm');
    const warm = probe(root, folder, runs, 'often');
    const worktrees = manyTimes(root, runs, say, 'git worktree add', (place) =>
      git(folder, 'worktree', 'add', '-q', '--detach', place),
    );
    const recursive = manyTimes(root, runs, say, 'Recursive copy', (place) =>
      execFileSync('cp', ['-R', folder, place], { stdio: 'ignore' }),
    );
    const oursMs = warm.snapshotMs + warm.copiesMs;
    return {
      files,
      runs,
      snapshotMs: warm.snapshotMs,
      copyMs: round(warm.copiesMs / runs, 100),
      snapshotAndCopiesMs: round(oursMs),
      worktreeMs: worktrees.ms,
      recursiveCopyMs: recursive.ms,
      ratioToWorktree: round(worktrees.ms / oursMs),
      ratioToRecursiveCopy: round(recursive.ms / oursMs),
      editMs: warm.editMs,
      firstReadMs: warm.firstReadMs,
      readMs: warm.readMs,
      listMs: warm.listMs,
      searchMs: warm.searchMs,
      patchMs: warm.patchMs,
      materialiseMs: warm.materialiseMs,
      diskBytes: warm.diskBytes,
      worktreeDiskBytes: worktrees.bytes,
      recursiveCopyDiskBytes: recursive.bytes,
      diskShare: round(warm.diskBytes / worktrees.bytes, 100_000),
      heapBytes: warm.heapBytes,
      indexBytes: statSync(join(folder, '.git', 'index')).size,
      cold: {
        cache: coldCache,
        snapshotMs: cold.snapshotMs,
        copyMs: round(cold.copiesMs / runs, 100),
        ratioToWarmWorktree: round(worktrees.ms / (cold.snapshotMs + cold.copiesMs)),
      },
    };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Runs our side in a process of its own, so that neither memory nor compiled code is left over from another measurement. */
function probe(root: string, folder: string, runs: number, how: 'once' | 'often'): CopyFigures {
  const script = fileURLToPath(new URL('copiesProbe.ts', import.meta.url));
  const storage = join(root, `storage-${how}`);
  mkdirSync(storage);
  const args = ['--expose-gc', script, folder, storage, String(runs), how];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }));
}

function manyTimes(
  root: string,
  runs: number,
  say: (line: string) => void,
  label: string,
  make: (place: string) => void,
): { readonly ms: number; readonly bytes: number } {
  say(`${label}, ${runs} times`);
  const places = Array.from({ length: runs }, (_, index) => join(root, `place${index}`));
  const started = performance.now();
  for (const place of places) make(place);
  const ms = round(performance.now() - started);
  const bytes = diskOf(places[0] ?? root);
  for (const place of places) rmSync(place, { recursive: true, force: true });
  return { ms, bytes };
}

function dropCaches(): 'dropped' | 'as it was' {
  try {
    execFileSync('sync');
    writeFileSync('/proc/sys/vm/drop_caches', '3');
    return 'dropped';
  } catch {
    return 'as it was';
  }
}
