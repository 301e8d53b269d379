import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Log } from '../../ports.ts';
import { codeOf, stackOf, UserError } from '../../problem.ts';
import { inside } from '../../workspace/folderPaths.ts';
import { deletingPrefix, removeFolder } from '../../workspace/removeFolder.ts';

export interface CheckFolderParts {
  /** Where dursor keeps what it makes; windows share it. */
  readonly storageDirectory: string;
  /** This window, and whether another is there. */
  readonly owner: string;
  readonly isAlive: (owner: string) => boolean;
  readonly log: Log;
}

/** A place for one copy that checks run in. */
export interface CheckFolder {
  /** Where the copy is to be; not there yet, in a folder of its own. */
  readonly path: string;
  /** Removes the copy with all that is around it. Never rejects: what can't be removed now goes at the next start. */
  remove(): Promise<void>;
}

/** What is known of a folder, before there is anything of it and until nothing is left of it. */
interface CheckFolderRecord {
  readonly owner: string;
  /** Everything of it is in here. */
  readonly holder: string;
}

const keyPattern = /^[0-9a-f]{12}$/;
const unfinished = '.new';
/** No window takes this long to write a record. */
const crashedMs = 60 * 60 * 1000;

/** The copies that checks run in, outside of the user's folders. None outlives its window for longer than until the next start. */
export class CheckFolders {
  readonly #parts: CheckFolderParts;
  readonly directory: string;

  constructor(parts: CheckFolderParts) {
    this.#parts = parts;
    this.directory = join(parts.storageDirectory, 'checks');
  }

  /** A new place outside of `taskFolder`. Throws `UserError` (`folder-failed`) when there is none. */
  async make(taskFolder: string): Promise<CheckFolder> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const key = randomBytes(6).toString('hex');
    const holder = await this.#placeOutside(taskFolder, key);
    await this.#save(key, { owner: this.#parts.owner, holder });
    await mkdir(holder, { recursive: true, mode: 0o700 });
    return {
      path: join(holder, basename(taskFolder) || 'folder'),
      remove: () =>
        this.#discard(key, holder).catch((error: unknown) =>
          this.#parts.log.warn(`${holder} is left over until the next start: ${stackOf(error)}`),
        ),
    };
  }

  /** Removes what windows that are gone have left. Never rejects. */
  async removeLeftovers(signal: AbortSignal): Promise<void> {
    const names = await readdir(this.directory).catch(() => []);
    for (const name of names) {
      if (signal.aborted) return;
      try {
        await this.#tidy(name, signal);
      } catch (error) {
        if (!signal.aborted)
          this.#parts.log.warn(`${join(this.directory, name)} is still left over: ${stackOf(error)}`);
      }
    }
  }

  async #tidy(name: string, signal: AbortSignal): Promise<void> {
    const path = join(this.directory, name);
    if (name.startsWith(deletingPrefix)) return removeFolder(path, signal);
    if (name.endsWith(unfinished)) {
      const found = await stat(path).catch(() => undefined);
      if (found && Date.now() - found.mtimeMs > crashedMs) await rm(path, { force: true });
      return;
    }
    const key = name.replace(/\.json$/, '');
    if (!keyPattern.test(key)) return;
    const record = await this.#read(key);
    // A folder has a record for as long as it is there, unless that was lost.
    if (!record) return this.#discard(key, join(this.directory, key));
    if (record.owner === this.#parts.owner || this.#parts.isAlive(record.owner)) return;
    await this.#discard(key, record.holder);
    this.#parts.log.info(`Removed ${record.holder}, which was left over`);
  }

  /** Its record goes last, so that what can't be removed now is found at the next start. */
  async #discard(key: string, holder: string): Promise<void> {
    await removeFolder(holder);
    await rm(this.#file(key), { force: true });
  }

  /** A place in the storage, or else, where that is inside the task's folder as in a home folder that is opened, a temporary one. */
  async #placeOutside(taskFolder: string, key: string): Promise<string> {
    const real = await realpath(taskFolder).catch(() => taskFolder);
    if (inside(real, await realpath(this.directory)) === undefined) return join(this.directory, key);
    const temporary = await realpath(tmpdir());
    if (inside(real, temporary) === undefined) return mkdtemp(join(temporary, 'dursor-'));
    throw new UserError({
      code: 'folder-failed',
      message: `There is no place to run checks outside of ${taskFolder}: dursor’s storage and ${temporary} are both inside it. Open a folder further down for your work, or set TMPDIR to a folder elsewhere and restart VS Code.`,
    });
  }

  /** Undefined where there is none that can be read. */
  async #read(key: string): Promise<CheckFolderRecord | undefined> {
    try {
      const record = JSON.parse(await readFile(this.#file(key), 'utf8')) as Partial<CheckFolderRecord> | null;
      const { owner, holder } = record ?? {};
      return typeof owner === 'string' && typeof holder === 'string' ? { owner, holder } : undefined;
    } catch (error) {
      if (error instanceof SyntaxError || codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Writes a record whole or not at all. */
  async #save(key: string, record: CheckFolderRecord): Promise<void> {
    await writeFile(`${this.#file(key)}${unfinished}`, JSON.stringify(record));
    await rename(`${this.#file(key)}${unfinished}`, this.#file(key));
  }

  #file(key: string): string {
    return join(this.directory, `${key}.json`);
  }
}
