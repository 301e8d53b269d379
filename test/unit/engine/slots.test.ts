import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { Slots } from '../../../src/core/engine/slots.ts';

describe('the slots', () => {
  const signal = new AbortController().signal;

  it('let one in at a time where the limit is no number or too small', async () => {
    for (const limit of [Number.NaN, 0, -1, 0.5, undefined as unknown as number]) {
      const slots = new Slots(() => limit);
      let [working, most] = [0, 0];
      const work = async () => {
        most = Math.max(most, ++working);
        await turn();
        working--;
      };
      await Promise.all([slots.use(work, signal), slots.use(work, signal), slots.use(work, signal)]);
      assert.equal(most, 1, String(limit));
    }
  });

  it('let in those who wait when the limit was raised', async () => {
    let limit = 1;
    const slots = new Slots(() => limit);
    const end = Promise.withResolvers<void>();
    let working = 0;
    const work = () => {
      working++;
      return end.promise;
    };
    const all = [1, 2, 3].map(() => slots.use(work, signal));
    await turn();
    assert.equal(working, 1);
    limit = 2;
    slots.admit();
    await turn();
    assert.equal(working, 2);
    end.resolve();
    await Promise.all(all);
    assert.equal(working, 3);
  });
});
