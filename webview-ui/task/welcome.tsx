import type { JSX } from 'preact';
import type { TaskViewState } from '../../src/protocol/taskView.ts';
import { ask } from '../host.ts';
import { Button } from '../toolkit.ts';
import { Blocked } from './blocked.tsx';
import { useTaskContext } from './taskContext.ts';
import { TaskList } from './taskList.tsx';

const recentTasks = 6;

/** What a new task shows above its composer: what dursor does, the first step, and the latest tasks. */
export function Welcome(props: { readonly state: TaskViewState; readonly onOpenTask: () => void }): JSX.Element {
  const { host } = useTaskContext();
  const { tasks, unseen, composer, blocked } = props.state;
  return (
    <div class="welcome">
      {tasks.length === 0 && (
        <p>
          Write one instruction, let several models work on it at once, each on its own copy of your folder, and turn
          the best result into a pull request.
        </p>
      )}
      {blocked && <Blocked problem={blocked} />}
      {composer.profiles.length === 0 && !blocked && (
        <>
          <p class="quiet">Add the first model to begin. You need a key of OpenAI, Anthropic or Google.</p>
          <Button appearance="primary" data-testid="add-model" onClick={() => ask(host.addModel())}>
            Add Model
          </Button>
        </>
      )}
      {tasks.length > 0 && (
        <>
          <h2>Recent tasks</h2>
          <TaskList tasks={tasks.slice(0, recentTasks)} unseen={unseen} onOpen={props.onOpenTask} />
        </>
      )}
    </div>
  );
}
