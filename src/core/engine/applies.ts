import { createHash, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CandidateId, FileChange, Timestamp } from '../domain.ts';
import { Emitter, type Event } from '../ports.ts';
import { codeOf } from '../problem.ts';
import { mergeTexts } from '../workspace/mergeTexts.ts';
import { type AppliedFile, planUndo, type UndoPlan } from './applyUndo.ts';
import type { FileState } from './fileState.ts';

/** How many applies can be taken back, over all folders; the oldest are forgotten. */
const maxApplies = 20;

/** Everything an apply changed, to put it back. */
export interface Apply {
  readonly id: string;
  /** An absolute path. */
  readonly folder: string;
  /** What was applied, for people: "Claude's patch". */
  readonly name: string;
  readonly appliedAt: Timestamp;
  readonly candidateId: CandidateId;
  /** The candidate's patch as it was then, also where only some of its files were applied. */
  readonly changes: readonly FileChange[];
  readonly files: readonly AppliedFile[];
  /** Folders that the apply made, each after the one it is in; relative to the folder. */
  readonly newFolders: readonly string[];
}

/** `<hash of the folder>-<time>-<id>.json`; a file of another name is nobody's. */
const namePattern = /^([0-9a-f]{16})-(\d{14})-([0-9a-f-]{36})\.json$/;

/** The last applies, on disk, where windows share them and a reload finds them. */
export class Applies {
  readonly #directory: string;
  readonly #changes = new Emitter<void>();

  constructor(storageDirectory: string) {
    this.#directory = join(storageDirectory, 'applies');
  }

  /** Fires when an apply of this window was added or forgotten. */
  get onDidChange(): Event<void> {
    return this.#changes.event;
  }

  /** Begins the record of an apply, which is not kept before `keep`. */
  begin(apply: Omit<Apply, 'id' | 'appliedAt'>): Apply {
    return { id: randomUUID(), appliedAt: Date.now(), ...apply };
  }

  /** Keeps an apply, or what is known of it now, and forgets the oldest ones over the limit. */
  async keep(apply: Apply): Promise<void> {
    await mkdir(this.#directory, { recursive: true });
    const file = join(this.#directory, nameOf(apply));
    const unfinished = `${file}.new`;
    // It may hold what the user keeps from others.
    await writeFile(unfinished, JSON.stringify(apply, encodeBytes), { mode: 0o600 });
    await rename(unfinished, file);
    for (const name of (await this.#names()).slice(maxApplies)) await this.#remove(name);
    this.#changes.fire();
  }

  async forget({ id }: Pick<Apply, 'id'>): Promise<void> {
    for (const name of await this.#names()) if (name.includes(id)) await this.#remove(name);
    this.#changes.fire();
  }

  /** Whether there is an apply of one of these folders to take back. */
  async canUndo(folders: readonly string[]): Promise<boolean> {
    return (await this.#namesOf(folders)).length > 0;
  }

  /** The last apply of these folders, or the one that is asked for; undefined when it isn't kept any more. */
  async last(folders: readonly string[], id?: string): Promise<Apply | undefined> {
    for (const name of await this.#namesOf(folders)) {
      if (id !== undefined && !name.includes(id)) continue;
      const apply = await this.#read(name);
      if (apply) return apply;
    }
    return undefined;
  }

  /** What a folder may hold of a candidate: its patches as they were applied and not taken back, newest first. */
  async ofCandidate(folder: string, id: CandidateId): Promise<readonly Apply[]> {
    const applies = await Promise.all((await this.#namesOf([folder])).map((name) => this.#read(name)));
    return applies.filter((apply) => apply !== undefined).filter(({ candidateId }) => candidateId === id);
  }

  /** How to take an apply back from the folder as `readCurrent` has it now. */
  async planUndo(
    { files }: Apply,
    readCurrent: (path: string) => Promise<FileState | undefined>,
    signal?: AbortSignal,
  ): Promise<UndoPlan> {
    await mkdir(this.#directory, { recursive: true });
    const scratch = await mkdtemp(join(this.#directory, 'merge-'));
    try {
      return await planUndo(files, readCurrent, (base, ours, theirs) =>
        mergeTexts(scratch, base, ours, theirs, signal),
      );
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }

  async #read(name: string): Promise<Apply | undefined> {
    try {
      return JSON.parse(await readFile(join(this.#directory, name), 'utf8'), decodeBytes) as Apply;
    } catch (error) {
      // Another window forgot it, or the disk was full in the middle of it.
      if (error instanceof SyntaxError || codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  async #namesOf(folders: readonly string[]): Promise<readonly string[]> {
    const hashes = new Set(folders.map(hashOf));
    return (await this.#names()).filter((name) => hashes.has(namePattern.exec(name)?.[1] ?? ''));
  }

  /** Every record, newest first. */
  async #names(): Promise<readonly string[]> {
    const names = await readdir(this.#directory).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    });
    const timeOf = (name: string) => namePattern.exec(name)?.[2] ?? '';
    return names.filter((name) => namePattern.test(name)).sort((a, b) => timeOf(b).localeCompare(timeOf(a)));
  }

  #remove(name: string): Promise<void> {
    return rm(join(this.#directory, name), { force: true });
  }
}

function nameOf({ folder, appliedAt, id }: Apply): string {
  return `${hashOf(folder)}-${String(appliedAt).padStart(14, '0')}-${id}.json`;
}

function hashOf(folder: string): string {
  return createHash('sha256').update(folder).digest('hex').slice(0, 16);
}

/** Bytes as JSON holds them. A `Buffer` comes here in the form its own `toJSON` gives it. */
function encodeBytes(this: unknown, key: string, value: unknown): unknown {
  const original = (this as Record<string, unknown>)[key];
  return original instanceof Uint8Array ? { base64: Buffer.from(original).toString('base64') } : value;
}

function decodeBytes(_key: string, value: unknown): unknown {
  const isBytes = typeof value === 'object' && value !== null && 'base64' in value && typeof value.base64 === 'string';
  return isBytes ? new Uint8Array(Buffer.from(value.base64 as string, 'base64')) : value;
}
