import { isUtf8 } from 'node:buffer';
import { rm, writeFile } from 'node:fs/promises';
import type { FileChange, FileMode, FileVersion, ObjectName } from '../domain.ts';
import { decodeName, splitFields } from './gitNames.ts';
import type { ObjectStore } from './objectStore.ts';

const diff = ['diff', '--cached', '--full-index', '-M', '--no-ext-diff', '--no-textconv', '--no-color'];

/** The difference of an index and a tree: the patch's text and what it changes, file by file. */
export async function diffIndex(
  store: ObjectStore,
  indexFile: string,
  base: ObjectName,
  signal?: AbortSignal,
): Promise<{ readonly text: string; readonly changes: readonly FileChange[] }> {
  const env = { GIT_INDEX_FILE: indexFile };
  const { stdout } = await store.run([...diff, '--raw', '--no-abbrev', '--numstat', '-z', base, '--'], {
    objects: 'all',
    env,
    signal,
  });
  const changes = parseChanges(splitFields(stdout));
  if (changes.length === 0) {
    return { text: '', changes };
  }
  const text = async (settings: readonly string[], paths: readonly string[]) => {
    const args = [...settings, ...diff, '--binary', '--src-prefix=a/', '--dst-prefix=b/', base, '--', ...paths];
    const result = await store.run(args, { objects: 'all', env: { ...env, GIT_LITERAL_PATHSPECS: '1' }, signal });
    return result.stdout;
  };
  const whole = await text([], []);
  if (isUtf8(whole)) {
    return { text: whole.toString('utf8'), changes };
  }

  // A text in another encoding would not survive being a string, and the patch would not apply. It is shown as binary instead.
  const attributes = `${indexFile}.attributes`;
  await writeFile(attributes, '* -diff\n');
  try {
    const parts: string[] = [];
    for (const { base: before, after } of changes) {
      const paths = [...new Set([before, after].flatMap((version) => (version ? [version.path] : [])))];
      const part = await text([], paths);
      const safe = isUtf8(part) ? part : await text(['-c', `core.attributesFile=${attributes}`], paths);
      parts.push(safe.toString('utf8'));
    }
    return { text: parts.join(''), changes };
  } finally {
    await rm(attributes, { force: true });
  }
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
