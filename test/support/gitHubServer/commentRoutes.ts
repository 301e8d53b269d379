import {
  type Answer,
  type Call,
  created,
  done,
  notFound,
  ok,
  page,
  Refusal,
  type Route,
  text,
  texts,
} from './calls.ts';
import type { Comment, Issue } from './model.ts';
import { nameOf, showAccount, showComment, showIssue, showLabels, showReaction } from './views.ts';

const reads = { permission: 'issues', level: 'read' } as const;
const writes = { permission: 'issues', level: 'write' } as const;
const speaks = { ...writes, byAnyUser: true } as const;
const metadata = { permission: 'metadata', level: 'read' } as const;
const at = '/repos/:owner/:repo/issues';
const reviewed = '/repos/:owner/:repo/pulls/comments/:comment/reactions';

/** Issues and what is said in them, of which pull requests are some: https://docs.github.com/en/rest/issues */
export const commentRoutes: readonly Route[] = [
  { method: 'GET', path: `${at}/comments`, need: reads, run: listAllComments },
  { method: 'GET', path: `${at}/comments/:comment`, need: reads, run: (call) => ok(showFound(call)) },
  { method: 'PATCH', path: `${at}/comments/:comment`, need: speaks, run: editComment },
  { method: 'DELETE', path: `${at}/comments/:comment`, need: speaks, run: deleteComment },
  { method: 'GET', path: `${at}/comments/:comment/reactions`, need: reads, run: listReactions },
  { method: 'POST', path: `${at}/comments/:comment/reactions`, need: speaks, run: react },
  { method: 'GET', path: reviewed, need: reads, run: listReactions },
  { method: 'POST', path: reviewed, need: speaks, run: react },
  { method: 'GET', path: `${at}/:number`, need: reads, run: (call) => ok(showIssue(call, issueOf(call))) },
  { method: 'GET', path: `${at}/:number/comments`, need: reads, run: listComments },
  { method: 'POST', path: `${at}/:number/comments`, need: speaks, run: createComment },
  { method: 'POST', path: `${at}/:number/labels`, need: writes, run: addLabels },
  { method: 'POST', path: `${at}/:number/assignees`, need: writes, run: addAssignees },
  { method: 'GET', path: '/repos/:owner/:repo/labels', need: reads, run: listLabels },
  { method: 'GET', path: '/repos/:owner/:repo/assignees/:login', need: metadata, run: checkAssignee },
];

function loginOf({ who }: Call): string {
  if (who.type === 'user' || who.type === 'installation') return who.account.login;
  throw new Refusal(401, 'Requires authentication');
}

function issueOf(call: Call): Issue {
  const found = call.world.issue(call.repository, Number(call.params.number));
  if (!found) throw notFound();
  return found;
}

/** A comment of the repository, of a conversation or of a review, by its number. */
function findComment(call: Call): { issue: Issue; comment: Comment } {
  const id = Number(call.params.comment);
  for (const issue of call.repository.issues) {
    const all = [...issue.comments, ...(issue.pull?.threads.flatMap(({ comments }) => comments) ?? [])];
    const comment = all.find((each) => each.id === id);
    if (comment) return { issue, comment };
  }
  throw notFound();
}

function showFound(call: Call) {
  const { issue, comment } = findComment(call);
  return showComment(call, issue, comment);
}

function sinceOf(call: Call): number {
  return Date.parse(call.query.get('since') ?? '1970-01-01T00:00:00Z');
}

function listComments(call: Call): Answer {
  const issue = issueOf(call);
  // GitHub's times have no fraction of a second.
  const found = issue.comments.filter(({ updatedAt }) => Math.floor(updatedAt / 1000) * 1000 >= sinceOf(call));
  const path = `/repos/${nameOf(call.repository)}/issues/${issue.number}/comments`;
  return page(
    call,
    found.map((comment) => showComment(call, issue, comment)),
    path,
  );
}

function listAllComments(call: Call): Answer {
  const found = call.repository.issues.flatMap((issue) =>
    issue.comments
      .filter(({ updatedAt }) => Math.floor(updatedAt / 1000) * 1000 >= sinceOf(call))
      .map((comment) => showComment(call, issue, comment)),
  );
  const sorted = found.sort((a, b) => a.id - b.id);
  const inOrder = call.query.get('direction') === 'desc' ? sorted.reverse() : sorted;
  return page(call, inOrder, `/repos/${nameOf(call.repository)}/issues/comments`);
}

function createComment(call: Call): Answer {
  const issue = issueOf(call);
  const body = text(call, 'body');
  if (body.trim() === '')
    throw new Refusal(422, 'Validation Failed', [{ resource: 'IssueComment', code: 'missing_field', field: 'body' }]);
  if (body.length > 65_536) {
    const message = 'body is too long (maximum is 65536 characters)';
    throw new Refusal(422, 'Validation Failed', [
      { resource: 'IssueComment', code: 'unprocessable', field: 'data', message },
    ]);
  }
  const comment = call.world.comment(loginOf(call), body);
  issue.comments.push(comment);
  issue.updatedAt = comment.createdAt;
  return created(showComment(call, issue, comment));
}

function editComment(call: Call): Answer {
  const { issue, comment } = findComment(call);
  assertOwn(call, comment);
  comment.body = text(call, 'body');
  comment.updatedAt = Date.now();
  return ok(showComment(call, issue, comment));
}

function deleteComment(call: Call): Answer {
  const { issue, comment } = findComment(call);
  assertOwn(call, comment);
  issue.comments.splice(issue.comments.indexOf(comment), 1);
  return done;
}

function assertOwn(call: Call, { author }: Comment): void {
  if (author === loginOf(call) || call.world.mayPush(loginOf(call), call.repository)) return;
  throw new Refusal(403, 'Must have admin rights to Repository.');
}

function listReactions(call: Call): Answer {
  const { comment } = findComment(call);
  const content = call.query.get('content');
  const found = comment.reactions.filter((each) => content === null || each.content === content);
  const path = `/repos/${nameOf(call.repository)}/issues/comments/${comment.id}/reactions`;
  return page(
    call,
    found.map((reaction) => showReaction(call, reaction)),
    path,
  );
}

/** 200 where the same person said the same before. */
function react(call: Call): Answer {
  const { comment } = findComment(call);
  const content = text(call, 'content');
  if (!['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes'].includes(content)) {
    throw new Refusal(422, 'Validation Failed', [{ resource: 'Reaction', code: 'invalid', field: 'content' }]);
  }
  const user = loginOf(call);
  const known = comment.reactions.find((each) => each.user === user && each.content === content);
  if (known) return ok(showReaction(call, known));
  const made = { id: call.world.id(), user, content, createdAt: Date.now() };
  comment.reactions.push(made);
  return created(showReaction(call, made));
}

/** A label that isn't there is made. */
function addLabels(call: Call): Answer {
  const issue = issueOf(call);
  for (const name of texts(call, 'labels')) {
    call.repository.labels.add(name);
    if (!issue.labels.includes(name)) issue.labels.push(name);
  }
  return ok(showLabels(issue));
}

/** Those who can't be assigned are left out without a word, as on GitHub. */
function addAssignees(call: Call): Answer {
  const issue = issueOf(call);
  for (const login of texts(call, 'assignees')) {
    if (canBeAssigned(call, login) && !issue.assignees.includes(login)) issue.assignees.push(login);
  }
  return created(showIssue(call, issue));
}

function canBeAssigned({ repository }: Call, login: string): boolean {
  return login === repository.owner || repository.collaborators.has(login);
}

function checkAssignee(call: Call): Answer {
  if (!canBeAssigned(call, call.params.login ?? '')) throw notFound();
  return done;
}

function listLabels(call: Call): Answer {
  const labels = [...call.repository.labels].map((name, index) => ({
    id: index + 1,
    name,
    color: 'ededed',
    default: false,
  }));
  return page(call, labels, `/repos/${nameOf(call.repository)}/labels`);
}

/** Whether a person may do something there: https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user */
export const permissionRoute: Route = {
  method: 'GET',
  path: '/repos/:owner/:repo/collaborators/:login/permission',
  need: { permission: 'collaborators', level: 'read' },
  run: (call) => {
    const login = call.params.login ?? '';
    if (!call.world.account(login)) throw notFound();
    const role = call.world.roleOf(login, call.repository);
    const old = { none: 'none', read: 'read', triage: 'read', write: 'write', maintain: 'write', admin: 'admin' }[role];
    return ok({ permission: old, role_name: role, user: showAccount(call, login) });
  },
};
