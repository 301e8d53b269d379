import type { ObjectName } from '../domain.ts';
import type { RawName } from './gitNames.ts';

/** One line of a tree object: a file or another tree, by its name in this folder. */
export interface TreeEntry {
  /** As git writes it, without a leading zero: `40000` for a folder. */
  readonly mode: string;
  readonly name: RawName;
  readonly object: ObjectName;
}

export const folderMode = '40000';

/**
 * Parses a tree object: for each entry the mode, a space, the name, NUL, and the object's name in binary (20 bytes for SHA-1,
 * 32 for SHA-256). https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
 */
export function parseTree(bytes: Uint8Array, nameBytes: number): readonly TreeEntry[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: TreeEntry[] = [];
  let at = 0;
  while (at < buffer.length) {
    const space = buffer.indexOf(0x20, at);
    const end = buffer.indexOf(0, space);
    const next = end + 1 + nameBytes;
    if (space === -1 || end === -1 || next > buffer.length) {
      throw new Error('A tree object is cut off.');
    }
    entries.push({
      // Some old tools have written `040000`, which git reads as the same.
      mode: buffer.toString('latin1', at, space).replace(/^0+/, ''),
      name: buffer.toString('latin1', space + 1, end),
      object: buffer.toString('hex', end + 1, next) as ObjectName,
    });
    at = next;
  }
  return entries;
}

/** The bytes of a tree with these entries, in git's order: a folder stands where its name with a slash behind it would. */
export function encodeTree(entries: readonly TreeEntry[]): Buffer {
  const key = ({ mode, name }: TreeEntry) => (mode === folderMode ? `${name}/` : name);
  const sorted = entries.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  return Buffer.concat(
    sorted.flatMap(({ mode, name, object }) => [
      Buffer.from(`${mode} ${name}\0`, 'latin1'),
      Buffer.from(object, 'hex'),
    ]),
  );
}
