import { writeSync } from 'node:fs';
import { dispatch } from './dispatch.ts';
import { exitCodes } from './exitCode.ts';

/** Ends the command cleanly at the first signal, and the process at the second. */
const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (abort.signal.aborted) process.exit(exitCodes.canceled);
    // Whoever reads it stops then.
    process.stdin.destroy();
    abort.abort(new DOMException('The command was canceled.', 'AbortError'));
  });
}

const terminal = {
  out: (text: string) => write(1, `${text}\n`),
  err: (line: string) => write(2, `${line}\n`),
};

/** All of it, also where the other end is slow to read; nothing where nobody reads any more. */
function write(to: number, text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(to, rest));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

const args = process.argv.slice(2);
process.exitCode = await dispatch(args, { terminal, environment: process.env, signal: abort.signal });
// Connections that services keep open would keep the process.
process.exit();
