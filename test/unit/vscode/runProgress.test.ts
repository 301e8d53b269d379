import assert from 'node:assert/strict';
import type { Run, Step, Task } from '../../../src/core/domain.ts';
import { noUsage } from '../../../src/core/domain.ts';
import { changedRuns } from '../../../src/vscode/runProgress.ts';

const said = (text: string): Step => ({ type: 'text', text });
const read: Step = { type: 'tool', callId: '1', tool: 'read_file', target: 'a', outcome: 'ok', detail: '' };
const run = (id: string, ...steps: Step[]) => ({ id, steps, usage: noUsage, changes: [] }) as unknown as Run;
const taskOf = (...runs: Run[]) =>
  ({ id: 't', title: 'T', rounds: [{ id: 'r', message: 'm', runs }] }) as unknown as Task;

/** A task like another with its second run replaced, as the engine makes it: the rest stays the same. */
function replacing(task: Task, second: Run): Task {
  return {
    ...task,
    rounds: task.rounds.map((round) => ({
      ...round,
      runs: round.runs.map((run, index) => (index === 1 ? second : run)),
    })),
  };
}

describe('the runs that a task view has to be told of', () => {
  const first = run('a', said('Hello'));
  const second = run('b', read, said('I see'));
  const task = taskOf(first, second);
  const told = (change: Partial<Run>) =>
    changedRuns(task, replacing(task, { ...second, ...change }))?.map(({ id }) => id);

  it('are none where nothing changed', () => {
    assert.deepEqual(changedRuns(task, task), []);
  });

  it('are none where a run only said more', () => {
    assert.deepEqual(told({ steps: [read, said('I see it now')] }), []);
    assert.deepEqual(told({ steps: [...second.steps, said('And')] }), []);
  });

  it('are those that did something else', () => {
    assert.deepEqual(told({ steps: [...second.steps, read] }), ['b']);
    assert.deepEqual(told({ steps: [{ ...read, outcome: 'failed' } as Step, said('I see')] }), ['b']);
    assert.deepEqual(told({ usage: { ...noUsage, input: 1 } }), ['b']);
    assert.deepEqual(told({ tree: 'x' as NonNullable<Run['tree']> }), ['b']);
  });

  it('are those that said something else', () => {
    assert.deepEqual(told({ steps: [read, said('Oh')] }), ['b']);
    assert.deepEqual(told({ steps: [said('I see')] }), ['b']);
  });

  it('are not enough where the task or a round changed', () => {
    assert.equal(changedRuns(task, { ...task, title: 'Other' }), undefined);
    assert.equal(changedRuns(task, { ...task, rounds: [...task.rounds, ...taskOf(first).rounds] }), undefined);
    const chosen = task.rounds.map((round) => ({ ...round, chosenRunId: first.id }));
    assert.equal(changedRuns(task, { ...task, rounds: chosen }), undefined);
  });
});
