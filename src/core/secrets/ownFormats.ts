import type { SecretSpan } from './findSecrets.ts';

interface Format {
  readonly kind: string;
  /** The secret is its group `secret`, or else all of the match. Every repetition is bounded, so that no text takes long. */
  readonly pattern: RegExp;
}

/** Formats that the preset's rules don't know, know too narrowly, or place inexactly. */
const formats: readonly Format[] = [
  // https://cloud.google.com/docs/authentication/api-keys
  { kind: 'Google API key', pattern: /\bAIza[\w-]{35}(?![\w-])/g },
  { kind: 'Google API key', pattern: /\bAQ\.Ab[\w-]{40,80}(?![\w-])/g },
  { kind: 'Google client secret', pattern: /\bGOCSPX-[\w-]{28}(?![\w-])/g },
  { kind: 'Google access token', pattern: /\bya29\.[\w-]{60,1000}/g },
  { kind: 'OpenAI API key', pattern: /\bsk-(?:[A-Za-z]{2,10}-)?[\w-]{20,120}T3BlbkFJ[\w-]{20,120}/g },
  { kind: 'Anthropic API key', pattern: /\bsk-ant-[a-z]{2,8}\d\d-[\w-]{80,140}/g },
  { kind: 'OpenRouter API key', pattern: /\bsk-or-v1-[0-9a-f]{64}\b/g },
  { kind: 'xAI API key', pattern: /\bxai-[A-Za-z0-9]{70,90}\b/g },
  // https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github
  { kind: 'GitHub token', pattern: /\bgh[oprsu]_[A-Za-z0-9_]{36,255}/g },
  { kind: 'GitHub token', pattern: /\bgithub_pat_\w{60,255}/g },
  { kind: 'npm token', pattern: /:_authToken\s*=\s*"?(?<secret>[\w+/=.-]{20,300})/dg },
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
  { kind: 'AWS access key', pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b(?<!EXAMPLE)/g },
  {
    kind: 'AWS secret key',
    pattern:
      /secret_?access_?key["']?\s{0,20}(?::|=>?)\s{0,20}["']?(?<secret>[A-Za-z0-9/+]{40})(?<!EXAMPLEKEY)(?![A-Za-z0-9/+=])/dgi,
  },
  { kind: 'SendGrid API key', pattern: /\bSG\.[\w-]{22}\.[\w-]{43}(?![\w-])/g },
  { kind: 'Stripe API key', pattern: /\b[rs]k_live_[A-Za-z0-9]{20,250}\b/g },
  { kind: 'Stripe webhook secret', pattern: /\bwhsec_[A-Za-z0-9+/]{32,64}/g },
  { kind: 'PyPI token', pattern: /\bpypi-AgEIcHlwaS5vcmc[\w-]{50,1000}/g },
  { kind: 'DigitalOcean token', pattern: /\bdo[opr]_v1_[0-9a-f]{64}\b/g },
  { kind: 'Atlassian token', pattern: /\bATATT3[\w=-]{100,300}/g },
  { kind: 'Telegram token', pattern: /\b\d{8,10}:AA[\w-]{33}(?![\w-])/g },
];

/** What is in a text of the formats above. */
export function findOwnFormats(text: string): readonly SecretSpan[] {
  return formats.flatMap(({ kind, pattern }) =>
    Array.from(text.matchAll(pattern), (match) => {
      const [start, end] = match.indices?.groups?.secret ?? [match.index, match.index + match[0].length];
      return { start, end, kind };
    }),
  );
}
