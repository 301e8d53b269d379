import { findOwnFormats } from './ownFormats.ts';
import { findPrivateKeys } from './privateKeys.ts';

/** Where in a text a secret is, as offsets of its first character and of the one after its last; `kind` in words for people. */
export interface SecretSpan {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
}

/** `xxxxxxxx` and `0000` stand for a secret in examples; random text of this length has more different characters. */
const minDifferentCharacters = 8;
const minPasswordLength = 8;
const urlPassword = 'password in a URL';

/** The secrets of high-confidence formats in a text, in their order, none overlapping another. Comments in the text change nothing. */
export async function findSecrets(text: string): Promise<readonly SecretSpan[]> {
  const { runPresetRules } = await import('./presetRules.ts');
  const found = [...(await runPresetRules(text)), ...findOwnFormats(text)].flatMap((span) => {
    const narrowed = span.kind === urlPassword ? passwordIn(text, span) : span;
    return narrowed && isLikelyReal(text.slice(narrowed.start, narrowed.end), narrowed.kind) ? [narrowed] : [];
  });
  return mergeSpans([...found, ...findPrivateKeys(text)]);
}

/** Overlapping spans as one, with the kind of the one that begins first, and of those the longest. Sorted by place. */
export function mergeSpans<S extends SecretSpan>(spans: readonly S[]): readonly S[] {
  const merged: S[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (last && span.start < last.end) merged[merged.length - 1] = { ...last, end: Math.max(last.end, span.end) };
    else merged.push(span);
  }
  return merged;
}

/** The rest of such a URL is no secret, and a model needs to read it. */
function passwordIn(text: string, { start, end, kind }: SecretSpan): SecretSpan | undefined {
  const match = /:\/\/[^:/\s]{1,256}:(?<password>[^@\s]{1,256})@/d.exec(text.slice(start, end));
  const [from, to] = match?.indices?.groups?.password ?? [];
  return from === undefined || to === undefined ? undefined : { start: start + from, end: start + to, kind };
}

function isLikelyReal(secret: string, kind: string): boolean {
  switch (kind) {
    case urlPassword:
      // `postgres:postgres@db` is in every other compose file and no secret.
      return (
        secret.length >= minPasswordLength &&
        /[a-z]/i.test(secret) &&
        /[^a-z_-]/i.test(secret) &&
        !/[<>{}()[\]$*]/.test(secret)
      );
    case 'Slack token':
      // Either a web hook, whose last part is the secret, or a token with the numbers of a team and an app in it.
      return secret.includes('/') ? hasVariety(secret.slice(secret.lastIndexOf('/'))) : /\d{9}/.test(secret);
    case 'npm token':
      return /\d/.test(secret) && hasVariety(secret);
    default:
      return hasVariety(secret);
  }
}

function hasVariety(secret: string): boolean {
  return new Set(secret.slice(4)).size >= minDifferentCharacters;
}
