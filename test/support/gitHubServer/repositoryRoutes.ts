import { canSee } from './access.ts';
import type { BareRepository } from './bareRepository.ts';
import { type Answer, type Call, notFound, ok, optionalText, page, Refusal, type Route, text } from './calls.ts';
import { showCommit } from './gitRoutes.ts';
import { rulesFor } from './rules.ts';
import { nameOf, showAccount, showRepository } from './views.ts';

const metadata = { permission: 'metadata', level: 'read' } as const;
const reads = { permission: 'contents', level: 'read' } as const;
const at = '/repos/:owner/:repo';

/** Repositories, branches, contents and forks: https://docs.github.com/en/rest/repos */
export const repositoryRoutes: readonly Route[] = [
  { method: 'GET', path: at, need: metadata, run: (call) => ok(show(call)) },
  { method: 'GET', path: `${at}/branches`, need: reads, run: listBranches },
  {
    method: 'GET',
    path: `${at}/branches/*branch/protection`,
    need: { permission: 'administration', level: 'write' },
    run: () => {
      throw new Refusal(404, 'Branch not protected');
    },
  },
  { method: 'GET', path: `${at}/branches/*branch`, need: reads, run: getBranch },
  {
    method: 'GET',
    path: `${at}/rules/branches/*branch`,
    need: metadata,
    run: (call) => ok(rulesFor(call.repository, call.params.branch ?? '')),
  },
  { method: 'GET', path: `${at}/contents`, need: reads, run: getContents },
  { method: 'GET', path: `${at}/contents/*path`, need: reads, run: getContents },
  { method: 'GET', path: `${at}/commits`, need: reads, run: listCommits },
  { method: 'GET', path: `${at}/commits/*ref`, need: reads, run: getCommit },
  { method: 'GET', path: `${at}/compare/*range`, need: reads, run: compare },
  { method: 'GET', path: `${at}/forks`, need: metadata, run: listForks },
  {
    method: 'POST',
    path: `${at}/forks`,
    need: { permission: 'administration', level: 'write', byAnyUser: true },
    run: createFork,
  },
  {
    method: 'POST',
    path: `${at}/merge-upstream`,
    need: { permission: 'contents', level: 'write' },
    run: mergeUpstream,
  },
];

function loginOf({ who }: Call): string | undefined {
  return who.type === 'user' || who.type === 'installation' ? who.account.login : undefined;
}

function show(call: Call) {
  return showRepository(call, call.repository, call.who.type === 'user' ? call.who.account.login : undefined);
}

function listBranches(call: Call): Answer {
  const { bare } = call.repository;
  const all = bare.refs('heads/').map(([name, sha]) => ({
    name: name.slice('heads/'.length),
    commit: { sha, url: `${call.url}/repos/${nameOf(call.repository)}/commits/${sha}` },
    protected: false,
  }));
  return page(call, all, `/repos/${nameOf(call.repository)}/branches`);
}

function getBranch(call: Call): Answer {
  const { branch = '' } = call.params;
  const sha = call.repository.bare.ref(`heads/${branch}`);
  if (sha === undefined) throw new Refusal(404, 'Branch not found');
  const { tree, ...commit } = showCommit(call, sha);
  return ok({
    name: branch,
    commit: { sha, commit: { ...commit, tree } },
    protected: rulesFor(call.repository, branch).length > 0,
  });
}

function commitNamed(call: Call, named: string | null | undefined): string {
  const found = call.repository.bare.resolve(named || call.repository.defaultBranch);
  if (found === undefined) throw new Refusal(404, named ? `No commit found for SHA: ${named}` : 'Not Found');
  return found;
}

function getContents(call: Call): Answer {
  const { bare } = call.repository;
  const commit = commitNamed(call, call.query.get('ref'));
  const path = (call.params.path ?? '').replace(/\/+$/, '');
  let sha = bare.objects.commit(commit)?.tree ?? '';
  let mode = '40000';
  for (const part of path.split('/').filter((each) => each !== '')) {
    const entry = bare.objects.tree(sha)?.find(({ name }) => name === part);
    if (!entry) throw notFound();
    ({ sha, mode } = entry);
  }
  const describe = (name: string, full: string, entry: string, kind: string) => ({
    name,
    path: full,
    sha: entry,
    type: kind === '40000' ? 'dir' : kind === '120000' ? 'symlink' : kind === '160000' ? 'submodule' : 'file',
    size: bare.objects.is(entry, 'blob') ? (bare.objects.read(entry)?.bytes.length ?? 0) : 0,
    url: `${call.url}/repos/${nameOf(call.repository)}/contents/${full}`,
  });
  if (mode === '40000') {
    const entries = bare.objects.tree(sha) ?? [];
    return ok(
      entries.map((entry) =>
        describe(entry.name, path === '' ? entry.name : `${path}/${entry.name}`, entry.sha, entry.mode),
      ),
    );
  }
  const bytes = bare.objects.read(sha)?.bytes ?? Buffer.alloc(0);
  if (call.headers.accept?.includes('raw')) return { status: 200, body: bytes };
  const content = bytes.length > 1024 * 1024 ? '' : bytes.toString('base64').replace(/.{60}/g, '$&\n');
  const encoding = bytes.length > 1024 * 1024 ? 'none' : 'base64';
  return ok({ ...describe(path.split('/').at(-1) ?? '', path, sha, mode), content, encoding });
}

function listCommits(call: Call): Answer {
  const { bare } = call.repository;
  if (bare.isEmpty()) throw new Refusal(409, 'Git Repository is empty.');
  const path = call.query.get('path');
  const start = commitNamed(call, call.query.get('sha'));
  const names = bare
    .git('rev-list', '--max-count=300', start, '--', ...(path ? [path] : []))
    .split('\n')
    .filter((name) => name !== '');
  return page(
    call,
    names.map((sha) => showFull(call, sha)),
    `/repos/${nameOf(call.repository)}/commits`,
  );
}

function showFull(call: Call, sha: string) {
  const { sha: name, node_id, html_url, parents, ...commit } = showCommit(call, sha);
  return { sha: name, node_id, html_url, parents, commit, author: null, committer: null };
}

function getCommit(call: Call): Answer {
  const sha = call.repository.bare.resolve(call.params.ref ?? '');
  if (sha === undefined) throw new Refusal(422, `No commit found for SHA: ${call.params.ref}`);
  return ok({ ...showFull(call, sha), files: [] });
}

/** `base...head`; either may be of another repository of the network, as `owner:branch`. */
function compare(call: Call): Answer {
  const { bare } = call.repository;
  const [base, head] = (call.params.range ?? '').split('...').map((side) => sideOf(call, side));
  if (base === undefined || head === undefined) throw notFound();
  const [behind = 0, ahead = 0] = bare
    .git('rev-list', '--left-right', '--count', `${base}...${head}`)
    .split('\t')
    .map(Number);
  const status = ahead > 0 ? (behind > 0 ? 'diverged' : 'ahead') : behind > 0 ? 'behind' : 'identical';
  const merge = mergeBaseOf(bare, base, head);
  const commits = bare
    .git('rev-list', '--reverse', `${base}..${head}`)
    .split('\n')
    .filter((name) => name !== '');
  const names = bare
    .git('diff', '--no-renames', '--name-only', '-z', merge, head)
    .split('\0')
    .filter((name) => name !== '');
  return ok({
    url: `${call.url}/repos/${nameOf(call.repository)}/compare/${call.params.range}`,
    ...{ status, ahead_by: ahead, behind_by: behind, total_commits: commits.length },
    base_commit: showFull(call, base),
    merge_base_commit: showFull(call, merge),
    commits: commits.slice(0, 250).map((sha) => showFull(call, sha)),
    files: names.map((filename) => ({ filename, status: 'modified' })),
  });
}

function mergeBaseOf(bare: BareRepository, base: string, head: string): string {
  try {
    return bare.git('merge-base', base, head);
  } catch {
    throw new Refusal(404, `No common ancestor between ${base} and ${head}.`);
  }
}

function sideOf(call: Call, side: string): string | undefined {
  const [owner, branch] = side.includes(':') ? side.split(':') : [undefined, side];
  if (owner === undefined) return call.repository.bare.resolve(branch ?? '');
  const root = call.repository.parent ?? call.repository;
  const found = [root, ...call.world.forksOf(root)].find((each) => each.owner === owner);
  return found?.bare.resolve(branch ?? '');
}

function listForks(call: Call): Answer {
  const forks = call.world.forksOf(call.repository).filter((fork) => canSee(call.world, call.who, fork));
  return page(
    call,
    forks.map((fork) => showRepository(call, fork, loginOf(call))),
    `/repos/${nameOf(call.repository)}/forks`,
  );
}

/** Answers at once; the fork is there a while later. One account has one fork of a repository. */
function createFork(call: Call): Answer {
  const { repository, world, who } = call;
  if (who.type !== 'user') throw new Refusal(403, 'Resource not accessible by integration');
  if (!repository.allowsForks) throw new Refusal(403, 'The owner of this repository does not allow forks.');
  const owner = optionalText(call, 'organization') ?? who.account.login;
  const known = world.forksOf(repository).find((fork) => fork.owner === owner);
  if (known) return { status: 202, body: showRepository(call, known, who.account.login) };
  if (owner === repository.owner) throw new Refusal(403, 'You cannot fork your own repository.');
  const wanted = optionalText(call, 'name') ?? repository.name;
  const isTaken = world.repositories.has(`${owner}/${wanted}`.toLowerCase());
  const { defaultBranch, isPrivate } = repository;
  const name = isTaken ? `${wanted}-1` : wanted;
  const fork = world.addRepository({ owner, name, defaultBranch, isPrivate }, repository);
  return { status: 202, body: showRepository(call, fork, who.account.login) };
}

/** https://docs.github.com/en/rest/branches/branches#sync-a-fork-branch-with-the-upstream-repository */
function mergeUpstream(call: Call): Answer {
  const { repository } = call;
  const branch = text(call, 'branch');
  const { parent, bare } = repository;
  if (!parent) throw new Refusal(422, 'Validation Failed');
  const theirs = parent.bare.ref(`heads/${branch}`);
  const ours = bare.ref(`heads/${branch}`);
  if (theirs === undefined) throw new Refusal(422, `The branch ${branch} does not exist upstream.`);
  const base_branch = `${parent.owner}:${branch}`;
  const answer = (merge_type: string, message: string) => ok({ message, merge_type, base_branch });
  if (ours !== undefined && bare.isAncestor(theirs, ours)) {
    return answer('none', `This branch is not behind the upstream ${base_branch}.`);
  }
  if (ours === undefined || bare.isAncestor(ours, theirs)) {
    bare.setRef(`heads/${branch}`, theirs);
    return answer('fast-forward', `Successfully fetched and fast-forwarded from upstream ${base_branch}.`);
  }
  const tree = bare.merge(ours, theirs);
  if (tree === undefined) throw new Refusal(409, 'There are merge conflicts');
  const person = `${repository.owner} <${repository.owner}@users.noreply.github.com> ${Math.floor(Date.now() / 1000)} +0000`;
  const merged = {
    tree,
    parents: [ours, theirs],
    author: person,
    committer: person,
    message: `Merge branch '${branch}'`,
  };
  bare.setRef(`heads/${branch}`, bare.objects.writeCommit(merged));
  return answer('merge', `Successfully fetched and merged from upstream ${base_branch}.`);
}

/** Who asks, and others. */
export const accountRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/user',
    run: (call) => {
      if (call.who.type === 'nobody') throw new Refusal(401, 'Requires authentication');
      if (call.who.type !== 'user') throw new Refusal(403, 'Resource not accessible by integration');
      const { name = null, login } = call.who.account;
      return ok({ ...showAccount(call, login), name, email: null });
    },
  },
  {
    method: 'GET',
    path: '/users/:login',
    run: (call) => {
      const account = call.world.account(call.params.login ?? '');
      if (!account) throw notFound();
      return ok({ ...showAccount(call, account.login), name: account.name ?? null, email: null });
    },
  },
  {
    method: 'GET',
    path: '/rate_limit',
    run: ({ world }) => {
      const core = {
        limit: 5000,
        remaining: world.remaining,
        reset: Math.ceil(Date.now() / 1000) + 3600,
        used: 5000 - world.remaining,
      };
      return ok({ resources: { core, graphql: core }, rate: core });
    },
  },
];
