import type { SecretSpan } from './findSecrets.ts';

/** What people call them. */
export const privateKey = 'private key';

const begin = /-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----/g;
const end = /-----END (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----/g;
/** How far the end of a key is looked for: an RSA key of 16,384 bits has 12,600 characters. */
const maxLength = 40_000;
/** A stretch of base64 as every key has one; names and paths of that length have no digit, or only small letters. */
const keyMaterial = /[A-Za-z0-9+/]{40,}/g;

/**
 * The bodies of PEM and PGP private keys, without the lines that say what they are. Also of those that are encrypted, indented,
 * commented out, or inside a string with escaped line ends. Of a key without an end, as far as there are lines of key material.
 */
export function findPrivateKeys(text: string): readonly SecretSpan[] {
  const spans: SecretSpan[] = [];
  for (const match of text.matchAll(begin)) {
    const start = match.index + match[0].length;
    const body = text.slice(start, start + bodyLength(text, start));
    if (!hasKeyMaterial(body)) continue;
    const from = start + body.length - body.trimStart().length;
    spans.push({ start: from, end: from + body.trim().length, kind: privateKey });
  }
  return spans;
}

function bodyLength(text: string, start: number): number {
  const ahead = text.slice(start, start + maxLength);
  const next = ahead.search(begin);
  const window = next < 0 ? ahead : ahead.slice(0, next);
  const length = window.search(end);
  return length < 0 ? lengthOfKeyLines(window) : length;
}

/** Up to the last line, from the first one on, that has key material; headers and blank lines may come before it. */
function lengthOfKeyLines(window: string): number {
  let length = 0;
  let position = 0;
  let linesWithout = 0;
  for (const line of window.split('\n')) {
    position += line.length + 1;
    if (hasKeyMaterial(line)) {
      length = position;
      linesWithout = 0;
    } else if (++linesWithout > 6 || length > 0) {
      // The last line of a key is shorter than the others.
      return length > 0 && /^\W{0,8}[A-Za-z0-9+/]{1,39}={0,2}\W{0,8}$/.test(line) ? position : length;
    }
  }
  return Math.min(length, window.length);
}

function hasKeyMaterial(text: string): boolean {
  return Array.from(text.matchAll(keyMaterial)).some(
    ([run]) => /[a-z]/.test(run) && /[A-Z]/.test(run) && /[0-9]/.test(run),
  );
}
