import { createHash } from 'node:crypto';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Text of that many characters that looks random and is the same each time; made here, so that no scanner trips over a file. */
export function noise(length: number, alphabet = `${letters}0123456789`, seed = 'seed'): string {
  let text = '';
  for (let block = 0; text.length < length; block++) {
    for (const byte of createHash('sha256').update(`${seed} ${block}`).digest())
      text += alphabet[byte % alphabet.length];
  }
  return text.slice(0, length);
}

const hex = '0123456789abcdef';
const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A made-up secret of each format, by the words it is called. Those of one kind differ in form. */
export const fakeSecrets: readonly (readonly [kind: string, secret: string])[] = [
  ['GitHub token', `ghp_${noise(36)}`],
  ['GitHub token', `gho_${noise(36)}`],
  ['GitHub token', `github_pat_${noise(22)}_${noise(59)}`],
  ['OpenAI API key', `sk-proj-${noise(74)}T3BlbkFJ${noise(74)}`],
  ['OpenAI API key', `sk-${noise(20)}T3BlbkFJ${noise(20)}`],
  ['Anthropic API key', `sk-ant-api03-${noise(93)}AA`],
  ['Anthropic API key', `sk-ant-admin01-${noise(93)}AA`],
  ['Google API key', `AIza${noise(35)}`],
  ['Google client secret', `GOCSPX-${noise(28)}`],
  ['Slack token', `xoxb-${noise(12, '0123456789')}-${noise(12, '0123456789')}-${noise(24)}`],
  ['Slack token', `https://hooks.slack.com/services/T${noise(8)}/B${noise(8)}/${noise(24)}`],
  ['npm token', `npm_${noise(36)}`],
  ['Stripe API key', `sk_live_${noise(24)}`],
  ['GitLab token', `glpat-${noise(20)}`],
  ['SendGrid API key', `SG.${noise(22)}.${noise(43)}`],
  ['Hugging Face token', `hf_${noise(34, letters)}`],
  ['AWS access key', `AKIA${noise(16, upper)}`],
  ['DigitalOcean token', `dop_v1_${noise(64, hex)}`],
  ['Docker token', `dckr_pat_${noise(27)}`],
];

/** A made-up PEM private key of several lines, without a final line end. */
export function fakePrivateKey(label = 'RSA PRIVATE KEY'): string {
  const body = Array.from({ length: 12 }, (_, line) =>
    line === 0 ? `MIIE${noise(60)}` : noise(64, undefined, `${line}`),
  );
  return [`-----BEGIN ${label}-----`, ...body, `${noise(22)}==`, `-----END ${label}-----`].join('\n');
}
