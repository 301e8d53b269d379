import type { AgentLimits } from '../agent/agent.ts';
import type { ModelProfile } from '../domain.ts';
import type { ConsentMemory } from '../evidence/checks/checkConsents.ts';
import type { SandboxSetting } from '../evidence/sandbox/chooseIsolation.ts';
import type { Check } from '../evidence.ts';
import type { GitHubAuth } from '../github/auth.ts';
import type { Log } from '../ports.ts';
import type { ProviderId } from '../providerId.ts';
import type { Provider, ProviderAccount } from '../providers/provider.ts';
import type { SignInNeed } from '../pullRequest.ts';
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

export interface EvidenceSettings {
  /** Already parsed; what a folder's settings say counts only after the user agreed to it. */
  readonly checks: readonly Check[];
  readonly sandbox: SandboxSetting;
  /** The image of containers; empty for none. */
  readonly sandboxImage: string;
  /** How many copies are checked at once; 0 for as many as the machine can take. */
  readonly parallelChecks: number;
  /** Whether the checks that the user agreed to run on each run as it ends. */
  readonly checksWhenDone: boolean;
  /** Whether `reviewers` review the candidates once the runs and their checks have ended. */
  readonly reviewWhenDone: boolean;
  /** Ids of profiles. */
  readonly reviewers: readonly string[];
  /** Whether an agent may run the checks on its own copy. */
  readonly agentChecks: boolean;
  /** Whether the other runs of a round are canceled once one of them is verified. Read when the round starts, as is the next. */
  readonly stopWhenVerified: boolean;
  /** Whether models start cheapest first, and others only when none of the cheaper is verified. */
  readonly cheapFirst: boolean;
}

export interface GitHubSettings {
  /** A branch's name, with `${slug}` and `${shortId}` in it. */
  readonly branchName: string;
  readonly draft: boolean;
  /** Login names, and teams as `organization/team`. */
  readonly reviewers: readonly string[];
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  /** Who the commits are by: as git is configured in the folder, or the account that signed in. */
  readonly commitAuthor: 'git' | 'account';
  /** What a `Co-authored-by` line says, with `${model}` in it; empty for no such line. */
  readonly coAuthoredBy: string;
  /** Whether the best verified candidate of a round that a comment started is pushed by itself. */
  readonly pushVerified: boolean;
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
  readonly gitHub: GitHubSettings;
  readonly storage: RetentionSettings;
  readonly copies: CopySettings;
  readonly compare: CompareSettings;
  readonly evidence: EvidenceSettings;
}

/** A branch of the user's repository that is to be pushed, without force. */
export interface GitPushRequest {
  readonly folder: string;
  /** The local name of the remote. */
  readonly remote: string;
  readonly branch: string;
  /** Heeded until the push begins: only of one that has come to an end it is known what it did. */
  readonly signal: AbortSignal;
}

/** What the engine asks of whoever hosts it. */
export interface EngineHost {
  readonly log: Log;
  /** Where everything the engine keeps goes; it owns this folder. */
  readonly storageDirectory: string;
  /** Read again at every use, so that a changed setting holds at once. */
  settings(): EngineSettings;
  /** What the user agreed to be run, kept outside of every folder. */
  readonly checkConsents: ConsentMemory;
  /** The profiles of the settings, of which `evidence.reviewers` names some. */
  profiles(): readonly ModelProfile[];
  /** The key of a profile, or undefined when there is none. */
  apiKey(profile: ModelProfile): Promise<string | undefined>;
  /** Editor texts below a folder that aren't on disk yet. */
  unsavedTexts(folder: string): readonly UnsavedText[];
  /**
   * How to authenticate at GitHub. May ask the user, except where it is `quiet` (work in the background). `needs` is what the sign-in
   * must be good for besides the usual; the user is told why. Throws `UserError` (`not-signed-in`).
   */
  gitHubAuth(
    signal: AbortSignal,
    how?: { readonly needs?: readonly SignInNeed[]; readonly quiet?: boolean },
  ): Promise<GitHubAuth>;
  /** Pushes with the user's own Git, as they are signed in there. Absent where there is none to ask. Throws `UserError` (`github-failed`). */
  readonly gitPush?: (request: GitPushRequest) => Promise<void>;
  createProvider(provider: ProviderId, account: ProviderAccount): Promise<Provider>;
}
