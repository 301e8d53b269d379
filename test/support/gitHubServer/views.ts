import type {
  Account,
  CheckRun,
  Comment,
  CommitStatus,
  Issue,
  Pull,
  Repository,
  Review,
  ReviewComment,
} from './model.ts';
import type { World } from './world.ts';

const date = (time: number) => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');

/** What a view is made with: the state, and where the server is. */
export interface Viewer {
  readonly world: World;
  readonly url: string;
}

export function showAccount({ world }: Viewer, login: string) {
  const account: Account = world.account(login) ?? { id: 0, login, type: 'User' };
  return { login: account.login, id: account.id, node_id: `U_${account.id}`, type: account.type, site_admin: false };
}

export function nameOf({ owner, name }: Repository): string {
  return `${owner}/${name}`;
}

export function pageOf(viewer: Viewer, repository: Repository): string {
  return `${viewer.url}/${nameOf(repository)}`;
}

export function showRepository(viewer: Viewer, repository: Repository, login?: string): Record<string, unknown> {
  const { world, url } = viewer;
  const role = login === undefined ? undefined : world.roleOf(login, repository);
  const at = (roles: readonly string[]) => role !== undefined && roles.includes(role);
  const { parent } = repository;
  return {
    id: repository.id,
    node_id: `R_${repository.id}`,
    name: repository.name,
    full_name: nameOf(repository),
    private: repository.isPrivate,
    visibility: repository.isPrivate ? 'private' : 'public',
    owner: showAccount(viewer, repository.owner),
    html_url: pageOf(viewer, repository),
    url: `${url}/repos/${nameOf(repository)}`,
    clone_url: `${pageOf(viewer, repository)}.git`,
    fork: parent !== undefined,
    default_branch: repository.defaultBranch,
    archived: repository.isArchived,
    disabled: false,
    allow_forking: repository.allowsForks,
    size: 1,
    ...(role !== undefined && {
      permissions: {
        admin: at(['admin']),
        maintain: at(['admin', 'maintain']),
        push: at(['admin', 'maintain', 'write']),
        triage: at(['admin', 'maintain', 'write', 'triage']),
        pull: role !== 'none',
      },
    }),
    ...(parent && { parent: showRepository(viewer, parent, login), source: showRepository(viewer, parent, login) }),
  };
}

export function showPull(viewer: Viewer, pull: Pull, mergeable?: boolean | null): Record<string, unknown> {
  const { repository, pull: part } = pull;
  const base = repository.bare.ref(`heads/${part.base}`);
  const side = (where: Repository, branch: string, sha: string | undefined) => ({
    label: `${where.owner}:${branch}`,
    ref: branch,
    sha,
    user: showAccount(viewer, where.owner),
    repo: showRepository(viewer, where),
  });
  return {
    id: pull.id,
    node_id: `PR_${pull.id}`,
    number: pull.number,
    url: `${viewer.url}/repos/${nameOf(repository)}/pulls/${pull.number}`,
    html_url: `${pageOf(viewer, repository)}/pull/${pull.number}`,
    state: pull.state,
    locked: false,
    title: pull.title,
    body: pull.body,
    user: showAccount(viewer, pull.author),
    draft: part.draft,
    head: side(part.head.repository, part.head.branch, part.lastHead),
    base: side(repository, part.base, base),
    labels: showLabels(pull),
    assignees: pull.assignees.map((login) => showAccount(viewer, login)),
    requested_reviewers: part.reviewers.map((login) => showAccount(viewer, login)),
    requested_teams: part.teams.map((slug) => ({ slug, name: slug })),
    created_at: date(pull.createdAt),
    updated_at: date(pull.updatedAt),
    closed_at: pull.state === 'closed' ? date(pull.updatedAt) : null,
    merged_at: part.merged ? date(pull.updatedAt) : null,
    merge_commit_sha: null,
    ...(mergeable !== undefined && {
      merged: part.merged,
      mergeable,
      mergeable_state: mergeable === null ? 'unknown' : mergeable ? 'clean' : 'dirty',
      comments: pull.comments.length,
      commits: 1,
      maintainer_can_modify: part.head.repository !== repository,
    }),
  };
}

export function showIssue(viewer: Viewer, issue: Issue): Record<string, unknown> {
  const { repository } = issue;
  const kind = issue.pull ? 'pull' : 'issues';
  return {
    id: issue.id,
    node_id: `I_${issue.id}`,
    number: issue.number,
    url: `${viewer.url}/repos/${nameOf(repository)}/issues/${issue.number}`,
    html_url: `${pageOf(viewer, repository)}/${kind}/${issue.number}`,
    state: issue.state,
    title: issue.title,
    body: issue.body,
    user: showAccount(viewer, issue.author),
    labels: showLabels(issue),
    assignees: issue.assignees.map((login) => showAccount(viewer, login)),
    comments: issue.comments.length,
    created_at: date(issue.createdAt),
    updated_at: date(issue.updatedAt),
    ...(issue.pull && {
      pull_request: { url: `${viewer.url}/repos/${nameOf(repository)}/pulls/${issue.number}` },
    }),
  };
}

export function showLabels(issue: Issue) {
  return issue.labels.map((name, index) => ({ id: index + 1, name, color: 'ededed', default: false }));
}

export function showComment(viewer: Viewer, issue: Issue, comment: Comment) {
  const { repository } = issue;
  const page = `${pageOf(viewer, repository)}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`;
  return {
    id: comment.id,
    node_id: `IC_${comment.id}`,
    url: `${viewer.url}/repos/${nameOf(repository)}/issues/comments/${comment.id}`,
    html_url: `${page}#issuecomment-${comment.id}`,
    issue_url: `${viewer.url}/repos/${nameOf(repository)}/issues/${issue.number}`,
    body: comment.body,
    user: showAccount(viewer, comment.author),
    author_association: associationOf(viewer.world, repository, comment.author),
    created_at: date(comment.createdAt),
    updated_at: date(comment.updatedAt),
    reactions: countReactions(comment),
  };
}

export function showReviewComment(viewer: Viewer, pull: Pull, comment: ReviewComment) {
  const { repository } = pull;
  return {
    id: comment.id,
    node_id: `PRRC_${comment.id}`,
    url: `${viewer.url}/repos/${nameOf(repository)}/pulls/comments/${comment.id}`,
    html_url: `${pageOf(viewer, repository)}/pull/${pull.number}#discussion_r${comment.id}`,
    pull_request_url: `${viewer.url}/repos/${nameOf(repository)}/pulls/${pull.number}`,
    pull_request_review_id: comment.review,
    path: comment.path,
    ...(comment.line !== undefined && { line: comment.line, side: 'RIGHT' }),
    commit_id: comment.commit,
    original_commit_id: comment.commit,
    diff_hunk: '@@ -1 +1 @@',
    ...(comment.replyTo !== undefined && { in_reply_to_id: comment.replyTo }),
    body: comment.body,
    user: showAccount(viewer, comment.author),
    author_association: associationOf(viewer.world, repository, comment.author),
    created_at: date(comment.createdAt),
    updated_at: date(comment.updatedAt),
    reactions: countReactions(comment),
  };
}

export function showReview(viewer: Viewer, pull: Pull, review: Review) {
  return {
    id: review.id,
    node_id: `PRR_${review.id}`,
    user: showAccount(viewer, review.author),
    body: review.body,
    state: review.state,
    html_url: `${pageOf(viewer, pull.repository)}/pull/${pull.number}#pullrequestreview-${review.id}`,
    pull_request_url: `${viewer.url}/repos/${nameOf(pull.repository)}/pulls/${pull.number}`,
    submitted_at: date(review.createdAt),
    commit_id: review.commit,
    author_association: associationOf(viewer.world, pull.repository, review.author),
  };
}

export function showReaction(viewer: Viewer, { id, user, content, createdAt }: Comment['reactions'][number]) {
  return { id, node_id: `REA_${id}`, user: showAccount(viewer, user), content, created_at: date(createdAt) };
}

export function showCheckRun(viewer: Viewer, repository: Repository, run: CheckRun) {
  const page = pageOf(viewer, repository);
  const isJob = run.log !== undefined;
  return {
    id: run.id,
    node_id: `CR_${run.id}`,
    name: run.name,
    head_sha: run.commit,
    external_id: '',
    url: `${viewer.url}/repos/${nameOf(repository)}/check-runs/${run.id}`,
    html_url: isJob ? `${page}/actions/runs/1/job/${run.id}` : `${page}/runs/${run.id}`,
    details_url: isJob ? `${page}/actions/runs/1/job/${run.id}` : 'https://checks.example.com/1',
    status: run.status,
    conclusion: run.conclusion,
    started_at: date(0),
    completed_at: run.status === 'completed' ? date(1000) : null,
    output: {
      title: run.title ?? null,
      summary: run.summary ?? null,
      text: null,
      annotations_count: 0,
    },
    app: isJob
      ? { id: 15368, slug: 'github-actions', name: 'GitHub Actions' }
      : { id: 7, slug: 'checks-of-others', name: 'Checks of others' },
    pull_requests: [],
  };
}

export function showStatus(status: CommitStatus) {
  return {
    id: status.id,
    node_id: `S_${status.id}`,
    context: status.context,
    state: status.state,
    description: status.description ?? null,
    target_url: 'https://status.example.com/1',
    created_at: date(0),
    updated_at: date(0),
  };
}

function associationOf(world: World, repository: Repository, author: string): string {
  if (author === repository.owner) return 'OWNER';
  return world.mayPush(author, repository) ? 'COLLABORATOR' : 'NONE';
}

function countReactions({ reactions }: Comment): Record<string, number> {
  const count = (content: string) => reactions.filter((each) => each.content === content).length;
  const kinds = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'];
  return { total_count: reactions.length, ...Object.fromEntries(kinds.map((kind) => [kind, count(kind)])) };
}
