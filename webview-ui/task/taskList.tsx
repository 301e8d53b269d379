import type { JSX } from 'preact';
import type { TaskId, TaskSummary } from '../../src/core/domain.ts';
import { ask } from '../host.ts';
import { agoText, countText } from '../shared/figures.ts';
import { Icon } from '../shared/icon.tsx';
import { ProgressRing } from '../toolkit.ts';
import { useTaskContext } from './taskContext.ts';

/** The tasks of this folder, newest first as the host sends them. */
export function TaskList(props: {
  readonly tasks: readonly TaskSummary[];
  readonly openTaskId?: TaskId | undefined;
  readonly onOpen: () => void;
}): JSX.Element {
  const { host } = useTaskContext();
  const { tasks, openTaskId, onOpen } = props;
  if (tasks.length === 0) return <p class="quiet empty">No tasks yet. Write an instruction to start one.</p>;
  return (
    <ul class="tasks" data-testid="task-list" aria-label="Tasks">
      {tasks.map((task) => (
        <li key={task.id}>
          <button
            type="button"
            class="task"
            data-testid="task-row"
            data-task-id={task.id}
            aria-current={task.id === openTaskId}
            onClick={() => {
              ask(host.openTask({ taskId: task.id }));
              onOpen();
            }}
          >
            <span class="task-title one-line" title={task.title}>
              {task.title}
            </span>
            {task.running > 0 && (
              <span class="status number">
                <ProgressRing />
                {task.running} running
              </span>
            )}
            <span class="task-facts quiet number one-line">{facts(task)}</span>
            {task.pullRequests > 0 && (
              <span class="task-pull-requests quiet number">
                <Icon name="git-pull-request" />
                {countText(task.pullRequests, 'pull request')}
              </span>
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}

function facts(task: TaskSummary): string {
  const facts = [agoText(task.updatedAt, Date.now()), countText(task.rounds, 'message')];
  if (task.scope) facts.push(`scope ${task.scope}`);
  return facts.join(' · ');
}
