import * as vscode from 'vscode';
import type { ModelProfile, Round } from '../core/domain.ts';
import { UserError } from '../core/problem.ts';
import type { Settings } from './settings.ts';

/**
 * Lets the user pick the models that review a round; those of the last time are ticked, and the choice is remembered. Undefined when the
 * user left it. Throws `UserError` (`model-not-found`) where there is no model.
 */
export async function pickReviewers(
  settings: Pick<Settings, 'profiles' | 'reviewers' | 'setReviewers'>,
  { runs }: Pick<Round, 'runs'>,
): Promise<readonly ModelProfile[] | undefined> {
  const { profiles } = settings;
  if (profiles.length === 0)
    throw new UserError({
      code: 'model-not-found',
      message: 'There is no model that could review. Add one with dursor: Add Model…, then try again.',
    });
  const remembered = new Set(settings.reviewers);
  const authors = new Set(runs.map(({ profile }) => profile.id));
  const items = profiles.map((profile) => ({
    label: profile.label,
    description: `${profile.model}${authors.has(profile.id) ? ', wrote a candidate itself' : ''}`,
    picked: remembered.has(profile.id),
    profile,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Which models review the candidates?',
    placeHolder: 'Each sees all of them without names, in two orders',
    canPickMany: true,
  });
  if (!picked || picked.length === 0) return undefined;
  const reviewers = picked.map(({ profile }) => profile);
  const ids = reviewers.map(({ id }) => id);
  if (ids.join('\n') !== settings.reviewers.join('\n')) await settings.setReviewers(ids);
  return reviewers;
}
