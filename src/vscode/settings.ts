import * as vscode from 'vscode';
import type { ModelProfile, ProfileId } from '../core/domain.ts';
import type { EngineSettings } from '../core/engine/engineHost.ts';
import { type CheckEntry, type ParsedChecks, parseChecks } from '../core/evidence/checks/checkSetting.ts';
import type { SandboxSetting } from '../core/evidence/sandbox/chooseIsolation.ts';
import { parseProfiles } from '../core/profileSetting.ts';

/** The providers whose address is a setting. Of the others no name may be read: what the manifest lacks, a folder can set. */
const servicesWithAddress = ['openai', 'anthropic', 'google'] as const;

const sandboxes: readonly SandboxSetting[] = ['auto', 'docker', 'os', 'none'];

/** Every setting dursor has, read in one place. Names are those of the manifest. */
export class Settings {
  readonly #isUnprotectedAgreed: () => boolean;

  /** `isUnprotectedAgreed`: whether the user agreed, when asked, that checks run without a sandbox. Until then none does. */
  constructor(isUnprotectedAgreed: () => boolean = () => false) {
    this.#isUnprotectedAgreed = isUnprotectedAgreed;
  }

  get engine(): EngineSettings {
    return {
      maxParallelRuns: this.#count('maxParallelRuns', 8, 1),
      limits: {
        maxSteps: this.#count('run.maxSteps', 60, 1),
        maxSeconds: this.#count('run.maxSeconds', 1200, 10),
        maxToolOutput: this.#count('run.maxToolOutput', 30_000, 1000),
        stallSeconds: this.#count('run.stallSeconds', 120, 5),
      },
      forbiddenPaths: this.#forbiddenPaths,
      maxFileBytes: this.#megabytes('policy.maxFileSize', 2),
      baseUrls: Object.fromEntries(
        servicesWithAddress.flatMap((id) => {
          const url = this.#text(`providers.${id}.baseUrl`);
          return url ? [[id, url]] : [];
        }),
      ),
      gitHubApiUrl: this.#text('github.apiUrl') || 'https://api.github.com',
      gitHub: {
        branchName: this.#text('github.branchName'),
        draft: this.#choice('github.draft', false),
        reviewers: this.#texts('github.reviewers'),
        labels: this.#texts('github.labels'),
        assignees: this.#texts('github.assignees'),
        commitAuthor: this.#text('github.commitAuthor') === 'account' ? 'account' : 'git',
        coAuthoredBy: this.#text('github.coAuthoredBy'),
        pushVerified: this.#choice('github.pushVerified', false),
      },
      copies: {
        include: this.#texts('copies.include'),
        includeBy: this.#text('copies.includeBy') === 'link' ? 'link' : 'copy',
      },
      storage: { keepDays: this.#count('storage.keepDays', 90, 0), maxSize: this.#count('storage.maxSize', 5000, 0) },
      compare: { ignoreFormatting: this.#choice('compare.ignoreFormatting', false) },
      evidence: {
        checks: this.parsedChecks.checks,
        sandbox: this.sandbox === 'none' && !this.#isUnprotectedAgreed() ? 'auto' : this.sandbox,
        sandboxImage: this.sandboxImage,
        parallelChecks: this.#count('checks.parallel', 0, 0),
        checksWhenDone: this.#choice('checks.whenDone', true),
        reviewWhenDone: this.#choice('review.whenDone', false),
        reviewers: this.reviewers,
        agentChecks: this.#choice('checks.agent', true),
        stopWhenVerified: this.#choice('round.stopWhenVerified', false),
        cheapFirst: this.#choice('round.cheapFirst', false),
      },
    };
  }

  /** The checks, and what is wrong with entries that were left out. */
  get parsedChecks(): ParsedChecks {
    const { user, workspace } = this.#checkLevels;
    return parseChecks({ user, workspace });
  }

  /** Adds checks to the workspace's own; those of the user come along, as only one level counts. */
  async addChecks(entries: readonly CheckEntry[]): Promise<void> {
    const { user, workspace } = this.#checkLevels;
    const [present] = [workspace, user].filter((value) => Array.isArray(value));
    await this.#section.update('checks', [...(present ?? []), ...entries], vscode.ConfigurationTarget.Workspace);
  }

  /** As the user set it, before they agreed to anything. */
  get sandbox(): SandboxSetting {
    const value = this.#text('sandbox');
    return sandboxes.find((choice) => choice === value) ?? 'auto';
  }

  get sandboxImage(): string {
    return this.#text('sandboxImage');
  }

  /** Ids of profiles; some may be gone. */
  get reviewers(): readonly string[] {
    return this.#texts('review.models');
  }

  async setReviewers(ids: readonly ProfileId[]): Promise<void> {
    await this.#section.update('review.models', ids, vscode.ConfigurationTarget.Global);
  }

  /** Whether the compare panel opens by itself when there is something to compare. */
  get opensCompareWhenDone(): boolean {
    return this.#choice('compare.openWhenDone', true);
  }

  get gitHubAppId(): string {
    return this.#text('github.appId');
  }

  async setGitHubAppId(appId: string): Promise<void> {
    await this.#section.update('github.appId', appId, vscode.ConfigurationTarget.Global);
  }

  /** The model profiles that make sense; entries that don't are left out. */
  get profiles(): readonly ModelProfile[] {
    return parseProfiles(this.#section.get<unknown>('models'));
  }

  async addProfile(profile: ModelProfile): Promise<void> {
    const stored = this.#section.get<unknown>('models');
    const entries: unknown[] = Array.isArray(stored) ? stored : [];
    const { options, ...facts } = profile;
    const entry = Object.keys(options).length > 0 ? profile : facts;
    await this.#section.update('models', [...entries, entry], vscode.ConfigurationTarget.Global);
  }

  /** Calls the listener when any of dursor's settings changed. */
  onDidChange(listener: () => void): vscode.Disposable {
    return vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('dursor')) listener();
    });
  }

  /** All levels together: a workspace, or a folder of it, can forbid more than the user does, never less. */
  get #forbiddenPaths(): readonly string[] {
    const places = [undefined, ...(vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri)];
    const patterns = places.flatMap((place) => {
      const levels = vscode.workspace.getConfiguration('dursor', place).inspect<unknown>('policy.forbiddenPaths');
      return [levels?.globalValue, levels?.workspaceValue, levels?.workspaceFolderValue].flatMap((value) =>
        Array.isArray(value) ? value : [],
      );
    });
    return [...new Set(patterns)].filter((pattern) => typeof pattern === 'string');
  }

  get #checkLevels(): { readonly user: unknown; readonly workspace: unknown } {
    const levels = this.#section.inspect<unknown>('checks');
    return { user: levels?.globalValue, workspace: levels?.workspaceValue };
  }

  /** VS Code hands out whatever stands in a settings file, so what isn't a number counts as not set. */
  #count(name: string, otherwise: number, least: number): number {
    const value = this.#section.get<unknown>(name);
    return typeof value === 'number' && Number.isFinite(value) ? Math.max(least, Math.trunc(value)) : otherwise;
  }

  #choice(name: string, otherwise: boolean): boolean {
    const value = this.#section.get<unknown>(name);
    return typeof value === 'boolean' ? value : otherwise;
  }

  /** As bytes. */
  #megabytes(name: string, otherwise: number): number {
    const value = this.#section.get<unknown>(name);
    const size = typeof value === 'number' && value > 0 ? value : otherwise;
    return Math.round(size * 1024 * 1024);
  }

  #texts(name: string): readonly string[] {
    const value = this.#section.get<unknown>(name);
    return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
  }

  #text(name: string): string {
    const value = this.#section.get<unknown>(name);
    return typeof value === 'string' ? value.trim() : '';
  }

  get #section(): vscode.WorkspaceConfiguration {
    return vscode.workspace.getConfiguration('dursor');
  }
}
