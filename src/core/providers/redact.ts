/** What stands where a key was. */
const removed = '[key removed]';

/** The shapes of the providers' keys, also half-masked as OpenAI quotes them, and of anything in a header or a query. */
const keyShapes = [
  /\bsk-[\w*.-]{6,}/g,
  /\bAIza[\w*-]{10,}/g,
  /\bBearer\s+[^\s"',;]+/gi,
  /(?<=[?&](?:api_?key|key|access_token)=)[^\s&"']+/gi,
  /(?<=\bx-(?:goog-)?api-key["']?\s*[:=]\s*["']?)[^\s"',;]+/gi,
];

/** The text without the account's key, or anything that looks like one. */
export function redact(text: string, apiKey: string): string {
  let clean = text;
  const key = apiKey.trim();
  // One or two characters would blank out half of every sentence, and are no key.
  if (key.length > 3) {
    for (const form of new Set([key, encodeURIComponent(key), JSON.stringify(key).slice(1, -1)])) {
      clean = clean.replaceAll(form, removed);
    }
  }
  for (const shape of keyShapes) {
    clean = clean.replace(shape, removed);
  }
  return clean;
}
