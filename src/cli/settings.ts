import type { ModelProfile } from '../core/domain.ts';
import type { EngineSettings } from '../core/engine/engineHost.ts';
import type { SandboxSetting } from '../core/evidence/sandbox/chooseIsolation.ts';
import type { Check } from '../core/evidence.ts';
import { baseUrlsOf, type Environment, forbiddenIn, gitHubApiUrlOf } from './environment.ts';

/** What of the settings a command line says. */
export interface SettingChoices {
  readonly checks?: readonly Check[];
  readonly sandbox?: SandboxSetting;
  readonly sandboxImage?: string;
  readonly forbid?: readonly string[];
  readonly reviewers?: readonly ModelProfile[];
  readonly maxSeconds?: number;
  readonly maxSteps?: number;
  readonly commitAuthor?: 'git' | 'account';
}

/** The engine's settings, which come from the command line and the environment and never from a settings file of a folder. */
export function settingsFor(choices: SettingChoices, environment: Environment): EngineSettings {
  const { checks = [], sandbox = 'auto', sandboxImage = '', reviewers = [], forbid = [] } = choices;
  return {
    maxParallelRuns: 8,
    limits: {
      maxSteps: choices.maxSteps ?? 60,
      maxSeconds: choices.maxSeconds ?? 1200,
      maxToolOutput: 30_000,
      stallSeconds: 120,
    },
    forbiddenPaths: [...forbid, ...forbiddenIn(environment)],
    maxFileBytes: 2 * 1024 * 1024,
    baseUrls: baseUrlsOf(environment),
    gitHubApiUrl: gitHubApiUrlOf(environment),
    gitHub: {
      branchName: 'dursor/${slug}-${shortId}',
      draft: false,
      reviewers: [],
      labels: [],
      assignees: [],
      commitAuthor: choices.commitAuthor ?? 'git',
      coAuthoredBy: '',
      pushVerified: false,
    },
    copies: { include: ['node_modules', '.venv'], includeBy: 'copy' },
    storage: { keepDays: 90, maxSize: 5000 },
    compare: { ignoreFormatting: false },
    evidence: {
      checks,
      sandbox,
      sandboxImage,
      parallelChecks: 0,
      // Commands ask for what is to be found out themselves, one thing after another.
      checksWhenDone: false,
      reviewWhenDone: false,
      reviewers: reviewers.map(({ id }) => id),
      agentChecks: checks.length > 0,
      stopWhenVerified: false,
      cheapFirst: false,
    },
  };
}
