import type { Log } from '../core/ports.ts';

/** Where a command writes: results for programs on `out`, words for people on `err`. */
export interface Terminal {
  out(text: string): void;
  /** One line. */
  err(line: string): void;
}

/** Text of a model or of a server on one line, without what a terminal or a runner of GitHub Actions would obey. */
export function plain(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .replace(/^::/, ': :')
    .replaceAll('##[', '# #[');
}

/** The same of a text of several lines, which stay lines. */
export function plainLines(text: string): string {
  return text
    .split(/\r\n|[\r\n]/)
    .map(plain)
    .join('\n');
}

/** The engine's log: what goes wrong is shown, the rest only when asked for. */
export function logTo(terminal: Terminal, isVerbose: boolean): Log {
  const say = (message: string) => terminal.err(message.split('\n').map(plain).join('\n  '));
  const quiet = () => {};
  return { debug: quiet, info: isVerbose ? say : quiet, warn: say, error: say };
}
