import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism, tmpdir } from 'node:os';
import { codeOf, UserError } from '../problem.ts';
import { Limit } from './limit.ts';

/** How to run git once. */
export interface GitOptions {
  /** Where git runs, as if started there. */
  readonly folder: string;
  /** Added to the clean environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: Uint8Array | string;
  readonly signal?: AbortSignal | undefined;
  /** Exit codes that are an answer rather than a failure; 0 always is. */
  readonly okCodes?: readonly number[];
  /** Gets the output piece by piece instead of `stdout`; returns true when it has enough, which ends git. */
  readonly onOutput?: (chunk: Buffer) => boolean;
}

/** What git answered. */
export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Git ended with an exit code that the caller did not expect. */
export class GitError extends Error {
  override readonly name = 'GitError';
  readonly code: number;
  readonly stderr: string;
  constructor(args: readonly string[], code: number, stderr: string) {
    super(`git ${args.slice(0, 6).join(' ')} ended with ${code}: ${stderr}`);
    this.code = code;
    this.stderr = stderr;
  }
}

/** How long a killed git may take to clean up (it removes its lock files) before it is killed outright. */
const graceMilliseconds = 2000;

const hasGroups = process.platform !== 'win32';

// The one thing here that is shared: the machine's processors are, by every task and every run.
const processes = new Limit(Math.min(8, Math.max(3, availableParallelism() * 2)));

/** Does work that has one git running, when it is its turn. */
export function inTurn<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  return processes.run(work, signal);
}

/** Runs git without a shell. Rejects with the signal's reason when aborted, with `GitError` on an unexpected exit code. */
export function runGit(args: readonly string[], options: GitOptions): Promise<GitResult> {
  return inTurn(() => start(args, options), options.signal);
}

/**
 * The environment of the extension host without what would lead git elsewhere or make it ask questions. Objects are what their
 * names say: with the user's `git replace` in one process and not in the next, two of them would see different trees.
 */
export function cleanEnvironment(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !/^(GIT_|LC_|LANGUAGE$|LANG$)/i.test(name)) {
      env[name] = value;
    }
  }
  return { ...env, GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', GIT_NO_REPLACE_OBJECTS: '1', LC_ALL: 'C' };
}

function start(args: readonly string[], options: GitOptions): Promise<GitResult> {
  const { signal } = options;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    // Started elsewhere and sent into the folder with -C: Windows would otherwise look for git.exe in the folder first.
    const child = spawn('git', ['-C', options.folder, ...args], {
      cwd: tmpdir(),
      env: { ...cleanEnvironment(), ...options.env },
      stdio: 'pipe',
      // A process group of its own, so that what git has started (a filter) can be ended with it.
      detached: hasGroups,
      windowsHide: true,
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let hasEnough = false;
    const onAbort = () => {
      kill(child);
      // A clean filter may hold on to the pipes, so `close` is not waited for; `exit` is, but not for long.
      const giveUp = setTimeout(() => reject(signal?.reason), 250);
      child.once('exit', () => {
        clearTimeout(giveUp);
        reject(signal?.reason);
      });
    };
    signal?.addEventListener('abort', onAbort, { once: true });

    child.stdout.on('data', (chunk: Buffer) => {
      if (!options.onOutput) {
        out.push(chunk);
      } else if (!hasEnough && options.onOutput(chunk)) {
        hasEnough = true;
        kill(child);
      }
    });
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    // Git may end without reading all of its input; its exit code says what that means.
    child.stdin.on('error', () => {});
    child.stdin.end(options.stdin ?? '');

    child.once('error', (error) => {
      signal?.removeEventListener('abort', onAbort);
      reject(isNotFound(error) ? gitMissing(error.message) : error);
    });
    child.once('close', (exitCode, exitSignal) => {
      signal?.removeEventListener('abort', onAbort);
      const stderr = Buffer.concat(err).toString('utf8').trim();
      const code = exitCode ?? -1;
      if (signal?.aborted) {
        reject(signal.reason);
      } else if (hasEnough || code === 0 || options.okCodes?.includes(code)) {
        resolve({ code, stdout: Buffer.concat(out), stderr });
      } else {
        reject(new GitError(args, code, stderr || `killed by ${exitSignal}`));
      }
    });
  });
}

function kill(child: ChildProcess): void {
  // Whatever does not end at once has nothing left to write to, and does not keep `close` from coming.
  child.stdout?.destroy();
  child.stderr?.destroy();
  send(child, 'SIGTERM');
  const timer = setTimeout(() => send(child, 'SIGKILL'), graceMilliseconds);
  timer.unref();
  child.once('exit', () => clearTimeout(timer));
}

function send(child: ChildProcess, signal: NodeJS.Signals): void {
  if (!hasGroups || child.pid === undefined) {
    child.kill(signal);
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended already.
  }
}

/** Whether a program could not be started because it isn't there. */
export function isNotFound(error: Error): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'EACCES';
}

/** The problem of a machine without a working git. */
export function gitMissing(detail: string): UserError {
  return new UserError({
    code: 'git-missing',
    message: 'Git was not found on this machine. Install Git 2.38 or newer, then reload the window.',
    action: { type: 'open-url', label: 'Get Git', url: 'https://git-scm.com/downloads' },
    detail,
  });
}
