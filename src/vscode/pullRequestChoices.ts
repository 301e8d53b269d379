import * as vscode from 'vscode';
import type { CandidateId } from '../core/domain.ts';
import type { LocalDestination } from '../core/engine/pullRequestDestinations.ts';
import type { Engine } from '../core/engine.ts';
import { UserError } from '../core/problem.ts';
import { signalOf } from './abort.ts';
import type { DetailsMemory } from './pullRequestDetails.ts';
import { remoteFor } from './pullRequestLenses.ts';
import { askBase, pickRemote } from './pullRequestTalk.ts';
import type { RememberedRemotes } from './rememberedRemotes.ts';

export interface ChoiceParts {
  readonly engine: Pick<Engine, 'candidate' | 'destinations'>;
  readonly details: DetailsMemory;
  readonly remotes: RememberedRemotes;
}

/** Lists of names that a pull request has. */
export type PeopleKind = 'reviewers' | 'labels' | 'assignees';

const prompts: Readonly<Record<PeopleKind, { readonly title: string; readonly prompt: string }>> = {
  reviewers: {
    title: 'Reviewers of This Pull Request',
    prompt: 'Login names, and teams as organization/team, separated by commas; empty for none',
  },
  labels: { title: 'Labels of This Pull Request', prompt: 'Labels, separated by commas; empty for none' },
  assignees: { title: 'Assignees of This Pull Request', prompt: 'Login names, separated by commas; empty for none' },
};

/** Lets the user choose the remote that a folder's pull requests go to. False where they left it. Throws `UserError` (`no-remote`). */
export async function chooseRemote({ engine, remotes }: Pick<ChoiceParts, 'engine' | 'remotes'>, folder: string) {
  const destination = await engine.destinations.of(folder);
  if (destination.remotes.length === 0) throw noRemote();
  const picked = await pickRemote(destination.remotes, remoteFor(destination, remotes.of(folder)));
  if (picked === undefined) return false;
  await remotes.set(folder, picked);
  return true;
}

/** Lets the user choose the branch that a candidate's pull request asks to be merged into. Reads the branches on GitHub. Throws `UserError`. */
export async function chooseBase(parts: ChoiceParts, id: CandidateId): Promise<void> {
  const { engine, details, remotes } = parts;
  const { folder } = engine.candidate(id).task;
  let destination = await engine.destinations.of(folder);
  if (remoteFor(destination, remotes.of(folder)) === undefined) {
    if (!(await chooseRemote(parts, folder))) return;
    destination = await engine.destinations.of(folder);
  }
  const place = placeOf(destination, remotes.of(folder));
  if (!place) throw noRemote();
  const options = { location: vscode.ProgressLocation.Notification, title: 'Reading the branches', cancellable: true };
  const branches = await vscode.window.withProgress(options, (_, token) =>
    engine.destinations.branches(id, place.remote, signalOf(token)),
  );
  const base = await askBase({ repository: place.repository, branches });
  if (base !== undefined) await details.change(id, { base });
}

/** Lets the user write a list of names; `current` is what it is now. */
export async function choosePeople(
  details: DetailsMemory,
  id: CandidateId,
  kind: PeopleKind,
  current: readonly string[],
): Promise<void> {
  const text = await vscode.window.showInputBox({
    ...prompts[kind],
    value: current.join(', '),
    ignoreFocusOut: true,
    validateInput: (value) => invalidName(kind, namesIn(kind, value)),
  });
  if (text !== undefined) await details.change(id, { [kind]: namesIn(kind, text) });
}

/** The names in a text that separates them by commas, each once. */
function namesIn(kind: PeopleKind, text: string): readonly string[] {
  const names = text.split(',').map((name) => (kind === 'labels' ? name.trim() : name.trim().replace(/^@/, '')));
  return [...new Set(names.filter((name) => name !== ''))];
}

function invalidName(kind: PeopleKind, names: readonly string[]): string | undefined {
  if (kind === 'labels') return undefined;
  const form = kind === 'reviewers' ? /^[\w-]+(\[bot\])?(\/[\w.-]+)?$/ : /^[\w-]+(\[bot\])?$/;
  const wrong = names.find((name) => !form.test(name));
  return wrong === undefined ? undefined : `“${wrong}” can't be a login name on GitHub`;
}

function placeOf(destination: LocalDestination, chosen: string | undefined) {
  const remote = remoteFor(destination, chosen);
  return destination.remotes.find((one) => one.remote === remote);
}

function noRemote(): UserError {
  return new UserError({
    code: 'no-remote',
    message: "None of this folder's remotes is at the GitHub of the settings. Add a GitHub remote, then try again.",
    action: { type: 'open-settings', setting: 'dursor.github.apiUrl' },
  });
}
