import '@vscode/codicons/dist/codicon.css';
import './base.css';
import './shared/parts.css';
import './shared/controls.css';
import './task.css';
import './task/runs.css';
import './task/steps.css';
import './task/pulls.css';
import './task/composer.css';
import { createRef, render } from 'preact';
import { connect } from '../src/protocol/rpc.ts';
import type { Progress, TaskViewHost, TaskViewNotifications, TaskViewState } from '../src/protocol/taskView.ts';
import { acquireHost, ask } from './host.ts';
import { Drafts } from './task/drafts.ts';
import { LiveText } from './task/liveText.ts';
import { withProgress } from './task/progress.ts';
import { TaskContext } from './task/taskContext.ts';
import { TaskView } from './task/taskView.tsx';
import { defineElements } from './toolkit.ts';

function start(root: HTMLElement): void {
  const page = acquireHost();
  const drafts = new Drafts(page);
  const live = new LiveText();
  const instruction = createRef<HTMLTextAreaElement>();
  let wantsFocus = false;

  const focus = () => {
    wantsFocus = !instruction.current;
    instruction.current?.focus();
  };
  let shown: TaskViewState | undefined;
  const draw = (state: TaskViewState) => {
    shown = state;
    render(
      <TaskContext.Provider value={context}>
        <TaskView state={state} />
      </TaskContext.Provider>,
      root,
    );
  };
  const show = (state: TaskViewState) => {
    live.clear();
    draw(state);
    if (wantsFocus) focus();
  };
  const showProgress = (progress: Progress) => {
    live.clear(progress.runs.map(({ id }) => id));
    if (shown && progress.runs.length > 0) draw(withProgress(shown, progress));
    for (const { runId, text } of progress.texts) live.append(runId, text);
  };

  defineElements();
  const host = connect<TaskViewHost, TaskViewNotifications>(page.port, {
    state: show,
    progress: showProgress,
    write: ({ taskId, text }) => drafts.append(taskId, text),
    focus,
  });
  const context = { host, page, drafts, live, instruction };
  ask(host.ready());
}

const root = document.getElementById('root');
if (root) start(root);
