import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { BenchEngine } from './benchEngine.ts';
import { round } from './figures.ts';
import { makeRepository } from './repository.ts';

/** From pressing Run to each run's first model request on the wire; beside it, `git worktree add` as many times. */
export const benchStart: Bench = async ({ files, runs, say }) => {
  let arrivals: number[] = [];
  const bench = await BenchEngine.create(() => {
    arrivals.push(performance.now());
    return 0;
  });
  try {
    say(`Making a repository of ${files} files`);
    await makeRepository(bench.folder, files);
    const measure = async (count: number) => {
      arrivals = [];
      const started = performance.now();
      await bench.ended(bench.start(count));
      const times = arrivals.map((at) => at - started).sort((a, b) => a - b);
      return { firstRequestMs: round(times[0]), lastFirstRequestMs: round(times.at(-1)) };
    };
    say('The first round loads the SDK and fills the disk cache');
    const cold = await measure(1);
    say('One run');
    const one = await measure(1);
    say(`${runs} runs`);
    const many = await measure(runs);
    say(`git worktree add, ${runs} times`);
    const worktreeStarted = performance.now();
    for (let index = 0; index < runs; index++) {
      execFileSync('git', ['worktree', 'add', '-q', '--detach', join(bench.root, `worktree${index}`)], {
        cwd: bench.folder,
        stdio: 'ignore',
      });
    }
    const worktreeMs = round(performance.now() - worktreeStarted);
    return {
      files,
      runs,
      coldOneRunMs: cold.lastFirstRequestMs,
      oneRunMs: one.lastFirstRequestMs,
      allRunsFirstMs: many.firstRequestMs,
      allRunsMs: many.lastFirstRequestMs,
      worktreeMs,
      ratioToWorktree: round(worktreeMs / many.lastFirstRequestMs, 100),
    };
  } finally {
    await bench.dispose();
  }
};
