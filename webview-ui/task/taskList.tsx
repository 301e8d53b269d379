import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { TaskId, TaskSummary } from '../../src/core/domain.ts';
import { countText } from '../shared/figures.ts';
import { TaskRow } from './taskRow.tsx';

/** More than these are drawn only when asked for. */
const shownAtFirst = 100;

/** Tasks, newest first as the host sends them. The arrow keys go from one to the next. */
export function TaskList(props: {
  readonly tasks: readonly TaskSummary[];
  readonly unseen: readonly TaskId[];
  readonly openTaskId?: TaskId | undefined;
  readonly onOpen: () => void;
}): JSX.Element {
  const { tasks, unseen, openTaskId, onOpen } = props;
  const [isWhole, setWhole] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const lastRow = useRef<number | undefined>(undefined);
  useLayoutEffect(() => {
    // The row that had the focus is gone with its task.
    if (lastRow.current === undefined || document.activeElement !== document.body) return;
    const rows = rowsOf(list.current);
    rows[Math.min(lastRow.current, rows.length - 1)]?.focus();
  }, [tasks]);
  const left = isWhole ? 0 : Math.max(0, tasks.length - shownAtFirst);
  return (
    <>
      <ul
        ref={list}
        class="tasks"
        data-testid="task-list"
        aria-label="Tasks"
        onKeyDown={moveFocus}
        onFocusIn={(event) => {
          lastRow.current = indexOf(rowsOf(event.currentTarget), event.target);
        }}
      >
        {tasks.slice(0, tasks.length - left).map((task) => (
          <TaskRow
            key={task.id}
            task={task}
            isOpen={task.id === openTaskId}
            isUnseen={unseen.includes(task.id)}
            onOpen={onOpen}
          />
        ))}
      </ul>
      {left > 0 && (
        <button type="button" class="link" onClick={() => setWhole(true)}>
          Show {countText(left, 'More Task')}
        </button>
      )}
    </>
  );
}

const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

function moveFocus(event: KeyboardEvent): void {
  const step = steps[event.key];
  if (step === undefined) return;
  const rows = rowsOf(event.currentTarget as HTMLElement);
  const next = rows[indexOf(rows, event.target) + step];
  if (!next) return;
  next.focus();
  event.preventDefault();
}

function rowsOf(list: HTMLElement | null): readonly HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>('.task') ?? [])];
}

/** Which row an element is in. */
function indexOf(rows: readonly HTMLElement[], element: EventTarget | null): number {
  const item = (element as HTMLElement | null)?.closest('.task-item');
  return rows.findIndex((row) => item?.contains(row));
}
