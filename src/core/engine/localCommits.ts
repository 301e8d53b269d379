import type { FileVersion, ObjectName } from '../domain.ts';
import type { CommitPerson, LocalCommit } from '../github/stackedCommits.ts';
import { splitFields } from '../workspace/gitNames.ts';
import { runGit } from '../workspace/gitProcess.ts';
import { parseChanges } from '../workspace/treePatch.ts';
import type { TreeChange } from '../workspace/workspace.ts';

/** The commits that would be pushed along, oldest first, or why that can't be done through the API, as the end of a sentence. */
export type LocalCommits =
  | { readonly commits: readonly LocalCommit[]; readonly paths: readonly string[] }
  | { readonly reason: string };

/** What lies between what is on GitHub and HEAD. */
export interface CommitRange {
  readonly folder: string;
  /** A commit that GitHub has. */
  readonly from: ObjectName;
  readonly to: ObjectName;
  /** GitHub has what the remote-tracking branches of this remote have. */
  readonly remote: string;
}

const mostSubjects = 50;
/** Each commit costs requests; a push costs one. */
const mostCommits = 50;
const refusal = 'are more than can be pushed through the API';

/** The first lines of the commits, newest first. Those of merges are among them. */
export async function subjectsOf(
  { folder, from, to }: Pick<CommitRange, 'folder' | 'from' | 'to'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const plain = ['--no-show-signature', '--encoding=UTF-8', '--format=%s'];
  const args = ['log', '-z', `--max-count=${mostSubjects}`, ...plain, `${from}..${to}`, '--'];
  const { stdout } = await runGit(args, { folder, signal });
  return stdout
    .toString('utf8')
    .split('\0')
    .filter((line) => line !== '');
}

/** Whether the user's repository has a commit: a shallow clone may lack what GitHub has. */
export async function isLocal(folder: string, commit: ObjectName, signal: AbortSignal): Promise<boolean> {
  const { code } = await runGit(['cat-file', '-e', `${commit}^{commit}`], { folder, signal, okCodes: [1, 128] });
  return code === 0;
}

/** Reads the commits. What they change is read when it is asked for. */
export async function readLocalCommits(range: CommitRange, signal: AbortSignal): Promise<LocalCommits> {
  const names = await listCommits(range, signal);
  if (names.length > mostCommits) return { reason: refusal };
  const commits: LocalCommit[] = [];
  const paths = new Set<string>();
  for (const name of names) {
    const args = ['cat-file', 'commit', name];
    const { stdout } = await runGit(args, { folder: range.folder, signal });
    const read = readCommit(range.folder, name, stdout);
    if ('reason' in read) return read;
    commits.push(read);
    for (const { base, after } of await listChanges(range.folder, read, signal)) {
      if (base) paths.add(base.path);
      if (after) paths.add(after.path);
    }
  }
  return { commits, paths: [...paths] };
}

async function listCommits({ folder, from, to, remote }: CommitRange, signal: AbortSignal): Promise<ObjectName[]> {
  const list = async (more: readonly string[]) => {
    const args = ['rev-list', '--topo-order', `--max-count=${mostCommits + 1}`, to, `^${from}`, ...more, '--'];
    const { stdout } = await runGit(args, { folder, signal });
    return stdout
      .toString('latin1')
      .split('\n')
      .filter((line) => line !== '')
      .reverse() as ObjectName[];
  };
  const names = await list(['--not', `--remotes=${remote}`]);
  // A remote-tracking branch may be of a branch that is long gone on GitHub, commits and all.
  return names.at(-1) === to ? names : list([]);
}

/** A commit's object in the parts that the API takes. One that has more to it can't be made again. */
function readCommit(folder: string, name: ObjectName, object: Buffer): LocalCommit | { readonly reason: string } {
  const text = decode(object);
  const short = name.slice(0, 10);
  if (text === undefined) return { reason: `can't be pushed through the API: ${short} is not in UTF-8` };
  const end = text.indexOf('\n\n');
  const headers = text.slice(0, end).split('\n');
  const known = /^(?:tree|parent|author|committer) /;
  const other = headers.find((line) => !known.test(line));
  if (other !== undefined) {
    const why = /^gpgsig/.test(other) ? 'is signed' : 'is of a special form';
    return { reason: `can't be pushed through the API: ${short} ${why}, which would be lost` };
  }
  const valuesOf = (key: string) =>
    headers.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  const [author, committer] = [personOf(valuesOf('author')[0]), personOf(valuesOf('committer')[0])];
  const [tree] = valuesOf('tree') as ObjectName[];
  const [parent, ...parents] = valuesOf('parent') as ObjectName[];
  const message = text.slice(end + 2);
  if (!author || !committer || !tree || !parent || message.trim() === '') {
    return { reason: `can't be pushed through the API: ${short} is of a special form` };
  }
  const content = { name, tree, parents: [parent, ...parents] as const, author, committer, message };
  return {
    ...content,
    changes: async (signal) => {
      const onto = await treeOfCommit(folder, parent, signal);
      return { onto, changes: await readChanges(folder, await listChanges(folder, content, signal), signal) };
    },
  };
}

function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** `Ann <ann@example.com> 1700000000 +0100` */
function personOf(line = ''): CommitPerson | undefined {
  const found = /^(.+) <([^<>]+)> (\d+) ([+-])(\d\d)([0-5]\d)$/.exec(line);
  if (!found) return undefined;
  const [, name = '', email = '', seconds = '', sign = '+', hours = '', minutes = ''] = found;
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -60 : 60);
  const local = new Date((Number(seconds) + offset) * 1000);
  if (Number.isNaN(local.getTime())) return undefined;
  return { name, email, date: `${local.toISOString().slice(0, 19)}${sign}${hours}:${minutes}` };
}

/** The tree of a commit of the user's repository. */
export async function treeOfCommit(folder: string, commit: ObjectName, signal: AbortSignal): Promise<ObjectName> {
  const { stdout } = await runGit(['rev-parse', '--verify', `${commit}^{tree}`], { folder, signal });
  return stdout.toString('latin1').trim() as ObjectName;
}

async function listChanges(
  folder: string,
  { tree, parents: [parent] }: Pick<LocalCommit, 'tree' | 'parents'>,
  signal: AbortSignal,
) {
  const args = [
    'diff-tree',
    '-r',
    '-z',
    '--raw',
    '--no-renames',
    '--no-relative',
    '--full-index',
    `${parent}^{tree}`,
    tree,
  ];
  const { stdout } = await runGit(args, { folder, signal });
  return parseChanges(splitFields(stdout));
}

async function readChanges(
  folder: string,
  changes: Awaited<ReturnType<typeof listChanges>>,
  signal: AbortSignal,
): Promise<readonly TreeChange[]> {
  const made: TreeChange[] = [];
  for (const { base, after } of changes) {
    if (after)
      made.push({ path: after.path, version: { mode: after.mode, bytes: await bytesOf(folder, after, signal) } });
    else if (base) made.push({ path: base.path });
  }
  return made;
}

/** Of a submodule: the name of its commit, which is all that a tree has of it. */
async function bytesOf(folder: string, { mode, blob }: FileVersion, signal: AbortSignal): Promise<Uint8Array> {
  if (mode === '160000') return Buffer.from(blob);
  return (await runGit(['cat-file', 'blob', blob], { folder, signal })).stdout;
}
