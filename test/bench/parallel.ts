import type { Bench } from './bench.ts';
import { BenchEngine } from './benchEngine.ts';
import { makeRepository } from './repository.ts';

/** How long the server takes for each answer, in milliseconds. */
const answerMs = 3000;

/** Runs against a server that takes a fixed time: the wall time of all, by the time of one alone. */
export const benchParallel: Bench = async ({ runs, say }) => {
  const bench = await BenchEngine.create(() => answerMs);
  try {
    await makeRepository(bench.folder, 200);
    const measure = async (count: number) => {
      const started = performance.now();
      await bench.ended(bench.start(count));
      return Math.round(performance.now() - started);
    };
    say('The first round loads the SDK');
    await measure(1);
    say('One run alone');
    const aloneMs = await measure(1);
    say(`${runs} runs at once`);
    const togetherMs = await measure(runs);
    return { runs, answerMs, aloneMs, togetherMs, ratio: Math.round((togetherMs / aloneMs) * 1000) / 1000 };
  } finally {
    await bench.dispose();
  }
};
