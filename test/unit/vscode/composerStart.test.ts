import assert from 'node:assert/strict';
import type { CandidateId, Task, TaskId } from '../../../src/core/domain.ts';
import type { PullRequest } from '../../../src/core/pullRequest.ts';
import { Composer } from '../../../src/vscode/composer.ts';
import type { Settings } from '../../../src/vscode/settings.ts';
import { MemoryMemento } from '../../support/memoryMemento.ts';

const id = (name: string) => name as CandidateId;
const taskId = 't' as TaskId;
const open = { runId: id('a'), number: 12 } as PullRequest;
const closed = { runId: id('b'), number: 13, status: { state: 'merged' } } as PullRequest;
const task = { id: taskId, rounds: [], pullRequests: [open, closed] } as unknown as Task;
const other = { ...task, id: 'u' as TaskId };
const newComposer = (workspace = new MemoryMemento()) =>
  new Composer({ everywhere: new MemoryMemento(), workspace }, { profiles: [] } as unknown as Settings);

describe('where the next message starts', () => {
  it('may be the branch of a pull request that is open, or of which nothing is known yet', () => {
    const { startChoices, start } = newComposer().state(task);
    assert.deepEqual(
      startChoices.map(({ label }) => label),
      ['from workspace', 'from pull request #12'],
    );
    assert.equal(start, 'workspace');
  });

  it('is the pull request whose feedback is addressed, with the threads, until it is sent', async () => {
    const composer = newComposer();
    await composer.address(taskId, open.runId, ['T1', 'T2']);
    assert.deepEqual(composer.start(task), { from: 'pull-request', pull: 'a', threads: ['T1', 'T2'] });
    await composer.setStart(taskId, 'workspace');
    assert.deepEqual(composer.start(task), { from: 'workspace' });
    await composer.setStart(taskId, 'pull-request:a');
    assert.deepEqual(composer.start(task), { from: 'pull-request', pull: 'a', threads: ['T1', 'T2'] });
    await composer.forget(taskId);
    await composer.setStart(taskId, 'pull-request:a');
    assert.deepEqual(composer.start(task), { from: 'pull-request', pull: 'a' }, 'without them after another message');
  });

  it('is kept like the text over a reload, and while another task is looked at', async () => {
    const workspace = new MemoryMemento();
    const composer = newComposer(workspace);
    await composer.address(taskId, open.runId, ['T1']);
    composer.reset();
    assert.deepEqual(composer.start(other), { from: 'workspace' });
    assert.deepEqual(newComposer(workspace).start(task), { from: 'pull-request', pull: 'a', threads: ['T1'] });
  });

  it('has the threads of all that was written into one message, and none once its text is gone', async () => {
    const composer = newComposer();
    await composer.address(taskId, open.runId, ['T1', 'T2']);
    await composer.address(taskId, open.runId, ['T2', 'T3']);
    assert.deepEqual(composer.start(task), { from: 'pull-request', pull: 'a', threads: ['T1', 'T2', 'T3'] });
    await composer.emptied(taskId);
    assert.deepEqual(composer.start(task), { from: 'pull-request', pull: 'a' });
  });

  it('falls back to what it is by default once the pull request is closed', async () => {
    const composer = newComposer();
    await composer.address(taskId, closed.runId, ['T1']);
    assert.deepEqual(composer.start(task), { from: 'workspace' });
    const run = { id: 'r', changes: [{}], tree: 'x', profile: { label: 'Claude' } };
    const chosen = { ...task, rounds: [{ chosenRunId: 'r', runs: [run], compositions: [] }] } as unknown as Task;
    assert.deepEqual(composer.start(chosen), { from: 'run', runId: 'r' });
  });
});
