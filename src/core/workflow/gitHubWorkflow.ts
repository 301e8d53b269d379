import type { ModelProfile } from '../domain.ts';
import { entryOf } from '../evidence/checks/checkSetting.ts';
import type { Check } from '../evidence.ts';
import { addressVariables, ownServicesOf } from '../keyVariables.ts';
import { UserError } from '../problem.ts';
import type { ProviderId } from '../providerId.ts';

/** Where the workflow and what belongs to it are, from the top of the repository. */
export const workflowPaths = {
  workflow: '.github/workflows/dursor.yml',
  commandLine: '.github/dursor/dursor.mjs',
  checks: '.github/dursor/checks.json',
} as const;

/** The names of the repository's secrets, and of the variables in which the command line looks for them. */
export const workflowSecrets: Partial<Readonly<Record<ProviderId, string>>> = {
  openai: 'OPENAI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  google: 'GEMINI_API_KEY',
  'openai-compatible': 'OPENAI_COMPATIBLE_API_KEY',
};

export interface WorkflowChoices {
  /** Not of VS Code, whose models only it can reach. */
  readonly models: readonly ModelProfile[];
  readonly reviewers: readonly ModelProfile[];
  readonly checks: readonly Check[];
  /** Of the settings, beside those that always hold. */
  readonly forbiddenPaths: readonly string[];
  /** Where services are that aren't at their usual address. */
  readonly baseUrls: Partial<Readonly<Record<ProviderId, string>>>;
}

/**
 * The template with the user's choices in it. Throws `UserError` (`model-not-found`) where a secret would be sent to several services, and
 * an error where the template isn't one of this version. Pure.
 */
export function gitHubWorkflow(template: string, choices: WorkflowChoices): string {
  const { models, reviewers, forbiddenPaths, baseUrls } = choices;
  assertOneService([...models, ...reviewers]);
  const forbidden = ['.github/workflows', '.github/dursor', ...forbiddenPaths].join('\n');
  const blocks: Readonly<Record<string, readonly string[]>> = {
    forbidden: [`DURSOR_FORBIDDEN_PATHS: ${quoted(forbidden)}`],
    addresses: Object.entries(addressVariables).flatMap(([provider, name]) => {
      const url = baseUrls[provider as ProviderId];
      return url ? [`${name}: ${quoted(url)}`] : [];
    }),
    models: models.flatMap((profile, index) => [
      `- name: ${quoted(`${index + 1}-${slugOf(profile.model)}`)}`,
      `  provider: ${quoted(profile.provider)}`,
      `  profile: ${quoted(JSON.stringify(profile))}`,
    ]),
    reviewers: [`REVIEWERS: ${quoted(JSON.stringify(reviewers))}`, ...keysOf(reviewers)],
  };
  return Object.entries(blocks).reduce((text, [name, lines]) => withBlock(text, name, lines), template);
}

/** The checks as the command line reads them. */
export function workflowChecks(checks: readonly Check[]): string {
  return `${JSON.stringify(checks.map(entryOf), undefined, 2)}\n`;
}

/** The secrets that the repository has to have. */
export function secretsOf({ models, reviewers }: Pick<WorkflowChoices, 'models' | 'reviewers'>): readonly string[] {
  const names = [...models, ...reviewers].flatMap(({ provider }) => workflowSecrets[provider] ?? []);
  return [...new Set(names)];
}

/** There is one secret for all services of one's own. */
function assertOneService(profiles: readonly ModelProfile[]): void {
  const services = ownServicesOf(profiles);
  if (services.length < 2) return;
  throw new UserError({
    code: 'model-not-found',
    message: `On GitHub there is one secret, ${workflowSecrets['openai-compatible']}, for the models at ${services.join(' and ')}. Choose models and reviewers of one of them only.`,
  });
}

function keysOf(profiles: readonly ModelProfile[]): readonly string[] {
  return secretsOf({ models: [], reviewers: profiles }).map((name) => `${name}: \${{ secrets.${name} }}`);
}

function withBlock(text: string, name: string, lines: readonly string[]): string {
  const block = new RegExp(`^( *)# dursor:begin ${name}\\n[\\s\\S]*?^ *# dursor:end ${name}\\n`, 'm');
  const indent = block.exec(text)?.[1];
  if (indent === undefined) throw new Error(`the workflow template has no place for ${name}`);
  return text.replace(block, () => lines.map((line) => `${indent}${line}\n`).join(''));
}

/** A text as YAML has it, in which GitHub finds no expression. */
function quoted(text: string): string {
  return JSON.stringify(text.replaceAll('${{', '$ {{'));
}

function slugOf(model: string): string {
  const slug = model.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return slug.replace(/^-+|-+$/g, '').slice(0, 40) || 'model';
}
