import assert from 'node:assert/strict';
import type { Run, RunId } from '../../../src/core/domain.ts';
import type { TaskViewState } from '../../../src/protocol/taskView.ts';
import { LiveText } from '../../../webview-ui/task/liveText.ts';
import { withProgress } from '../../../webview-ui/task/progress.ts';
import { shownFrom } from '../../../webview-ui/task/steps.ts';

const run = (id: string, steps = 0) =>
  ({ id, state: { status: 'running', startedAt: 0, step: steps } }) as unknown as Run;
const [a, b, c] = [run('a'), run('b'), run('c')];
const state = {
  task: {
    rounds: [
      { id: 'r1', runs: [a] },
      { id: 'r2', runs: [b, c] },
    ],
  },
  costs: { a: 'local' },
  composer: { profiles: [] },
} as unknown as TaskViewState;

describe('the state of the task view after progress', () => {
  it('has the newer runs, and keeps every object that did not change', () => {
    const newer = run('c', 2);
    const next = withProgress(state, { runs: [newer], costs: {}, texts: [] });
    assert.equal(next.task?.rounds[1]?.runs[1], newer);
    assert.equal(next.task?.rounds[1]?.runs[0], b);
    assert.equal(next.task?.rounds[0], state.task?.rounds[0]);
    assert.equal(next.composer, state.composer);
    assert.notEqual(next.task?.rounds[1], state.task?.rounds[1]);
  });

  it('has the newer costs beside the others', () => {
    const next = withProgress(state, { runs: [b], costs: { b: 'local' } as TaskViewState['costs'], texts: [] });
    assert.deepEqual(next.costs, { a: 'local', b: 'local' });
  });

  it('is the same where only text came', () => {
    assert.equal(withProgress(state, { runs: [], costs: {}, texts: [{ runId: a.id, text: 'x' }] }), state);
  });
});

describe('streamed text', () => {
  it('is forgotten only for the runs whose state holds it', () => {
    const live = new LiveText();
    live.append('a' as RunId, 'one');
    live.append('b' as RunId, 'two');
    live.clear(['a' as RunId]);
    assert.deepEqual([live.textOf('a' as RunId), live.textOf('b' as RunId)], ['', 'two']);
    live.clear();
    assert.equal(live.textOf('b' as RunId), '');
  });

  it('is shown from a place that moves rarely, and always has its end in it', () => {
    const places = new Set<number>();
    for (let length = 0; length < 4000; length++) {
      const from = shownFrom(length);
      assert.ok(length - from <= 800 && (from === 0 || length - from >= 400), `${length} from ${from}`);
      places.add(from);
    }
    assert.equal(places.size, 9);
  });
});
