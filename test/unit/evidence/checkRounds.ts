import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CandidateId, FileVersion, ObjectName, Snapshot } from '../../../src/core/domain.ts';
import { CheckConsents } from '../../../src/core/evidence/checks/checkConsents.ts';
import { CheckFolders } from '../../../src/core/evidence/checks/checkFolders.ts';
import { CheckRunner, type CheckRunnerParts } from '../../../src/core/evidence/checks/checkRunner.ts';
import type { Check, CheckRun } from '../../../src/core/evidence.ts';
import { Limit } from '../../../src/core/workspace/limit.ts';
import { policy, Sandbox } from '../workspace/sandbox.ts';
import { log } from './commands.ts';

export const candidate = (name: string) => name as CandidateId;

/** A real repository with candidates, and what runs checks on them. */
export class CheckRound {
  readonly box = new Sandbox();
  readonly storageDirectory = join(this.box.root, 'storage');
  /** The trees that were materialised. */
  readonly made: ObjectName[] = [];
  readonly kept = new Map<string, CheckRun>();
  readonly consents: CheckConsents;
  readonly #runners: CheckRunner[] = [];
  #consents: readonly string[] = [];
  #snapshot: Promise<Snapshot> | undefined;

  constructor(files: Readonly<Record<string, string>>) {
    this.box.commit(files);
    this.consents = new CheckConsents({
      read: () => this.#consents,
      write: async (consents) => {
        this.#consents = consents;
      },
    });
  }

  get snapshot(): Promise<Snapshot> {
    this.#snapshot ??= this.box.snapshot();
    return this.#snapshot;
  }

  /** The tree with these files written; undefined deletes one. */
  async tree(files: Readonly<Record<string, string | undefined>>, start?: ObjectName) {
    const copy = await this.box.copy(await this.snapshot, start);
    for (const [path, text] of Object.entries(files)) {
      if (text === undefined) await copy.delete(path);
      else await copy.write(path, Buffer.from(text));
    }
    return await copy.patch();
  }

  readonly treeWith = async (tree: ObjectName, files: readonly FileVersion[]): Promise<ObjectName> => {
    const texts = files.map(async ({ path, blob }) => [
      path,
      Buffer.from(await this.box.task.readBlob(blob)).toString(),
    ]);
    return (await this.tree(Object.fromEntries(await Promise.all(texts)), tree)).tree;
  };

  /** A runner that the user agreed to, unless `agreed` says to fewer checks. */
  async runner(checks: readonly Check[], more: Partial<CheckRunnerParts> = {}, agreed = checks): Promise<CheckRunner> {
    const snapshot = await this.snapshot;
    await this.consents.agree(snapshot.folder, agreed);
    const parts: CheckRunnerParts = {
      taskFolder: snapshot.folder,
      sandbox: { isolation: 'none' },
      consents: this.consents,
      folders: this.folders(),
      materialise: (tree, destination, signal) => {
        this.made.push(tree);
        const include = { patterns: [], by: 'copy', policy } as const;
        return this.box.task.materialise({ snapshot, tree, destination, include }, signal);
      },
      turns: new Limit(2),
      kept: {
        read: async (key) => this.kept.get(key),
        write: async (key, run) => void this.kept.set(key, run),
      },
      log,
      ...more,
    };
    const runner = new CheckRunner(parts, snapshot.tree, checks);
    this.#runners.push(runner);
    return runner;
  }

  folders(owner = 'window', isAlive: (owner: string) => boolean = () => false): CheckFolders {
    return new CheckFolders({ storageDirectory: this.storageDirectory, owner, isAlive, log });
  }

  /** What is in the storage of checks. */
  leftOver(): readonly string[] {
    const directory = join(this.storageDirectory, 'checks');
    return existsSync(directory) ? readdirSync(directory) : [];
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#runners.map((runner) => runner.dispose()));
    await this.box.dispose();
  }
}

/** A check of a name that runs a shell command. */
export function shell(name: string, command: string, more: Partial<Check> = {}): Check {
  return { name, command, timeoutSeconds: 60, ...more };
}

export const ends = (runs: readonly CheckRun[]) => runs.map(({ end }) => (end.type === 'exit' ? end.code : end.type));
