import { candidatesOf, isComposition } from '../composition.ts';
import { isEnded, type ObjectName, type Round, type RoundId, type Task, type TaskId } from '../domain.ts';
import type { CheckConsents } from '../evidence/checks/checkConsents.ts';
import { isSameCheck } from '../evidence/checks/checkIdentity.ts';
import type { CheckSubject } from '../evidence/checks/checkRunner.ts';
import { isResult } from '../evidence/checks/runAgain.ts';
import { verdictOf } from '../evidence/verdict.ts';
import type {
  CandidateEvidence,
  Check,
  CheckRun,
  CheckState,
  CheckVerdict,
  Isolation,
  RoundEvidence,
} from '../evidence.ts';
import type { EvidenceRows, KeptCrossTests, KeptReviews } from '../store/evidence.ts';
import type { EngineHost } from './engineHost.ts';
import type { EvidenceChecks } from './evidenceChecks.ts';
import type { EvidenceMarks } from './evidenceMarks.ts';
import type { EvidenceReviews } from './evidenceReviews.ts';
import type { EvidenceSandbox } from './evidenceSandbox.ts';
import { type EndedCandidate, evidenceOf, progressOf, rankingOf } from './evidenceView.ts';
import type { TaskBook } from './taskBook.ts';

export interface EvidenceBookParts {
  readonly host: Pick<EngineHost, 'settings'>;
  readonly book: Pick<TaskBook, 'round'>;
  readonly rows: EvidenceRows;
  readonly consents: CheckConsents;
  readonly sandbox: EvidenceSandbox;
  readonly checks: EvidenceChecks;
  readonly marks: EvidenceMarks;
  readonly reviews: EvidenceReviews;
}

/** What is known of a round, and what ranking looks at. */
export interface KnownRound {
  readonly progress: RoundEvidence;
  readonly evidence: readonly CandidateEvidence[];
}

/** The store's rows of a round; read again when somebody wrote. */
interface KeptRows {
  readonly runs: Map<ObjectName, readonly CheckRun[]>;
  readonly reviews?: KeptReviews;
  readonly crossTests?: KeptCrossTests;
}

/** How many rounds' rows stay in memory. */
const keptRounds = 8;

/** All that is known of rounds at a moment: what is stored, what runs, and what follows from both. */
export class EvidenceBook {
  readonly #parts: EvidenceBookParts;
  readonly #rows = new Map<RoundId, KeptRows>();
  readonly #known = new Map<RoundId, { readonly source: string; readonly known: KnownRound }>();
  readonly #verdicts = new WeakMap<CheckRun, WeakMap<CheckRun, CheckVerdict>>();
  #version = 0;
  /** The store's, when rows were read. */
  #stored = '';

  constructor(parts: EvidenceBookParts) {
    this.#parts = parts;
  }

  /** To be called when what is known may be another. */
  outdate(): void {
    this.#version++;
  }

  /** Those of the setting's checks that the user agreed to in the task's folder, or didn't. */
  checksOf(task: Pick<Task, 'folder'>): { readonly agreed: readonly Check[]; readonly notAgreed: readonly Check[] } {
    const { checks } = this.#parts.host.settings().evidence;
    const notAgreed = this.#parts.consents.missing(task.folder, checks);
    return { agreed: checks.filter((check) => !notAgreed.includes(check)), notAgreed };
  }

  /** The same object as long as nothing is another. */
  of(id: RoundId): KnownRound {
    this.#seeWhatWasWritten();
    const { task, round } = this.#parts.book.round(id);
    const candidates = endedOf(round);
    const { evidence } = this.#parts.host.settings();
    const versions = candidates.map(({ id: candidate, tree }) => [candidate, tree]);
    const source = JSON.stringify([this.#version, evidence, round.snapshot?.tree, versions]);
    const before = this.#known.get(id);
    if (before?.source === source) return before.known;
    const known = this.#look(task, round, candidates);
    this.#known.delete(id);
    this.#known.set(id, { source, known });
    forgetOldest(this.#known);
    return known;
  }

  /** What checks of a tree came to, as they are stored. */
  keptRun(taskId: TaskId, roundId: RoundId, tree: ObjectName, check: Check): CheckRun | undefined {
    const { runs } = this.#rowsOf(roundId);
    const ofTree = runs.get(tree) ?? this.#parts.rows.checkRuns(taskId, tree);
    runs.set(tree, ofTree);
    const fitting = ofTree.filter((run) => isSameCheck(run.check, check));
    const isolation = this.#isolation;
    return fitting.findLast((run) => run.isolation === isolation) ?? fitting.at(-1);
  }

  crossTests(id: RoundId): KeptCrossTests | undefined {
    return this.#rowsOf(id).crossTests;
  }

  #seeWhatWasWritten(): void {
    const stored = this.#parts.rows.version();
    if (stored === this.#stored) return;
    this.#stored = stored;
    this.#rows.clear();
    this.#version++;
  }

  #look(task: Task, round: Round, candidates: readonly EndedCandidate[]): KnownRound {
    const { checks, reviews, marks, sandbox } = this.#parts;
    const { agreed, notAgreed } = this.checksOf(task);
    const reviewProgress = reviews.progress(round.id);
    const { snapshot } = round;
    const base = snapshot?.tree;
    const { runs: _, ...kept } = this.#rowsOf(round.id);
    const treeOf = (subject: CheckSubject) =>
      subject === 'base' ? base : candidates.find(({ id }) => id === subject)?.tree;
    const progress = progressOf({
      ...kept,
      candidates,
      stateOf: (subject, check) => this.#stateOf({ task, round }, { subject, tree: treeOf(subject) }, check),
      marksOf: ({ tree, changes }) => (base ? marks.known({ taskId: task.id, base, tree, changes }) : []),
      verdictOf: (before, after) => this.#verdictOf(before, after),
      facts: {
        checks: agreed,
        notAgreed,
        ...(agreed.length > 0 && sandbox.found),
        isChecking: checks.isBusy(round.id),
        isReviewing: reviewProgress !== undefined,
        ...(reviewProgress && { reviewProgress }),
      },
    });
    const evidence = evidenceOf(progress, candidates);
    const ranking = rankingOf(progress, evidence);
    return { progress: { ...progress, ...(ranking && { ranking }) }, evidence };
  }

  #stateOf(
    { task, round }: { readonly task: Task; readonly round: Round },
    { subject, tree }: { readonly subject: CheckSubject; readonly tree: ObjectName | undefined },
    check: Check,
  ): CheckState | undefined {
    if (!tree) return undefined;
    const state = this.#parts.checks.state(round.id, subject, tree, check);
    // What is known of the base is known also while it waits for its turn.
    const isSaid = state?.status === 'ended' ? isResult(state.run) : subject !== 'base' || state?.status === 'running';
    if (state && isSaid) return state;
    const run = this.keptRun(task.id, round.id, tree, check);
    return run ? { status: 'ended', run } : state;
  }

  #verdictOf(base: CheckRun, candidate: CheckRun): CheckVerdict {
    const known = this.#verdicts.get(base) ?? new WeakMap<CheckRun, CheckVerdict>();
    this.#verdicts.set(base, known);
    const verdict = known.get(candidate) ?? verdictOf(base, candidate);
    known.set(candidate, verdict);
    return verdict;
  }

  #rowsOf(id: RoundId): KeptRows {
    this.#seeWhatWasWritten();
    const known = this.#rows.get(id);
    if (known) return known;
    const { rows } = this.#parts;
    const [reviews, crossTests] = [rows.read(id, 'reviews'), rows.read(id, 'cross-tests')];
    const read: KeptRows = { runs: new Map(), ...(reviews && { reviews }), ...(crossTests && { crossTests }) };
    this.#rows.set(id, read);
    forgetOldest(this.#rows);
    return read;
  }

  get #isolation(): Isolation | undefined {
    const { found } = this.#parts.sandbox;
    return found && 'isolation' in found ? found.isolation : undefined;
  }
}

/** The candidates of a round that have ended with a tree. */
export function endedOf(round: Round): readonly EndedCandidate[] {
  return candidatesOf(round).flatMap((candidate) => {
    const { id, tree, changes } = candidate;
    return tree !== undefined && (isComposition(candidate) || isEnded(candidate)) ? [{ id, tree, changes }] : [];
  });
}

function forgetOldest(map: Map<RoundId, unknown>): void {
  const [oldest] = map.keys();
  if (oldest !== undefined && map.size > keptRounds) map.delete(oldest);
}
