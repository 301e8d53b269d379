import assert from 'node:assert/strict';
import { AccountGate } from '../../../src/core/agent/accountGate.ts';
import { runAgent } from '../../../src/core/agent/agent.ts';
import type { ProfileId, RunEvent } from '../../../src/core/domain.ts';
import type { Provider } from '../../../src/core/providers/provider.ts';
import { FakeClock } from './support/fakeClock.ts';
import { MemoryCopy } from './support/memoryCopy.ts';
import { limits } from './support/running.ts';
import { answer, fail } from './support/scriptedProvider.ts';

type Waiting = Extract<RunEvent, { type: 'waiting' }>;

/** A service that takes `perSecond` requests a second from an account and refuses the others for a time. */
class LimitedService implements Provider {
  readonly asked: number[] = [];
  refused = 0;
  readonly #clock: FakeClock;
  readonly #opensAt: number;
  readonly #perSecond: number;

  constructor(clock: FakeClock, opensAt: number, perSecond = Number.POSITIVE_INFINITY) {
    this.#clock = clock;
    this.#opensAt = opensAt;
    this.#perSecond = perSecond;
  }

  async *stream() {
    const now = this.#clock.now();
    const lately = this.asked.filter((at) => at > now - 1000 && at >= this.#opensAt).length;
    this.asked.push(now);
    if (now < this.#opensAt || lately >= this.#perSecond) {
      this.refused++;
      yield fail('rate-limited', true, Math.max(1000, this.#opensAt - now));
    } else yield* answer('Done.');
  }

  async listModels() {
    return [];
  }
}

async function runMany(count: number, clock: FakeClock, provider: Provider, gate: AccountGate, stops = count) {
  const waits: Waiting[][] = [];
  const controllers = Array.from({ length: count }, () => new AbortController());
  const outcomes = await Promise.all(
    controllers.map((controller, index) => {
      const own: Waiting[] = [];
      waits.push(own);
      const emit = (event: RunEvent) => {
        if (event.type !== 'waiting') return;
        own.push(event);
        if (index >= stops) controller.abort();
      };
      const profile = { id: 'p' as ProfileId, provider: 'openai' as const, model: 'm', label: 'M', options: {} };
      const input = { provider, gate, profile, copy: new MemoryCopy(), clock, limits, markerKey: 'key' };
      return runAgent({ ...input, instruction: 'Go.', conversation: [], folderName: 'shop' }, emit, controller.signal);
    }),
  );
  return { outcomes: outcomes.map(({ kind }) => kind), waits };
}

describe('The gate of an account', () => {
  it('lets eight runs that meet one 429 wait together, tell so, come back one by one, and succeed', async () => {
    const clock = new FakeClock();
    const service = new LimitedService(clock, 20_000);
    const { outcomes, waits } = await runMany(8, clock, service, new AccountGate());
    assert.deepEqual(new Set(outcomes), new Set(['finished']));
    for (const own of waits) {
      assert.equal(own.length, 1);
      assert.equal(own[0]?.reason, 'rate limited');
      assert.ok((own[0]?.until ?? 0) >= 20_000);
    }
    const back = service.asked.slice(8);
    assert.equal(back.length, 8);
    assert.equal(new Set(back).size, 8, 'at eight different times');
  });

  it('keeps a run that has not asked yet from asking at all', async () => {
    const clock = new FakeClock();
    const service = new LimitedService(clock, 0);
    const gate = new AccountGate();
    gate.close(30_000, 'overloaded');
    const { outcomes, waits } = await runMany(1, clock, service, gate);
    assert.deepEqual(outcomes, ['finished']);
    assert.deepEqual(waits[0], [{ type: 'waiting', reason: 'overloaded', until: 30_500 }]);
    assert.deepEqual(service.asked, [30_500]);
  });

  it('gets more runs through than each would by itself where the service takes one at a time', async () => {
    const clock = new FakeClock();
    const service = new LimitedService(clock, 10_000, 1);
    const { outcomes } = await runMany(8, clock, service, new AccountGate());
    assert.deepEqual(new Set(outcomes), new Set(['finished']));
  });

  it('is no concern of another account', async () => {
    const clock = new FakeClock();
    const closed = new AccountGate();
    closed.close(60_000, 'rate limited');
    const { waits } = await runMany(1, clock, new LimitedService(clock, 0), new AccountGate());
    assert.deepEqual(waits, [[]]);
  });

  it('stays closed for as long as anybody was told to wait', async () => {
    const clock = new FakeClock();
    const gate = new AccountGate();
    gate.close(60_000, 'rate limited');
    gate.close(1_000, 'overloaded');
    const { waits } = await runMany(1, clock, new LimitedService(clock, 0), gate);
    assert.equal(waits[0]?.[0]?.until, 60_500);
  });

  it('lets go of a run that is stopped while it waits, and keeps the place of the others', async () => {
    const clock = new FakeClock();
    const gate = new AccountGate();
    gate.close(20_000, 'rate limited');
    const { outcomes } = await runMany(3, clock, new LimitedService(clock, 0), gate, 1);
    assert.deepEqual(outcomes, ['finished', 'aborted', 'aborted']);
    const next = await runMany(1, clock, new LimitedService(clock, 0), gate);
    assert.deepEqual(next.waits, [[]]);
  });
});
