import { type Candidate, type Composition, candidatesOf, isComposition, labelOf } from '../core/composition.ts';
import type { CandidateId, CompositionId, Round, Run, RunId, Task } from '../core/domain.ts';
import type { Cost } from '../core/modelFacts/price.ts';
import type { EvidenceFacts } from '../protocol/compareEvidence.ts';
import type {
  Column,
  CompareState,
  CompositionColumn,
  PatchSize,
  RunColumn,
  RunFacts,
} from '../protocol/comparePanel.ts';
import { pullRequestToUpdate, pullRequestWith } from '../protocol/pullRequestLine.ts';

/** How the panel is getting on; as in `CompareState`. */
export type CompareProgress = Pick<
  CompareState,
  'ignoresFormatting' | 'isComparing' | 'failure' | 'isComposing' | 'canUndoTake' | 'evidence'
>;

/** What the columns of a round are made of. */
export interface ColumnsInput {
  readonly task: Task;
  readonly round: Round;
  readonly costs: Readonly<Record<RunId, Cost>>;
  /** The composition that choices go into, where there is one. */
  readonly openComposition: CompositionId | undefined;
  /** Of the candidates that ended. */
  readonly facts: ReadonlyMap<CandidateId, EvidenceFacts>;
}

/** What the compare panel shows besides files. */
export function compareState(input: ColumnsInput, progress: CompareProgress): CompareState {
  const { task, round } = input;
  return {
    taskTitle: task.title,
    roundId: round.id,
    message: round.message,
    start: round.start.from,
    columns: candidatesOf(round).map((candidate) => columnOf(input, candidate)),
    ...progress,
  };
}

function columnOf(input: ColumnsInput, candidate: Candidate): Column {
  return isComposition(candidate) ? compositionColumn(input, candidate) : runColumn(input, candidate);
}

function runColumn(input: ColumnsInput, run: Run): RunColumn {
  const cost = input.costs[run.id];
  return {
    type: 'run',
    id: run.id,
    run: factsOf(run),
    ...(cost !== undefined && { cost }),
    ...sharedOf(input, run),
  };
}

function compositionColumn(input: ColumnsInput, composition: Composition): CompositionColumn {
  const { id, name, secretsInPatch } = composition;
  const isOpen = id === input.openComposition;
  return { type: 'composition', id, name, isOpen, secretsInPatch, ...sharedOf(input, composition) };
}

function sharedOf({ task, round, facts }: ColumnsInput, candidate: Candidate) {
  const id: CandidateId = candidate.id;
  const pullRequest = pullRequestWith(task, id);
  const updates = pullRequestToUpdate(task, round, id)?.number;
  const evidence = facts.get(id);
  return {
    label: labelOf(candidate),
    size: sizeOf(candidate),
    isChosen: round.chosenRunId === id,
    ...(pullRequest && { pullRequest }),
    ...(updates !== undefined && { updates }),
    ...(evidence && { evidence }),
  };
}

/** Steps and changes are long, and the panel shows neither: files have a message of their own. */
function factsOf({ steps, changes, resumes, ...facts }: Run): RunFacts {
  return facts;
}

function sizeOf({ changes }: Candidate): PatchSize {
  let [added, removed] = [0, 0];
  for (const { lines } of changes) {
    added += lines?.added ?? 0;
    removed += lines?.removed ?? 0;
  }
  return { files: changes.length, added, removed };
}
