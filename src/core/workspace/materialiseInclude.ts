import { lstat, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Snapshot } from '../domain.ts';
import { decodeExactName, decodeName, joinFields, type RawName, splitFields } from './gitNames.ts';
import { patternsIn } from './includePatterns.ts';
import type { RepositoryLocation } from './locateRepository.ts';
import type { ObjectStore } from './objectStore.ts';
import { copyIndex, notLiteral, SnapshotIndex } from './snapshotIndex.ts';

/** The file at the top of a repository that names ignored files to bring along; several tools read it. */
const includeFile = '.worktreeinclude';

const maxIncludeFileBytes = 64 * 1024;

/** The patterns of the settings, then those of the repository's own file, so that the file can take some back with `!`. */
export async function includePatterns(top: string, fromSettings: readonly string[]): Promise<readonly string[]> {
  const path = join(top, includeFile);
  const found = await lstat(path).catch(() => undefined);
  const text = found?.isFile() && found.size <= maxIncludeFileBytes ? await readFile(path, 'utf8') : '';
  return patternsIn([...fromSettings, text].join('\n'));
}

export interface IncludeSource {
  readonly store: ObjectStore;
  /** An empty folder of ours. */
  readonly scratch: string;
  readonly snapshot: Snapshot;
  /** Absent where the folder has no Git. */
  readonly repository: RepositoryLocation | undefined;
}

/**
 * What of the folder matches the patterns and is in no snapshot because git ignores it or the snapshot left it out, as paths
 * relative to the folder; a folder of which all matches stands for what is in it. Names that are not UTF-8 are left out.
 */
export async function findIncluded(
  { store, scratch, snapshot, repository }: IncludeSource,
  patterns: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (patterns.length === 0) return [];
  const patternFile = join(scratch, 'include');
  await writeFile(patternFile, `${patterns.join('\n')}\n`);
  const indexFile = join(scratch, 'user-index');
  if (repository) await copyIndex(repository.index, indexFile);
  const place = {
    gitDir: repository?.gitDir ?? store.gitDir,
    workTree: repository?.top ?? snapshot.folder,
    prefix: repository?.prefix ?? '',
    indexFile,
  };
  const index = new SnapshotIndex(store, place, signal);

  const matching = await listOthers(index, [`--exclude-from=${patternFile}`]);
  const ignored = await ignoredOf(index, matching);
  const leftOut = new Set([...snapshot.leftOut, ...(snapshot.tooLarge ?? [])]);
  const tracked =
    leftOut.size === 0 ? [] : await list(index, ['--cached', '--ignored', `--exclude-from=${patternFile}`]);
  const rest = matching.filter((name) => !ignored.has(name));
  const wasLeftOut = [...rest, ...tracked].filter((name) => leftOut.has(decodeName(name)));
  // Of a folder that isn't ignored as a whole, what is ignored in it.
  const parts = rest.flatMap((name) => (name.endsWith('/') ? (decodeExactName(name) ?? []) : []));
  const within = parts.length === 0 ? [] : await listOthers(index, ['--exclude-standard'], parts);
  return [...ignored, ...wasLeftOut, ...within]
    .flatMap((name) => decodeExactName(name) ?? [])
    .map((name) => name.replace(/\/$/, ''))
    .sort();
}

/** Names are relative to the folder, those of folders with a slash at the end. */
function listOthers(
  index: SnapshotIndex,
  excludes: readonly string[],
  below: readonly string[] = [],
): Promise<RawName[]> {
  return list(index, ['--others', '--ignored', ...excludes, '--directory', '--', ...below]);
}

async function list(index: SnapshotIndex, args: readonly string[]): Promise<RawName[]> {
  return splitFields((await index.run(['ls-files', '-z', ...args])).stdout);
}

/** Those that the repository's own rules ignore. */
async function ignoredOf(index: SnapshotIndex, names: readonly RawName[]): Promise<ReadonlySet<RawName>> {
  if (names.length === 0) return new Set();
  // Without its slash a folder is looked at on disk, which rules that are only for folders need.
  const byAsked = new Map(names.map((name) => [`./${name.replace(/\/$/, '')}`, name]));
  const options = { stdin: joinFields([...byAsked.keys()]), okCodes: [1], env: notLiteral };
  const { stdout } = await index.run(['check-ignore', '-z', '--stdin'], options);
  return new Set(splitFields(stdout).flatMap((asked) => byAsked.get(asked) ?? []));
}
