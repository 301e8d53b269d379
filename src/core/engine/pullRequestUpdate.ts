import { isComposition } from '../composition.ts';
import type { CandidateId, ObjectName } from '../domain.ts';
import type { RuledPush } from '../github/branchRules.ts';
import type { PullPlace } from '../github/statusPlace.ts';
import { UserError } from '../problem.ts';
import type { PullRequest, PullRequestTalk, PullRequestUpdate, RepositoryName } from '../pullRequest.ts';
import type { EngineHost } from './engineHost.ts';
import type { GitHubClients } from './gitHubClients.ts';
import { assertChangesFit, type CommitText, commitOf } from './pullRequestCommit.ts';
import { placeOnGround } from './pullRequestGround.ts';
import type { Shippable } from './pullRequests.ts';
import { connectTo } from './pullRequestUpdateHead.ts';

/** A candidate whose changes go onto the branch of a pull request. */
export interface UpdateOrder extends Shippable {
  readonly settings: ReturnType<EngineHost['settings']>;
  readonly clients: Pick<GitHubClients, 'for'>;
  readonly pull: PullRequest;
  /** Nobody can be asked to sign in. */
  readonly quiet: boolean;
}

/** How often the branch may move while the commit is made. */
const mostTries = 5;
/** How many of the branch's newest commits may be the one that an earlier call made. */
const mostCommits = 100;

/**
 * Puts the candidate's changes as a new commit on the newest one of the pull request's branch, 3-way where that is not what they were made
 * on. The branch is never forced. A commit of the candidate's that is there already, of a call whose end nobody heard, is the answer.
 * Throws `UserError`; ends with an abort where the user left a question.
 */
export async function updateBranch(order: UpdateOrder, talk: PullRequestTalk): Promise<PullRequestUpdate> {
  const { candidate } = order;
  const { place, branch } = await connect(order, talk);
  const { contextOf, explaining } = await import('../github/failure.ts');
  const commit = await messageOf(order, talk.signal);
  return explaining(contextOf(place.octokit, branch.repository), async () => {
    for (let tried = 1; ; tried += 1) {
      const tip = await readTip(place, branch, order.pull, talk.signal);
      const made = await findMade(order, place, { ...branch, tip }, commit, talk.signal);
      const name = made ?? (await pushOnto(order, place, { ...branch, tip }, commit, talk));
      if (name !== undefined) return { candidate: candidate.id, commit: name, at: Date.now() };
      if (tried >= mostTries) throw restless(order.pull);
      talk.report('The branch has moved on GitHub; placing the patch again');
    }
  });
}

interface Branch {
  readonly name: string;
  readonly repository: RepositoryName;
  /** Its repository's page on GitHub. */
  readonly page: string;
  /** When the pull request was opened, by GitHub's clock. */
  readonly openedAt: number;
}

type Tip = Branch & { readonly tip: ObjectName };

async function connect({ clients, pull, candidate, snapshot, quiet }: UpdateOrder, talk: PullRequestTalk) {
  const [
    { isWorkflow, assertWorkflowScope },
    { assertOpen, readPull },
    { readDestination },
    { explaining, contextOf },
  ] = await Promise.all([
    import('../github/preflight.ts'),
    import('../github/status.ts'),
    import('../github/destination.ts'),
    import('../github/failure.ts'),
  ]);
  talk.report('Signing in to GitHub');
  const paths = candidate.changes.flatMap(({ base, after }) =>
    [base, after].flatMap((version) => (version ? [`${snapshot.prefix}${version.path}`] : [])),
  );
  const needs = paths.some(isWorkflow) ? (['workflow'] as const) : [];
  const { signal } = talk;
  const place = await connectTo(clients, pull, { signal, needs, quiet });
  const { octokit, repository } = place;
  const seen = await explaining(contextOf(octokit, repository), () => readPull(place, signal));
  assertOpen(seen, pull.number);
  const head = seen.headRepository;
  if (!head) throw noBranch(pull);
  const destination = await readDestination(octokit, head, signal);
  assertWorkflowScope(destination, paths);
  if (!destination.canPush) throw notWritable(pull, head);
  const { page } = destination;
  return { place, branch: { name: seen.branch, repository: head, page, openedAt: seen.openedAt } };
}

async function readTip(
  { octokit }: PullPlace,
  { repository, name }: Branch,
  pull: PullRequest,
  signal: AbortSignal,
): Promise<ObjectName> {
  const [{ readBranch }, { objectName }] = await Promise.all([
    import('../github/branch.ts'),
    import('../github/objectName.ts'),
  ]);
  const tip = await readBranch(octokit, repository, name, signal);
  if (tip === undefined) throw noBranch(pull);
  return objectName(tip);
}

/** The time that the candidate's work ended is the commit's: with its message, that tells it from others. */
interface Text extends CommitText {
  readonly date: string;
}

async function messageOf(order: UpdateOrder, signal: AbortSignal): Promise<Text> {
  const { candidate, settings, round, pull } = order;
  const { pullRequestText } = await import('./pullRequestText.ts');
  const isRun = !isComposition(candidate);
  const summary = isRun && candidate.state.status === 'succeeded' ? candidate.state.summary : '';
  const isQuoting = round.start.from === 'pull-request';
  const instruction = isQuoting ? `Address feedback on #${pull.number}` : round.message;
  const source = {
    ...{ instruction, isQuoting, summary, changes: candidate.changes },
    modelLabel: isRun ? candidate.profile.label : '',
    ...(!isRun && { composedOf: candidate.name }),
  };
  const { title, body } = await pullRequestText(order.task.folder, source, signal);
  const text = await commitOf({ ...order, draft: { title, body } }, settings.gitHub, signal);
  const ended = isRun && 'endedAt' in candidate.state ? candidate.state.endedAt : 0;
  const at = isComposition(candidate) ? candidate.updatedAt : ended;
  return { ...text, date: new Date(at).toISOString().replace(/\.\d+Z$/, 'Z') };
}

/** The candidate's commit, where it is on the branch. */
async function findMade(
  { pull, candidate, snapshot }: UpdateOrder,
  { octokit }: PullPlace,
  { repository, tip, openedAt }: Tip,
  { message, author, date }: Text,
  signal: AbortSignal,
): Promise<ObjectName | undefined> {
  const [{ attempt }, { target }, { objectName }] = await Promise.all([
    import('../github/attempt.ts'),
    import('../github/client.ts'),
    import('../github/objectName.ts'),
  ]);
  const { data } = await attempt(
    (request) => octokit.repos.listCommits({ ...target(repository), sha: tip, per_page: mostCommits, request }),
    signal,
  );
  // What the candidate began with is older than anything of its making.
  const start = data.findIndex(({ sha }) => sha === snapshot.head);
  const others = new Set(pull.updates?.flatMap((update) => (update.candidate === candidate.id ? [] : [update.commit])));
  const isOurs = ({ author: by, committer }: (typeof data)[number]['commit']) =>
    author
      ? by?.email === author.email && sameTime(by.date, date)
      : // GitHub says who and when; the pull request's own commit may have the same words.
        Date.parse(committer?.date ?? '') > openedAt;
  const found = (start === -1 ? data : data.slice(0, start)).find(
    ({ sha, commit }) => !others.has(sha as ObjectName) && commit.message.trim() === message.trim() && isOurs(commit),
  );
  return found && objectName(found.sha);
}

function sameTime(a: string | undefined, b: string): boolean {
  return Date.parse(a ?? '') === Date.parse(b);
}

/** Makes the commit and moves the branch to it. Undefined where somebody else has moved it. */
async function pushOnto(
  order: UpdateOrder,
  { octokit }: PullPlace,
  branch: Tip,
  { message, author, date }: Text,
  talk: PullRequestTalk,
): Promise<ObjectName | undefined> {
  const { repository, name, tip } = branch;
  const { signal } = talk;
  const [{ treeOf }, { writeTree }, { attempt, isRequestFailure }, { target }, { objectName }] = await Promise.all([
    import('../github/base.ts'),
    import('../github/tree.ts'),
    import('../github/attempt.ts'),
    import('../github/client.ts'),
    import('../github/objectName.ts'),
  ]);
  talk.report('Placing the patch');
  const parent = await treeOf(octokit, repository, tip, signal);
  const changes = await placeOnGround(order, { parent }, { octokit, repository, base: { branch: name, tip } }, talk);
  await assertChangesFit(octokit, changes, signal);
  if (changes.length === 0) throw isThere(order.pull);
  const paths = changes.map(({ path }) => path);
  await assertMayMove(octokit, branch, { message, ...(author && { email: author.email }), paths }, signal);
  talk.report(`Uploading ${changes.length === 1 ? '1 file' : `${changes.length} files`}`);
  const tree = await writeTree({ octokit, repository, base: parent.tree, changes, signal });
  if (tree === parent.tree) throw isThere(order.pull);
  talk.report('Making the commit');
  const content = { message, tree, parents: [tip], ...(author && { author: { ...author, date }, committer: author }) };
  const made = await attempt(
    (request) => octokit.git.createCommit({ ...target(repository), ...content, request }),
    signal,
  );
  const commit = objectName(made.data.sha);
  try {
    const to = { ref: `heads/${name}`, sha: commit, force: false };
    await attempt((request) => octokit.git.updateRef({ ...target(repository), ...to, request }), signal);
    return commit;
  } catch (error) {
    if (isRequestFailure(error) && error.status === 422 && /fast.?forward/i.test(error.message)) return undefined;
    throw error;
  }
}

/** That no rule forbids the commit on the branch. */
async function assertMayMove(
  octokit: PullPlace['octokit'],
  { repository, name: branch, page }: Branch,
  push: Pick<RuledPush, 'message' | 'email' | 'paths'>,
  signal: AbortSignal,
): Promise<void> {
  const [{ assertRulesAllow }, { contextOf }] = await Promise.all([
    import('../github/branchRules.ts'),
    import('../github/failure.ts'),
  ]);
  const { auth } = await contextOf(octokit, repository);
  const isSigned = auth === 'app' && push.email === undefined;
  await assertRulesAllow(octokit, { repository, page }, { ...push, branch, isSigned, isThere: true }, signal);
}

/** Whether the pull request has the candidate's changes. */
export function updateOf(pull: PullRequest, id: CandidateId): PullRequestUpdate | undefined {
  return pull.updates?.find(({ candidate }) => candidate === id);
}

function noBranch({ branch, number }: PullRequest): UserError {
  return new UserError({
    code: 'github-failed',
    message: `The branch ${branch} of pull request #${number} is gone on GitHub. Restore it there, or create a new pull request for this candidate.`,
  });
}

function notWritable({ number }: PullRequest, { owner, name }: RepositoryName): UserError {
  return new UserError({
    code: 'no-permission',
    message: `This sign-in may not write to ${owner}/${name}, where the branch of pull request #${number} is. Sign in with an account that may, or create a new pull request for this candidate.`,
    action: { type: 'sign-in' },
  });
}

function isThere({ number }: PullRequest): UserError {
  return new UserError({
    code: 'nothing-to-ship',
    message: `The branch of pull request #${number} has these changes already, so there is nothing to push.`,
  });
}

function restless({ number }: PullRequest): UserError {
  return new UserError({
    code: 'github-failed',
    message: `The branch of pull request #${number} kept moving on GitHub, so nothing was pushed to it. Try again in a moment.`,
    action: { type: 'retry' },
  });
}
