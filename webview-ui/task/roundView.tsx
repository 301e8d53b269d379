import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Round, Task } from '../../src/core/domain.ts';
import { pullRequestToUpdate, pullRequestWith } from '../../src/protocol/pullRequestLine.ts';
import type { TaskViewState } from '../../src/protocol/taskView.ts';
import { Collapsible } from '../shared/collapsible.tsx';
import { countText } from '../shared/figures.ts';
import { CompositionLine } from './compositionLine.tsx';
import { KeptBack } from './keptBack.tsx';
import { messageParts } from './messageParts.ts';
import { RoundSummary } from './roundSummary.tsx';
import { RunCard, type RunCardProps } from './runCard.tsx';

export interface RoundViewProps {
  readonly task: Task;
  readonly round: Round;
  readonly costs: TaskViewState['costs'];
}

/** One message of the user with the runs it started. */
export function RoundView(props: RoundViewProps): JSX.Element {
  const { task, round, costs } = props;
  const isLast = task.rounds.at(-1)?.id === round.id;
  const { asked, rules } = messageParts(round);
  return (
    <section class="round" aria-label={`Message: ${asked.slice(0, 80)}`}>
      <div class="message">
        <Collapsible lines={10}>
          <p class="plain">{asked}</p>
          {rules && <p class="plain quiet">{rules}</p>}
        </Collapsible>
        <small>{startFacts(task, round)}</small>
        {round.snapshot && <KeptBack snapshot={round.snapshot} />}
      </div>
      {round.runs.map((run, index) => (
        <RunPart
          key={run.id}
          run={run}
          cost={costs[run.id]}
          index={index}
          isChosen={round.chosenRunId === run.id}
          isInLastRound={isLast}
          pullRequest={pullRequestWith(task, run.id)}
          updates={pullRequestToUpdate(task, round, run.id)}
        />
      ))}
      {round.compositions.map((composition) => (
        <CompositionLine
          key={composition.id}
          composition={composition}
          isChosen={round.chosenRunId === composition.id}
          pullRequest={pullRequestWith(task, composition.id)}
          updates={pullRequestToUpdate(task, round, composition.id)}
        />
      ))}
      {round.runs.length > 0 && <RoundSummary round={round} isLast={isLast} />}
    </section>
  );
}

/** Draws a card again only when something in it has changed. */
function RunPart(props: RunCardProps): JSX.Element {
  const { run, cost, index, isChosen, isInLastRound, pullRequest, updates } = props;
  const shown = [run, cost, index, isChosen, isInLastRound, pullRequest, updates];
  return useMemo(() => <RunCard {...props} />, shown);
}

function startFacts(task: Task, round: Round): string {
  const unsaved = round.snapshot?.unsaved.length ?? 0;
  const facts = [startText(task, round) + (unsaved ? ` with ${countText(unsaved, 'unsaved file')}` : '')];
  if (task.scope) facts.push(`scope ${task.scope.replace(/\/?$/, '/')}`);
  return facts.join(' · ');
}

function startText(task: Task, { start }: Round): string {
  if (start.from === 'workspace') return 'from workspace';
  if (start.from === 'pull-request') {
    const number = task.pullRequests.find(({ runId }) => runId === start.pull)?.number;
    const from = number === undefined ? 'from a pull request' : `from pull request #${number}`;
    return start.comment ? `${from}, asked for in a comment by ${start.comment.author}` : from;
  }
  const source = task.rounds.flatMap(({ runs }) => runs).find(({ id }) => id === start.runId);
  if (source) return `from ${source.profile.label}’s result`;
  const isComposed = task.rounds.some(({ compositions }) => compositions.some(({ id }) => id === start.runId));
  return isComposed ? 'from your composition' : 'from an earlier result';
}
