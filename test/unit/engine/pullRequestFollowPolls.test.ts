import assert from 'node:assert/strict';
import type { CandidateId } from '../../../src/core/domain.ts';
import { type PollClock, type PollResult, PollSchedule } from '../../../src/core/engine/pullRequestFollowPolls.ts';

/** A clock that stands until it is moved. */
class HandClock implements PollClock {
  time = 0;
  #timers: { at: number; run: () => void }[] = [];

  now = () => this.time;

  after(milliseconds: number, run: () => void) {
    const timer = { at: this.time + milliseconds, run };
    this.#timers.push(timer);
    return {
      dispose: () => {
        this.#timers = this.#timers.filter((each) => each !== timer);
      },
    };
  }

  get waiting(): number {
    return this.#timers.length;
  }

  /** Goes on to the next timer, and lets what it starts come to its end. Seconds that went by. */
  async next(): Promise<number> {
    const [timer] = this.#timers.toSorted((a, b) => a.at - b.at);
    assert.ok(timer, 'nothing waits');
    this.#timers = this.#timers.filter((each) => each !== timer);
    const seconds = (timer.at - this.time) / 1000;
    this.time = timer.at;
    timer.run();
    await new Promise(setImmediate);
    return seconds;
  }
}

const [one, two] = ['one', 'two'] as CandidateId[] as [CandidateId, CandidateId];

describe('the schedule of looks at pull requests', () => {
  let clock: HandClock;
  let looked: string[];
  let result: PollResult;
  let schedule: PollSchedule;
  beforeEach(() => {
    clock = new HandClock();
    looked = [];
    result = { type: 'same' };
    schedule = new PollSchedule(clock, async (id, interval) => {
      looked.push(`${id} ${interval / 1000}`);
      return result;
    });
  });

  it('waits for nothing while there is nothing to look at', () => {
    assert.equal(clock.waiting, 0);
    schedule.set(new Set());
    assert.equal(clock.waiting, 0);
  });

  it('looks at once, in a minute, then more and more seldom up to five minutes', async () => {
    schedule.set(new Set([one]));
    const waits: number[] = [];
    for (let count = 0; count < 7; count += 1) waits.push(await clock.next());
    assert.deepEqual(waits, [0, 90, 135, 202.5, 300, 300, 300]);
    result = { type: 'changed' };
    await clock.next();
    result = { type: 'same' };
    assert.equal(await clock.next(), 60);
    assert.equal(await clock.next(), 90);
  });

  it('looks at once after something of ours has changed it, whoever has just looked', async () => {
    schedule.set(new Set([one]));
    await clock.next();
    schedule.nudge(one);
    assert.equal(await clock.next(), 0);
    assert.deepEqual(looked, ['one 60', 'one 0']);
    assert.equal(await clock.next(), 60);
    schedule.nudge(two);
    assert.equal(looked.length, 3);
  });

  it('rests as long as it is told to', async () => {
    schedule.set(new Set([one]));
    result = { type: 'rest', milliseconds: 1_800_000 };
    await clock.next();
    assert.equal(await clock.next(), 1800);
  });

  it('looks at a new one at once, and no more at one that is out of sight', async () => {
    schedule.set(new Set([one]));
    await clock.next();
    schedule.set(new Set([one, two]));
    assert.equal(await clock.next(), 0);
    assert.deepEqual(looked, ['one 60', 'two 60']);
    schedule.set(new Set([two]));
    await clock.next();
    assert.deepEqual(looked.slice(2), ['two 90']);
    schedule.set(new Set());
    assert.equal(clock.waiting, 0);
  });

  it('looks once more where it was nudged while it looked', async () => {
    const { promise, resolve } = Promise.withResolvers<PollResult>();
    schedule = new PollSchedule(clock, (id) => {
      looked.push(id);
      return promise;
    });
    schedule.set(new Set([one]));
    await clock.next();
    schedule.nudge(one);
    assert.deepEqual(looked, ['one']);
    resolve({ type: 'same' });
    await new Promise(setImmediate);
    assert.equal(await clock.next(), 0);
    assert.deepEqual(looked, ['one', 'one']);
  });

  it('ends what it is at when it is disposed of', async () => {
    let ended = false;
    schedule = new PollSchedule(clock, async (_id, _interval, signal) => {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      ended = true;
      return { type: 'same' };
    });
    schedule.set(new Set([one]));
    await clock.next();
    await schedule.dispose();
    assert.ok(ended);
    assert.equal(clock.waiting, 0);
  });
});
