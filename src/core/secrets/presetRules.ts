import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import type { SecretSpan } from './findSecrets.ts';

type Rule = (typeof rules)[number];
type Context = Parameters<Rule['create']>[0];
type Source = Parameters<NonNullable<ReturnType<Rule['create']>['file']>>[0];

const prefix = '@secretlint/secretlint-rule-';

/** What people call what a rule finds. A rule that isn't here is not used. */
const kinds: Readonly<Record<string, string>> = {
  '1password': '1Password token',
  anthropic: 'Anthropic API key',
  basicauth: 'password in a URL',
  'database-connection-string': 'password in a URL',
  databricks: 'Databricks token',
  docker: 'Docker token',
  figma: 'Figma token',
  github: 'GitHub token',
  gitlab: 'GitLab token',
  grafana: 'Grafana token',
  groq: 'Groq API key',
  'hashicorp-vault': 'Vault token',
  huggingface: 'Hugging Face token',
  linear: 'Linear API key',
  notion: 'Notion token',
  npm: 'npm token',
  openai: 'OpenAI API key',
  shopify: 'Shopify token',
  slack: 'Slack token',
  vercel: 'Vercel token',
};

/**
 * What secretlint's recommended rules find in a text. The rules are called without secretlint's core, whose profiler keeps every
 * performance mark of the process for ever. Left out are the rule that lets comments in the text switch the others off (the text is
 * not to be trusted), and those whose places are inexact or whose formats `ownFormats` and `privateKeys` know better.
 */
export async function runPresetRules(text: string): Promise<readonly SecretSpan[]> {
  const spans: SecretSpan[] = [];
  const source = { content: text, filePath: 'text', ext: '', contentType: 'text' } as Source;
  for (const rule of rules) {
    const kind = kinds[rule.meta.id.slice(prefix.length)];
    if (kind !== undefined) await rule.create(contextFor(kind, spans), {}).file?.(source);
  }
  return spans;
}

function contextFor(kind: string, spans: SecretSpan[]): Context {
  return {
    sharedOptions: {},
    createTranslator: () => (messageId) => ({ message: '', messageId: String(messageId), data: undefined }),
    report: ({ range: [start, end] }) => void spans.push({ start, end, kind }),
    ignore: () => {},
  };
}
