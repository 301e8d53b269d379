import type { Octokit } from '@octokit/rest';
import type { Destination } from '../github/destination.ts';
import type { ForkPlace } from '../github/fork.ts';
import type { PullRequest, PullRequestTalk, RepositoryName, SignInNeed } from '../pullRequest.ts';
import type { RepositoryFacts } from '../workspace/repository.ts';
import type { TaskStorage, TreeChange } from '../workspace/workspace.ts';
import type { EngineHost } from './engineHost.ts';
import type { GitHubClients } from './gitHubClients.ts';
import type { Traces } from './pullRequestClaims.ts';
import {
  assertDraftFits,
  assertFilesFit,
  branchOf,
  type CommitSource,
  type CommitText,
  commitOf,
  tooMuchForApi,
} from './pullRequestCommit.ts';
import type { GitPush } from './pullRequestGitPush.ts';
import { chooseGround, type Ground, type PatchToPlace, placeOnGround } from './pullRequestGround.ts';
import { chooseBase, chooseFork, chooseRepository } from './pullRequestPlace.ts';
import { answerOf } from './pullRequestTalk.ts';

/** A candidate that becomes a pull request. */
export interface Opening extends PatchToPlace, CommitSource {
  readonly storage: PatchToPlace['storage'] & Pick<TaskStorage, 'packCommit'>;
  readonly settings: ReturnType<EngineHost['settings']>;
  readonly gitPush?: EngineHost['gitPush'];
  readonly clients: Pick<GitHubClients, 'for'>;
  readonly traces: Traces;
}

/** What was found out, and said by the user, before anything is written. */
interface Plan {
  readonly octokit: Octokit;
  readonly facts: RepositoryFacts;
  readonly destination: Destination;
  /** The user's fork, where the branch goes through one. */
  readonly fork?: ForkPlace;
  readonly base: string;
  readonly ground: Ground;
  readonly changes: readonly TreeChange[];
}

/**
 * Opens the pull request of a candidate: first everything is asked and checked, then everything is written. Throws `UserError`; ends with
 * an abort where the user left a question.
 */
export async function openPull(
  opening: Opening,
  talk: PullRequestTalk,
): Promise<{ pull: PullRequest; octokit: Octokit }> {
  const { settings, candidate, draft } = opening;
  await assertDraftFits(draft);
  const branch = await branchOf(opening, settings.gitHub);
  const commit = await commitOf(opening, settings.gitHub, talk.signal);
  const plan = await makePlan(opening, talk);
  await assertFilesFit(plan.changes);
  const refusals = await apiRefusalsOf(plan, talk.signal);
  const isByGit = refusals.length > 0;
  await assertMayPush(plan, { ...commit, branch, isByGit }, talk.signal);
  const git = isByGit ? await pushByGit(opening, plan, { ...commit, branch, refusals }, talk) : undefined;
  const { openPullRequest } = await import('../github/pullRequest.ts');
  const { octokit, base, changes, ground } = plan;
  const { owner, name, remote } = plan.destination.repository;
  try {
    const { head, ...opened } = await openPullRequest({
      ...{ octokit, base, changes, branch, ...commit },
      repository: { owner, name, ...(remote !== undefined && { remote }) },
      throughFork: plan.fork !== undefined,
      ...{ parent: ground.parent, along: ground.along },
      ...{ title: draft.title, body: draft.body, draft: draft.isDraft ?? settings.gitHub.draft },
      ...(git && { push: git.push }),
      ...(opening.traces.left && { left: opening.traces.left }),
      onMade: opening.traces.note,
      onProgress: (stage) => talk.report(stage),
      onWarning: (warning) => talk.warn?.(warning),
      signal: talk.signal,
    });
    const place = { repository: { owner, name }, head, apiUrl: settings.gitHubApiUrl };
    return { octokit, pull: { ...opened, ...place, runId: candidate.id, title: draft.title, createdAt: Date.now() } };
  } catch (error) {
    throw git ? await git.takeBack(error) : error;
  }
}

async function apiRefusalsOf({ octokit, destination, changes }: Plan, signal: AbortSignal): Promise<readonly string[]> {
  const [{ apiRefusals }, { contextOf, explaining }] = await Promise.all([
    import('../github/limits.ts'),
    import('../github/failure.ts'),
  ]);
  return explaining(contextOf(octokit, destination.repository), () => apiRefusals(octokit, changes, signal));
}

/** How a patch that the API doesn't take is pushed with Git instead, which the user is asked for. Throws `UserError` where it can't be. */
async function pushByGit(
  { settings, gitPush, storage, task, traces }: Opening,
  { octokit, facts, destination, fork, ground, changes }: Plan,
  {
    refusals,
    branch: wanted,
    ...commit
  }: CommitText & { readonly branch: string; readonly refusals: readonly string[] },
  talk: PullRequestTalk,
): Promise<GitPush> {
  const [{ assertParentIsLocal, freeBranch, GitPush, removeLeft }, { gitHubRemotes }, { contextOf, explaining }] =
    await Promise.all([
      import('./pullRequestGitPush.ts'),
      import('../github/remote.ts'),
      import('../github/failure.ts'),
    ]);
  const { signal } = talk;
  const { owner, name } = fork?.repository ?? destination.repository;
  const isHead = (each: RepositoryName) =>
    `${each.owner}/${each.name}`.toLowerCase() === `${owner}/${name}`.toLowerCase();
  const remote = fork
    ? gitHubRemotes(facts, settings.gitHubApiUrl).find(isHead)?.remote
    : destination.repository.remote;
  if (!gitPush || remote === undefined) throw tooMuchForApi(refusals);
  const { parent } = ground;
  await assertParentIsLocal(task.folder, parent, signal);
  if (traces.left) await removeLeft(task.folder, remote, traces.left);
  const place = { octokit, folder: task.folder, remote, head: { owner, name }, signal };
  const context = contextOf(octokit, destination.repository);
  const branch = await explaining(context, () => freeBranch(place, wanted));
  const isWanted = await answerOf(talk, 'push', { reasons: refusals, remote, branch, repository: { owner, name } });
  if (!isWanted) throw tooMuchForApi(refusals);
  const report = (stage: string) => talk.report(stage);
  return new GitPush({ ...place, gitPush, storage, branch, parent, changes, commit, report });
}

async function makePlan(opening: Opening, talk: PullRequestTalk): Promise<Plan> {
  const { settings, clients, task, snapshot, candidate, draft } = opening;
  const { signal } = talk;
  const [{ readRepositoryFacts }, { readDestination }, { findParent }, { assertWorkflowScope, isWorkflow }] =
    await Promise.all([
      import('../workspace/repository.ts'),
      import('../github/destination.ts'),
      import('../github/base.ts'),
      import('../github/preflight.ts'),
    ]);
  const facts = await readRepositoryFacts(task.folder, signal);
  const remote = await chooseRepository(facts, settings.gitHubApiUrl, talk, draft.remote);
  const paths = candidate.changes.flatMap(({ base, after }) =>
    [base, after].flatMap((version) => (version ? [`${snapshot.prefix}${version.path}`] : [])),
  );
  const needsOf = (all: readonly string[]): readonly SignInNeed[] => (all.some(isWorkflow) ? ['workflow'] : []);
  const signIn = async (all: readonly string[]) => {
    talk.report('Signing in to GitHub');
    const client = await clients.for(remote, { signal, needs: needsOf(all) });
    const destination = await readDestination(client, remote, signal);
    assertWorkflowScope(destination, all);
    return { client, destination };
  };
  let { client: octokit, destination } = await signIn(paths);
  const fork = await chooseFork(octokit, destination, talk);
  talk.report('Finding the commit to build on');
  const repository = { ...destination.repository, remote: remote.remote };
  const known = facts ?? { remotes: [], history: [] };
  const shared = await findParent(octokit, repository, known.history, signal);
  const base = await chooseBase(
    octokit,
    destination,
    { facts: known, parent: shared.commit, ...(draft.base !== undefined && { wanted: draft.base }) },
    talk,
  );
  const request = { octokit, repository, folder: task.folder, facts: known, shared, base, paths };
  const ground = await chooseGround(request, talk);
  const all = [...paths, ...ground.alongPaths];
  // The user's own commits may touch workflows where the patch doesn't.
  if (needsOf(all).length > needsOf(paths).length) ({ client: octokit, destination } = await signIn(all));
  talk.report('Placing the patch');
  const changes = await placeOnGround(opening, ground, request, talk);
  return { octokit, facts: known, destination, ...(fork && { fork }), base: base.branch, ground, changes };
}

/** That neither the rules nor the state of the repository that the branch goes to forbid it. A fork that is still to be made has neither. */
async function assertMayPush(
  { octokit, destination, fork, ground, changes }: Plan,
  { branch, message, author, isByGit }: CommitText & { readonly branch: string; readonly isByGit: boolean },
  signal: AbortSignal,
): Promise<void> {
  if (fork && !fork.isThere) return;
  const [{ assertRulesAllow }, { readDestination }, { contextOf }] = await Promise.all([
    import('../github/branchRules.ts'),
    import('../github/destination.ts'),
    import('../github/failure.ts'),
  ]);
  const place = fork ? await readDestination(octokit, fork.repository, signal) : destination;
  const { auth } = await contextOf(octokit, place.repository);
  const push = {
    ...{ branch, message, ...(author && { email: author.email }) },
    isSigned: auth === 'app' && author === undefined && !isByGit,
    paths: [...changes.map(({ path }) => path), ...ground.alongPaths],
  };
  await assertRulesAllow(octokit, place, push, signal);
}

/** Asks for the reviewers, labels and assignees of a pull request that is open. What GitHub refuses is told; it doesn't fail for that. */
export async function addPeopleTo(
  { settings: { gitHub }, draft }: Pick<Opening, 'settings' | 'draft'>,
  { pull, octokit }: { readonly pull: PullRequest; readonly octokit: Octokit },
  { report, warn, signal }: PullRequestTalk,
): Promise<void> {
  const { repository, number } = pull;
  const { reviewers = gitHub.reviewers, labels = gitHub.labels, assignees = gitHub.assignees } = draft;
  if (!repository || reviewers.length + labels.length + assignees.length === 0) return;
  report('Asking for reviews');
  const { addPeople } = await import('../github/people.ts');
  const warnings = await addPeople({ octokit, repository, number, reviewers, labels, assignees, signal });
  for (const warning of warnings) warn?.(warning);
}
