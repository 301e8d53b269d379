import type { Octokit } from '@octokit/rest';
import type { ObjectName, Snapshot } from '../domain.ts';
import type { Base, Parent, SharedCommit } from '../github/base.ts';
import type { NamedRepository } from '../github/failure.ts';
import type { LocalCommit } from '../github/stackedCommits.ts';
import { UserError } from '../problem.ts';
import type { PullRequestTalk } from '../pullRequest.ts';
import type { RepositoryFacts } from '../workspace/repository.ts';
import type { TaskStorage, TreeChange } from '../workspace/workspace.ts';
import { answerOf } from './pullRequestTalk.ts';

/** What the commit of a pull request goes on. */
export interface Ground {
  readonly parent: Parent;
  /** Commits of the user's that go along, oldest first, of which `parent` is the last. */
  readonly along: readonly LocalCommit[];
  /** What those change. */
  readonly alongPaths: readonly string[];
}

/** Where to look for the ground. */
export interface GroundRequest {
  readonly octokit: Octokit;
  readonly repository: NamedRepository & { readonly remote: string };
  readonly folder: string;
  readonly facts: RepositoryFacts;
  readonly shared: SharedCommit;
  readonly base: Base;
  /** What the patch changes, from the top of the repository. */
  readonly paths: readonly string[];
}

/**
 * Finds the commit to go on. Where HEAD has commits that the base lacks, the user says whether they go along; without them the patch goes
 * on the base's newest commit. Otherwise it goes on HEAD's newest commit that GitHub has, which keeps it on the code that it was written
 * and checked with, and on the base's newest commit only if that has other versions of the patch's files: then a conflict is to be
 * told now, and not when the pull request is merged.
 */
export async function chooseGround(request: GroundRequest, talk: PullRequestTalk): Promise<Ground> {
  const { octokit, repository, shared, base, paths } = request;
  const { signal } = talk;
  const { compareCommits, treeOf } = await import('../github/base.ts');
  const { contextOf, explaining } = await import('../github/failure.ts');
  const onTip = async () => ({ parent: await treeOf(octokit, repository, base.tip, signal), ...alone });
  if (shared.commit === base.tip && shared.unpushed === 0) return { parent: shared, ...alone };
  const { lacks, mergeBase, files } =
    shared.commit === base.tip
      ? { lacks: false, mergeBase: shared.commit, files: new Set<string>() }
      : await explaining(contextOf(octokit, repository), () =>
          compareCommits(octokit, repository, { from: shared.commit, to: base.tip }, signal),
        );
  if (mergeBase === undefined) throw unrelated(request);
  if (lacks || shared.unpushed > 0) {
    const along = await chooseAlong(request, mergeBase, talk);
    return along === 'patch-only' ? onTip() : along;
  }
  return touches(files, paths) ? onTip() : { parent: shared, ...alone };
}

const alone = { along: [], alongPaths: [] } as const;

async function chooseAlong(
  { folder, facts, shared, repository: { remote, owner, name }, base }: GroundRequest,
  mergeBase: ObjectName,
  talk: PullRequestTalk,
): Promise<Ground | 'patch-only'> {
  const { isLocal, readLocalCommits, subjectsOf, treeOfCommit } = await import('./localCommits.ts');
  const { signal } = talk;
  const [to = shared.commit] = facts.history;
  const from = (await isLocal(folder, mergeBase, signal)) ? mergeBase : shared.commit;
  const subjects = await subjectsOf({ folder, from, to }, signal);
  const local =
    shared.unpushed === 0
      ? { commits: [], paths: [] }
      : await readLocalCommits({ folder, from: shared.commit, to, remote }, signal);
  const reason = 'reason' in local ? local.reason : undefined;
  const answer = await answerOf(talk, 'commits', {
    repository: { owner, name },
    base: base.branch,
    subjects,
    ...(reason !== undefined && { onlyPatch: `These commits ${reason}. Push your branch to take them along.` }),
  });
  if (answer === 'patch-only') return answer;
  if ('reason' in local) {
    throw new UserError({
      code: 'patch-conflict',
      message: `Your commits ${local.reason}. Nothing was pushed. Push your branch first, or create the pull request with only the patch.`,
    });
  }
  const parent = shared.unpushed === 0 ? shared : { commit: to, tree: await treeOfCommit(folder, to, signal) };
  return { parent, along: local.commits, alongPaths: local.paths };
}

/** Whether one of the paths is among the files, or is a folder of one, or the other way round. Unknown files may be any. */
function touches(files: ReadonlySet<string> | undefined, paths: readonly string[]): boolean {
  if (!files) return true;
  const known = [...files];
  return paths.some(
    (path) => files.has(path) || known.some((file) => file.startsWith(`${path}/`) || path.startsWith(`${file}/`)),
  );
}

function unrelated({ repository, base }: GroundRequest): UserError {
  return new UserError({
    code: 'no-remote',
    message: `The branch ${base.branch} of ${repository.owner}/${repository.name} has no commit in common with what is checked out here. Check out a branch that belongs to it, then try again.`,
  });
}

/** A candidate's patch, and where it came from. */
export interface PatchToPlace {
  readonly storage: Pick<TaskStorage, 'bringTree' | 'placePatch'>;
  readonly snapshot: Snapshot;
  readonly patch: string;
}

/** What the patch changes on its ground. Conflicts are the user's to answer. Throws `UserError` (`patch-conflict`). */
export async function placeOnGround(
  { storage, snapshot, patch }: PatchToPlace,
  { parent: { tree } }: Pick<Ground, 'parent'>,
  { octokit, repository, base }: Pick<GroundRequest, 'octokit' | 'base'> & { readonly repository: NamedRepository },
  talk: PullRequestTalk,
): Promise<readonly TreeChange[]> {
  const { signal } = talk;
  const { gitHubTreeSource } = await import('../github/treeSource.ts');
  const { contextOf, explaining } = await import('../github/failure.ts');
  await explaining(contextOf(octokit, repository), () =>
    storage.bringTree(tree, gitHubTreeSource(octokit, repository, signal), signal),
  );
  const resolved = new Map<string, Uint8Array | undefined>();
  for (;;) {
    const placement = await storage.placePatch(snapshot, patch, tree, signal, resolved);
    if (placement.placed) return placement.changes;
    const { conflicts } = placement;
    const answer = await answerOf(talk, 'conflicts', { files: conflicts, base: base.branch });
    const answered = conflicts.filter(({ path }) => answer.has(path));
    // An answer that says nothing of them would lead here again.
    if (answered.length === 0) throw conflicting(repository, conflicts);
    for (const { path } of answered) resolved.set(path, answer.get(path));
  }
}

function conflicting({ owner, name }: NamedRepository, files: readonly { readonly path: string }[]): UserError {
  return new UserError({
    code: 'patch-conflict',
    message: `The patch builds on changes that ${owner}/${name} doesn't have, or that differ there: ${files.map(({ path }) => path).join(', ')}. Nothing was pushed. Resolve the conflicts, or push your own commits first, then try again.`,
  });
}
