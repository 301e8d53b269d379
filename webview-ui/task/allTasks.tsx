import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { TaskViewState } from '../../src/protocol/taskView.ts';
import { Icon } from '../shared/icon.tsx';
import { useTaskContext } from './taskContext.ts';
import { TaskList } from './taskList.tsx';
import { matchingTasks } from './taskSearch.ts';

/** Every task of this window's folders, with a search over titles and scopes. */
export function AllTasks(props: { readonly state: TaskViewState; readonly onClose: () => void }): JSX.Element {
  const { state, onClose } = props;
  const { instruction } = useTaskContext();
  const [query, setQuery] = useState('');
  const root = useRef<HTMLElement>(null);
  const search = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => search.current?.focus(), []);
  const found = matchingTasks(state.tasks, query);

  const leave = () => {
    onClose();
    instruction.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isSearch = event.target === search.current;
    if (event.key === 'Escape' && isSearch && query) setQuery('');
    else if (event.key === 'Escape') leave();
    else if (isSearch && (event.key === 'ArrowDown' || event.key === 'Enter')) {
      const first = root.current?.querySelector<HTMLElement>('.task');
      if (event.key === 'Enter' && query) first?.click();
      else first?.focus();
    } else return;
    event.preventDefault();
  };

  if (state.tasks.length === 0) {
    return (
      <main>
        <p class="quiet">No tasks yet. Write an instruction to start one.</p>
      </main>
    );
  }
  return (
    <main ref={root} class="all-tasks" onKeyDown={onKeyDown}>
      <div class="task-search">
        <Icon name="search" />
        <input
          ref={search}
          type="text"
          value={query}
          placeholder="Search tasks"
          aria-label="Search tasks"
          spellcheck={false}
          data-testid="task-search"
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
      </div>
      <p class="hidden-text" role="status">
        {query && `${found.length} of ${state.tasks.length} tasks`}
      </p>
      {found.length > 0 ? (
        <TaskList tasks={found} unseen={state.unseen} openTaskId={state.task?.id} onOpen={onClose} />
      ) : (
        <p class="quiet" data-testid="no-task-found">
          No task has “{query.trim()}” in its title or scope.
        </p>
      )}
    </main>
  );
}
