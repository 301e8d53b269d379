import { type Answer, type Call, created, done, notFound, ok, Refusal, type Route, text, texts } from './calls.ts';
import { assertRulesAllow } from './rules.ts';
import { createTree } from './treeRoute.ts';
import { nameOf } from './views.ts';

const reads = { permission: 'contents', level: 'read' } as const;
const writes = { permission: 'contents', level: 'write' } as const;
const at = '/repos/:owner/:repo/git';

/** GitHub's Git Data API: https://docs.github.com/en/rest/git */
export const gitRoutes: readonly Route[] = [
  { method: 'POST', path: `${at}/blobs`, need: writes, run: createBlob },
  { method: 'GET', path: `${at}/blobs/:sha`, need: reads, run: getBlob },
  { method: 'POST', path: `${at}/trees`, need: writes, run: createTree },
  { method: 'GET', path: `${at}/trees/:sha`, need: reads, run: getTree },
  { method: 'POST', path: `${at}/commits`, need: writes, run: createCommit },
  { method: 'GET', path: `${at}/commits/:sha`, need: reads, run: getCommit },
  { method: 'POST', path: `${at}/refs`, need: writes, run: createRef },
  { method: 'GET', path: `${at}/ref/*ref`, need: reads, run: getRef },
  { method: 'GET', path: `${at}/matching-refs/*ref`, need: reads, run: matchingRefs },
  { method: 'PATCH', path: `${at}/refs/*ref`, need: writes, run: updateRef },
  { method: 'DELETE', path: `${at}/refs/*ref`, need: writes, run: deleteRef },
];

function assertNotEmpty({ repository }: Call): void {
  if (repository.bare.isEmpty()) throw new Refusal(409, 'Git Repository is empty.');
}

function urlOf({ url, repository }: Call, kind: string, name: string): string {
  return `${url}/repos/${nameOf(repository)}/git/${kind}/${name}`;
}

function assertName(sha: string): void {
  if (/^[0-9a-f]{40}$/.test(sha)) return;
  throw new Refusal(422, 'The SHA parameter must be exactly 40 characters and contain only [0-9a-f].');
}

function createBlob(call: Call): Answer {
  assertNotEmpty(call);
  const content = text(call, 'content');
  const encoding = call.body.encoding ?? 'utf-8';
  if (encoding !== 'utf-8' && encoding !== 'base64') throw new Refusal(422, 'Invalid request.');
  const bytes = Buffer.from(content, encoding);
  if (bytes.length > 100 * 1024 * 1024) throw new Refusal(422, 'Blob content is too large');
  const sha = call.repository.bare.objects.write('blob', bytes);
  return created({ sha, url: urlOf(call, 'blobs', sha) });
}

function getBlob(call: Call): Answer {
  const { sha = '' } = call.params;
  assertName(sha);
  const found = call.repository.bare.objects.read(sha);
  if (found?.type !== 'blob') throw notFound();
  if (call.headers.accept?.includes('raw')) return { status: 200, body: found.bytes };
  // GitHub breaks the lines.
  const content = found.bytes.toString('base64').replace(/.{60}/g, '$&\n');
  return ok({
    sha,
    node_id: `B_${sha}`,
    size: found.bytes.length,
    url: urlOf(call, 'blobs', sha),
    content,
    encoding: 'base64',
  });
}

function getTree(call: Call): Answer {
  assertNotEmpty(call);
  const { objects } = call.repository.bare;
  const named = call.params.sha ?? '';
  const commit = call.repository.bare.resolve(named);
  const sha = commit === undefined ? named : (objects.commit(commit)?.tree ?? '');
  if (!objects.is(sha, 'tree')) throw notFound();
  const entries: object[] = [];
  const list = (tree: string, prefix: string) => {
    for (const { name, mode, sha: entry } of objects.tree(tree) ?? []) {
      const type = mode === '40000' ? 'tree' : mode === '160000' ? 'commit' : 'blob';
      entries.push({
        path: prefix + name,
        mode: mode.padStart(6, '0'),
        type,
        sha: entry,
        ...(type === 'blob' && { size: objects.read(entry)?.bytes.length ?? 0 }),
        ...(type !== 'commit' && { url: urlOf(call, `${type}s`, entry) }),
      });
      if (type === 'tree' && call.query.has('recursive')) list(entry, `${prefix}${name}/`);
    }
  };
  list(sha, '');
  const { maxTreeEntries } = call.world;
  const truncated = entries.length > maxTreeEntries;
  return ok({ sha, url: urlOf(call, 'trees', sha), tree: entries.slice(0, maxTreeEntries), truncated });
}

function createCommit(call: Call): Answer {
  const { objects } = call.repository.bare;
  const message = text(call, 'message');
  const tree = text(call, 'tree');
  const parents = texts(call, 'parents');
  if (!objects.is(tree, 'tree')) throw new Refusal(422, 'Tree SHA does not exist');
  if (!parents.every((parent) => objects.is(parent, 'commit'))) {
    throw new Refusal(422, 'Parent SHA does not exist or is not a commit object');
  }
  const author = person(call, 'author') ?? self(call);
  const committer = person(call, 'committer') ?? person(call, 'author') ?? self(call);
  // Of a person's text, the parts that would end a line or an address can't be in a commit.
  const sha = objects.writeCommit({ tree, parents, message, author: written(author), committer: written(committer) });
  return created(showCommit(call, sha));
}

interface Person {
  readonly name: string;
  readonly email: string;
  /** ISO 8601. */
  readonly date: string;
}

function person(call: Call, field: string): Person | undefined {
  const value = call.body[field];
  if (typeof value !== 'object' || value === null) return undefined;
  const { name, email, date } = value as Partial<Person>;
  if (typeof name !== 'string' || typeof email !== 'string') {
    throw new Refusal(422, `Invalid request.\n\n"email", "name" weren't supplied in ${field}.`);
  }
  return { name, email, date: date ?? new Date().toISOString() };
}

function self({ who }: Call): Person {
  const account = who.type === 'user' || who.type === 'installation' ? who.account : undefined;
  const login = account?.login ?? 'ghost';
  const email = `${account?.id ?? 0}+${login}@users.noreply.github.com`;
  return { name: account?.name ?? login, email, date: new Date().toISOString() };
}

function written({ name, email, date }: Person): string {
  const zone = /([+-]\d\d):?(\d\d)$/.exec(date);
  const clean = (value: string) => value.replace(/[<>\n]/g, '').trim();
  return `${clean(name)} <${clean(email)}> ${Math.floor(Date.parse(date) / 1000)} ${zone ? `${zone[1]}${zone[2]}` : '+0000'}`;
}

export function showCommit(call: Call, sha: string): Record<string, unknown> {
  const commit = call.repository.bare.objects.commit(sha);
  if (!commit) throw notFound();
  return {
    sha,
    node_id: `C_${sha}`,
    url: urlOf(call, 'commits', sha),
    html_url: `${call.url}/${nameOf(call.repository)}/commit/${sha}`,
    author: shownPerson(commit.author),
    committer: shownPerson(commit.committer),
    message: commit.message.replace(/\n$/, ''),
    tree: { sha: commit.tree, url: urlOf(call, 'trees', commit.tree) },
    parents: commit.parents.map((parent) => ({ sha: parent, url: urlOf(call, 'commits', parent) })),
    verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
  };
}

function shownPerson(line: string): Person {
  const [, name = '', email = '', seconds = '0'] = /^(.*) <(.*)> (\d+) [+-]\d{4}$/.exec(line) ?? [];
  return { name, email, date: new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z') };
}

function getCommit(call: Call): Answer {
  assertNotEmpty(call);
  const { sha = '' } = call.params;
  assertName(sha);
  return ok(showCommit(call, sha));
}

function showRef(call: Call, name: string, sha: string) {
  const ref = `refs/${name}`;
  return {
    ref,
    node_id: `REF_${name}`,
    url: urlOf(call, 'refs', name),
    object: { type: 'commit', sha, url: urlOf(call, 'commits', sha) },
  };
}

function createRef(call: Call): Answer {
  assertNotEmpty(call);
  const { bare } = call.repository;
  const ref = text(call, 'ref');
  const sha = text(call, 'sha');
  const name = ref.replace(/^refs\//, '');
  if (!/^refs\/[^/]+\/./.test(ref))
    throw new Refusal(422, "Reference name must start with 'refs' and have at least two slashes.");
  if (!isRefName(ref)) throw new Refusal(422, `${ref} is not a valid ref name.`);
  assertName(sha);
  if (!bare.objects.is(sha, 'commit')) throw new Refusal(422, 'Object does not exist');
  if (bare.ref(name) !== undefined) throw new Refusal(422, 'Reference already exists');
  assertRulesAllow(call, name, 'creation');
  if (!bare.setRef(name, sha)) throw new Refusal(422, 'Reference update failed');
  return created(showRef(call, name, sha));
}

/** By the rules of `git check-ref-format`. */
function isRefName(ref: string): boolean {
  const isOdd = [...ref].some((letter) => letter <= ' ' || letter === '\x7f' || '~^:?*[\\'.includes(letter));
  if (isOdd || ref.includes('..') || ref.includes('@{') || ref.endsWith('.')) return false;
  return ref.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}

function getRef(call: Call): Answer {
  assertNotEmpty(call);
  const { ref = '' } = call.params;
  const sha = call.repository.bare.ref(ref);
  if (sha === undefined) throw notFound();
  return ok(showRef(call, ref, sha));
}

function matchingRefs(call: Call): Answer {
  assertNotEmpty(call);
  const { ref = '' } = call.params;
  return ok(call.repository.bare.refs(ref).map(([name, sha]) => showRef(call, name, sha)));
}

function updateRef(call: Call): Answer {
  const { bare } = call.repository;
  const { ref = '' } = call.params;
  const sha = text(call, 'sha');
  const old = bare.ref(ref);
  if (old === undefined) throw new Refusal(422, 'Reference does not exist');
  if (!bare.objects.is(sha, 'commit')) throw new Refusal(422, 'Object does not exist');
  assertRulesAllow(call, ref, 'update');
  if (call.body.force !== true && !bare.isAncestor(old, sha)) throw new Refusal(422, 'Update is not a fast forward');
  bare.setRef(ref, sha);
  return ok(showRef(call, ref, sha));
}

function deleteRef(call: Call): Answer {
  const { ref = '' } = call.params;
  if (call.repository.bare.ref(ref) === undefined) throw new Refusal(422, 'Reference does not exist');
  if (ref === `heads/${call.repository.defaultBranch}`) throw new Refusal(422, 'Cannot delete the default branch');
  assertRulesAllow(call, ref, 'deletion');
  call.repository.bare.deleteRef(ref);
  return done;
}
