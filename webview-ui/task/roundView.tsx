import type { JSX } from 'preact';
import type { Round, Task } from '../../src/core/domain.ts';
import type { TaskViewState } from '../../src/protocol/taskView.ts';
import { Collapsible } from '../shared/collapsible.tsx';
import { countText } from '../shared/figures.ts';
import { KeptBack } from './keptBack.tsx';
import { RoundSummary } from './roundSummary.tsx';
import { RunCard } from './runCard.tsx';

/** One message of the user with the runs it started. */
export function RoundView(props: {
  readonly task: Task;
  readonly round: Round;
  readonly costs: TaskViewState['costs'];
}): JSX.Element {
  const { task, round, costs } = props;
  const isLast = task.rounds.at(-1)?.id === round.id;
  return (
    <section class="round" aria-label={`Message: ${round.message.slice(0, 80)}`}>
      <div class="message">
        <Collapsible lines={10}>
          <p class="plain">{round.message}</p>
        </Collapsible>
        <small>{startFacts(task, round)}</small>
        {round.snapshot && <KeptBack snapshot={round.snapshot} />}
      </div>
      {round.runs.map((run, index) => (
        <RunCard
          key={run.id}
          run={run}
          cost={costs[run.id]}
          index={index}
          isChosen={round.chosenRunId === run.id}
          isInLastRound={isLast}
          pullRequests={task.pullRequests.filter((pullRequest) => pullRequest.runId === run.id)}
        />
      ))}
      {round.runs.length > 0 && <RoundSummary round={round} isLast={isLast} />}
    </section>
  );
}

function startFacts(task: Task, round: Round): string {
  const unsaved = round.snapshot?.unsaved.length ?? 0;
  const facts = [startText(task, round) + (unsaved ? ` with ${countText(unsaved, 'unsaved file')}` : '')];
  if (task.scope) facts.push(`scope ${task.scope.replace(/\/?$/, '/')}`);
  return facts.join(' · ');
}

function startText(task: Task, { start }: Round): string {
  if (start.from === 'workspace') return 'from workspace';
  const source = task.rounds.flatMap(({ runs }) => runs).find(({ id }) => id === start.runId);
  return source ? `from ${source.profile.label}’s result` : 'from an earlier result';
}
