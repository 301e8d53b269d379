import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import type { SandboxSetting } from '../core/evidence/sandbox/chooseIsolation.ts';
import { readChecks } from './checks.ts';
import { UsageError } from './exitCode.ts';
import type { SettingChoices } from './settings.ts';

/** What a command came to: `json` for programs, `text` for people. */
export interface CommandResult {
  readonly code: number;
  readonly json: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Those that every command that works on a folder has. */
export const folderOptions = {
  folder: { type: 'string', default: '.' },
  storage: { type: 'string' },
  json: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
} as const satisfies ParseArgsOptionsConfig;

/** Those of commands that run checks. */
export const checkOptions = {
  checks: { type: 'string' },
  sandbox: { type: 'string', default: 'auto' },
  'sandbox-image': { type: 'string' },
  forbid: { type: 'string', multiple: true },
} as const satisfies ParseArgsOptionsConfig;

/** The values of a command's options. Throws `UsageError` for what isn't one of them. */
export function parse<const Options extends ParseArgsOptionsConfig>(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
      throw new UsageError(error.message);
    throw error;
  }
}

/** Throws `UsageError` where an option is missing. */
export function required(value: string | undefined, option: string): string {
  if (value !== undefined && value.trim() !== '') return value;
  throw new UsageError(`${option} is missing.`);
}

/** As an absolute path. Throws `UsageError` for what is no folder. */
export async function folderOf(path: string): Promise<string> {
  const folder = resolve(path);
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory()) return folder;
  throw new UsageError(`${path} is no folder.`);
}

const sandboxes: readonly SandboxSetting[] = ['auto', 'docker', 'os', 'none'];

/** What the options for checks say. Throws `UsageError`. */
export async function checkChoices(values: {
  readonly checks?: string | undefined;
  readonly sandbox: string;
  readonly 'sandbox-image'?: string | undefined;
  readonly forbid?: readonly string[] | undefined;
}): Promise<SettingChoices> {
  const sandbox = sandboxes.find((choice) => choice === values.sandbox);
  if (!sandbox) throw new UsageError(`--sandbox is one of ${sandboxes.join(', ')}.`);
  const image = values['sandbox-image'];
  return {
    checks: await readChecks(values.checks),
    sandbox,
    ...(image !== undefined && { sandboxImage: image }),
    ...(values.forbid && { forbid: values.forbid }),
  };
}

/** A number of an option. Throws `UsageError`. */
export function numberOf(text: string | undefined, option: string, least: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new UsageError(`${option} has to be a whole number, at least ${least}.`);
}
