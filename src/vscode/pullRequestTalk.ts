import * as vscode from 'vscode';
import type {
  PullRequestQuestion,
  PullRequestQuestions,
  PullRequestTalk,
  RepositoryName,
} from '../core/pullRequest.ts';
import { signalOf } from './abort.ts';
import { plainNotice } from './plainNotice.ts';
import type { RememberedRemotes } from './rememberedRemotes.ts';

/** Whom the engine talks about. */
export interface TalkSubject {
  /** The task's folder. */
  readonly folder: string;
  /** The candidate, for people. */
  readonly label: string;
  readonly remotes: RememberedRemotes;
}

type Ask<Question extends PullRequestQuestion> = PullRequestQuestions[Question]['ask'];
type Answer<Question extends PullRequestQuestion> = Promise<PullRequestQuestions[Question]['answer'] | undefined>;
type Answers = { readonly [Question in PullRequestQuestion]: (about: Ask<Question>) => Answer<Question> };

const maxSubjects = 8;

/** Carries out `work` with progress that can be canceled, and lets the engine ask. What it warned of is told afterwards. */
export async function withPullRequestTalk<Result>(
  title: string,
  subject: TalkSubject,
  work: (talk: PullRequestTalk) => Promise<Result>,
): Promise<Result> {
  const warnings: string[] = [];
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  const result = await vscode.window.withProgress(options, (progress, token) => {
    const answers = answersOf(subject, token);
    return work({
      report: (stage) => progress.report({ message: stage }),
      warn: (warning) => void warnings.push(warning),
      ask: (question, about) => answers[question](about),
      signal: signalOf(token),
    });
  });
  if (warnings.length > 0) void vscode.window.showWarningMessage(plainNotice(warnings.join(' ')));
  return result;
}

function answersOf(subject: TalkSubject, token: vscode.CancellationToken): Answers {
  return {
    remote: (about) => askRemote(about, subject, token),
    base: (about) => askBase(about, token),
    commits: (about) => askCommits(about, token),
    fork: askFork,
    push: askPush,
    conflicts: async ({ files, base }) => {
      const { resolvePullConflicts } = await import('./pullRequestConflicts.ts');
      return resolvePullConflicts({ files, base, label: subject.label }, token);
    },
  };
}

async function askRemote(
  { remotes }: Ask<'remote'>,
  { folder, remotes: remembered }: TalkSubject,
  token?: vscode.CancellationToken,
): Answer<'remote'> {
  const picked = await pickRemote(remotes, remembered.of(folder), token);
  if (picked !== undefined) await remembered.set(folder, picked);
  return picked;
}

/** Lets the user pick one of a folder's remotes. Undefined where they left it. */
export async function pickRemote(
  remotes: Ask<'remote'>['remotes'],
  current: string | undefined,
  token?: vscode.CancellationToken,
): Promise<string | undefined> {
  const items = remotes.map(({ remote, repository }) => ({
    label: nameOf(repository),
    description: remote === current ? `${remote}, chosen now` : remote,
    remote,
  }));
  const title = 'Which repository do pull requests go to?';
  const placeHolder = 'It is remembered for this folder';
  return (await vscode.window.showQuickPick(items, { title, placeHolder, ignoreFocusOut: true }, token))?.remote;
}

/** Lets the user pick the branch that a pull request asks to be merged into. Undefined where they left it. */
export async function askBase({ repository, branches }: Ask<'base'>, token?: vscode.CancellationToken): Answer<'base'> {
  const title = `Which branch of ${nameOf(repository)} should it be merged into?`;
  return vscode.window.showQuickPick([...branches], { title, ignoreFocusOut: true }, token);
}

async function askCommits(
  { repository, base, subjects, onlyPatch }: Ask<'commits'>,
  token: vscode.CancellationToken,
): Answer<'commits'> {
  const count = subjects.length === 1 ? '1 commit' : `${subjects.length} commits`;
  const shown = subjects.slice(0, maxSubjects).map((subject) => `“${subject}”`);
  const more = subjects.length > shown.length ? [`and ${subjects.length - shown.length} more`] : [];
  const list = [...shown, ...more].join(', ');
  const patchOnly = {
    label: 'Only This Patch',
    description: `on the newest commit of ${base}`,
    detail: onlyPatch ?? `Leaves your ${count} out; the patch is placed without them.`,
    answer: 'patch-only' as const,
  };
  const stacked = {
    label: `With Your ${subjects.length === 1 ? 'Commit' : count.replace('commits', 'Commits')}`,
    description: 'part of the pull request',
    detail: list,
    answer: 'stacked' as const,
  };
  const picked = await vscode.window.showQuickPick(
    onlyPatch === undefined ? [patchOnly, stacked] : [patchOnly],
    {
      title: `Your branch has ${count} that ${base} of ${nameOf(repository)} lacks`,
      placeHolder: 'What should the pull request have in it?',
      ignoreFocusOut: true,
    },
    token,
  );
  return picked?.answer;
}

async function askFork({ repository, into, isThere }: Ask<'fork'>): Answer<'fork'> {
  const go = isThere ? 'Use My Fork' : 'Make a Fork';
  const name = nameOf(repository);
  const steps = isThere
    ? `Your fork ${nameOf(into)} is used: its base branch is brought up to date, and a new branch goes there.`
    : `${name} is forked to ${nameOf(into)}, and a new branch goes there.`;
  const picked = await vscode.window.showInformationMessage(
    `You can read ${name}, but not write to it.`,
    { modal: true, detail: `${steps} The pull request then asks ${name} to take that branch.` },
    go,
  );
  return picked === go || undefined;
}

async function askPush({ reasons, remote, branch, repository }: Ask<'push'>): Answer<'push'> {
  const go = 'Push with Git';
  const steps = `Instead, the commit can be written to a new branch ${branch} of your repository, which is not checked out, and pushed to ${remote} (${nameOf(repository)}) with Git.`;
  const picked = await vscode.window.showInformationMessage(
    "GitHub's API does not take this patch.",
    { modal: true, detail: `${reasons.join('\n')}\n\n${steps}` },
    go,
  );
  return picked === go || undefined;
}

/** For people, and as GitHub writes it. */
export function nameOf({ owner, name }: RepositoryName): string {
  return `${owner}/${name}`;
}
