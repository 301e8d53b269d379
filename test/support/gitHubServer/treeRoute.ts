import { mayWriteWorkflows } from './access.ts';
import { type Answer, type Call, created, notFound, Refusal } from './calls.ts';
import type { GitObjects, TreeEntry } from './gitObjects.ts';
import { nameOf } from './views.ts';

interface Change {
  readonly path: string;
  readonly mode: TreeEntry['mode'];
  /** `null` removes the path. */
  readonly sha: string | null;
}

const types = { '100644': 'blob', '100755': 'blob', '120000': 'blob', '160000': 'commit', '40000': 'tree' } as const;

/** https://docs.github.com/en/rest/git/trees#create-a-tree */
export function createTree(call: Call): Answer {
  const { objects } = call.repository.bare;
  if (call.repository.bare.isEmpty()) throw new Refusal(409, 'Git Repository is empty.');
  const { tree, base_tree: base } = call.body;
  if (!Array.isArray(tree) || tree.length === 0) throw new Refusal(422, 'Invalid tree info');
  if (tree.length > 100_000) throw new Refusal(422, 'Sorry, your request could not be processed: too many entries');
  const changes = tree.map((each: unknown) => readChange(objects, each));
  const start = typeof base === 'string' ? treeOf(objects, base) : undefined;
  if (base !== undefined && start === undefined) throw new Refusal(422, 'base_tree is not a valid tree oid');
  if (changes.some(({ path }) => path.startsWith('.github/workflows/')) && !mayWriteWorkflows(call.who)) {
    // GitHub tells users no more than that: https://github.com/github/docs/pull/4770
    throw call.who.type === 'user' ? notFound() : new Refusal(403, 'Resource not accessible by integration');
  }
  let sha = start ?? objects.writeTree([]);
  for (const change of changes) sha = put(objects, sha, change.path.split('/'), change) ?? objects.writeTree([]);
  const entries = (objects.tree(sha) ?? []).map(({ name, mode, sha: entry }) => ({
    path: name,
    mode: mode.padStart(6, '0'),
    type: types[mode],
    sha: entry,
  }));
  return created({
    sha,
    url: `${call.url}/repos/${nameOf(call.repository)}/git/trees/${sha}`,
    tree: entries,
    truncated: false,
  });
}

function treeOf(objects: GitObjects, name: string): string | undefined {
  const tree = objects.commit(name)?.tree ?? name;
  return objects.is(tree, 'tree') ? tree : undefined;
}

function readChange(objects: GitObjects, given: unknown): Change {
  const { path, mode, type, sha, content } = given as Record<string, unknown>;
  if (typeof path !== 'string' || path === '') throw new Refusal(422, 'tree.path is missing');
  if (path.split('/').some((part) => ['', '.', '..', '.git'].includes(part.toLowerCase()))) {
    throw new Refusal(422, 'tree.path contains a malformed path component');
  }
  const known = String(mode).replace(/^0/, '') as TreeEntry['mode'];
  if (!Object.hasOwn(types, known)) throw new Refusal(422, 'Must supply a valid tree.mode');
  if (type !== undefined && type !== types[known]) throw new Refusal(422, `tree.type ${type} does not match tree.mode`);
  if (sha === null) return { path, mode: known, sha };
  if (typeof content === 'string' && sha === undefined) {
    return { path, mode: known, sha: objects.write('blob', Buffer.from(content)) };
  }
  if (typeof sha !== 'string' || content !== undefined) {
    throw new Refusal(
      422,
      'Must supply either tree.sha or tree.content. Request will be rejected if both are present.',
    );
  }
  // A submodule's commit is in another repository.
  const isThere = /^[0-9a-f]{40}$/.test(sha) && (known === '160000' || objects.is(sha, types[known]));
  if (!isThere) throw new Refusal(422, `tree.sha ${sha} is not a valid ${types[known]}`);
  return { path, mode: known, sha };
}

/** The tree with the change in it; undefined where nothing is left. */
function put(objects: GitObjects, tree: string, path: readonly string[], change: Change): string | undefined {
  const [name = '', ...rest] = path;
  const entries = objects.tree(tree) ?? [];
  const old = entries.find((entry) => entry.name === name);
  const others = entries.filter((entry) => entry.name !== name);
  const withEntry = (entry: Omit<TreeEntry, 'name'> | undefined) => {
    const all = entry === undefined ? others : [...others, { name, ...entry }];
    return all.length === 0 ? undefined : objects.writeTree(all);
  };
  if (rest.length === 0) {
    if (change.sha !== null) return withEntry({ mode: change.mode, sha: change.sha });
    // What isn't there can't be removed.
    if (old === undefined) throw new Refusal(422, 'GitRPC::BadObjectState');
    return withEntry(undefined);
  }
  const isFolder = old?.mode === '40000';
  if (!isFolder && change.sha === null) throw new Refusal(422, 'GitRPC::BadObjectState');
  const inside = put(objects, isFolder ? old.sha : objects.writeTree([]), rest, change);
  return withEntry(inside === undefined ? undefined : { mode: '40000', sha: inside });
}
