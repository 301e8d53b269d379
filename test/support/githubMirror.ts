import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Octokit } from '@octokit/rest';

const run = promisify(execFile);

/** Where a mirrored history goes: a GitHub stand-in, spoken to with a client or with its URL and a token. */
export type MirrorRequest = ({ readonly octokit: Octokit } | { readonly apiUrl: string; readonly token: string }) & {
  readonly owner: string;
  readonly repo: string;
  /** A local git repository. */
  readonly directory: string;
  /** The branch that gets the mirrored commit; `main` when not given. */
  readonly branch?: string;
  /** What to mirror, with its whole history; `HEAD` when not given. */
  readonly revision?: string;
};

/**
 * Rebuilds a local history through GitHub's Git Data API, object by object, and points a branch at it. Every name is
 * compared with git's own, so the local HEAD then exists on the "remote". Answers that commit's name.
 */
export async function mirrorRepository(request: MirrorRequest): Promise<string> {
  const octokit =
    'octokit' in request ? request.octokit : new Octokit({ auth: request.token, baseUrl: request.apiUrl, log: silent });
  const { directory, owner, repo, branch = 'main', revision = 'HEAD' } = request;
  const target = { owner, repo };
  const blobs = new Set<string>();
  const trees = new Set<string>();
  const commits = lines(await git(directory, ['rev-list', '--reverse', '--topo-order', revision]));
  for (const commit of commits) {
    const written = parseCommit(await git(directory, ['cat-file', 'commit', commit]));
    if (!trees.has(written.tree)) {
      const entries = await listTree(directory, commit);
      for (const entry of entries) {
        if (entry.type !== 'blob' || blobs.has(entry.sha)) continue;
        const content = (await gitBytes(directory, ['cat-file', 'blob', entry.sha])).toString('base64');
        const made = await octokit.git.createBlob({ ...target, content, encoding: 'base64' });
        expectName('blob', made.data.sha, entry.sha);
        blobs.add(entry.sha);
      }
      const made = await octokit.git.createTree({ ...target, tree: entries });
      expectName('tree', made.data.sha, written.tree);
      trees.add(written.tree);
    }
    const made = await octokit.git.createCommit({ ...target, ...written });
    expectName('commit', made.data.sha, commit);
  }
  const head = commits.at(-1);
  if (head === undefined) throw new Error(`nothing to mirror in ${directory}`);
  const heads = await octokit.git.listMatchingRefs({ ...target, ref: `heads/${branch}` });
  if (heads.data.some((ref) => ref.ref === `refs/heads/${branch}`)) {
    await octokit.git.updateRef({ ...target, ref: `heads/${branch}`, sha: head, force: true });
  } else {
    await octokit.git.createRef({ ...target, ref: `refs/heads/${branch}`, sha: head });
  }
  return head;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

interface TreeEntry {
  path: string;
  mode: '100644' | '100755' | '120000' | '160000';
  type: 'blob' | 'commit';
  sha: string;
}

async function listTree(directory: string, commit: string): Promise<TreeEntry[]> {
  const listing = await git(directory, ['ls-tree', '-r', '-z', '--full-tree', commit]);
  return listing
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const tab = line.indexOf('\t');
      const [mode, type, sha] = line.slice(0, tab).split(' ');
      return { path: line.slice(tab + 1), mode, type, sha } as TreeEntry;
    });
}

/** The fields of a commit object as the API takes them. Dates keep their offset: it is part of the commit's name. */
function parseCommit(text: string) {
  const end = text.indexOf('\n\n');
  const headers = text.slice(0, end).split('\n');
  const valuesOf = (name: string) =>
    headers.filter((h) => h.startsWith(`${name} `)).map((h) => h.slice(name.length + 1));
  const person = (name: string) => {
    const found = /^(.*) <(.*)> (\d+) ([+-])(\d\d)(\d\d)$/.exec(valuesOf(name)[0] ?? '');
    if (found === null) throw new Error(`a commit without ${name}`);
    const [, who = '', email = '', seconds = '', sign = '+', hours = '00', minutes = '00'] = found;
    const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -60 : 60);
    const local = new Date((Number(seconds) + offset) * 1000).toISOString().slice(0, 19);
    return { name: who, email, date: `${local}${sign}${hours}:${minutes}` };
  };
  return {
    message: text.slice(end + 2),
    tree: valuesOf('tree')[0] ?? '',
    parents: valuesOf('parent'),
    author: person('author'),
    committer: person('committer'),
  };
}

function expectName(kind: string, made: string, local: string): void {
  if (made !== local) throw new Error(`the mirrored ${kind} is ${made}, and git calls it ${local}`);
}

async function git(directory: string, args: readonly string[]): Promise<string> {
  return (await gitBytes(directory, args)).toString('utf8');
}

async function gitBytes(directory: string, args: readonly string[]): Promise<Buffer> {
  const { stdout } = await run('git', ['-C', directory, ...args], { encoding: 'buffer', maxBuffer: 256 * 1024 * 1024 });
  return stdout;
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
