import { mergeSpans } from '../secrets/findSecrets.ts';
import { findOwnFormats } from '../secrets/ownFormats.ts';

/** What is hidden beside the formats that models don't get to see: looser, as nothing here has to be put back. */
const shapes: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\bgithub_pat_\w{20,}/g,
  /\bgh[a-z]_[\w.-]{16,}/g,
  // A JSON web token, which is what a GitHub App signs in with.
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g,
  // With an end to the spaces: looking back over any number of them takes long where a text has nothing else.
  /(?<=\b(?:bearer|authorization: token)\s{1,20})[\w.~+/=-]{12,}/gi,
  /\bsk-[\w-]{20,}/g,
  /\bAIza[\w-]{30,}/g,
  /(?<=:\/\/[^\s/@:]*:)[^\s/@]+(?=@)/g,
];

/** The text with everything that has the shape of a token or a key replaced by `[hidden]`. */
export function hideSecrets(text: string): string {
  return shapes.reduce((rest, shape) => rest.replace(shape, '[hidden]'), withoutOwnFormats(text));
}

function withoutOwnFormats(text: string): string {
  return mergeSpans(findOwnFormats(text)).reduceRight(
    (rest, { start, end }) => `${rest.slice(0, start)}[hidden]${rest.slice(end)}`,
    text,
  );
}
