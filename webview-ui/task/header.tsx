import type { JSX } from 'preact';
import type { Task } from '../../src/core/domain.ts';
import { ask } from '../host.ts';
import { Icon } from '../shared/icon.tsx';
import { Menu } from '../shared/menu.tsx';
import { Button } from '../toolkit.ts';
import { useTaskContext } from './taskContext.ts';

/** The task's title with the ways to other tasks. */
export function Header(props: {
  readonly task: Task | undefined;
  readonly isListOpen: boolean;
  readonly onToggleList: () => void;
}): JSX.Element {
  const { task, isListOpen, onToggleList } = props;
  const { host } = useTaskContext();
  return (
    <header>
      <h1 class="one-line" title={task?.title}>
        {isListOpen ? 'All tasks' : (task?.title ?? 'New task')}
      </h1>
      <Button
        appearance="icon"
        label="All Tasks"
        title="All Tasks"
        isExpanded={isListOpen}
        data-testid="toggle-task-list"
        onClick={onToggleList}
      >
        <Icon name="list-unordered" />
      </Button>
      <Button
        appearance="icon"
        label="New Task"
        title="New Task"
        data-testid="new-task"
        onClick={() => {
          if (isListOpen) onToggleList();
          ask(host.newTask());
        }}
      >
        <Icon name="add" />
      </Button>
      {task && !isListOpen && (
        <Menu
          label="More Actions"
          testId="more"
          items={[
            { id: 'rename', label: 'Rename…', onSelect: () => ask(host.renameTask({ taskId: task.id })) },
            { id: 'delete', label: 'Delete…', onSelect: () => ask(host.deleteTask({ taskId: task.id })) },
          ]}
        />
      )}
    </header>
  );
}
