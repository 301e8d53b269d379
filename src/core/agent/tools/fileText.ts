/** A file's bytes as text. `bom` tells whether a byte order mark, not part of `text`, stood in front. */
export type FileText =
  | { readonly kind: 'text'; readonly text: string; readonly bom: boolean }
  | { readonly kind: 'not-utf8'; readonly text: string }
  | { readonly kind: 'binary' };

/** How far git looks for a NUL byte to tell a binary file: `buffer_is_binary` in its xdiff-interface.c. */
const binaryWindow = 8000;
const byteOrderMark = '\uFEFF';

/** Reads bytes as UTF-8; what is not UTF-8 and not binary is shown as Latin-1. */
export function decodeFile(bytes: Uint8Array): FileText {
  if (bytes.subarray(0, binaryWindow).includes(0)) return { kind: 'binary' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.startsWith(byteOrderMark)
      ? { kind: 'text', text: text.slice(1), bom: true }
      : { kind: 'text', text, bom: false };
  } catch {
    return { kind: 'not-utf8', text: new TextDecoder('latin1').decode(bytes) };
  }
}

/** Text as UTF-8 bytes, with a byte order mark in front when asked for. */
export function encodeFile(text: string, bom: boolean): Uint8Array {
  return new TextEncoder().encode(bom && !text.startsWith(byteOrderMark) ? byteOrderMark + text : text);
}

/** The line end that most lines of a text have. */
export function lineEndOf(text: string): '\n' | '\r\n' {
  const all = text.split('\n').length - 1;
  const windows = text.split('\r\n').length - 1;
  return windows * 2 > all ? '\r\n' : '\n';
}

/** The text with every line end made the given one. */
export function withLineEnds(text: string, lineEnd: '\n' | '\r\n'): string {
  const plain = text.replaceAll('\r\n', '\n');
  return lineEnd === '\n' ? plain : plain.replaceAll('\n', '\r\n');
}

/** The lines of a text, without their ends; a final line end does not make another line. */
export function linesOf(text: string): string[] {
  if (text === '') return [];
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  if (text.endsWith('\n')) lines.pop();
  return lines;
}
