import { chmodSync, existsSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';

/** The files of a folder by path: `x` for an executable or `-`, and the content in latin1, so that any bytes can be compared. */
export type Files = ReadonlyMap<string, string>;

const segment = fc.constantFrom('a', 'b', 'c d', 'ü', 'u\u0308', `"q"'`, 'ne\nw', '-x', 'Z.txt', '.gitattributes', '*');
/** Paths that are not easy on git. */
export const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));

/** Texts with every kind of line end, without a last one, in other encodings, and bytes that are no text. */
const line = fc.constantFrom(
  'one',
  'two\r',
  '',
  ' indented',
  'latin \xe9',
  'utf-8 \xc3\xa9',
  '@@ -1 +1 @@',
  '\\ no',
  '+',
);
export const content = fc.oneof(
  fc.tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom('', '\n')).map(([lines, end]) => lines.join('\n') + end),
  fc.constantFrom('bin\0\x01\xff', '* -text\n', '* text=auto eol=crlf\n', '* binary\n'),
);
/** What a folder may hold. */
export const files = fc.dictionary(path, content, { maxKeys: 8 }).map((made) => new Map(Object.entries(made)));
/** Writes what fits, some of it executable: a file can't be where a folder is, nor a folder where a file is. */
export function writeFiles(folder: string, made: Files): void {
  for (const [name, text] of made) {
    const target = join(folder, name);
    const above = name.split('/').slice(0, -1);
    const isBlocked = above.some((_, index) => isFile(join(folder, ...above.slice(0, index + 1))));
    if (isBlocked || (existsSync(target) && !isFile(target))) continue;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text, 'latin1');
    if (text.length % 3 === 0) chmodSync(target, 0o755);
  }
}

function isFile(target: string): boolean {
  return existsSync(target) && lstatSync(target).isFile();
}
