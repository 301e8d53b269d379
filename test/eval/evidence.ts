import { Sandboxes } from '../../src/core/evidence/sandbox/availability.ts';
import { chooseIsolation } from '../../src/core/evidence/sandbox/chooseIsolation.ts';
import type { Sandbox } from '../../src/core/evidence/sandbox/sandbox.ts';
import { UserError } from '../../src/core/problem.ts';
import { type Picks, picksOf, saysNone } from './evidencePicks.ts';
import { type EvidenceTask, readTasks } from './evidenceTask.ts';
import { EvidenceTrial, type TrialResult } from './evidenceTrial.ts';

/** Of the tasks that have a right candidate, how often each way of picking finds one, 0 to 1; null where that can't be told. */
type Shares = { readonly [Way in keyof Required<Picks>]: number | null };

/** In all. Tasks that could not be run are `broken` and in no other figure. */
export interface EvidenceReport extends Shares {
  readonly tasks: number;
  readonly broken: number;
  readonly isolation: string;
  readonly withRight: number;
  /** Of these, how often a right or a wrong one was recommended, or none. */
  readonly recommended: {
    readonly right: number;
    readonly wrong: number;
    readonly tied: number;
    readonly none: number;
  };
  readonly withoutRight: number;
  readonly noneRightlySaid: number;
}

interface Judged extends TrialResult {
  readonly picks: Picks;
}

/** Runs every task of a folder with checks alone, no model; `say` gets what came of each. Throws `UnreadableFile`. */
export async function evalEvidence(folder: string, say: (row: object) => void): Promise<EvidenceReport> {
  const tasks = readTasks(folder);
  const sandbox = await strongestSandbox();
  const judged: Judged[] = [];
  for (const task of tasks) {
    if ('broken' in task) {
      say(task);
      continue;
    }
    try {
      const result = await tryTask(task, sandbox);
      judged.push(result);
      say(rowOf(task, result));
    } catch (error) {
      say({ name: task.name, broken: error instanceof Error ? error.message : String(error) });
    }
  }
  return reportOf(judged, tasks.length, sandbox);
}

async function tryTask(task: EvidenceTask, sandbox: Sandbox): Promise<Judged> {
  const trial = new EvidenceTrial(task, sandbox);
  try {
    const result = await trial.run();
    return { ...result, picks: picksOf(result, task.candidates) };
  } finally {
    await trial.dispose();
  }
}

/** As the setting `auto` has it; without any, as somebody who runs the harness has to want it. */
async function strongestSandbox(): Promise<Sandbox> {
  const silent = () => {};
  const available = await new Sandboxes({ debug: silent, info: silent, warn: silent, error: silent }).available();
  try {
    return chooseIsolation('auto', available);
  } catch (error) {
    if (error instanceof UserError) return chooseIsolation('none', available);
    throw error;
  }
}

function rowOf({ name, language }: EvidenceTask, { ranking, right, picks }: Judged): object {
  const ranked = ranking.candidates.map(({ candidate, place, isMergeable, reason }) => ({
    candidate,
    place,
    isRight: right.has(candidate),
    isMergeable,
    reason,
  }));
  const { recommended = null, note } = ranking;
  return { name, language, hasRight: right.size > 0, ...picks, recommended, ...(note && { note }), ranked };
}

function reportOf(judged: readonly Judged[], tasks: number, { isolation }: Sandbox): EvidenceReport {
  const withRight = judged.filter(({ right }) => right.size > 0);
  const withoutRight = judged.filter(({ right }) => right.size === 0);
  const mean = (way: keyof Picks) => {
    const values = withRight.map(({ picks }) => picks[way]);
    const known = values.filter((value) => value !== undefined);
    if (known.length === 0) return null;
    const sum = known.reduce((total, value) => total + value, 0);
    return Math.round((sum / known.length) * 1000) / 1000;
  };
  const count = (holds: (one: Judged) => boolean) => withRight.filter(holds).length;
  const isRecommended = ({ ranking }: Judged) => ranking.recommended !== undefined;
  const right = count(({ ranking, right: names }) => names.has(ranking.recommended ?? ''));
  const none = count(({ ranking }) => saysNone(ranking));
  return {
    tasks,
    broken: tasks - judged.length,
    isolation,
    withRight: withRight.length,
    firstRanked: mean('firstRanked'),
    random: mean('random'),
    firstFinished: mean('firstFinished'),
    smallest: mean('smallest'),
    majority: mean('majority'),
    recommended: {
      right,
      wrong: count(isRecommended) - right,
      tied: withRight.length - count(isRecommended) - none,
      none,
    },
    withoutRight: withoutRight.length,
    noneRightlySaid: withoutRight.filter(({ ranking }) => saysNone(ranking)).length,
  };
}
