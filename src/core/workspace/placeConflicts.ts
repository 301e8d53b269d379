import type { FileMode, ObjectName } from '../domain.ts';
import { UserError } from '../problem.ts';
import type { ConflictedFile } from '../pullRequest.ts';
import { writeChangedTree } from './changedTree.ts';
import { obstructionIn } from './composeTree.ts';
import type { FileEntry } from './files.ts';
import { decodeName, type RawName } from './gitNames.ts';
import type { ObjectStore } from './objectStore.ts';
import { filesIn, folderIn } from './treeFolder.ts';
import type { Resolutions } from './workspace.ts';

/** What a merge of trees left behind: names as in pullRequest.ts, so `theirs` is what the patch is put on. */
export interface UnfinishedMerge {
  /** With conflict markers in it, and files under names of git's own making. */
  readonly tree: ObjectName;
  /** What `git merge-tree` says of each conflicted file: mode, object, stage and name. */
  readonly stages: readonly string[];
  /** The trees that were merged. */
  readonly base: ObjectName;
  readonly theirs: ObjectName;
  readonly ours: ObjectName;
  /** How git called the two sides. */
  readonly sides: readonly string[];
}

type Side = 'base' | 'theirs' | 'ours';

/** The versions of a file in conflict. */
interface Conflict extends Partial<Readonly<Record<Side, FileEntry>>> {
  readonly name: RawName;
}

const sideOfStage: Readonly<Record<string, Side>> = { '1': 'base', '2': 'theirs', '3': 'ours' };

/** The files that somebody has to decide about, and the tree once that is done. */
export class Conflicts {
  readonly #store: ObjectStore;
  readonly #merge: UnfinishedMerge;
  readonly #open: ReadonlyMap<RawName, Conflict>;
  /** Where git put versions of them. */
  readonly #places: readonly RawName[];

  private constructor(
    store: ObjectStore,
    merge: UnfinishedMerge,
    open: ReadonlyMap<RawName, Conflict>,
    places: readonly RawName[],
  ) {
    this.#store = store;
    this.#merge = merge;
    this.#open = open;
    this.#places = places;
  }

  static async of(store: ObjectStore, merge: UnfinishedMerge, signal?: AbortSignal): Promise<Conflicts> {
    const open = new Map<RawName, Conflict>();
    const places = new Set<RawName>();
    const pushedAside = new Set<RawName>();
    // A file that can't stand where it belongs is at its name with the side behind it.
    const aside = new RegExp(`~(?:${merge.sides.join('|')})(?:_\\d+)?$`);
    for (const line of merge.stages) {
      const [fields = '', ...rest] = line.split('\t');
      const [mode = '', blob = '', stage = ''] = fields.split(' ');
      const place = rest.join('\t');
      const name = place.replace(aside, '');
      places.add(place);
      if (name !== place) pushedAside.add(name);
      const side = sideOfStage[stage];
      if (side)
        open.set(name, { ...open.get(name), name, [side]: { mode: mode as FileMode, blob: blob as ObjectName } });
    }
    for (const name of pushedAside) await addFilesBelow(store, merge, open, name, signal);
    return new Conflicts(store, merge, open, [...places]);
  }

  /** The files that aren't answered, with their content. One that neither side has any more (renamed by both) needs no answer. */
  async unanswered(resolved: Resolutions | undefined, signal?: AbortSignal): Promise<readonly ConflictedFile[]> {
    const asked = [...this.#open.values()].filter(
      ({ name, theirs, ours }) => (theirs ?? ours) !== undefined && !resolved?.has(decodeName(name)),
    );
    const files = await Promise.all(asked.map((conflict) => this.#told(conflict, signal)));
    return files.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** The merged tree with the answers in it. Throws `UserError` (`patch-conflict`) where they can't be beside each other. */
  async resolvedBy(resolved: Resolutions, signal?: AbortSignal): Promise<ObjectName> {
    const changes = new Map<RawName, FileEntry | undefined>();
    for (const name of [...this.#places, ...this.#open.keys()]) changes.set(name, undefined);
    for (const conflict of this.#open.values()) {
      const bytes = resolved.get(decodeName(conflict.name));
      if (bytes) changes.set(conflict.name, await this.#entryOf(conflict, bytes, signal));
    }
    const isObstructed = obstructionIn(await filesIn(this.#store, this.#merge.tree, signal), changes);
    for (const [name, entry] of changes) if (entry && isObstructed(name)) throw inTheWay(decodeName(name));
    return writeChangedTree(this.#store, this.#merge.tree, changes, signal);
  }

  async #told({ name, ...versions }: Conflict, signal: AbortSignal | undefined): Promise<ConflictedFile> {
    const read = (entry: FileEntry | undefined) => entry && bytesOf(this.#store, entry, signal);
    const [base, theirs, ours] = await Promise.all([read(versions.base), read(versions.theirs), read(versions.ours)]);
    return { path: decodeName(name), ...(base && { base }), ...(theirs && { theirs }), ...(ours && { ours }) };
  }

  /** What a file becomes: of the kind whose very bytes were taken, else with the candidate's mode where that is a change. */
  async #entryOf(conflict: Conflict, bytes: Uint8Array, signal: AbortSignal | undefined): Promise<FileEntry> {
    const { base, theirs, ours } = conflict;
    for (const side of ours?.mode === theirs?.mode ? [] : [ours, theirs]) {
      if (side && Buffer.compare(await bytesOf(this.#store, side, signal), bytes) === 0) return side;
    }
    const modes = [ours?.mode === base?.mode ? undefined : ours?.mode, theirs?.mode, ours?.mode];
    const mode = modes.find((known) => known !== undefined) ?? '100644';
    if (mode !== '160000') return { mode, blob: await this.#store.writeBlob(bytes, signal) };
    const [, commit] = /^Subproject commit ([0-9a-f]{40,64})\s*$/.exec(Buffer.from(bytes).toString('latin1')) ?? [];
    if (commit === undefined) throw noCommit(decodeName(conflict.name));
    return { mode, blob: commit as ObjectName };
  }
}

/** The bytes of a file. Those of a submodule are as git's diff writes it. */
export async function bytesOf(
  store: ObjectStore,
  { mode, blob }: FileEntry,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  if (mode === '160000') return Buffer.from(`Subproject commit ${blob}\n`);
  const [bytes = new Uint8Array()] = await store.readBlobs([blob], signal);
  return bytes;
}

/** Where a file and a folder want one name, the folder's files are in question too, each of them. */
async function addFilesBelow(
  store: ObjectStore,
  { tree, ...trees }: UnfinishedMerge,
  open: Map<RawName, Conflict>,
  name: RawName,
  signal: AbortSignal | undefined,
): Promise<void> {
  const below = async (top: ObjectName) => filesIn(store, await folderIn(store, top, name, signal), signal);
  const [merged, base, theirs, ours] = await Promise.all([tree, trees.base, trees.theirs, trees.ours].map(below));
  for (const [inside] of merged?.below('') ?? []) {
    const path = `${name}/${inside}`;
    if (open.has(path)) continue;
    const versions = { base: base?.get(inside), theirs: theirs?.get(inside), ours: ours?.get(inside) };
    const there = Object.entries(versions).filter(([, version]) => version !== undefined);
    open.set(path, { name: path, ...Object.fromEntries(there) });
  }
}

function inTheWay(path: string): UserError {
  return new UserError({
    code: 'patch-conflict',
    message: `There can't be a file ${JSON.stringify(path)} the way the conflicts were answered, because another file or folder is in its place. Nothing was pushed. Answer that one of the two is not there, then try again.`,
  });
}

function noCommit(path: string): UserError {
  return new UserError({
    code: 'patch-conflict',
    message: `${JSON.stringify(path)} is a submodule, and the answer does not name a commit of it. Nothing was pushed. Take one of the two sides as it is, then try again.`,
  });
}
