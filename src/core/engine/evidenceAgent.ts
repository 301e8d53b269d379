import type { AgentChecks } from '../agent/tools/runCheck.ts';
import { verdictOf } from '../evidence/verdict.ts';
import { UserError } from '../problem.ts';
import type { EvidenceBook } from './evidenceBook.ts';
import type { CheckScene, EvidenceChecks } from './evidenceChecks.ts';
import type { EvidenceSandbox } from './evidenceSandbox.ts';

interface AgentCheckParts {
  readonly checks: EvidenceChecks;
  readonly sandbox: EvidenceSandbox;
  readonly known: EvidenceBook;
  /** What can be checked of the round at this moment: settings and consents may change while a model works. */
  readonly scene: () => CheckScene | undefined;
}

/** The checks of a round as its agents may run them; undefined where there are none, or nothing keeps them to their copy. */
export async function agentChecksOf(parts: AgentCheckParts): Promise<AgentChecks | undefined> {
  const { checks, sandbox, known } = parts;
  const first = parts.scene();
  if (!first || !(await hasSandbox(sandbox))) return undefined;
  // What failed before is not the model's to mend, so that is found out while it thinks.
  await checks.start(first, []);
  return {
    names: first.checks.map(({ name }) => name),
    run: async (name, tree, signal) => {
      const scene = parts.scene();
      const check = scene?.checks.find((each) => each.name === name);
      if (!scene || !check || !(await hasSandbox(sandbox))) throw noLongerThere(name);
      const { task, round, snapshot } = scene;
      const run = await checks.runOnTree(scene, tree, check, signal);
      const state = checks.state(round.id, 'base', snapshot.tree, check);
      const base = state?.status === 'ended' ? state.run : known.keptRun(task.id, round.id, snapshot.tree, check);
      return { run, ...(base && { verdict: verdictOf(base, run) }) };
    },
  };
}

async function hasSandbox(sandbox: EvidenceSandbox): Promise<boolean> {
  try {
    return (await sandbox.choose()).isolation !== 'none';
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

function noLongerThere(name: string): UserError {
  return new UserError({ code: 'no-sandbox', message: `The check ${name} can't be run any more. Go on without it.` });
}
