import type * as vscode from 'vscode';
import type { ProfileId, RoundStart, Task } from '../core/domain.ts';
import type { ComposerState, StartChoice } from '../protocol/taskView.ts';
import type { Settings } from './settings.ts';

const deselectedKey = 'dursor.deselectedProfiles';

/** What the next message runs on, and from where. Which models are ticked is remembered over windows. */
export class Composer {
  readonly #memento: vscode.Memento;
  readonly #settings: Settings;
  /** The user's own choice of start; undefined for the default. */
  #start: StartChoice['id'] | undefined;
  /** The folder and scope of the next new task, when it was begun on a folder of the Explorer. */
  #place: { readonly folder: string; readonly scope?: string } | undefined;
  isSending = false;

  constructor(memento: vscode.Memento, settings: Settings) {
    this.#memento = memento;
    this.#settings = settings;
  }

  get place() {
    return this.#place;
  }

  /** Begins another task, or the same one's next message: back to the defaults. */
  reset(place?: { readonly folder: string; readonly scope?: string }): void {
    this.#place = place;
    this.#start = undefined;
  }

  /** Lets the next new task change the whole of the folder it was begun on. */
  clearScope(): void {
    this.#place = this.#place && { folder: this.#place.folder };
  }

  /** An id that the task doesn't offer falls back to the workspace. */
  setStart(start: StartChoice['id']): void {
    this.#start = start;
  }

  /** Models are ticked until the user unticks them, so that a new one is at once part of the next round. */
  async toggle(id: ProfileId): Promise<void> {
    if (!this.#settings.profiles.some((profile) => profile.id === id)) return;
    const deselected = this.#deselected;
    if (!deselected.delete(id)) deselected.add(id);
    await this.#memento.update(deselectedKey, [...deselected]);
  }

  selectedProfiles() {
    return this.#settings.profiles.filter((profile) => !this.#deselected.has(profile.id));
  }

  state(task: Task | undefined): ComposerState {
    const deselected = this.#deselected;
    const scope = task ? task.scope : this.#place?.scope;
    return {
      profiles: this.#settings.profiles.map((profile) => ({ profile, isSelected: !deselected.has(profile.id) })),
      startChoices: startChoices(task),
      start: this.#currentStart(task),
      ...(scope !== undefined && { scope }),
      isSending: this.isSending,
    };
  }

  start(task: Task | undefined): RoundStart {
    const start = this.#currentStart(task);
    return start === 'workspace' ? { from: 'workspace' } : { from: 'run', runId: start };
  }

  #currentStart(task: Task | undefined): StartChoice['id'] {
    const choices = startChoices(task).map((choice) => choice.id);
    const wanted = this.#start ?? task?.rounds.at(-1)?.chosenRunId;
    return wanted && choices.includes(wanted) ? wanted : 'workspace';
  }

  get #deselected(): Set<ProfileId> {
    return new Set(this.#memento.get<ProfileId[]>(deselectedKey, []));
  }
}

/** The workspace, every run of the last round that left a result, and what the user put together of them. */
function startChoices(task: Task | undefined): readonly StartChoice[] {
  const round = task?.rounds.at(-1);
  const runs = round?.runs.filter((run) => run.tree && run.changes.length > 0) ?? [];
  const compositions = round?.compositions.filter(({ changes }) => changes.length > 0) ?? [];
  return [
    { id: 'workspace', label: 'from workspace' },
    ...runs.map((run) => ({ id: run.id, label: `from ${run.profile.label}'s result` })),
    ...compositions.map(({ id, name }) => ({ id, label: `from your composition: ${name}` })),
  ];
}
