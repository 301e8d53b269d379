import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Snapshot } from '../domain.ts';
import { UserError } from '../problem.ts';
import { addFiles } from './addFiles.ts';
import { decodeName, encodeName, type RawName } from './gitNames.ts';
import { GitError } from './gitProcess.ts';
import { locateRepository, type RepositoryLocation } from './locateRepository.ts';
import type { ObjectStore } from './objectStore.ts';
import { copyIndex, notLiteral, SnapshotIndex } from './snapshotIndex.ts';
import { writeTree } from './treeWriter.ts';
import { layOutUnsaved } from './unsavedTexts.ts';
import type { SnapshotRequest } from './workspace.ts';

/** Records the folder as it is. `scratch` is an empty folder of ours; nothing outside it and `store` is written. */
export async function takeSnapshot(
  store: ObjectStore,
  scratch: string,
  request: SnapshotRequest,
  signal?: AbortSignal,
): Promise<Snapshot> {
  const { folder } = request;
  const found = await locateRepository(folder, signal);
  await store.prepare(found?.objectFormat ?? 'sha1');
  const repository = found && (await isIgnoredFolder(store, found, signal)) ? undefined : found;
  try {
    return await record(store, scratch, request, repository, signal);
  } catch (error) {
    if (error instanceof GitError) {
      throw new UserError({
        code: 'snapshot-failed',
        message: `The state of ${folder} could not be recorded: ${reasonIn(error.stderr)}. Nothing was changed. Repair this and try again.`,
        action: { type: 'show-log' },
        detail: error.message,
      });
    }
    throw error;
  }
}

async function record(
  store: ObjectStore,
  scratch: string,
  request: SnapshotRequest,
  repository: RepositoryLocation | undefined,
  signal: AbortSignal | undefined,
): Promise<Snapshot> {
  const { folder, policy } = request;
  const prefix = repository?.prefix ?? '';
  const workTree = repository?.top ?? folder;
  const indexFile = join(scratch, 'index');
  if (repository) {
    await store.borrow(repository.objects);
    await copyIndex(repository.index, indexFile);
  }
  const place = { gitDir: repository?.gitDir ?? store.gitDir, workTree, indexFile };
  const index = new SnapshotIndex(store, place, signal);

  const rawPrefix = encodeName(prefix);
  const inFolder = (name: RawName) => decodeName(name.slice(rawPrefix.length));
  const leftOut = new Set<string>();
  const isAllowed = (name: RawName) => {
    const path = inFolder(name);
    const { allowed } = policy.check(path, 'snapshot');
    if (!allowed) {
      leftOut.add(path);
    }
    return allowed;
  };

  // Everything is asked about before anything is hashed, so that forbidden content never gets into the store.
  const below = prefix === '' ? [] : [prefix];
  const [entries, changes] = await Promise.all([index.entries(), index.changes(...below)]);
  const forbidden = entries.filter(({ name }) => name.startsWith(rawPrefix) && !isAllowed(name));
  const unmergedElsewhere = entries.filter(({ name, stage }) => stage > 0 && !name.startsWith(rawPrefix));
  await index.remove([...[...forbidden, ...unmergedElsewhere].map(({ name }) => name), ...changes.gone]);

  const target = { store, index, indexFile, workTree };
  for (const name of await addFiles(target, [...changes.changed, ...changes.untracked].filter(isAllowed))) {
    leftOut.add(inFolder(name));
  }
  const nested = await addNested(index, changes.nested.filter(isAllowed));
  for (const name of nested.refused) {
    leftOut.add(inFolder(name));
  }

  const links = entries.filter(({ mode }) => mode === '160000').map(({ name }) => name);
  const unsavedTree = join(scratch, 'unsaved');
  await mkdir(unsavedTree);
  const unsaved = await layOutUnsaved(
    {
      index,
      folder,
      prefix,
      nested: [...links, ...changes.nested].map(inFolder),
      isAllowed: (path) => isAllowed(rawPrefix + encodeName(path)),
      scratch: unsavedTree,
    },
    request.unsaved,
  );
  const unsavedIndex = index.with({ workTree: unsavedTree });
  await addFiles(
    { store, index: unsavedIndex, indexFile, workTree: unsavedTree },
    unsaved.map((path) => rawPrefix + encodeName(path)),
  );

  const tree = await writeTree((args) => index.run(args), await store.emptyTree(signal), prefix);
  return {
    tree,
    folder,
    prefix,
    ...(repository && { gitDir: repository.gitDir }),
    ...(repository?.head !== undefined && { head: repository.head }),
    unsaved,
    leftOut: [...leftOut].sort(),
    takenAt: Date.now(),
  };
}

/** Nested repositories become links that are not entered. One without a commit has nothing to link to. */
async function addNested(index: SnapshotIndex, names: readonly RawName[]): Promise<{ refused: readonly RawName[] }> {
  const refused: RawName[] = [];
  for (const name of names) {
    try {
      await index.add([name]);
    } catch (error) {
      if (!(error instanceof GitError)) {
        throw error;
      }
      refused.push(name);
    }
  }
  return { refused };
}

/** True for a folder which a repository further up ignores, such as any folder in a home directory kept in Git. It has no history there. */
async function isIgnoredFolder(
  store: ObjectStore,
  repository: RepositoryLocation,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (repository.prefix === '') {
    return false;
  }
  const place = { gitDir: repository.gitDir, workTree: repository.top, indexFile: repository.index };
  const index = new SnapshotIndex(store, place, signal);
  const { code } = await index.run(['check-ignore', '--quiet', '--', `./${repository.prefix.slice(0, -1)}`], {
    okCodes: [1],
    env: notLiteral,
  });
  return code === 0 && (await index.entries(repository.prefix)).length === 0;
}

/** Git's own words without its prefixes, on one line: the last one is what it gave up on. */
function reasonIn(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => /^(error|fatal):/.test(line));
  const reasons = new Set((lines.length > 0 ? lines : [stderr]).map((line) => line.replace(/^(error|fatal): /, '')));
  return [...reasons].slice(-2).join('; ');
}
