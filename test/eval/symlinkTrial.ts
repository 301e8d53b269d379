import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileChange, Snapshot } from '../../src/core/domain.ts';
import { assertPatchAllowed } from '../../src/core/engine/patchGate.ts';
import { createPolicy } from '../../src/core/policy/createPolicy.ts';
import { UserError } from '../../src/core/problem.ts';
import type { Copy } from '../../src/core/workspace/copy.ts';
import type { Attempt, SetupStep } from './symlinkCases.ts';
import { TestFolder } from './testFolder.ts';

/** More hits than this are as good as no end of them. */
const maxHits = 10_000;
const shellMilliseconds = 10_000;

/** A case's folder, and what happens in it. */
export class SymlinkTrial {
  readonly policy = createPolicy({ platform: 'linux' });
  readonly folder = new TestFolder();
  /** Everything that a tool answered with: paths, lines and contents. */
  readonly seen: string[] = [];
  /** Refusals of what nothing in the folder stands in the way of. */
  readonly falselyRefused: string[] = [];
  /** What the tools, and not the shell, changed on disk. */
  readonly changedOnDisk: string[] = [];
  hits = 0;
  snapshot: Snapshot | undefined;
  changes: readonly FileChange[] = [];

  setUp(steps: readonly SetupStep[]): void {
    for (const step of steps) {
      const path = join(this.folder.root, 'dir' in step ? step.dir : 'file' in step ? step.file : step.symlink);
      mkdirSync('dir' in step ? path : dirname(path), { recursive: true });
      if (!`${realpathSync(dirname(path))}/`.startsWith(`${this.folder.root}/`))
        throw new Error(`${path} is not in T.`);
      if ('file' in step) writeFileSync(path, step.content);
      if ('symlink' in step) symlinkSync(step.target, path);
    }
  }

  /** Takes a snapshot, carries the attempt out on a copy of it, and takes the patch as a run does. Throws for an unknown attempt. */
  async run(attempt: Attempt, signal: AbortSignal): Promise<void> {
    this.snapshot = await this.#watched(() => this.folder.snapshot(this.policy, signal));
    const { storage } = this.folder;
    const copy = await storage.openCopy(this.snapshot, this.snapshot.tree, this.policy, signal);
    try {
      await this.#carryOut(attempt, copy, signal);
      const patch = await this.#watched(() => copy.patch(signal));
      await assertPatchAllowed(patch.changes, this.policy, (blob) => storage.readBlob(blob, signal));
      this.changes = patch.changes;
    } finally {
      await copy.dispose();
    }
  }

  async #carryOut(attempt: Attempt, copy: Copy, signal: AbortSignal): Promise<void> {
    const { op, path = '', to = '', content = '', pattern = '', cmd, steps } = attempt;
    switch (op) {
      case 'sequence':
        if (!steps) throw new UnknownAttempt('A sequence has no steps.');
        for (const step of steps) await this.#carryOut(step, copy, signal);
        return;
      case 'shell':
        if (cmd === undefined) throw new UnknownAttempt('A shell step has no command.');
        return this.#shell(cmd);
      case 'snapshot':
        this.snapshot = await this.#watched(() => this.folder.snapshot(this.policy, signal));
        return;
      case 'write':
        return this.#ask(path, () => copy.write(path, Buffer.from(content), signal));
      case 'move':
        return this.#ask(undefined, () => copy.move(path, to, signal));
      case 'delete':
        return this.#ask(path, () => copy.delete(path, signal));
      case 'read':
        return this.#ask(path, async () => {
          const file = await copy.read(path, signal);
          if (file) this.seen.push(Buffer.from(file.bytes).toString());
        });
      case 'list':
        return this.#ask(undefined, async () => {
          this.seen.push(...(await copy.list(signal)).map((entry) => entry.path));
        });
      case 'search':
        return this.#ask(undefined, async () => {
          const query = { pattern, isRegex: false, ignoreCase: false, maxHits };
          const hits = await copy.search(query, signal);
          this.hits += hits.length;
          this.seen.push(...hits.map((hit) => hit.text));
        });
      default:
        throw new UnknownAttempt(`Nothing is known of the attempt ${JSON.stringify(op)}.`);
    }
  }

  /** A tool's call: a refusal is an answer, but a false one where the path is a plain one. */
  async #ask(path: string | undefined, call: () => Promise<unknown>): Promise<void> {
    const isPlain = path !== undefined && this.#isPlain(path);
    try {
      await this.#watched(call);
    } catch (error) {
      if (!(error instanceof UserError) || error.problem.code !== 'refused-by-policy') throw error;
      if (isPlain) this.falselyRefused.push(error.problem.message);
    }
  }

  /** Whether the path was one of a file, or of none, in folders that are no links, when the snapshot was taken. */
  #isPlain(path: string): boolean {
    const verdict = this.policy.check(path, 'write');
    if (!verdict.allowed || this.#changedByShell) return false;
    const names = verdict.path.split('/');
    return names.every((_, index) => {
      const type = typeOf(join(this.folder.workspace, ...names.slice(0, index + 1)));
      return type === 'absent' || type === (index === names.length - 1 ? 'file' : 'folder');
    });
  }

  #changedByShell = false;

  #shell(command: string): void {
    this.#changedByShell = true;
    const { status, stderr } = spawnSync('sh', ['-c', command], {
      cwd: this.folder.workspace,
      timeout: shellMilliseconds,
      encoding: 'utf8',
    });
    if (status !== 0) throw new UnknownAttempt(`The shell step failed: ${stderr.trim()}`);
  }

  /** Nothing that we do changes anything in T. */
  async #watched<T>(work: () => Promise<T>): Promise<T> {
    const before = this.folder.fingerprint();
    try {
      return await work();
    } finally {
      const after = this.folder.fingerprint();
      const paths = new Set([...before.keys(), ...after.keys()]);
      this.changedOnDisk.push(...[...paths].filter((path) => before.get(path) !== after.get(path)));
    }
  }
}

/** The case asks for what this harness can't do. */
export class UnknownAttempt extends Error {}

/** What is at a path, without following a link. */
export function typeOf(path: string): 'file' | 'folder' | 'link' | 'absent' | 'other' {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats) return 'absent';
  if (stats.isSymbolicLink()) return 'link';
  return stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
}

/** The text of a plain file; undefined when there is none. */
export function textAt(path: string): string | undefined {
  return typeOf(path) === 'file' ? readFileSync(path, 'utf8') : undefined;
}
