const shapes: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\bgithub_pat_\w{20,}/g,
  /\bgh[a-z]_[\w.-]{16,}/g,
  // A JSON web token, which is what a GitHub App signs in with.
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g,
  /(?<=\b(?:bearer|authorization: token)\s+)[\w.~+/=-]{12,}/gi,
  /\bsk-[\w-]{20,}/g,
  /\bAIza[\w-]{30,}/g,
  /\bAKIA[A-Z0-9]{16}\b/g,
  /(?<=:\/\/[^\s/@:]*:)[^\s/@]+(?=@)/g,
];

/** The text with everything that has the shape of a token or a key replaced by `[hidden]`. */
export function hideSecrets(text: string): string {
  return shapes.reduce((rest, shape) => rest.replace(shape, '[hidden]'), text);
}
