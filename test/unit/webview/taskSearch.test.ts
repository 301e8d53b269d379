import assert from 'node:assert/strict';
import type { TaskId, TaskSummary } from '../../../src/core/domain.ts';
import { matchingTasks } from '../../../webview-ui/task/taskSearch.ts';

const task = (title: string, scope?: string): TaskSummary => ({
  ...{ id: title as TaskId, title, updatedAt: 0, running: 0, rounds: 1, pullRequests: 0 },
  ...(scope !== undefined && { scope }),
});
const tasks = [task('Retry failed uploads'), task('Show failed uploads', 'src/ui'), task('Read the manual')];
const found = (query: string) => matchingTasks(tasks, query).map(({ title }) => title);

describe('the search over tasks', () => {
  it('finds every word, in any order and case', () => {
    assert.deepEqual(found('UPLOADS retry'), ['Retry failed uploads']);
    assert.deepEqual(found('failed'), ['Retry failed uploads', 'Show failed uploads']);
    assert.deepEqual(found('failed manual'), []);
  });

  it('looks at scopes too', () => {
    assert.deepEqual(found('src/ui'), ['Show failed uploads']);
  });

  it('finds everything for nothing', () => {
    assert.equal(found('  ').length, tasks.length);
  });
});
