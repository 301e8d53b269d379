import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectName, Timestamp } from '../domain.ts';
import { codeOf } from '../problem.ts';
import { foldersDirectory } from './leftovers.ts';
import type { FolderOfRun } from './storageReport.ts';

/** What is known of a run's folder; kept beside it, where nobody who works in it sees it. */
export interface FolderRecord extends FolderOfRun {
  /** What the folder was made of. A run that was done again has another. */
  readonly tree: ObjectName;
  readonly createdAt: Timestamp;
  /** A folder made for this one, which goes away with it; absent where the holder is in the storage. */
  readonly root?: string;
  /** The window that makes or removes it. */
  readonly owner: string;
  /** False while it is being made or removed, and when that failed or its window crashed. */
  readonly isFinished: boolean;
}

/** How a record ends while it is being written. */
const unfinished = '.new';
/** No window takes this long to write one. */
const crashedMs = 60 * 60 * 1000;

/** `<run id>-<the first characters of the tree's name>`; a file of another name is nobody's. */
const keyPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-[0-9a-f]{8}$/;

export function keyOf({ runId, tree }: Pick<FolderRecord, 'runId' | 'tree'>): string {
  return `${runId}-${tree.slice(0, 8)}`;
}

export function isKey(name: string): boolean {
  return keyPattern.test(name);
}

/** The records of all run folders, one file each, which windows share. */
export class FolderRecords {
  readonly directory: string;

  constructor(storageDirectory: string) {
    this.directory = foldersDirectory(storageDirectory);
  }

  /** Undefined when there is none, or none that can be read. */
  async read(key: string): Promise<FolderRecord | undefined> {
    try {
      const record = JSON.parse(await readFile(this.#file(key), 'utf8')) as FolderRecord | null;
      return typeof record?.tree === 'string' && keyOf(record) === key ? record : undefined;
    } catch (error) {
      if (error instanceof SyntaxError || codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Every record that can be read, oldest first. */
  async all(): Promise<readonly FolderRecord[]> {
    const records = await Promise.all((await this.keys()).map((key) => this.read(key)));
    return records.filter((record) => record !== undefined).toSorted((a, b) => a.createdAt - b.createdAt);
  }

  async keys(): Promise<readonly string[]> {
    const names = (await this.names()).filter((name) => name.endsWith('.json'));
    return names.map((name) => name.slice(0, -'.json'.length)).filter(isKey);
  }

  /** Everything in the folder of folders. */
  async names(): Promise<readonly string[]> {
    return readdir(this.directory).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    });
  }

  /** False when there is one already: another window was faster. */
  async add(record: FolderRecord): Promise<boolean> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    try {
      await writeFile(this.#file(keyOf(record)), JSON.stringify(record), { flag: 'wx' });
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    }
  }

  /** Writes a record whole or not at all. */
  async save(record: FolderRecord): Promise<void> {
    const file = this.#file(keyOf(record));
    // Another window may be writing the same record.
    const written = `${file}.${randomUUID()}${unfinished}`;
    await writeFile(written, JSON.stringify(record));
    await rename(written, file);
  }

  async remove(key: string): Promise<void> {
    await rm(this.#file(key), { force: true });
  }

  /** Removes what a crash left of a record that was being written; false when it isn't that. */
  async removeUnfinished(name: string): Promise<boolean> {
    if (!name.endsWith(unfinished)) return false;
    const path = join(this.directory, name);
    const found = await stat(path).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > crashedMs) await rm(path, { force: true });
    return true;
  }

  #file(key: string): string {
    return join(this.directory, `${key}.json`);
  }
}
