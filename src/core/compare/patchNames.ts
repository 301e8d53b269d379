/** The characters that git writes with a letter after a backslash in a quoted name. */
const letters: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  '"': '"',
  '\\': '\\',
};

const quoted = /^"(?:[^"\\]|\\.)*"/;

/**
 * The name in git's `diff --git a/NAME b/NAME`, where both are the same. Undefined where they aren't: then it is about a renamed file,
 * whose names have lines of their own.
 */
export function nameInHeader(names: string): string | undefined {
  const first = quoted.exec(names)?.[0] ?? names.slice(0, (names.length - 1) / 2);
  const second = names.slice(first.length + 1);
  if (names[first.length] !== ' ') return undefined;
  const [before, after] = [plainName(first), plainName(second)];
  if (!before.startsWith('a/') || !after.startsWith('b/')) return undefined;
  return before.slice(2) === after.slice(2) ? before.slice(2) : undefined;
}

/** A name as git writes it in a patch: as it is, or in quotes with its unusual bytes escaped as in C. */
export function plainName(written: string): string {
  if (quoted.exec(written)?.[0] !== written) return written;
  const bytes = Buffer.concat(
    Array.from(written.slice(1, -1).matchAll(/\\([0-7]{3})|\\(.)|[^\\]+/gs), ([text, octal, letter]) =>
      octal === undefined ? Buffer.from(letter === undefined ? text : (letters[letter] ?? text)) : byteOf(octal),
    ),
  );
  return bytes.toString('utf8');
}

function byteOf(octal: string): Buffer {
  return Buffer.from([Number.parseInt(octal, 8)]);
}
