import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import type { ObjectName } from '../domain.ts';
import { isThere } from './folderPaths.ts';

export type ObjectType = 'blob' | 'tree';

const compress = promisify(deflate);

/** What git calls an object with these bytes. `nameLength` is 40 for SHA-1, 64 for SHA-256. */
export function objectNameOf(type: ObjectType, bytes: Uint8Array, nameLength: number): ObjectName {
  const hash = createHash(nameLength === 64 ? 'sha256' : 'sha1');
  return hash.update(headerOf(type, bytes)).update(bytes).digest('hex') as ObjectName;
}

/**
 * Puts an object into a folder of objects as git does, in a file of its own: thousands of them would take git as many processes.
 * `name` has to be the object's own. https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
 */
export async function writeLooseObject(
  objects: string,
  name: ObjectName,
  type: ObjectType,
  bytes: Uint8Array,
): Promise<void> {
  const target = join(objects, name.slice(0, 2), name.slice(2));
  if (await isThere(target)) return;
  await mkdir(dirname(target), { recursive: true });
  const fresh = join(objects, `tmp_obj_${randomUUID()}`);
  try {
    await writeFile(fresh, await compress(Buffer.concat([headerOf(type, bytes), bytes])), { mode: 0o444, flag: 'wx' });
    await rename(fresh, target);
  } catch (error) {
    await rm(fresh, { force: true });
    // Windows doesn't put a file in the place of one that another process has made and opened meanwhile.
    if (!(await isThere(target))) throw error;
  }
}

function headerOf(type: ObjectType, bytes: Uint8Array): Buffer {
  return Buffer.from(`${type} ${bytes.length}\0`);
}
