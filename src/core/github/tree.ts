import type { Octokit } from '@octokit/rest';
import type { ObjectName } from '../domain.ts';
import type { RepositoryName } from '../pullRequest.ts';
import type { TreeChange } from '../workspace/workspace.ts';
import { attempt } from './attempt.ts';
import { target } from './client.ts';
import { objectName } from './objectName.ts';

interface TreeEntry {
  path: string;
  mode: '100644' | '100755' | '120000' | '160000';
  type: 'blob' | 'commit';
  /** `null` takes the path out of the base tree. */
  sha: string | null;
}

/** How many files travel at once. GitHub's secondary limits punish more. */
const lanes = 4;
/**
 * Entries of one request. For larger ones GitHub's time runs out, and it says to build the tree incrementally:
 * https://docs.github.com/en/rest/git/trees#create-a-tree
 */
const mostEntries = 1000;

/** A tree to be made. */
export interface TreeOrder {
  readonly octokit: Octokit;
  readonly repository: RepositoryName;
  readonly base: ObjectName;
  readonly changes: readonly TreeChange[];
  readonly signal: AbortSignal;
  /** Hears how many files are there. */
  readonly onUploaded?: (done: number) => void;
}

/** Uploads the files of `changes` and makes the tree that has them in place of those of `base`. Rejects with what Octokit threw. */
export async function writeTree({
  octokit,
  repository,
  base,
  changes,
  signal,
  onUploaded,
}: TreeOrder): Promise<ObjectName> {
  const entries: TreeEntry[] = [];
  const queue = changes.entries();
  let done = 0;
  const halt = new AbortController();
  const either = AbortSignal.any([signal, halt.signal]);
  const upload = async () => {
    // All lanes draw from one iterator.
    for (const [index, change] of queue) {
      entries[index] = await writeEntry(octokit, repository, change, either);
      done += 1;
      onUploaded?.(done);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(lanes, changes.length) }, upload));
  } catch (error) {
    halt.abort(error);
    throw error;
  }
  // What goes away comes first, so that a folder may take the place of a file of its name and the other way round.
  const tree = entries.toSorted((a, b) => Number(a.sha !== null) - Number(b.sha !== null));
  let made = base;
  for (let first = 0; first < tree.length; first += mostEntries) {
    const content = { base_tree: made, tree: tree.slice(first, first + mostEntries) };
    const { data } = await attempt(
      (request) => octokit.git.createTree({ ...target(repository), ...content, request }),
      signal,
    );
    made = objectName(data.sha);
  }
  return made;
}

async function writeEntry(
  octokit: Octokit,
  repository: RepositoryName,
  { path, version }: TreeChange,
  signal: AbortSignal,
): Promise<TreeEntry> {
  if (version === undefined) return { path, mode: '100644', type: 'blob', sha: null };
  const { mode, bytes } = version;
  if (mode === '160000') return { path, mode, type: 'commit', sha: submoduleCommit(bytes) };
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  const made = await attempt(
    (request) => octokit.git.createBlob({ ...target(repository), content, encoding: 'base64', request }),
    signal,
  );
  return { path, mode, type: 'blob', sha: made.data.sha };
}

/** A submodule has no bytes of its own: they are the name of its commit, alone or as git's diff writes it. */
function submoduleCommit(bytes: Uint8Array): string {
  const name = /^(?:Subproject commit )?([0-9a-f]{40})\s*$/.exec(Buffer.from(bytes).toString('latin1'))?.[1];
  if (name === undefined) throw new Error('the bytes of a submodule are not the name of a commit');
  return name;
}
