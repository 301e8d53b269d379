import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { ModelProfile } from '../core/domain.ts';
import type { EngineHost } from '../core/engine/engineHost.ts';
import { Engine } from '../core/engine.ts';
import { createProvider } from '../core/providers/createProvider.ts';
import { assertOneService, type Environment, gitHubAuthOf, keyOf } from './environment.ts';
import { UsageError } from './exitCode.ts';
import { makeFolder } from './outputs.ts';
import { type SettingChoices, settingsFor } from './settings.ts';
import { logTo, type Terminal } from './terminal.ts';

/** What every command is given. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly environment: Environment;
  /** Ends the command. */
  readonly signal: AbortSignal;
}

export interface SessionOptions extends SettingChoices {
  /** What is worked on, as an absolute path. */
  readonly folder: string;
  /** As the command line has it; the usual one where absent. */
  readonly storage?: string | undefined;
  readonly verbose?: boolean;
  readonly models?: readonly ModelProfile[];
}

/** Lets `work` use an engine that is set up by the command line and the environment, and ends it afterwards. */
export async function withEngine<T>(
  { terminal, environment }: CommandContext,
  options: SessionOptions,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const settings = settingsFor(options, environment);
  const directory = storageDirectory(options.storage, environment);
  const profiles = [...(options.models ?? []), ...(options.reviewers ?? [])];
  assertOneService(profiles, environment);
  // Agreement lasts as long as the command: the next one names its checks again.
  let consents: readonly string[] = [];
  const host: EngineHost = {
    log: logTo(terminal, options.verbose ?? false),
    storageDirectory: directory,
    settings: () => settings,
    checkConsents: {
      read: () => consents,
      write: async (agreed) => {
        consents = agreed;
      },
    },
    profiles: () => profiles,
    apiKey: async (profile) => keyOf(environment, profile),
    unsavedTexts: () => [],
    gitHubAuth: async () => gitHubAuthOf(environment),
    createProvider,
  };
  await makeFolder(directory, '--storage');
  await assertApart(directory, options.folder);
  const engine = new Engine(host);
  try {
    return await work(engine);
  } finally {
    await engine.dispose();
  }
}

/** Models would read what is stored, and candidates of the same files would differ. Throws `UsageError`. */
async function assertApart(directory: string, folder: string): Promise<void> {
  const way = relative(await realpath(folder), await realpath(directory));
  if (isAbsolute(way) || way.split(sep)[0] === '..') return;
  throw new UsageError(`The storage, ${directory}, is in the folder that is worked on. Name another with --storage.`);
}

/** A folder of its own, so that it and VS Code never wait for each other. */
export function storageDirectory(option: string | undefined, environment: Environment): string {
  if (option !== undefined) return resolve(option);
  const data = environment.XDG_DATA_HOME || environment.LOCALAPPDATA || join(homedir(), '.local', 'share');
  return join(data, 'dursor');
}
