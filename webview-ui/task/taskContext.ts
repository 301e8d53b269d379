import { createContext, type RefObject } from 'preact';
import { useContext } from 'preact/hooks';
import type { Remote } from '../../src/protocol/rpc.ts';
import type { TaskViewHost } from '../../src/protocol/taskView.ts';
import type { Host } from '../host.ts';
import type { Drafts } from './drafts.ts';
import type { LiveText } from './liveText.ts';

/** What every part of the task view can reach. */
export interface TaskContext {
  readonly host: Remote<TaskViewHost>;
  readonly page: Host;
  readonly drafts: Drafts;
  readonly live: LiveText;
  readonly instruction: RefObject<HTMLTextAreaElement | null>;
}

export const TaskContext = createContext<TaskContext | undefined>(undefined);

/** The context of the task view. Must be used inside it. */
export function useTaskContext(): TaskContext {
  const context = useContext(TaskContext);
  if (!context) throw new Error('This part of the task view is not inside it.');
  return context;
}
