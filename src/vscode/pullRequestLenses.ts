import type { LocalDestination } from '../core/engine/pullRequestDestinations.ts';
import type { PullRequestDetails } from './pullRequestDetails.ts';

/** A lens: above which line (counted from 0) it stands, what it says and does. */
export interface Lens {
  readonly line: number;
  readonly title: string;
  readonly command: string;
  /** What a click does, where the title doesn't say. */
  readonly tooltip?: string;
}

/** What the lenses of a pull request's text say. */
export interface LensFacts {
  /** Of the text. */
  readonly lines: number;
  /** Undefined while the folder is being read. */
  readonly destination: LocalDestination | undefined;
  /** The remote that the user chose for this folder. */
  readonly chosenRemote: string | undefined;
  /** With the settings' own where the user chose nothing. */
  readonly details: PullRequestDetails;
}

/** Submitting and where it goes above the title; for whom, above the body. */
export function lensesOf(facts: LensFacts): readonly Lens[] {
  const { details, lines } = facts;
  const body = Math.min(2, Math.max(0, lines - 1));
  const people = (label: string, names: readonly string[] | undefined, command: string) => ({
    line: body,
    title: `${label}: ${names?.length ? names.join(', ') : 'none'}`,
    command,
  });
  return [
    { line: 0, title: '$(git-pull-request-create) Submit Pull Request', command: 'dursor.submitPullRequest' },
    ...placeLenses(facts),
    {
      line: 0,
      title: details.isDraft ? '$(git-pull-request-draft) Draft' : '$(git-pull-request) Ready for review',
      command: 'dursor.toggleDraft',
      tooltip: details.isDraft ? 'Open it ready for review' : 'Open it as a draft',
    },
    people('Reviewers', details.reviewers, 'dursor.setReviewers'),
    people('Labels', details.labels, 'dursor.setLabels'),
    people('Assignees', details.assignees, 'dursor.setAssignees'),
    { line: body, title: 'The first line is the title, the rest is the body', command: '' },
  ];
}

function placeLenses({ destination, chosenRemote, details }: LensFacts): readonly Lens[] {
  if (!destination) return [];
  const { remotes } = destination;
  if (remotes.length === 0)
    return [{ line: 0, title: '$(warning) No GitHub remote', command: 'dursor.chooseGitHubRemote' }];
  const remote = remoteFor(destination, chosenRemote);
  const repository = remotes.find((one) => one.remote === remote)?.repository;
  const place = repository ? `${repository.owner}/${repository.name}` : 'Choose Repository…';
  const base = details.base ?? (remote === destination.remote ? destination.upstream : undefined);
  return [
    ...(repository && remotes.length === 1
      ? []
      : [{ line: 0, title: `$(repo) ${place}`, command: 'dursor.chooseGitHubRemote' }]),
    ...(repository
      ? [
          {
            line: 0,
            title: `${remotes.length === 1 ? `$(repo) ${place} · ` : ''}into ${base ?? 'its default branch'}`,
            command: 'dursor.chooseBaseBranch',
          },
        ]
      : []),
  ];
}

/** The remote that it goes to: the one that the user chose while it is there, else what the folder tells. */
export function remoteFor({ remotes, remote }: LocalDestination, chosen: string | undefined): string | undefined {
  return remotes.some((one) => one.remote === chosen) ? chosen : remote;
}
