import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { TaskViewState } from '../../src/protocol/taskView.ts';
import { ask } from '../host.ts';
import { StatusAnnouncer } from '../shared/statusAnnouncer.tsx';
import { AllTasks } from './allTasks.tsx';
import { Blocked } from './blocked.tsx';
import { Composer } from './composer.tsx';
import { Header } from './header.tsx';
import { useKeptScroll } from './keptScroll.ts';
import { ProblemNotice } from './problemNotice.tsx';
import { PullRequestCard } from './pullRequestCard.tsx';
import { RoundView, type RoundViewProps } from './roundView.tsx';
import { useTaskContext } from './taskContext.ts';
import { Welcome } from './welcome.tsx';

/** The whole task view as a function of the host's state. */
export function TaskView(props: { readonly state: TaskViewState }): JSX.Element {
  const { state } = props;
  const { task, blocked, problem } = state;
  const { host } = useTaskContext();
  const [isListOpen, setListOpen] = useState(false);
  const closeList = () => setListOpen(false);
  useEffect(closeList, [task?.id]);

  return (
    <>
      <Header task={task} isListOpen={isListOpen} onToggleList={() => setListOpen(!isListOpen)} />
      {isListOpen ? (
        <AllTasks state={state} onClose={closeList} />
      ) : (
        <Conversation key={task?.id ?? 'new'} state={state} onOpenTask={closeList} />
      )}
      {problem && !blocked && (
        <div class="view-problem" role="alert">
          <ProblemNotice problem={problem} onAct={() => ask(host.act({}))} />
        </div>
      )}
      {!blocked && <Composer taskId={task?.id} state={state.composer} />}
      {blocked && (task || isListOpen) && <Blocked problem={blocked} />}
      <StatusAnnouncer runs={task?.rounds.at(-1)?.runs ?? []} />
    </>
  );
}

function Conversation(props: { readonly state: TaskViewState; readonly onOpenTask: () => void }): JSX.Element {
  const { task, costs, canOpenInExtension } = props.state;
  const { page } = useTaskContext();
  const scroller = useKeptScroll(page, task?.id ?? 'new');
  return (
    <main ref={scroller}>
      {task ? (
        <div class="rounds">
          {task.rounds.map((round) => (
            <RoundPart key={round.id} task={task} round={round} costs={costs} />
          ))}
          {task.pullRequests.length > 0 && (
            <section class="pulls" aria-label="Pull requests">
              <h2>{task.pullRequests.length === 1 ? 'Pull request' : 'Pull requests'}</h2>
              {task.pullRequests.map((pull) => (
                <PullRequestCard key={pull.runId} pull={pull} canOpenInExtension={canOpenInExtension} />
              ))}
            </section>
          )}
        </div>
      ) : (
        <Welcome state={props.state} onOpenTask={props.onOpenTask} />
      )}
    </main>
  );
}

/** Draws a round again only when something in it has changed, so that a long conversation costs no more than a short one. */
function RoundPart(props: RoundViewProps): JSX.Element {
  const { task, round, costs } = props;
  const { pullRequests } = task;
  const isLast = task.rounds.at(-1)?.id === round.id;
  return useMemo(
    () => <RoundView {...props} />,
    [round, isLast, pullRequests, ...round.runs.map(({ id }) => costs[id])],
  );
}
