import assert from 'node:assert/strict';
import type { Round, Run, RunId, Step } from '../../../src/core/domain.ts';
import { statusNews } from '../../../webview-ui/shared/statusNews.ts';
import { LiveText } from '../../../webview-ui/task/liveText.ts';
import { roundSentence } from '../../../webview-ui/task/roundSentence.ts';
import {
  hasMore,
  listedSteps,
  stepDoing,
  stepWord,
  waitingText,
  withLiveText,
} from '../../../webview-ui/task/steps.ts';

type Status = Run['state']['status'];
type ToolStep = Extract<Step, { type: 'tool' }>;

const runId = (id: string) => id as RunId;
const aRun = (id: string, status: Status) =>
  ({ id: runId(id), profile: { label: `Model ${id}` }, state: { status } }) as unknown as Run;
const sentence = (...statuses: Status[]) =>
  roundSentence({ runs: statuses.map((status, index) => aRun(String(index), status)) } as unknown as Round);
const aStep = (change: Partial<ToolStep>): ToolStep => ({
  type: 'tool',
  callId: '1',
  tool: 'edit_file',
  target: 'a.ts',
  outcome: 'ok',
  detail: '',
  ...change,
});

describe('texts about runs', () => {
  it('say how far a round is', () => {
    assert.equal(sentence('running', 'queued'), '0 of 2 done.');
    assert.equal(sentence('succeeded', 'running', 'queued'), '1 of 3 done. You can compare already.');
    assert.equal(sentence('succeeded', 'failed', 'canceled'), '1 of 3 done, 1 failed, 1 canceled.');
    assert.equal(sentence('failed', 'running'), '0 of 2 done, 1 failed.');
    const stopped = {
      ...aRun('a', 'failed'),
      tree: 'tree',
      state: { status: 'failed', problem: { code: 'step-limit' } },
    };
    const runs = [stopped, aRun('b', 'failed'), aRun('c', 'succeeded')];
    assert.equal(roundSentence({ runs } as unknown as Round), '1 of 3 done, 1 stopped, 1 failed.');
  });

  it('announce only what changed', () => {
    const known = new Map<RunId, Status>([
      [runId('a'), 'running'],
      [runId('b'), 'running'],
    ]);
    const runs = [aRun('a', 'succeeded'), aRun('b', 'running'), aRun('c', 'queued')];
    assert.equal(statusNews(known, runs), 'Model a succeeded.');
    assert.equal(
      statusNews(known, [aRun('a', 'canceled'), aRun('b', 'failed')]),
      'Model a was canceled. Model b failed.',
    );
  });

  it('name a step by its tool, or by what became of it', () => {
    assert.equal(stepWord(aStep({})), 'edit');
    assert.equal(stepDoing(aStep({ outcome: 'running' })), 'editing');
    assert.equal(stepWord(aStep({ outcome: 'refused' })), 'refused');
    assert.equal(stepWord(aStep({ tool: 'something_new' })), 'something_new');
  });

  it('know a step whose line does not fit where the view is narrow', () => {
    assert.equal(hasMore(aStep({ target: 'src/a.ts', detail: '212 lines' })), false);
    assert.equal(hasMore(aStep({ target: 'src/components/deeply/nested/button.tsx', detail: '' })), true);
    assert.equal(hasMore(aStep({ target: 'a', detail: 'two\nlines' })), true);
  });

  it('list the steps that say something afterwards', () => {
    const text: Step = { type: 'text', text: 'I see' };
    const edit = aStep({});
    const steps: Step[] = [
      text,
      { type: 'waiting', reason: 'rate limited', until: 1 },
      edit,
      aStep({ tool: 'finish' }),
    ];
    assert.deepEqual(listedSteps(steps), [text, edit]);
  });

  it('count down while a run waits', () => {
    const step = { type: 'waiting', reason: 'rate limited', until: 10_000 } as const;
    assert.equal(waitingText(step, 1200), 'rate limited, goes on in 9 s');
    assert.equal(waitingText(step, 10_000), 'rate limited, going on');
  });
});

describe('streamed text', () => {
  it('is put behind the last text step, or becomes one', () => {
    const tool = aStep({});
    assert.deepEqual(withLiveText([tool, { type: 'text', text: 'I ' }], 'see'), [
      tool,
      { type: 'text', text: 'I see' },
    ]);
    assert.deepEqual(withLiveText([tool], 'Now'), [tool, { type: 'text', text: 'Now' }]);
    assert.deepEqual(withLiveText([tool], ''), [tool]);
  });

  it('tells only who listens to its run, until they stop', () => {
    const live = new LiveText();
    let calls = 0;
    const stop = live.listen(runId('a'), () => calls++);
    live.append(runId('a'), 'one ');
    live.append(runId('b'), 'other');
    stop();
    live.append(runId('a'), 'two');
    assert.equal(calls, 1);
    assert.equal(live.textOf(runId('a')), 'one two');
    live.clear();
    assert.equal(live.textOf(runId('a')), '');
  });
});
