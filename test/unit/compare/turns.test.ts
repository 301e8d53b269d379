import assert from 'node:assert/strict';
import { atOnce, inTurns } from '../../../src/core/compare/turns.ts';

describe('long work', () => {
  it('is done at once, or with pauses between long stretches', async () => {
    assert.equal(atOnce(work()), 'done');
    let pauses = 0;
    const result = await inTurns(work(), () => {
      pauses++;
      return Promise.resolve();
    });
    assert.equal(result, 'done');
    assert.equal(pauses, 3);
  });

  it('ends when its pause is refused', async () => {
    await assert.rejects(
      inTurns(work(), () => Promise.reject(new Error('stopped'))),
      /^Error: stopped$/,
    );
  });
});

/** Three stretches of which each is long enough to be the last of its turn. */
function* work(): Generator<undefined, string> {
  for (let stretch = 0; stretch < 3; stretch++) {
    const started = performance.now();
    while (performance.now() - started < 12);
    yield;
  }
  return 'done';
}
