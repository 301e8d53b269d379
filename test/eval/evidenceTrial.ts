import { existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CandidateId, FileVersion, ObjectName, Patch, Snapshot } from '../../src/core/domain.ts';
import { CheckFolders } from '../../src/core/evidence/checks/checkFolders.ts';
import { CheckRunner } from '../../src/core/evidence/checks/checkRunner.ts';
import { crossTests } from '../../src/core/evidence/checks/crossTests.ts';
import { runCommand } from '../../src/core/evidence/command/runCommand.ts';
import { doesNotApply, marksOf, sizeOf } from '../../src/core/evidence/marks/patchMarks.ts';
import { rank } from '../../src/core/evidence/ranking.ts';
import type { Sandbox } from '../../src/core/evidence/sandbox/sandbox.ts';
import { verdictOf } from '../../src/core/evidence/verdict.ts';
import type { CandidateEvidence, CheckRun, CommandEnd, Mark, Ranking } from '../../src/core/evidence.ts';
import { createPolicy } from '../../src/core/policy/createPolicy.ts';
import type { Log } from '../../src/core/ports.ts';
import { UserError } from '../../src/core/problem.ts';
import { Limit } from '../../src/core/workspace/limit.ts';
import { applyPatch, filesIn, layFiles } from './evidenceApply.ts';
import type { EvidenceTask } from './evidenceTask.ts';
import type { CandidatePatch } from './evidenceTaskParts.ts';
import { TestFolder } from './testFolder.ts';

/** What came of a task: how its candidates were ranked, and which of them are right. */
export interface TrialResult {
  readonly ranking: Ranking;
  readonly right: ReadonlySet<string>;
  /** Of those that apply. */
  readonly patches: ReadonlyMap<string, Patch>;
  readonly evidence: readonly CandidateEvidence[];
}

interface Applied {
  readonly name: string;
  readonly patch?: Patch;
  readonly marks: readonly Mark[];
}

/** The task can't be judged, and the message says why. */
export class Unjudgeable extends Error {}

/** The Node that the harness runs under is the one that tasks get, where the PATH names it. */
const readable = [dirname(process.execPath)];
const none = new AbortController().signal;
const silent = () => {};
const log: Log = { debug: silent, info: silent, warn: silent, error: silent };

/** One task in folders of its own: checks, cross-tests and marks as dursor has them, then the hidden check. */
export class EvidenceTrial {
  readonly #task: EvidenceTask;
  readonly #sandbox: Sandbox;
  readonly #folder = new TestFolder();
  readonly #policy = createPolicy({ platform: process.platform });
  readonly #base = join(this.#folder.root, 'base');
  #layouts = 0;

  constructor(task: EvidenceTask, sandbox: Sandbox) {
    this.#task = task;
    this.#sandbox = sandbox;
  }

  /** Throws `Unjudgeable` where the hidden check could not be run. */
  async run(): Promise<TrialResult> {
    layFiles(this.#task.base, this.#folder.workspace);
    layFiles(this.#task.base, this.#base);
    const snapshot = await this.#folder.snapshot(this.#policy);
    const applied: Applied[] = [];
    for (const candidate of this.#task.candidates) applied.push(await this.#apply(candidate, snapshot));
    const evidence = await this.#gather(applied, snapshot);
    const right = await this.#rightOnes(applied, snapshot);
    const patches = new Map(applied.flatMap(({ name, patch }) => (patch ? [[name, patch] as const] : [])));
    return { ranking: rank(evidence), right, patches, evidence };
  }

  dispose(): Promise<void> {
    return this.#folder.dispose();
  }

  async #gather(applied: readonly Applied[], snapshot: Snapshot): Promise<readonly CandidateEvidence[]> {
    const runner = this.#runner(snapshot);
    try {
      const base = await runner.startBase();
      const open = applied.flatMap(({ name, patch, marks }) =>
        patch && !marks.some(({ isGate }) => isGate) ? [{ id: name as CandidateId, ...patch }] : [],
      );
      const ran = await Promise.all(
        open.map(async (candidate) => ({ ...candidate, runs: await runner.start(candidate.id, candidate.tree) })),
      );
      const treeWith = (tree: ObjectName, files: readonly FileVersion[]) => this.#folder.storage.treeWith(tree, files);
      const { results } = await crossTests({ runner, treeWith }, ran, base, none);
      return applied.map(({ name, patch, marks }) => ({
        candidate: name as CandidateId,
        marks,
        checks: verdicts(base, ran.find(({ id }) => id === name)?.runs ?? []),
        crossTests: results.filter(({ codeOf }) => codeOf === name),
        reviews: [],
        size: patch ? sizeOf(patch.changes) : 0,
      }));
    } finally {
      await runner.dispose();
    }
  }

  #runner(snapshot: Snapshot): CheckRunner {
    const storageDirectory = join(this.#folder.root, 'checks');
    mkdirSync(storageDirectory);
    const parts = {
      taskFolder: snapshot.folder,
      sandbox: this.#sandbox,
      readable,
      // Whoever runs the harness has agreed to the commands of its tasks.
      consents: { assertAgreed: silent },
      folders: new CheckFolders({ storageDirectory, owner: 'eval', isAlive: () => false, log }),
      materialise: (tree: ObjectName, destination: string) => this.#materialise(snapshot, tree, destination),
      turns: new Limit(2),
      kept: { read: async () => undefined, write: async () => {} },
      log,
    };
    return new CheckRunner(parts, snapshot.tree, this.#task.checks);
  }

  #materialise(snapshot: Snapshot, tree: ObjectName, destination: string) {
    const include = { patterns: ['*'], by: 'copy', policy: this.#policy } as const;
    return this.#folder.storage.materialise({ snapshot, tree, destination, include });
  }

  async #apply({ name, text }: CandidatePatch, snapshot: Snapshot): Promise<Applied> {
    const folder = this.#place();
    layFiles(this.#task.base, folder);
    const reason = applyPatch(folder, text);
    if (reason !== undefined) return { name, marks: [doesNotApply(reason)] };
    const patch = await this.#patchOf(folder, snapshot);
    // What a run may not write at all is no reason not to judge the others.
    if (patch instanceof UserError) return { name, marks: [doesNotApply(patch.message)] };
    const marks = await marksOf(patch.changes, (blob) => this.#folder.storage.readBlob(blob));
    return { name, patch, marks };
  }

  /** What a folder has become of the base, as a run's patch; why a run could not have made it, where policy says no. */
  async #patchOf(folder: string, snapshot: Snapshot): Promise<Patch | UserError> {
    const copy = await this.#folder.storage.openCopy(snapshot, snapshot.tree, this.#policy);
    try {
      const [before, after] = [filesIn(this.#base), filesIn(folder)];
      for (const path of before) if (!existsSync(join(folder, path))) await copy.delete(path);
      for (const path of after) {
        const bytes = readFileSync(join(folder, path));
        const old = join(this.#base, path);
        if (!existsSync(old) || !readFileSync(old).equals(bytes)) await copy.write(path, bytes);
      }
      const patch = await copy.patch();
      return { ...patch, tree: await this.#folder.storage.treeWith(patch.tree, newPrograms(patch, folder)) };
    } catch (error) {
      if (error instanceof UserError) return error;
      throw error;
    } finally {
      await copy.dispose();
      rmSync(folder, { recursive: true, force: true });
    }
  }

  async #rightOnes(applied: readonly Applied[], snapshot: Snapshot): Promise<ReadonlySet<string>> {
    const ends = new Map<string, CommandEnd>();
    for (const { name, patch } of applied) if (patch) ends.set(name, await this.#hiddenEnd(patch.tree, snapshot));
    const codes = [...ends].map(([name, end]) => [name, end.type === 'exit' ? end.code : undefined] as const);
    // What a shell says of a command that isn't there; a candidate can't be right or wrong by that.
    if (codes.length > 0 && codes.every(([, code]) => code === 126 || code === 127)) {
      throw new Unjudgeable(`The hidden command is not to be found on this computer: ${this.#task.hidden.command}`);
    }
    return new Set(codes.flatMap(([name, code]) => (code === 0 ? [name] : [])));
  }

  async #hiddenEnd(tree: ObjectName, snapshot: Snapshot): Promise<CommandEnd> {
    const { hidden, hiddenFiles } = this.#task;
    const place = this.#place();
    await this.#materialise(snapshot, tree, place);
    if (hiddenFiles) {
      layFiles(hiddenFiles, place);
      // Some write the command as seen from the folder of the task.
      if (/\bhidden\//.test(hidden.command)) layFiles(hiddenFiles, join(place, 'hidden'));
    }
    const root = realpathSync(place);
    const { command, timeoutSeconds, network = false } = hidden;
    const where = { folder: join(root, hidden.folder ?? ''), root, sandbox: this.#sandbox, readable };
    const { end } = await runCommand({ command, timeoutSeconds, network, ...where, signal: none, log });
    rmSync(place, { recursive: true, force: true });
    if (end.type === 'not-started') throw new Unjudgeable(`The hidden command could not be run: ${end.reason}`);
    return end;
  }

  #place(): string {
    return join(this.#folder.root, `copy-${++this.#layouts}`);
  }
}

function verdicts(base: readonly CheckRun[], runs: readonly CheckRun[]) {
  return runs.flatMap((run) => {
    const before = base.find(({ check }) => check === run.check);
    return before ? [verdictOf(before, run)] : [];
  });
}

/** Files that a patch makes executable: a copy gives every new file the mode of a text. */
function newPrograms({ changes }: Patch, folder: string): readonly FileVersion[] {
  return changes.flatMap(({ after }) => {
    const isProgram = after?.mode === '100644' && (lstatSync(join(folder, after.path)).mode & 0o111) !== 0;
    return isProgram ? [{ ...after, mode: '100755' as const }] : [];
  });
}
