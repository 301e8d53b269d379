/** Milliseconds of work after which others have a turn. */
const turnLength = 10;

/** Does all of some work that yields now and then, without a break. */
export function atOnce<Result>(work: Generator<undefined, Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** Does it in turns. `pause` gives others theirs; when it rejects, the work ends with that. */
export async function inTurns<Result>(work: Generator<undefined, Result>, pause: () => Promise<void>): Promise<Result> {
  let started = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (performance.now() - started < turnLength) continue;
    await pause();
    started = performance.now();
  }
}
