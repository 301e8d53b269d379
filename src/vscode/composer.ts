import type * as vscode from 'vscode';
import type { CandidateId, ProfileId, RoundStart, Task, TaskId } from '../core/domain.ts';
import { isOpenPull } from '../protocol/pullRequestLine.ts';
import type { ComposerState, PullStart, StartChoice } from '../protocol/taskView.ts';
import type { Settings } from './settings.ts';

const deselectedKey = 'dursor.deselectedProfiles';
const nextStartsKey = 'dursor.nextStarts';

/** Where a task's next message starts, as long as the user has said so and not sent it. */
interface NextStart {
  readonly start: StartChoice['id'];
  /** The review threads that it is about, where it starts from their pull request. */
  readonly addressed?: { readonly pull: CandidateId; readonly threads: readonly string[] };
}

/** Over windows, and with the workspace. */
export interface ComposerMementos {
  readonly everywhere: vscode.Memento;
  readonly workspace: vscode.Memento;
}

/**
 * What the next message runs on, and from where. Which models are ticked is remembered over windows; where a task's next message starts is
 * kept like its text, until it is sent.
 */
export class Composer {
  readonly #mementos: ComposerMementos;
  readonly #settings: Settings;
  /** The folder and scope of the next new task, when it was begun on a folder of the Explorer. */
  #place: { readonly folder: string; readonly scope?: string } | undefined;
  isSending = false;

  constructor(mementos: ComposerMementos, settings: Settings) {
    this.#mementos = mementos;
    this.#settings = settings;
  }

  get place() {
    return this.#place;
  }

  /** Begins a new task, or goes to another one. */
  reset(place?: { readonly folder: string; readonly scope?: string }): void {
    this.#place = place;
  }

  /** The task's next message starts from the default again: the last one was sent, or another choice was made. */
  async forget(id: TaskId): Promise<void> {
    const { [id]: _, ...others } = this.#nextStarts;
    await this.#mementos.workspace.update(nextStartsKey, others);
  }

  /** The task's next message is also about these review threads of a pull request, and starts from its branch. */
  async address(id: TaskId, pull: CandidateId, threads: readonly string[]): Promise<void> {
    const before = this.#nextStarts[id]?.addressed;
    const all = before?.pull === pull ? [...new Set([...before.threads, ...threads])] : threads;
    await this.#keep(id, { start: pullStart(pull), addressed: { pull, threads: all } });
  }

  /** The text of the task's next message is gone, and with it what it was about. */
  async emptied(id: TaskId): Promise<void> {
    const kept = this.#nextStarts[id];
    if (kept?.addressed) await this.#keep(id, { start: kept.start });
  }

  /** Lets the next new task change the whole of the folder it was begun on. */
  clearScope(): void {
    this.#place = this.#place && { folder: this.#place.folder };
  }

  /** A start that the task doesn't offer falls back to the default. */
  async setStart(id: TaskId, start: StartChoice['id']): Promise<void> {
    await this.#keep(id, { ...this.#nextStarts[id], start });
  }

  /** Models are ticked until the user unticks them, so that a new one is at once part of the next round. */
  async toggle(id: ProfileId): Promise<void> {
    if (!this.#settings.profiles.some((profile) => profile.id === id)) return;
    const deselected = this.#deselected;
    if (!deselected.delete(id)) deselected.add(id);
    await this.#mementos.everywhere.update(deselectedKey, [...deselected]);
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
    if (start === 'workspace') return { from: 'workspace' };
    const pull = task?.pullRequests.find(({ runId }) => pullStart(runId) === start)?.runId;
    if (!pull) return { from: 'run', runId: start as CandidateId };
    const addressed = task && this.#nextStarts[task.id]?.addressed;
    const threads = addressed?.pull === pull ? addressed.threads : [];
    return { from: 'pull-request', pull, ...(threads.length > 0 && { threads }) };
  }

  #currentStart(task: Task | undefined): StartChoice['id'] {
    const choices = startChoices(task).map((choice) => choice.id);
    const wanted = [task && this.#nextStarts[task.id]?.start, task?.rounds.at(-1)?.chosenRunId];
    return wanted.find((start) => start !== undefined && choices.includes(start)) ?? 'workspace';
  }

  get #nextStarts(): Readonly<Record<TaskId, NextStart>> {
    return this.#mementos.workspace.get<Record<TaskId, NextStart>>(nextStartsKey, {});
  }

  async #keep(id: TaskId, next: NextStart): Promise<void> {
    await this.#mementos.workspace.update(nextStartsKey, { ...this.#nextStarts, [id]: next });
  }

  get #deselected(): Set<ProfileId> {
    return new Set(this.#mementos.everywhere.get<ProfileId[]>(deselectedKey, []));
  }
}

/** The workspace, every run of the last round that left a result, what the user put together of them, and the open pull requests. */
function startChoices(task: Task | undefined): readonly StartChoice[] {
  const round = task?.rounds.at(-1);
  const runs = round?.runs.filter((run) => run.tree && run.changes.length > 0) ?? [];
  const compositions = round?.compositions.filter(({ changes }) => changes.length > 0) ?? [];
  return [
    { id: 'workspace', label: 'from workspace' },
    ...runs.map((run) => ({ id: run.id, label: `from ${run.profile.label}'s result` })),
    ...compositions.map(({ id, name }) => ({ id, label: `from your composition: ${name}` })),
    ...(task?.pullRequests ?? [])
      .filter(isOpenPull)
      .map(({ runId, number }) => ({ id: pullStart(runId), label: `from pull request #${number}` })),
  ];
}

function pullStart(pull: CandidateId): PullStart {
  return `pull-request:${pull}`;
}
