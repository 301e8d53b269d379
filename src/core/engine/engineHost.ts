import type { AgentLimits } from '../agent/agent.ts';
import type { ModelProfile } from '../domain.ts';
import type { GitHubAuth } from '../github/auth.ts';
import type { Log } from '../ports.ts';
import type { ProviderId } from '../providerId.ts';
import type { Provider, ProviderAccount } from '../providers/provider.ts';
import type { UnsavedText } from '../workspace/workspace.ts';
import type { RetentionSettings } from './retention.ts';

/** What is brought along when a run becomes real files. */
export interface CopySettings {
  /** Patterns in gitignore syntax; ignored files and folders that match come along. */
  readonly include: readonly string[];
  /** `link` makes links to the user's own files, so that what is written there is written to them. */
  readonly includeBy: 'copy' | 'link';
}

export interface CompareSettings {
  /** Whether texts that differ in formatting only count as the same. */
  readonly ignoreFormatting: boolean;
}

export interface EngineSettings {
  readonly maxParallelRuns: number;
  readonly limits: AgentLimits;
  /** Patterns of the user's own, added to the ones that always hold. */
  readonly forbiddenPaths: readonly string[];
  /** Bytes; what is larger is in no snapshot, and no model reads or writes it. */
  readonly maxFileBytes: number;
  /** Where each service is, when it isn't at its usual address. */
  readonly baseUrls: Partial<Readonly<Record<ProviderId, string>>>;
  readonly gitHubApiUrl: string;
  readonly storage: RetentionSettings;
  readonly copies: CopySettings;
  readonly compare: CompareSettings;
}

/** What the engine asks of whoever hosts it. */
export interface EngineHost {
  readonly log: Log;
  /** Where everything the engine keeps goes; it owns this folder. */
  readonly storageDirectory: string;
  /** Read again at every use, so that a changed setting holds at once. */
  settings(): EngineSettings;
  /** The key of a profile, or undefined when there is none. */
  apiKey(profile: ModelProfile): Promise<string | undefined>;
  /** Editor texts below a folder that aren't on disk yet. */
  unsavedTexts(folder: string): readonly UnsavedText[];
  /** How to authenticate at GitHub; may ask the user. Throws `UserError` (`not-signed-in`). */
  gitHubAuth(signal: AbortSignal): Promise<GitHubAuth>;
  createProvider(provider: ProviderId, account: ProviderAccount): Promise<Provider>;
}
