import type { JSX } from 'preact';
import type { TaskSummary } from '../../src/core/domain.ts';
import { ask } from '../host.ts';
import { agoText, countText } from '../shared/figures.ts';
import { Icon } from '../shared/icon.tsx';
import { ProgressRing } from '../shared/progressRing.tsx';
import { useTaskContext } from './taskContext.ts';

export interface TaskRowProps {
  readonly task: TaskSummary;
  readonly isOpen: boolean;
  /** Whether a round of it ended while nobody looked. */
  readonly isUnseen: boolean;
  readonly onOpen: () => void;
}

/** A task as a line of the list: opened by a click, renamed with F2, deleted with Delete, and both by the buttons beside it. */
export function TaskRow(props: TaskRowProps): JSX.Element {
  const { task, isOpen, isUnseen, onOpen } = props;
  const { host } = useTaskContext();
  const rename = () => ask(host.renameTask({ taskId: task.id }));
  const remove = () => ask(host.deleteTask({ taskId: task.id }));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'F2') rename();
    else if (event.key === 'Delete') remove();
    else return;
    event.preventDefault();
  };
  return (
    <li class="task-item" aria-current={isOpen} onKeyDown={onKeyDown}>
      <button
        type="button"
        class="task"
        title={task.title}
        aria-keyshortcuts="F2 Delete"
        data-testid="task-row"
        data-task-id={task.id}
        onClick={() => {
          ask(host.openTask({ taskId: task.id }));
          onOpen();
        }}
      >
        <span class="task-title one-line">{task.title}</span>
        <TaskMark task={task} isUnseen={isUnseen} />
        <span class="task-facts quiet number one-line">{factsOf(task)}</span>
        {task.pullRequests > 0 && (
          <span class="task-pull-requests quiet number">
            <Icon name="git-pull-request" />
            {task.pullRequests}
            <span class="hidden-text">{task.pullRequests === 1 ? 'pull request' : 'pull requests'}</span>
          </span>
        )}
      </button>
      <span class="task-actions">
        <button
          type="button"
          class="icon-button"
          aria-label={`Rename ${task.title}`}
          title="Rename… (F2)"
          data-testid="rename-task"
          onClick={rename}
        >
          <Icon name="edit" />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label={`Delete ${task.title}`}
          title="Delete… (Delete)"
          data-testid="delete-task"
          onClick={remove}
        >
          <Icon name="trash" />
        </button>
      </span>
    </li>
  );
}

function TaskMark({ task, isUnseen }: Pick<TaskRowProps, 'task' | 'isUnseen'>): JSX.Element | null {
  if (task.running > 0) {
    return (
      <span class="status number">
        <ProgressRing />
        {task.running} running
      </span>
    );
  }
  if (!isUnseen) return null;
  return (
    <span class="status unseen" data-testid="unseen">
      <Icon name="circle-filled" />
      Done
    </span>
  );
}

function factsOf(task: TaskSummary): string {
  const facts = [agoText(task.updatedAt, Date.now()), countText(task.rounds, 'message')];
  if (task.scope) facts.push(`scope ${task.scope}`);
  return facts.join(' · ');
}
