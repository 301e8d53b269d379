import '@vscode/codicons/dist/codicon.css';
import './base.css';
import './shared/parts.css';
import './task.css';
import './task/runs.css';
import './task/composer.css';
import { createRef, render } from 'preact';
import { connect } from '../src/protocol/rpc.ts';
import type { TaskViewHost, TaskViewNotifications, TaskViewState } from '../src/protocol/taskView.ts';
import { acquireHost, ask } from './host.ts';
import { LiveText } from './task/liveText.ts';
import { TaskContext } from './task/taskContext.ts';
import { TaskView } from './task/taskView.tsx';
import { defineElements } from './toolkit.ts';

function start(root: HTMLElement): void {
  const page = acquireHost();
  const live = new LiveText();
  const instruction = createRef<HTMLTextAreaElement>();
  let wantsFocus = false;

  const focus = () => {
    wantsFocus = !instruction.current;
    instruction.current?.focus();
  };
  const show = (state: TaskViewState) => {
    live.clear();
    render(
      <TaskContext.Provider value={{ host, page, live, instruction }}>
        <TaskView state={state} />
      </TaskContext.Provider>,
      root,
    );
    if (wantsFocus) focus();
  };

  defineElements();
  const host = connect<TaskViewHost, TaskViewNotifications>(page.port, {
    state: show,
    text: ({ runId, text }) => live.append(runId, text),
    focus,
  });
  ask(host.ready());
}

const root = document.getElementById('root');
if (root) start(root);
