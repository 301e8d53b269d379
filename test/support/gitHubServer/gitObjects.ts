import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

export interface GitObject {
  readonly type: ObjectType;
  readonly bytes: Buffer;
}

export interface TreeEntry {
  readonly name: string;
  readonly mode: '100644' | '100755' | '120000' | '160000' | '40000';
  readonly sha: string;
}

/** A commit's header and message, as they stand in the object. */
export interface CommitText {
  readonly tree: string;
  readonly parents: readonly string[];
  /** `Name <email> seconds zone`. */
  readonly author: string;
  readonly committer: string;
  readonly message: string;
}

/**
 * The loose objects of a bare repository, read and written without a process each, as the fault matrix makes tens of thousands
 * of requests. Git reads and writes the same files.
 */
export class GitObjects {
  readonly #folder: string;
  readonly #known = new Map<string, GitObject>();

  /** @param folder the repository's `objects`. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  read(sha: string): GitObject | undefined {
    const known = this.#known.get(sha);
    if (known) return known;
    if (!/^[0-9a-f]{40}$/.test(sha) || !existsSync(this.#fileOf(sha))) return undefined;
    const raw = inflateSync(readFileSync(this.#fileOf(sha)));
    const end = raw.indexOf(0);
    const type = raw.subarray(0, end).toString('latin1').split(' ')[0] as ObjectType;
    const object = { type, bytes: raw.subarray(end + 1) };
    this.#known.set(sha, object);
    return object;
  }

  write(type: ObjectType, bytes: Buffer): string {
    const raw = Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes]);
    const sha = createHash('sha1').update(raw).digest('hex');
    const file = this.#fileOf(sha);
    if (!existsSync(file)) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}.new`, deflateSync(raw));
      renameSync(`${file}.new`, file);
    }
    this.#known.set(sha, { type, bytes });
    return sha;
  }

  is(sha: string | undefined, type: ObjectType): boolean {
    return sha !== undefined && this.read(sha)?.type === type;
  }

  tree(sha: string): readonly TreeEntry[] | undefined {
    const object = this.read(sha);
    if (object?.type !== 'tree') return undefined;
    const entries: TreeEntry[] = [];
    for (let at = 0; at < object.bytes.length; ) {
      const space = object.bytes.indexOf(32, at);
      const end = object.bytes.indexOf(0, space);
      entries.push({
        mode: object.bytes.subarray(at, space).toString('latin1') as TreeEntry['mode'],
        name: object.bytes.subarray(space + 1, end).toString('utf8'),
        sha: object.bytes.subarray(end + 1, end + 21).toString('hex'),
      });
      at = end + 21;
    }
    return entries;
  }

  writeTree(entries: readonly TreeEntry[]): string {
    // Git sorts a folder as if its name ended with a slash.
    const keyOf = ({ name, mode }: TreeEntry) => Buffer.from(mode === '40000' ? `${name}/` : name);
    const sorted = entries.toSorted((a, b) => Buffer.compare(keyOf(a), keyOf(b)));
    return this.write(
      'tree',
      Buffer.concat(
        sorted.flatMap(({ mode, name, sha }) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(sha, 'hex')]),
      ),
    );
  }

  commit(sha: string): CommitText | undefined {
    const object = this.read(sha);
    if (object?.type !== 'commit') return undefined;
    const text = object.bytes.toString('utf8');
    const end = text.indexOf('\n\n');
    const headers = text.slice(0, end).split('\n');
    const values = (name: string) =>
      headers.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
    return {
      tree: values('tree')[0] ?? '',
      parents: values('parent'),
      author: values('author')[0] ?? '',
      committer: values('committer')[0] ?? '',
      message: text.slice(end + 2),
    };
  }

  writeCommit({ tree, parents, author, committer, message }: CommitText): string {
    const headers = [
      `tree ${tree}`,
      ...parents.map((parent) => `parent ${parent}`),
      `author ${author}`,
      `committer ${committer}`,
    ];
    return this.write('commit', Buffer.from(`${headers.join('\n')}\n\n${message}`));
  }

  /** Every file below a tree, by path; folders are left out. */
  *files(tree: string, prefix = ''): Generator<readonly [path: string, entry: TreeEntry]> {
    for (const entry of this.tree(tree) ?? []) {
      if (entry.mode === '40000') yield* this.files(entry.sha, `${prefix}${entry.name}/`);
      else yield [`${prefix}${entry.name}`, entry];
    }
  }

  #fileOf(sha: string): string {
    return join(this.#folder, sha.slice(0, 2), sha.slice(2));
  }
}
