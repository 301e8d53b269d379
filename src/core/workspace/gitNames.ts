/**
 * A file name as git's bytes, one character per byte (latin1), so that names that are not UTF-8 survive
 * the way from one git process to the next unharmed.
 */
export type RawName = string;

/** The NUL-separated fields of git's `-z` output, one character per byte. */
export function splitFields(output: Buffer): RawName[] {
  const fields = output.toString('latin1').split('\0');
  fields.pop();
  return fields;
}

/** Fields for a `-z` input. */
export function joinFields(fields: readonly RawName[]): Buffer {
  return Buffer.from(fields.map((field) => `${field}\0`).join(''), 'latin1');
}

/** For people and policy; bytes that are not UTF-8 become U+FFFD. */
export function decodeName(raw: RawName): string {
  return isAscii(raw) ? raw : Buffer.from(raw, 'latin1').toString('utf8');
}

/** Undefined for a name that is not UTF-8, which JavaScript can't spell. */
export function decodeExactName(raw: RawName): string | undefined {
  if (isAscii(raw)) {
    return raw;
  }
  const name = decodeName(raw);
  return encodeName(name) === raw ? name : undefined;
}

/** The bytes of a name, one character per byte. */
export function encodeName(name: string): RawName {
  return isAscii(name) ? name : Buffer.from(name, 'utf8').toString('latin1');
}

/** The folders that a file is in, the outermost first. */
export function foldersOf(name: RawName): readonly RawName[] {
  const parts = name.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function isAscii(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  return /^[\x00-\x7f]*$/.test(text);
}
