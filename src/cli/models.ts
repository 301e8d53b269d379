import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ModelProfile, ProfileId } from '../core/domain.ts';
import { parseProfiles } from '../core/profileSetting.ts';
import { type ProviderId, providerIds } from '../core/providerId.ts';
import { UsageError } from './exitCode.ts';
import { reasonOf } from './outputs.ts';

/** These need more than a name. */
const named = providerIds.filter((id) => id !== 'vscode' && id !== 'openai-compatible');

/**
 * The profiles that `--models` names: `provider:model[,…]`, or a JSON file that holds a profile or a list of them as the setting
 * `dursor.models` does. Throws `UsageError`.
 */
export async function readModels(text: string): Promise<readonly ModelProfile[]> {
  if (/\.json$/i.test(text) || existsSync(text)) return fromFile(text);
  const profiles = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(fromName);
  if (profiles.length === 0)
    throw new UsageError('--models names no model. Write provider:model, such as openai:gpt-5.1.');
  return profiles;
}

function fromName(entry: string, index: number): ModelProfile {
  const [, provider = '', model = ''] = /^([a-z-]+):(.+)$/.exec(entry) ?? [];
  if (!isNamed(provider)) {
    throw new UsageError(
      `“${entry}” is not a model. Write provider:model with one of ${named.join(', ')}; for another service, name a JSON file of profiles.`,
    );
  }
  return { id: `${index + 1}-${entry}` as ProfileId, provider, model, label: model, options: {} };
}

function isNamed(provider: string): provider is ProviderId {
  return named.some((id) => id === provider);
}

async function fromFile(path: string): Promise<readonly ModelProfile[]> {
  const entries = await readJson(path, '--models');
  const list: readonly unknown[] = Array.isArray(entries) ? entries : [entries];
  const profiles = parseProfiles(list);
  if (profiles.length < list.length || profiles.some(({ provider }) => provider === 'vscode')) {
    throw new UsageError(
      `${path} has entries that are no profiles. Each has an id of its own, a provider (${providerIds.filter((id) => id !== 'vscode').join(', ')}) and a model, and for openai-compatible a baseUrl.`,
    );
  }
  if (profiles.length === 0) throw new UsageError(`${path} names no model.`);
  return profiles;
}

/** What a JSON file holds. Throws `UsageError`. */
export async function readJson(path: string, option: string): Promise<unknown> {
  const text = await readText(path, option);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UsageError(`${path}, which ${option} names, is not JSON.`);
  }
}

/** What a text file holds; `-` is standard input. Throws `UsageError`. */
export async function readText(path: string, option: string): Promise<string> {
  try {
    if (path !== '-') return await readFile(path, 'utf8');
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    throw new UsageError(`${path}, which ${option} names, can not be read${reasonOf(error)}.`);
  }
}
