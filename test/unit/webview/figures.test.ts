import assert from 'node:assert/strict';
import type { FileChange, Run } from '../../../src/core/domain.ts';
import {
  agoText,
  costText,
  countText,
  durationText,
  secondsOf,
  shortCount,
  sumLines,
  tokensText,
} from '../../../webview-ui/shared/figures.ts';

const tokens = (input: number, output = 0) => tokensText({ input, output, cachedInput: 0, reasoning: 0 });
const withState = (state: Run['state']) => ({ state }) as Run;

describe('figures of the webviews', () => {
  it('shortens token counts and shows none as nothing', () => {
    assert.equal(tokens(0), '');
    assert.equal(tokens(1), '1 token');
    assert.equal(tokens(800, 12), '812 tokens');
    assert.equal(tokens(5100, 1000), '6.1k tokens');
    assert.equal(tokens(16_000), '16k tokens');
    assert.equal(tokens(120_932), '121k tokens');
    assert.equal(tokens(999_499), '999k tokens');
    assert.equal(tokens(999_500), '1M tokens');
    assert.equal(tokens(1_234_567), '1.2M tokens');
  });

  it('shortens counts that stand alone', () => {
    assert.deepEqual([0, 1, 999, 12_345, 2_000_000].map(shortCount), ['0', '1', '999', '12.3k', '2M']);
  });

  it('writes a cost, and says where it is unknown', () => {
    assert.equal(costText(undefined), 'price unknown');
    assert.equal(costText('local'), 'local');
    assert.equal(costText({ dollars: 0.042 }), '$0.04');
    assert.equal(costText({ dollars: 0.0004 }), '<$0.01');
    assert.equal(costText({ dollars: 12.5, isLeast: true }), 'from $12.50');
    assert.equal(costText({ dollars: 0 }), 'free');
  });

  it('writes durations in at most two units', () => {
    assert.equal(durationText(-1), '0 s');
    assert.equal(durationText(0.4), '<1 s');
    assert.equal(durationText(48.9), '48 s');
    assert.equal(durationText(60), '1 min');
    assert.equal(durationText(72), '1 min 12 s');
    assert.equal(durationText(3780), '1 h 3 min');
  });

  it('counts the seconds of a run from its own times, and of a running one up to now', () => {
    assert.equal(secondsOf(withState({ status: 'queued' }), 9000), undefined);
    assert.equal(secondsOf(withState({ status: 'canceled', endedAt: 5000 }), 9000), undefined);
    assert.equal(secondsOf(withState({ status: 'running', startedAt: 1000, step: 1 }), 9000), 8);
    assert.equal(secondsOf(withState({ status: 'canceled', startedAt: 1000, endedAt: 5500 }), 9000), 4.5);
  });

  it('says how long ago something was', () => {
    const now = Date.UTC(2026, 0, 20);
    assert.equal(agoText(now - 30_000, now), 'just now');
    assert.equal(agoText(now - 5 * 60_000, now), '5 min ago');
    assert.equal(agoText(now - 3 * 3_600_000, now), '3 h ago');
    assert.equal(agoText(now - 30 * 3_600_000, now), 'yesterday');
    assert.equal(agoText(now - 4 * 86_400_000, now), '4 days ago');
  });

  it('adds up changed lines and leaves binary files out', () => {
    const changes: FileChange[] = [
      { kind: 'modified', lines: { added: 3, removed: 1 } },
      { kind: 'modified' },
      { kind: 'added', lines: { added: 4, removed: 0 } },
    ];
    assert.deepEqual(sumLines(changes), { added: 7, removed: 1 });
  });

  it('puts a number and its noun together', () => {
    assert.equal(countText(1, 'file'), '1 file');
    assert.equal(countText(1212, 'line'), '1,212 lines');
  });
});
