import {
  type Answer,
  type Call,
  created,
  invalid,
  notFound,
  ok,
  optionalText,
  page,
  Refusal,
  type Route,
  text,
  texts,
} from './calls.ts';
import type { Pull, Repository } from './model.ts';
import { nameOf, showAccount, showPull, showReview, showReviewComment } from './views.ts';

const reads = { permission: 'pull_requests', level: 'read' } as const;
const writes = { permission: 'pull_requests', level: 'write' } as const;
const at = '/repos/:owner/:repo/pulls';

/** https://docs.github.com/en/rest/pulls */
export const pullRoutes: readonly Route[] = [
  { method: 'GET', path: at, need: reads, run: listPulls },
  { method: 'POST', path: at, need: { ...writes, byAnyUser: true }, run: createPull },
  { method: 'GET', path: `${at}/:number`, need: reads, run: getPull },
  { method: 'PATCH', path: `${at}/:number`, need: { ...writes, byAnyUser: true }, run: updatePull },
  { method: 'GET', path: `${at}/:number/files`, need: reads, run: listFiles },
  { method: 'GET', path: `${at}/:number/commits`, need: reads, run: listCommits },
  { method: 'GET', path: `${at}/:number/reviews`, need: reads, run: listReviews },
  { method: 'GET', path: `${at}/:number/comments`, need: reads, run: listReviewComments },
  { method: 'POST', path: `${at}/:number/comments/:comment/replies`, need: { ...writes, byAnyUser: true }, run: reply },
  { method: 'GET', path: `${at}/:number/requested_reviewers`, need: reads, run: listReviewers },
  { method: 'POST', path: `${at}/:number/requested_reviewers`, need: writes, run: requestReviewers },
];

export function pullOf(call: Call): Pull {
  const found = call.world.issue(call.repository, Number(call.params.number));
  if (!found?.pull) throw notFound();
  return found as Pull;
}

function listPulls(call: Call): Answer {
  const { query, repository } = call;
  const state = query.get('state') ?? 'open';
  const [owner, branch] = /^([^:]+):(.+)$/.exec(query.get('head') ?? '')?.slice(1) ?? [];
  const base = query.get('base');
  const found = call.world.pulls(repository).filter(({ state: is, pull }) => {
    if (state !== 'all' && is !== state) return false;
    if (base && pull.base !== base) return false;
    // GitHub ignores a filter that it can't read.
    return branch === undefined || (pull.head.repository.owner === owner && pull.head.branch === branch);
  });
  const sorted = query.get('direction') === 'asc' ? found : found.toReversed();
  return page(
    call,
    sorted.map((pull) => showPull(call, pull)),
    `/repos/${nameOf(repository)}/pulls`,
  );
}

function createPull(call: Call): Answer {
  const { repository, world, who } = call;
  const title = text(call, 'title');
  const head = text(call, 'head');
  const base = text(call, 'base');
  const body = optionalText(call, 'body') ?? '';
  if (title.length > 256) throw invalid('PullRequest', 'title', 'title is too long (maximum is 256 characters)');
  if (body.length > 65_536) throw invalid('PullRequest', 'body', 'body is too long (maximum is 65536 characters)');
  const source = headOf(call, head);
  const baseCommit = repository.bare.ref(`heads/${base}`);
  const headCommit = source?.repository.bare.ref(`heads/${source.branch}`);
  if (baseCommit === undefined) throw invalid('PullRequest', 'base');
  if (!source || headCommit === undefined) throw invalid('PullRequest', 'head');
  const login = who.type === 'user' || who.type === 'installation' ? who.account.login : '';
  if (who.type === 'user' && !world.mayPush(login, source.repository)) throw invalid('PullRequest', 'head');
  const label = `${source.repository.owner}:${source.branch}`;
  const isSame = ({ pull, state }: Pull) =>
    state === 'open' &&
    pull.base === base &&
    pull.head.repository === source.repository &&
    pull.head.branch === source.branch;
  if (world.pulls(repository).some(isSame)) throw custom(`A pull request already exists for ${label}.`);
  if (repository.bare.isAncestor(headCommit, baseCommit)) throw custom(`No commits between ${base} and ${head}`);
  if (call.body.draft === true && !world.hasDrafts)
    throw new Refusal(422, 'Draft pull requests are not supported in this repository.');
  const now = Date.now();
  const made: Pull = {
    ...{ id: world.id(), number: repository.issues.length + 1, repository, author: login, title, body, state: 'open' },
    ...{ createdAt: now, updatedAt: now, labels: [], assignees: [], comments: [] },
    pull: {
      ...{ base, head: source, draft: call.body.draft === true, merged: false, lastHead: headCommit },
      ...{ reviewers: [], teams: [], reviews: [], threads: [] },
    },
  };
  repository.issues.push(made);
  return created(showPull(call, made, null));
}

function custom(message: string): Refusal {
  return new Refusal(422, 'Validation Failed', [{ resource: 'PullRequest', code: 'custom', message }]);
}

/** The branch that `branch`, `owner:branch`, or `branch` with `head_repo` names: always of the same network. */
function headOf(call: Call, head: string): { repository: Repository; branch: string } | undefined {
  const { repository, world } = call;
  const [, owner, branch = ''] = /^(?:([^:]+):)?(.+)$/.exec(head) ?? [];
  if (owner === undefined) return { repository, branch };
  const root = repository.parent ?? repository;
  const network = [root, ...world.forksOf(root)];
  const named = optionalText(call, 'head_repo');
  const found = network.find(
    (each) =>
      each.owner.toLowerCase() === owner.toLowerCase() &&
      (named === undefined || [each.name, nameOf(each)].includes(named)),
  );
  return found && { repository: found, branch };
}

function getPull(call: Call): Answer {
  const pull = pullOf(call);
  return ok(showPull(call, pull, mergeableOf(call, pull)));
}

/** As on GitHub, the first question only starts the search for the answer. */
function mergeableOf({ world, repository }: Call, { pull }: Pull): boolean | null {
  const base = repository.bare.ref(`heads/${pull.base}`) ?? '';
  const key = `${base}...${pull.lastHead}`;
  const known = world.mergeable.get(key);
  if (known !== undefined) return known;
  world.mergeable.set(key, repository.bare.merge(base, pull.lastHead) !== undefined);
  return null;
}

function updatePull(call: Call): Answer {
  const pull = pullOf(call);
  const { state } = call.body;
  pull.title = optionalText(call, 'title') ?? pull.title;
  pull.body = optionalText(call, 'body') ?? pull.body;
  pull.pull.base = optionalText(call, 'base') ?? pull.pull.base;
  if (state === 'open' || state === 'closed') pull.state = state;
  pull.updatedAt = Date.now();
  return ok(showPull(call, pull, mergeableOf(call, pull)));
}

function rangeOf({ repository }: Call, { pull }: Pull): string {
  return `${repository.bare.ref(`heads/${pull.base}`)}...${pull.lastHead}`;
}

function listFiles(call: Call): Answer {
  const names = { A: 'added', M: 'modified', D: 'removed', T: 'changed' } as Readonly<Record<string, string>>;
  const lines = call.repository.bare
    .git('diff', '--no-renames', '--name-status', '-z', rangeOf(call, pullOf(call)))
    .split('\0');
  const files: object[] = [];
  for (let index = 0; index + 1 < lines.length; index += 2) {
    files.push({
      filename: lines[index + 1],
      status: names[lines[index] ?? ''] ?? 'changed',
      additions: 0,
      deletions: 0,
      changes: 0,
    });
  }
  return page(call, files, `/repos/${nameOf(call.repository)}/pulls/${call.params.number}/files`);
}

function listCommits(call: Call): Answer {
  const range = rangeOf(call, pullOf(call)).replace('...', '..');
  const names = call.repository.bare
    .git('rev-list', '--reverse', range)
    .split('\n')
    .filter((name) => name !== '');
  const commits = names.map((sha) => ({ sha, commit: { message: call.repository.bare.objects.commit(sha)?.message } }));
  return page(call, commits, `/repos/${nameOf(call.repository)}/pulls/${call.params.number}/commits`);
}

function listReviews(call: Call): Answer {
  const pull = pullOf(call);
  const path = `/repos/${nameOf(call.repository)}/pulls/${pull.number}/reviews`;
  return page(
    call,
    pull.pull.reviews.map((review) => showReview(call, pull, review)),
    path,
  );
}

function listReviewComments(call: Call): Answer {
  const pull = pullOf(call);
  const since = Date.parse(call.query.get('since') ?? '1970-01-01');
  const all = pull.pull.threads.flatMap(({ comments }) => comments).filter(({ updatedAt }) => updatedAt >= since);
  const path = `/repos/${nameOf(call.repository)}/pulls/${pull.number}/comments`;
  return page(
    call,
    all.sort((a, b) => a.id - b.id).map((comment) => showReviewComment(call, pull, comment)),
    path,
  );
}

function reply(call: Call): Answer {
  const pull = pullOf(call);
  const to = Number(call.params.comment);
  const thread = pull.pull.threads.find(({ comments }) => comments[0]?.id === to);
  const first = thread?.comments[0];
  if (!thread || !first || call.who.type === 'nobody' || call.who.type === 'app') throw notFound();
  const comment = { ...first, ...call.world.comment(call.who.account.login, text(call, 'body')), replyTo: to };
  thread.comments.push(comment);
  pull.updatedAt = Date.now();
  return created(showReviewComment(call, pull, comment));
}

function listReviewers(call: Call): Answer {
  const { reviewers, teams } = pullOf(call).pull;
  return ok({
    users: reviewers.map((login) => showAccount(call, login)),
    teams: teams.map((slug) => ({ slug, name: slug })),
  });
}

function requestReviewers(call: Call): Answer {
  const pull = pullOf(call);
  const { repository, world } = call;
  const reviewers = texts(call, 'reviewers');
  const teams = texts(call, 'team_reviewers');
  if (reviewers.includes(pull.author)) throw new Refusal(422, 'Review cannot be requested from pull request author.');
  const isKnown = (login: string) => login === repository.owner || repository.collaborators.has(login);
  if (!reviewers.every(isKnown) || !teams.every((team) => world.teams.has(`${repository.owner}/${team}`))) {
    throw new Refusal(
      422,
      `Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the ${nameOf(repository)} repository.`,
    );
  }
  for (const login of reviewers) if (!pull.pull.reviewers.includes(login)) pull.pull.reviewers.push(login);
  for (const team of teams) if (!pull.pull.teams.includes(team)) pull.pull.teams.push(team);
  return created(showPull(call, pull));
}
