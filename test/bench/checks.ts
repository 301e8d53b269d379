import { execFileSync, execSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CandidateId, ObjectName, Snapshot } from '../../src/core/domain.ts';
import { CheckConsents } from '../../src/core/evidence/checks/checkConsents.ts';
import { CheckFolders } from '../../src/core/evidence/checks/checkFolders.ts';
import { CheckRunner, usualParallelChecks } from '../../src/core/evidence/checks/checkRunner.ts';
import { Sandboxes } from '../../src/core/evidence/sandbox/availability.ts';
import { chooseIsolation } from '../../src/core/evidence/sandbox/chooseIsolation.ts';
import type { Sandbox } from '../../src/core/evidence/sandbox/sandbox.ts';
import { verdictOf } from '../../src/core/evidence/verdict.ts';
import type { Check, CheckRun } from '../../src/core/evidence.ts';
import { createPolicy } from '../../src/core/policy/createPolicy.ts';
import type { Log } from '../../src/core/ports.ts';
import { UserError } from '../../src/core/problem.ts';
import { Limit } from '../../src/core/workspace/limit.ts';
import { openTaskStorage } from '../../src/core/workspace/taskStorage.ts';
import type { TaskStorage } from '../../src/core/workspace/workspace.ts';
import type { Bench } from './bench.ts';
import { diskOf, round } from './figures.ts';
import { makeRepository } from './repository.ts';

const policy = createPolicy({});
const include = { patterns: [], by: 'copy', policy } as const;
const silent = () => {};
const log: Log = {
  debug: silent,
  info: silent,
  warn: (line) => console.error(line),
  error: (line) => console.error(line),
};

interface Scene {
  readonly root: string;
  readonly storage: TaskStorage;
  readonly snapshot: Snapshot;
  /** One for each candidate. */
  readonly trees: readonly ObjectName[];
  readonly check: Check;
  /** In the command line of everything that the check starts. */
  readonly mark: string;
}

/**
 * A check on the untouched snapshot and on R candidates, beside running it on the candidates one after another by hand. The check uses
 * one core, and takes so many seconds of its time: two at once take no longer than one alone on two cores, more do. `atOnce` has
 * everything begin at the same moment. `baseKnown` is what a round is like, where the snapshot's own checks are done before the models are.
 */
export const benchChecks: Bench = async ({ files, runs, seconds, say }) => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'dursor-bench-')));
  const storage = openTaskStorage(join(root, 'task'));
  // What is left in there is ours, whoever else runs checks on this machine.
  const temporaryBefore = process.env.TMPDIR;
  process.env.TMPDIR = join(root, 'tmp');
  mkdirSync(process.env.TMPDIR);
  try {
    say(`Making a repository of ${files} files and ${runs} candidates`);
    const scene = await makeScene(root, storage, { files, runs, seconds });
    const sandbox = await strongest();
    say(`By hand: ${runs} candidates and the base, one after another, ${seconds} s each`);
    const hand = await byHand(scene);
    say(`Base and ${runs} candidates at once, in ${sandbox.isolation}`);
    const kept = new Map<string, CheckRun>();
    const atOnce = await measure(scene, sandbox, kept);
    say(`${runs} candidates, the base being known`);
    const baseKnown = await measure(scene, sandbox, kept);
    return {
      candidates: runs,
      checkSeconds: seconds,
      checkUses: 'one core',
      cores: availableParallelism(),
      parallel: usualParallelChecks(),
      isolation: sandbox.isolation,
      byHandMs: hand.candidatesMs,
      byHandWithBaseMs: hand.candidatesMs + hand.baseMs,
      wallMs: baseKnown.wallMs,
      ratioToByHand: round(baseKnown.wallMs / hand.candidatesMs, 1000),
      runEndToFirstVerdictMs: baseKnown.firstVerdictMs,
      atOnce: { ...atOnce, ratioToByHandWithBase: round(atOnce.wallMs / (hand.candidatesMs + hand.baseMs), 1000) },
      diskBytesLeft: baseKnown.diskBytesLeft + atOnce.diskBytesLeft,
      foldersLeft: baseKnown.foldersLeft + atOnce.foldersLeft,
      processesLeft: baseKnown.processesLeft + atOnce.processesLeft,
    };
  } finally {
    if (temporaryBefore === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = temporaryBefore;
    await storage.close();
    rmSync(root, { recursive: true, force: true });
  }
};

async function makeScene(
  root: string,
  storage: TaskStorage,
  size: { readonly files: number; readonly runs: number; readonly seconds: number },
): Promise<Scene> {
  const folder = join(root, 'folder');
  await makeRepository(folder, size.files);
  const snapshot = await storage.takeSnapshot({ folder, unsaved: [], policy });
  const trees: ObjectName[] = [];
  for (let index = 0; index < size.runs; index++) {
    const copy = await storage.openCopy(snapshot, snapshot.tree, policy);
    await copy.write('candidate.txt', Buffer.from(`${index}\n`));
    trees.push((await copy.patch()).tree);
  }
  const mark = `bench-${process.pid}`;
  const busy = `let used = 0; while (used < ${size.seconds}e6) { const { user, system } = process.cpuUsage(); used = user + system }`;
  const check = { name: 'busy', command: `node -e "${busy}" ${mark}`, timeoutSeconds: size.seconds * 20 };
  return { root, storage, snapshot, trees, check, mark };
}

async function strongest(): Promise<Sandbox> {
  try {
    return chooseIsolation('auto', await new Sandboxes(log).available());
  } catch (error) {
    if (error instanceof UserError) return { isolation: 'none' };
    throw error;
  }
}

/** What a person would do: write the files of each somewhere, run the command there, and wait for it. */
async function byHand({ root, storage, snapshot, trees, check }: Scene) {
  const one = async (tree: ObjectName, name: string) => {
    const started = performance.now();
    const destination = join(root, name);
    await storage.materialise({ snapshot, tree, destination, include });
    execSync(check.command, { cwd: destination, stdio: 'ignore' });
    rmSync(destination, { recursive: true });
    return performance.now() - started;
  };
  const baseMs = await one(snapshot.tree, 'by-hand-base');
  let candidatesMs = 0;
  for (const [index, tree] of trees.entries()) candidatesMs += await one(tree, `by-hand-${index}`);
  return { baseMs: round(baseMs, 1), candidatesMs: round(candidatesMs, 1) };
}

async function measure(
  { root, storage, snapshot, trees, check, mark }: Scene,
  sandbox: Sandbox,
  kept: Map<string, CheckRun>,
) {
  let agreed: readonly string[] = [];
  const consents = new CheckConsents({
    read: () => agreed,
    write: async (list) => {
      agreed = list;
    },
  });
  await consents.agree(snapshot.folder, [check]);
  const storageDirectory = join(root, 'storage');
  mkdirSync(storageDirectory, { recursive: true });
  const folders = new CheckFolders({ storageDirectory, owner: 'bench', isAlive: () => false, log });
  const runner = new CheckRunner(
    {
      taskFolder: snapshot.folder,
      sandbox,
      consents,
      folders,
      materialise: (tree, destination, signal) => storage.materialise({ snapshot, tree, destination, include }, signal),
      turns: new Limit(usualParallelChecks()),
      kept: { read: async (key) => kept.get(key), write: async (key, run) => void kept.set(key, run) },
      log,
    },
    snapshot.tree,
    [check],
  );
  const started = performance.now();
  const base = runner.startBase();
  const verdicts = await Promise.all(
    trees.map(async (tree, index) => {
      const [[candidate], [baseline]] = await Promise.all([runner.start(`${index}` as CandidateId, tree), base]);
      const verdict = baseline && candidate && verdictOf(baseline, candidate).verdict;
      if (verdict !== 'passed') throw new Error(`The check ended otherwise: ${JSON.stringify(candidate)}`);
      return performance.now() - started;
    }),
  );
  const wallMs = round(Math.max(...verdicts), 1);
  await runner.dispose();
  const places = [folders.directory, tmpdir()];
  const left = places.map((place) => readdirSync(place).length);
  return {
    wallMs,
    firstVerdictMs: round(Math.min(...verdicts), 1),
    diskBytesLeft: places.reduce((sum, place, index) => sum + (left[index] === 0 ? 0 : diskOf(place)), 0),
    foldersLeft: left.reduce((sum, count) => sum + count, 0),
    processesLeft: processesWith(mark),
  };
}

function processesWith(mark: string): number {
  const processes = execFileSync('ps', ['-A', '-o', 'args'], { encoding: 'utf8' });
  return processes.split('\n').filter((line) => line.includes(mark)).length;
}
