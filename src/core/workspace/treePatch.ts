import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileChange, FileMode, FileVersion, ObjectName } from '../domain.ts';
import { decodeName, splitFields } from './gitNames.ts';
import type { ObjectStore } from './objectStore.ts';

const diff = ['diff', '--full-index', '-M', '--no-ext-diff', '--no-textconv', '--no-color'];

/** The difference of two trees: the patch's text and what it changes, file by file. */
export async function diffTrees(
  store: ObjectStore,
  base: ObjectName,
  tree: ObjectName,
  signal?: AbortSignal,
): Promise<{ readonly text: string; readonly changes: readonly FileChange[] }> {
  if (base === tree) {
    return { text: '', changes: [] };
  }
  const { stdout } = await store.run([...diff, '--raw', '--no-abbrev', '--numstat', '-z', base, tree, '--'], {
    objects: 'all',
    signal,
  });
  const changes = parseChanges(splitFields(stdout));
  return { text: await patchText(store, base, tree, signal), changes };
}

async function patchText(
  store: ObjectStore,
  base: ObjectName,
  tree: ObjectName,
  signal?: AbortSignal,
): Promise<string> {
  const ask = async (settings: readonly string[] = [], ...more: readonly string[]) => {
    const args = [...settings, ...diff, ...more, '--binary', '--src-prefix=a/', '--dst-prefix=b/', base, tree, '--'];
    return (await store.run(args, { objects: 'all', signal })).stdout;
  };
  const whole = await ask();
  if (isUtf8(whole)) return whole.toString('utf8');

  // A text in another encoding would not survive being a string, and the patch would not apply. It is shown as binary instead.
  const attributes = join(store.gitDir, `${randomUUID()}.attributes`);
  await writeFile(attributes, '* -diff\n');
  try {
    const plain = ['-c', `core.attributesFile=${attributes}`];
    // What is binary is less alike to git than a text with other line ends, so it may see other renames than before, or none.
    const binary = partsByHeader(splitPatch(Buffer.concat([await ask(plain), await ask(plain, '--no-renames')])));
    const parts = splitPatch(whole).map((part) => (isUtf8(part) ? part : (binary.get(headerOf(part)) ?? part)));
    return Buffer.concat(parts).toString('utf8');
  } finally {
    await rm(attributes, { force: true });
  }
}

/** A patch, file by file. No line of content begins like that: in front of each stands what became of it. */
function splitPatch(patch: Buffer): readonly Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < patch.length; ) {
    const next = patch.indexOf('\ndiff --git ', at) + 1 || patch.length;
    parts.push(patch.subarray(at, next));
    at = next;
  }
  return parts;
}

/** The parts of patches by what they are about; where that comes in several patches, as in the first. */
function partsByHeader(parts: readonly Buffer[]): ReadonlyMap<string, Buffer> {
  return new Map(parts.toReversed().map((part) => [headerOf(part), part]));
}

/** Names the files, and whether one comes or goes: what becomes a link does both under one name. */
function headerOf(part: Buffer): string {
  const lines = part.toString('latin1', 0, part.indexOf('\n', part.indexOf('\n') + 1));
  return /^.*(?:\n(?:new|deleted) file mode .*)?/.exec(lines)?.[0] ?? '';
}

/** Parses `--raw --numstat -z`: first a raw record for every file, then a count for every file, in the same order. */
export function parseChanges(fields: readonly string[]): FileChange[] {
  const changes: FileChange[] = [];
  let at = 0;
  const next = () => fields[at++] ?? '';
  while (fields[at]?.startsWith(':')) {
    const [oldMode = '', newMode = '', oldBlob = '', newBlob = '', status = ''] = next().slice(1).split(' ');
    const path = decodeName(next());
    const isRename = status.startsWith('R');
    const newPath = isRename ? decodeName(next()) : path;
    const base = versionOf(path, oldMode, oldBlob);
    const after = versionOf(newPath, newMode, newBlob);
    const kind = isRename ? 'renamed' : base === undefined ? 'added' : after === undefined ? 'deleted' : 'modified';
    changes.push({ kind, ...(base && { base }), ...(after && { after }) });
  }
  return changes.map((change) => {
    const [added = '-', removed = '-', path = ''] = next().split('\t');
    if (path === '') {
      // A renamed file has both of its names in fields of their own.
      at += 2;
    }
    return added === '-' ? change : { ...change, lines: { added: Number(added), removed: Number(removed) } };
  });
}

function versionOf(path: string, mode: string, blob: string): FileVersion | undefined {
  return mode === '000000' ? undefined : { path, mode: mode as FileMode, blob: blob as ObjectName };
}
