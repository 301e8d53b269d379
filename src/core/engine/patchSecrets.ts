import { isDeepStrictEqual } from 'node:util';
import { decodeFile } from '../agent/tools/fileText.ts';
import { type FileChange, type FileVersion, type PatchSecret, pathOf } from '../domain.ts';
import { findSecrets } from '../secrets/findSecrets.ts';
import type { ReadBlob } from './patchGate.ts';

/** A patch whose secrets are known. */
export interface LookedThrough {
  readonly changes: readonly FileChange[];
  readonly secretsInPatch: readonly PatchSecret[];
}

/** The secrets that the new versions of these files have and their base versions don't; where they are, not what they are. */
export async function secretsAdded(
  changes: readonly FileChange[],
  readBlob: ReadBlob,
): Promise<readonly PatchSecret[]> {
  const added: PatchSecret[] = [];
  for (const { base, after } of changes) {
    if (!after || after.blob === base?.blob) continue;
    const text = await textOf(after, readBlob);
    const spans = await findSecrets(text);
    const before = spans.length > 0 && base ? await textOf(base, readBlob) : '';
    for (const { start, end, kind } of spans) {
      if (before.includes(text.slice(start, end))) continue;
      added.push({ path: after.path, line: text.slice(0, start).split('\n').length, kind });
    }
  }
  return added;
}

/** As `secretsAdded`, where an earlier patch was looked through already: only files that differ from it are read again. */
export async function secretsAddedSince(
  earlier: LookedThrough | undefined,
  changes: readonly FileChange[],
  readBlob: ReadBlob,
): Promise<readonly PatchSecret[]> {
  const known = new Map(earlier?.changes.map((change) => [pathOf(change), change]));
  const added: PatchSecret[] = [];
  for (const change of changes) {
    const path = pathOf(change);
    const before = known.get(path);
    if (before && isDeepStrictEqual(before, change)) {
      added.push(...(earlier?.secretsInPatch.filter((secret) => secret.path === path) ?? []));
    } else added.push(...(await secretsAdded([change], readBlob)));
  }
  return added;
}

/** The text of a version of a file, with plain line ends; empty for what has no text. */
export async function textOf({ mode, blob }: FileVersion, readBlob: ReadBlob): Promise<string> {
  if (mode !== '100644' && mode !== '100755') return '';
  const decoded = decodeFile(await readBlob(blob));
  return decoded.kind === 'binary' ? '' : decoded.text.replaceAll('\r\n', '\n');
}
