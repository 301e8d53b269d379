import { join } from 'node:path';
import type { ObjectName } from '../domain.ts';
import { UserError } from '../problem.ts';
import { encodeName, joinFields, splitFields } from './gitNames.ts';
import type { ObjectStore } from './objectStore.ts';
import { folderMode, type TreeEntry } from './treeObject.ts';
import type { SourceEntry } from './workspace.ts';

/** Those that git reads; the last but one was written by early ones. */
const modes = new Set([folderMode, '100644', '100755', '100664', '120000', '160000']);

/** With more files than this, or longer paths, a tree is not a project but an attack: a few folders that hold each other many times. */
const mostFiles = 1_000_000;
const longestPath = 4096;

/** What a server says stands in a tree; undefined when that can't be. */
export function parseFetchedTree(
  entries: readonly SourceEntry[],
  nameLength: number,
): readonly TreeEntry[] | undefined {
  const names = new Set<string>();
  const parsed = entries.map(({ mode, name, object }): TreeEntry => {
    names.add(name);
    return { mode: mode.replace(/^0+/, ''), name: encodeName(name), object };
  });
  const isObject = (name: string) => name.length === nameLength && /^[0-9a-f]+$/.test(name);
  const isPossible = ({ mode, name, object }: TreeEntry) =>
    modes.has(mode) && isObject(object) && name !== '' && !/[/\0]/.test(name);
  return names.size === entries.length && parsed.every(isPossible) ? parsed : undefined;
}

/** Throws `UserError` when git would not make files of these names: `.git` in any spelling, `..`, a link for `.gitmodules`. */
export async function refuseImpossibleNames(
  store: ObjectStore,
  scratch: string,
  entries: readonly TreeEntry[],
  signal: AbortSignal,
): Promise<void> {
  // Links come last and so win: of them git refuses more.
  const isLink = ({ mode }: TreeEntry) => Number(mode === '120000');
  const asked = new Map(entries.toSorted((a, b) => isLink(a) - isLink(b)).map((entry) => [entry.name, entry]));
  if (asked.size === 0) return;
  const env = { GIT_INDEX_FILE: join(scratch, 'names') };
  const settings = ['-c', 'core.protectHFS=true', '-c', 'core.protectNTFS=true'];
  // Git takes any object for a file that is there, but not the null one.
  const lines = Array.from(
    asked.values(),
    ({ mode, name, object }) => `${mode === folderMode ? '100644' : mode} ${'1'.repeat(object.length)}	${name}`,
  );
  await store.run([...settings, 'read-tree', '--empty'], { objects: 'own', env, signal });
  // What git refuses, it leaves out.
  const add = [...settings, 'update-index', '-z', '--index-info'];
  await store.run(add, { objects: 'own', env, stdin: joinFields(lines), signal });
  const { stdout } = await store.run(['ls-files', '-z'], { objects: 'own', env, signal });
  for (const name of splitFields(stdout)) asked.delete(name);
  const [refused] = asked.keys();
  if (refused !== undefined) throw impossible(refused);
}

/**
 * The trees that were fetched in an order in which each comes after those in it. Throws `UserError` when one is small to fetch and
 * huge to write. What is in them and wasn't fetched was there before.
 */
export function childrenFirst(fetched: ReadonlyMap<ObjectName, readonly TreeEntry[]>): readonly ObjectName[] {
  const known = new Map<ObjectName, { readonly files: number; readonly path: number }>();
  const measure = (name: ObjectName): { readonly files: number; readonly path: number } => {
    const before = known.get(name);
    if (before) return before;
    let [files, path] = [1, 0];
    for (const entry of fetched.get(name) ?? []) {
      const below = entry.mode === folderMode ? measure(entry.object) : { files: 1, path: 0 };
      files += below.files;
      path = Math.max(path, entry.name.length + 1 + below.path);
    }
    if (files > mostFiles || path > longestPath) throw tooVast();
    known.set(name, { files, path });
    return { files, path };
  };
  for (const name of fetched.keys()) measure(name);
  return [...known.keys()].filter((name) => fetched.has(name));
}

function impossible(name: string): UserError {
  return new UserError({
    code: 'github-failed',
    message: `The branch on GitHub has a file or folder called ${JSON.stringify(name)}, which Git takes no files of. Nothing of it was used. Have it removed from the branch, then try again.`,
  });
}

function tooVast(): UserError {
  return new UserError({
    code: 'github-failed',
    message:
      'The branch on GitHub holds more files, or deeper folders, than a project can have. Nothing of it was used. Look at the branch on GitHub before you go on.',
  });
}
