import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { chmod, copyFile, lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { joinFields, type RawName, splitFields } from './gitNames.ts';
import type { SnapshotIndex } from './snapshotIndex.ts';

/** What a large file is in Git: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md (without the lines of extensions). */
const pointer = /^version https:\/\/git-lfs\.github\.com\/spec\/v1\noid sha256:([0-9a-f]{64})\nsize (\d{1,15})\n$/;

/** A pointer is smaller than this, says the specification. */
const maxPointerBytes = 1024;

/**
 * The filters of the user's configuration that are Git LFS, whatever they are called. They are not to be run: LFS would download,
 * and write into the user's `.git` (objects, and a version in the configuration, even when it is told to skip its work).
 */
export async function lfsFilters(index: SnapshotIndex): Promise<readonly string[]> {
  const args = ['config', '-z', '--get-regexp', '^filter\\..*\\.(clean|smudge|process)$'];
  const { stdout } = await index.run(args, { okCodes: [1] });
  const filters = splitFields(stdout).flatMap((field) => {
    const [key = '', ...value] = field.split('\n');
    return /git[- ]lfs/.test(value.join('\n')) ? [key.replace(/^filter\.(.*)\.[^.]*$/, '$1')] : [];
  });
  return [...new Set(filters)];
}

/** Settings that switch these filters off. */
export function switchedOff(filters: readonly string[]): readonly string[] {
  return filters.flatMap((filter) =>
    ['clean=', 'smudge=', 'process=', 'required=false'].flatMap((setting) => ['-c', `filter.${filter}.${setting}`]),
  );
}

/** The files among these that Git LFS is to keep. */
export async function lfsFilesAmong(
  index: SnapshotIndex,
  filters: readonly string[],
  names: readonly RawName[],
): Promise<ReadonlySet<RawName>> {
  if (filters.length === 0 || names.length === 0) return new Set();
  const { stdout } = await index.run(['check-attr', '-z', '--stdin', 'filter'], { stdin: joinFields(names) });
  // For each file its name, the attribute's and its value.
  const fields = splitFields(stdout);
  return new Set(fields.filter((_, at) => at % 3 === 0 && filters.includes(fields[at + 2] ?? '')));
}

/** What Git LFS keeps in Git for such a content: of a pointer and of nothing that itself. */
export function pointerTo(content: Uint8Array): Uint8Array {
  const isOneAlready = content.length < maxPointerBytes && pointer.test(Buffer.from(content).toString('latin1'));
  if (content.length === 0 || isOneAlready) return content;
  const name = createHash('sha256').update(content).digest('hex');
  return Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${name}\nsize ${content.length}\n`);
}

/** Whether a file of any size is what a pointer stands for. */
export async function isContentOf(pointed: Uint8Array, path: Buffer): Promise<boolean> {
  const [, name, size] = pointer.exec(Buffer.from(pointed).toString('latin1')) ?? [];
  const found = await lstat(path).catch(() => undefined);
  if (!found?.isFile() || found.size !== Number(size)) return false;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex') === name;
}

export interface LfsPlace {
  /** Where Git LFS keeps what it has downloaded, when it wasn't told otherwise. */
  readonly store: string;
  /** Where the files of the index were written. */
  readonly target: string;
}

/**
 * Puts the content of large files, as far as it is on this machine, where the checkout has left their pointers. Answers with the
 * names of those that stay pointers.
 */
export async function fillPointers(
  index: SnapshotIndex,
  filters: readonly string[],
  place: LfsPlace,
  signal: AbortSignal,
): Promise<readonly RawName[]> {
  // Git can look files up by no other value of an attribute.
  const plain = filters.filter((filter) => /^[\w-]+$/.test(filter));
  if (plain.length === 0) return [];
  const args = ['ls-files', '-z', '--', ...plain.map((filter) => `:(attr:filter=${filter})`)];
  const { stdout } = await index.run(args, { env: { GIT_LITERAL_PATHSPECS: '0' } });
  const missing: RawName[] = [];
  for (const name of new Set(splitFields(stdout))) {
    signal.throwIfAborted();
    if (!(await fill(Buffer.from(`${Buffer.from(place.target).toString('latin1')}/${name}`, 'latin1'), place.store))) {
      missing.push(name);
    }
  }
  return missing;
}

/** False when the file stays a pointer. */
async function fill(path: Buffer, store: string): Promise<boolean> {
  const found = await lstat(path);
  if (!found.isFile() || found.size >= maxPointerBytes) return true;
  const [, name, size] = pointer.exec(await readFile(path, 'latin1')) ?? [];
  if (name === undefined) return true;
  const content = join(store, name.slice(0, 2), name.slice(2, 4), name);
  const kept = await lstat(content).catch(() => undefined);
  if (!kept?.isFile() || kept.size !== Number(size)) return false;
  await copyFile(content, path, constants.COPYFILE_FICLONE);
  // The copy has the mode of what was copied, and that is often read-only.
  await chmod(path, found.mode);
  return true;
}
